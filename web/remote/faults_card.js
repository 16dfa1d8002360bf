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
  let pending = 0;
  let sent = 0;
  const show = () => {
    // An older answer would take back what was chosen meanwhile.
    if (pending === 0) {
      choose(group, known);
    }
  };
  const send = async () => {
    const mode = chosen(group) ?? 'none';
    pending += 1;
    sent += 1;
    const work = async () => {
      const body = { mode, delaySeconds: delay.number ?? 0, remaining: remaining.number ?? null };
      known = (await request('PUT', FAULTS, body))?.mode;
      return '';
    };
    await outcome.run(work, { fields: [delay, remaining] });
    pending -= 1;
    show();
  };
  for (const control of [group, delay.control, remaining.control]) {
    control.addEventListener('change', send);
  }
  let callIds = '-';
  simulator.watch(() => {
    const ids = simulator.calls.map((call) => call.callId).join();
    if (ids !== callIds) {
      callIds = ids;
      void outcome.read(async () => {
        const before = sent;
        const told = await request('GET', FAULTS);
        if (sent === before) {
          known = told?.mode;
          show();
        }
      });
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
