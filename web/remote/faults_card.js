/** "Salesforce Simulator": how the simulated Salesforce treats the server's requests. */

import { element } from '../shared/dom.js';
import { request } from '../shared/http.js';
import { card } from './action_form.js';
import { Field } from './fields.js';
import { Outcome } from './outcome.js';
import { choose, chosen, radioRow } from './radios.js';

const FAULTS = '/salesforce-simulator/ui/faults';

/**
 * Shows the simulator's fault and changes it. A fault for some requests ends by itself, so that it
 * is read again with every call that begins or ends.
 *
 * @param {import('./simulator.js').Simulator} simulator
 */
export function faultsCard(simulator) {
  const group = radioRow('fault', 'Requests to Salesforce', [
    ['none', 'None'],
    ['fail', 'Fail'],
    ['timeout', 'Time out'],
    ['rate_limit', 'Rate limit'],
    ['slow', 'Slow'],
    ['lose_reply', 'Lose reply'],
  ]);
  const delay = new Field({
    id: 'fault-delay',
    label: 'Delay (Seconds)',
    kind: 'number',
    name: 'delaySeconds',
    value: '5',
    help: 'For “Slow”.',
    more: { min: 0, max: 60, step: 0.5 },
  });
  const remaining = new Field({
    id: 'fault-remaining',
    label: 'Number of Requests (empty: all)',
    kind: 'number',
    name: 'remaining',
    more: { min: 1, step: 1 },
  });
  const outcome = new Outcome('faults');
  /** @type {string | undefined} what the server said last: what was refused is not so */
  let known;
  const show = (/** @type {any} */ answer) => {
    known = answer?.mode;
    choose(group, known);
  };
  const talk = (/** @type {() => Promise<any>} */ ask) =>
    outcome.run(
      async () => {
        show(await ask());
        return '';
      },
      { fields: [delay, remaining] },
    );
  const send = async () => {
    const isDone = await talk(() =>
      request('PUT', FAULTS, {
        mode: chosen(group) ?? 'none',
        delaySeconds: delay.number ?? 0,
        remaining: remaining.number ?? null,
      }),
    );
    if (!isDone) {
      choose(group, known);
    }
  };
  for (const control of [group, delay.control, remaining.control]) {
    control.addEventListener('change', send);
  }
  let callIds = '-';
  simulator.watch(() => {
    const ids = simulator.calls.map((call) => call.callId).join();
    if (ids !== callIds) {
      callIds = ids;
      void outcome.read(async () => show(await request('GET', FAULTS)));
    }
  });
  return card(
    'faults',
    'Salesforce Simulator',
    element('p', { class: 'hint' }, 'What goes wrong when the server asks Salesforce.'),
    group,
    delay.element,
    remaining.element,
    outcome.element,
  );
}
