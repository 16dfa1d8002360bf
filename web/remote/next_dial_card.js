/** "Next Dialed Call": what happens when an agent dials. */

import { element } from '../shared/dom.js';
import { request } from '../shared/http.js';
import { card } from './action_form.js';
import { Outcome } from './outcome.js';
import { choose, chosen, radioRow } from './radios.js';

const PBX = '/demo/v1/pbx';

/**
 * Shows the switch's setting and changes it. The switch forgets it after one call.
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
  let pending = 0;
  const show = () => {
    if (pending === 0) {
      choose(group, simulator.nextDial);
    }
  };
  group.addEventListener('change', async () => {
    const nextDial = chosen(group);
    pending += 1;
    await outcome.run(async () => {
      simulator.nextDial = (await request('PUT', PBX, { nextDial }))?.nextDial;
      return '';
    });
    pending -= 1;
    // Also what was refused: it is not so.
    show();
  });
  simulator.watch(show);
  const hint = 'Counts for the next call that is dialed, and for that one only.';
  return card(
    'next-dial',
    'Next Dialed Call',
    group,
    element('p', { class: 'hint' }, hint),
    outcome.element,
  );
}
