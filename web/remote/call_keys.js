/** The ids of calls as suggestions wherever one may be typed. */

import { byId, element } from '../shared/dom.js';
import { present, title } from './call_facts.js';
import { partyLine } from './party_facts.js';

/** Id of the page's `<datalist>`. */
export const CALL_KEYS = 'call-keys';

/** @param {import('./simulator.js').Simulator} simulator */
export function suggestCallKeys(simulator) {
  const list = byId(CALL_KEYS, HTMLDataListElement);
  let shown = '';
  simulator.watch(() => {
    const calls = [...simulator.calls, ...simulator.endedCalls];
    const keys = calls.flatMap((call) => keysOf(call, simulator.agentNames));
    if (keys.join('\n') !== shown) {
      shown = keys.join('\n');
      list.replaceChildren(...keys.map(([key, name]) => element('option', { value: key }, name)));
    }
  });
}

/**
 * Whoever was added may have a VoiceCall too, such as a consult, whose transcript is its own.
 *
 * @param {import('./types.js').Call | import('./types.js').EndedCall} call
 * @param {Map<string, string>} agentNames
 * @returns {[key: string, name: string][]}
 */
function keysOf(call, agentNames) {
  const added = 'participants' in call ? present(call).filter((party) => party.voiceCallId) : [];
  return [
    [call.callId, title(call)],
    ...added.map((party) => [
      party.participantId,
      `${party.isConsult ? 'Consult' : 'Transfer'}: ${partyLine(party, agentNames)}`,
    ]),
  ].map(([key = '', name = '']) => [key, name]);
}

/**
 * @param {import('./simulator.js').Simulator} simulator
 * @returns {string | undefined} the agent's call, else any, else the one that ended last
 */
export function likelyCallKey(simulator) {
  const { agentCalls, calls, endedCalls } = simulator;
  return (agentCalls.at(-1) ?? calls.at(-1) ?? endedCalls[0])?.callId;
}
