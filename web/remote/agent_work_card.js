/** "Omni-Channel Work": what became of the work that Salesforce offered to the chosen agent. */

import { element } from '../shared/dom.js';
import { request } from '../shared/http.js';
import { formatTime, toMillis } from '../shared/time.js';
import { card } from './action_form.js';
import { Outcome } from './outcome.js';

/**
 * @typedef {import('./simulator.js').Simulator} Simulator
 *
 * @typedef {object} WorkItem an AgentWork
 * @property {string} workId
 * @property {string} workItemId the record that it is about
 * @property {string} type Voicemail, ContactRequest or VoiceCall
 * @property {string} status
 * @property {string} [phoneNumber]
 * @property {string} [name]
 * @property {string} at ISO 8601
 */

/** How often the work is read while it can be seen. */
const LOOK_MS = 2000;
const MOST_ITEMS = 10;

/** @type {Record<string, string>} */
const TYPES = { Voicemail: 'Voicemail', ContactRequest: 'Contact request', VoiceCall: 'Call' };

/** @type {Record<string, string>} */
const STATUSES = {
  ASSIGNED: 'Offered',
  ACCEPTED: 'Accepted',
  DECLINED: 'Declined',
  TRANSFERRED: 'Passed on',
  CLOSED: 'Closed',
};

/**
 * @param {Simulator} simulator
 * @param {HTMLElement} panel of the tab
 */
export function agentWorkCard(simulator, panel) {
  const outcome = new Outcome('agent-work');
  const list = element('ol', { class: 'message-list', 'aria-label': 'Omni-Channel work' });
  const none = element('p', {}, 'No work yet.');
  let shown = '';
  let isReading = false;
  const show = (/** @type {WorkItem[]} */ items) => {
    const now = JSON.stringify(items);
    if (now !== shown) {
      shown = now;
      none.hidden = items.length > 0;
      list.replaceChildren(...items.slice(-MOST_ITEMS).reverse().map(workItem));
    }
  };
  const read = async () => {
    isReading = true;
    await outcome.read(async () => {
      const { userName } = simulator;
      const path = `/salesforce-simulator/ui/workItems?user=${encodeURIComponent(userName)}`;
      const items = /** @type {WorkItem[]} */ (await request('GET', path));
      if (userName === simulator.userName) {
        show(items);
      }
    });
    isReading = false;
  };
  const look = () => {
    if (!panel.hidden && !isReading && simulator.userName) {
      void read();
    }
  };
  panel.addEventListener('shown', look);
  let userName = '';
  simulator.watch(() => {
    if (simulator.userName !== userName) {
      userName = simulator.userName;
      // Nobody else's work under this name, also when it cannot be read.
      show([]);
      look();
    }
  });
  setInterval(look, LOOK_MS);
  return card(
    'agent-work',
    'Omni-Channel Work',
    element(
      'p',
      { class: 'hint' },
      'Contact requests, voicemails and routed calls of the agent: offered, accepted or declined; the last one first.',
    ),
    none,
    list,
    outcome.element,
  );
}

/** @param {WorkItem} item */
function workItem({ type, status, name, phoneNumber, workId, workItemId, at }) {
  const who = name || phoneNumber;
  const since = toMillis(at);
  const details = [`Work ID ${workId}`, `Work item ID ${workItemId}`];
  if (since !== null) {
    details.unshift(`offered at ${formatTime(since)}`);
  }
  return element(
    'li',
    { 'data-testid': 'agent-work-item', 'data-status': status },
    element('strong', {}, STATUSES[status] ?? status),
    `: ${TYPES[type] ?? type}${who ? ` from ${who}` : ''} `,
    element('span', { class: 'hint' }, details.join(' · ')),
  );
}
