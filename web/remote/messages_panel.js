/** The tab "Messages": talk with components of the agent's page, and views that it opens. */

import { element, setText } from '../shared/dom.js';
import { formatClock, toMillis } from '../shared/time.js';
import { ActionForm, card } from './action_form.js';
import { Outcome } from './outcome.js';

/** How often the received messages are read while they can be seen. */
const LOOK_MS = 2000;

/** @typedef {import('./simulator.js').Simulator} Simulator */

/**
 * @param {Simulator} simulator
 * @param {HTMLElement} panel of the tab
 * @returns {HTMLElement[]}
 */
export function messagesPanel(simulator, panel) {
  return [sendForm(simulator), receivedCard(simulator, panel), transferViewForm(simulator)];
}

/** @param {Simulator} simulator */
function sendForm(simulator) {
  return new ActionForm({
    id: 'send-message',
    title: 'Send Message',
    help: 'A Lightning component of the agent’s page gets it (Lightning Message Service bridge).',
    fields: [
      {
        id: 'message-text',
        label: 'Message',
        kind: 'area',
        name: 'message',
        value: 'Hello from the telephony system',
        help: 'Text, or JSON when it is JSON.',
      },
    ],
    actions: [
      {
        label: 'Send Message',
        tone: 'brand',
        run: async (field) => {
          await simulator.askAgent('POST', 'message', {
            message: textOrJson(field('message-text').required),
          });
          return 'Sent.';
        },
      },
    ],
  }).card;
}

/** @param {string} text */
function textOrJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * @param {Simulator} simulator
 * @param {HTMLElement} panel
 */
function receivedCard(simulator, panel) {
  const outcome = new Outcome('received');
  const list = element('ol', { class: 'message-list', 'aria-label': 'Received messages' });
  const none = element('p', { class: 'hint' }, 'No messages yet.');
  let shown = '';
  const read = () =>
    outcome.read(async () => {
      const told = await simulator.askAgent('GET', 'messages');
      const messages = /** @type {{ message: unknown, at?: string }[]} */ (told ?? []);
      const now = JSON.stringify(messages);
      if (now !== shown) {
        shown = now;
        none.hidden = messages.length > 0;
        list.replaceChildren(...[...messages].reverse().map(messageItem));
      }
    });
  const look = () => {
    if (!panel.hidden && simulator.userName) {
      void read();
    }
  };
  panel.addEventListener('shown', look);
  let userName = '';
  simulator.watch(() => {
    if (simulator.userName !== userName) {
      userName = simulator.userName;
      look();
    }
  });
  setInterval(look, LOOK_MS);
  return card(
    'received',
    'Received Messages',
    element(
      'p',
      { class: 'hint' },
      'What components of the agent’s page said; the last one first.',
    ),
    none,
    list,
    outcome.element,
  );
}

/** @param {{ message: unknown, at?: string }} entry */
function messageItem({ message, at }) {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  const when = toMillis(at);
  const item = element('li', { 'data-testid': 'received-message' }, element('code', {}, text));
  if (when !== null) {
    const time = element('time', { class: 'hint' });
    setText(time, formatClock(when));
    item.append(' ', time);
  }
  return item;
}

/** @param {Simulator} simulator */
function transferViewForm(simulator) {
  return new ActionForm({
    id: 'transfer-view',
    title: 'Callback Requests: Transfer View',
    help: 'Salesforce opens its transfer view, so that the agent can pass a contact request on (guide chapter 9). The contact request itself begins in the tab Calls.',
    fields: [
      {
        id: 'transfer-view-json',
        label: 'Details',
        kind: 'json',
        help: 'JSON that Salesforce gets with the event; may be empty.',
      },
    ],
    actions: [
      {
        label: 'Show Transfer View',
        run: async (field) => {
          const details = field('transfer-view-json').json ?? {};
          await simulator.askAgent('POST', 'transfer-view', details);
          return 'The view is asked for.';
        },
      },
    ],
  }).card;
}
