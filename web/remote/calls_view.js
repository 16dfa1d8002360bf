/** "Active Calls": every call of the switch with its live state and what the parties may do. */

import { announce } from '../shared/announcer.js';
import { byId, element, setText, within } from '../shared/dom.js';
import { setTimer } from '../shared/time.js';
import { callState, ids, present, STATE_LABELS, stateSince, summary, title } from './call_facts.js';
import { idLine } from './copy_button.js';
import { KeyedList } from './keyed_list.js';
import { Outcome } from './outcome.js';
import { partyList } from './party_view.js';

/**
 * @typedef {import('./types.js').Call} Call
 * @typedef {import('./types.js').Participant} Participant
 * @typedef {import('./simulator.js').Simulator} Simulator
 */

/** @type {WeakMap<HTMLElement, KeyedList<Participant>>} */
const partiesOf = new WeakMap();

/**
 * Shows the calls.
 *
 * @param {Simulator} simulator
 */
export function showCalls(simulator) {
  const list = new KeyedList(byId('call-list', HTMLElement), {
    key: (/** @type {Call} */ call) => call.callId,
    make: (call) => makeCall(call, simulator),
    update: (item, call) => updateCall(item, call),
    removed: (_, hadFocus) => {
      announce('Call ended.');
      if (hadFocus) {
        byId('calls-title', HTMLElement).focus();
      }
    },
  });
  simulator.watch(() => {
    const { calls } = simulator;
    list.show(calls);
    byId('no-calls', HTMLElement).hidden = calls.length > 0;
    setText(byId('calls-count', HTMLElement), calls.length > 0 ? `${calls.length} active` : '');
  });
}

/**
 * @param {Call} call
 * @param {Simulator} simulator
 */
function makeCall(call, simulator) {
  const outcome = new Outcome('active-call');
  const parties = element('ul', { class: 'party-list', 'aria-label': 'Parties' });
  const json = element('pre', { tabindex: '0', 'data-part': 'json', 'aria-label': 'JSON' });
  const details = element(
    'details',
    { class: 'call-details', 'data-part': 'details' },
    element('summary', {}, 'All Details (JSON)'),
    json,
  );
  const article = element(
    'article',
    { class: 'item', 'data-testid': 'active-call', 'data-call-id': call.callId },
    element(
      'header',
      { class: 'item-header' },
      element('h3', { 'data-part': 'title' }),
      element('span', {
        class: 'badge call-badge',
        'data-part': 'state',
        'data-testid': 'active-call-state',
      }),
      element('time', { class: 'timer', 'data-part': 'timer' }),
    ),
    element('p', { class: 'hint', 'data-part': 'summary' }),
    parties,
    outcome.element,
    element('dl', { class: 'ids', 'data-part': 'ids' }),
    details,
  );
  const item = element('li', {}, article);
  // What is not looked at is not written.
  details.addEventListener('toggle', () => {
    const now = simulator.calls.find(({ callId }) => callId === call.callId);
    showJson(details, now ?? call);
  });
  partiesOf.set(item, partyList(parties, call.callId, simulator, outcome));
  announce(`New call: ${title(call)}.`);
  return item;
}

/**
 * @param {HTMLElement} item
 * @param {Call} call
 */
function updateCall(item, call) {
  const part = (/** @type {string} */ name) => within(item, `[data-part="${name}"]`, HTMLElement);
  const state = callState(call);
  const article = within(item, 'article', HTMLElement);
  article.setAttribute('data-call-state', state);
  article.setAttribute('aria-label', title(call));
  setText(part('title'), title(call));
  setText(part('state'), STATE_LABELS[state]);
  setTimer(part('timer'), stateSince(call));
  setText(part('summary'), summary(call));
  partiesOf.get(item)?.show(present(call));
  const known = ids(call);
  if (part('ids').dataset.shown !== known.join()) {
    part('ids').dataset.shown = known.join();
    part('ids').replaceChildren(...known.map(([name, id]) => idLine(name, id)));
  }
  showJson(part('details'), call);
}

/**
 * @param {HTMLElement} details
 * @param {Call} call
 */
function showJson(details, call) {
  if (details instanceof HTMLDetailsElement && details.open) {
    setText(within(details, 'pre', HTMLElement), JSON.stringify(call, null, 2));
  }
}
