/** "Next Dialed Call": what happens when an agent dials. */

import { element } from '../shared/dom.js';
import { request } from '../shared/http.js';
import { card } from './action_form.js';
import { Outcome } from './outcome.js';
import { choose, chosen, radioRow } from './radios.js';

const PBX = '/demo/v1/pbx';

/**
 * Shows the switch's setting and changes it. The switch forgets it after one call, so that it is
 * read again with every call that begins or ends.
 *
 * @param {import('./simulator.js').Simulator} simulator
 */
export function nextDialCard(simulator) {
  const group = radioRow('next-dial', 'What happens when an agent dials', [
    ['ring', 'Rings'],
    ['busy', 'Busy'],
    ['unreachable', 'Unreachable'],
  ]);
  const outcome = new Outcome('next-dial');
  /** @type {string | undefined} what the server said last: what was refused is not so */
  let known;
  const show = (/** @type {any} */ answer) => {
    known = answer?.nextDial;
    choose(group, known);
  };
  const talk = (/** @type {() => Promise<any>} */ ask) =>
    outcome.run(async () => {
      show(await ask());
      return '';
    });
  group.addEventListener('change', async () => {
    if (!(await talk(() => request('PUT', PBX, { nextDial: chosen(group) })))) {
      choose(group, known);
    }
  });
  let callIds = '-';
  simulator.watch(() => {
    const ids = simulator.calls.map((call) => call.callId).join();
    if (ids !== callIds) {
      callIds = ids;
      void outcome.read(async () => show(await request('GET', PBX)));
    }
  });
  const hint = 'Counts for the next call that is dialed, and for that one only.';
  return card(
    'next-dial',
    'Next Dialed Call',
    group,
    element('p', { class: 'hint' }, hint),
    outcome.element,
  );
}
