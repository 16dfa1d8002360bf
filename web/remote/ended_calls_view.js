/** "Ended Calls": ids that are still wanted, for a recording or a transcript. */

import { byId, element } from '../shared/dom.js';
import { formatTime } from '../shared/time.js';
import { ids, title } from './call_facts.js';
import { idLine } from './copy_button.js';
import { KeyedList } from './keyed_list.js';

/** @typedef {import('./types.js').EndedCall} EndedCall */

/** @param {import('./simulator.js').Simulator} simulator */
export function showEndedCalls(simulator) {
  const list = byId('ended-list', HTMLElement);
  const shown = new KeyedList(list, {
    key: (/** @type {EndedCall} */ call) => call.callId,
    make: endedItem,
    update: () => {},
    isNewestFirst: true,
  });
  simulator.watch(() => {
    byId('ended-card', HTMLElement).hidden = simulator.endedCalls.length === 0;
    shown.show(simulator.endedCalls);
  });
}

/** @param {EndedCall} call */
function endedItem(call) {
  const known = ids(call);
  return element(
    'li',
    { class: 'ended', 'data-testid': 'ended-call' },
    element('strong', {}, title(call)),
    element('span', { class: 'hint' }, `ended ${formatTime(Date.parse(call.endedAt))}`),
    element('dl', { class: 'ids' }, ...known.map(([name, id]) => idLine(name, id))),
  );
}
