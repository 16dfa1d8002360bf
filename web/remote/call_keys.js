/** The ids of calls as suggestions wherever one may be typed. */

import { byId, element } from '../shared/dom.js';
import { title } from './call_facts.js';

/** Id of the page's `<datalist>`. */
export const CALL_KEYS = 'call-keys';

/** @param {import('./simulator.js').Simulator} simulator */
export function suggestCallKeys(simulator) {
  const list = byId(CALL_KEYS, HTMLDataListElement);
  let shown = '';
  simulator.watch(() => {
    const calls = [...simulator.calls, ...simulator.endedCalls];
    const keys = calls.map((call) => call.callId).join();
    if (keys !== shown) {
      shown = keys;
      list.replaceChildren(
        ...calls.map((call) => element('option', { value: call.callId }, title(call))),
      );
    }
  });
}

/**
 * @param {import('./simulator.js').Simulator} simulator
 * @returns {string | undefined} the agent's call, else any, else the one that ended last
 */
export function likelyCallKey(simulator) {
  const { agentCalls, calls, endedCalls } = simulator;
  return (agentCalls.at(-1) ?? calls.at(-1) ?? endedCalls[0])?.callId;
}
