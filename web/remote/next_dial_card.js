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
  const talk = (/** @type {() => Promise<any>} */ ask) =>
    outcome.run(async () => {
      choose(group, (await ask())?.nextDial);
      return '';
    });
  group.addEventListener('change', () => {
    void talk(() => request('PUT', PBX, { nextDial: chosen(group) }));
  });
  let callIds = '-';
  simulator.watch(() => {
    const ids = simulator.calls.map((call) => call.callId).join();
    if (ids !== callIds) {
      callIds = ids;
      void outcome.read(async () => choose(group, (await request('GET', PBX))?.nextDial));
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
