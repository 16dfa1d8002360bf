/**
 * The Messages tab: what the telephony system says to components of the page, and what a
 * component says to it (guide chapter 8, "Use the Lightning Message Service Bridge").
 */

import { byId, element, setText } from '../shared/dom.js';
import { formatTime } from '../shared/time.js';

/** @typedef {import('./omni.js').Omni} Omni */

const KEPT = 100;

/**
 * Shows messages both ways.
 *
 * @param {Omni} omni
 * @param {() => boolean} isInFront whether the tab is open
 */
export function showMessages(omni, isInFront) {
  const list = byId('message-list', HTMLElement);
  const badge = byId('messages-badge', HTMLElement);
  const form = byId('message-form', HTMLFormElement);
  const field = byId('message-text', HTMLTextAreaElement);
  let unread = 0;
  const showUnread = () => {
    badge.hidden = unread === 0;
    setText(badge, String(unread));
  };
  const add = (/** @type {string} */ who, /** @type {unknown} */ message) => {
    list.prepend(messageRow(who, message));
    list.children[KEPT]?.remove();
    byId('no-messages', HTMLElement).hidden = true;
  };
  omni.on('message', (message) => {
    add('Telephony system', message);
    unread = isInFront() ? 0 : unread + 1;
    showUnread();
  });
  byId('panel-messages', HTMLElement).addEventListener('shown', () => {
    unread = 0;
    showUnread();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value.trim();
    setText(byId('message-error', HTMLElement), text === '' ? 'Write a message first.' : '');
    if (text !== '') {
      const message = jsonOrText(text);
      omni.sendMessage({ type: 'MESSAGE', message });
      add('This page', message);
      field.value = '';
    }
  });
  omni.watch(() => {
    byId('message-send', HTMLButtonElement).disabled = !omni.isReady;
  });
}

/**
 * A component may send any JSON; what is none is sent as text.
 *
 * @param {string} text
 * @returns {unknown}
 */
function jsonOrText(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * @param {string} who
 * @param {unknown} message
 */
function messageRow(who, message) {
  const text = typeof message === 'string' ? message : JSON.stringify(message, null, 1);
  return element(
    'li',
    { class: 'message', 'data-testid': 'message' },
    element('p', { class: 'hint' }, `${who} · ${formatTime(Date.now())}`),
    element('p', { class: 'message-text' }, text ?? ''),
  );
}
