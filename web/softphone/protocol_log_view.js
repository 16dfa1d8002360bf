/** The protocol log on the page: newest first, each payload behind its line. */

import { byId, element, setText } from '../shared/dom.js';
import { formatClock } from '../shared/time.js';

/** @typedef {import('./protocol_log.js').LogEntry} LogEntry */

const ROWS = 300;

/**
 * Shows the log and keeps showing it.
 *
 * @param {import('./protocol_log.js').ProtocolLog} log
 */
export function showProtocolLog(log) {
  const list = byId('log-list', HTMLElement);
  const filter = byId('log-filter', HTMLInputElement);
  const hideLogs = byId('log-hide-logs', HTMLInputElement);
  const wanted = (/** @type {LogEntry} */ entry) =>
    !(hideLogs.checked && entry.message?.type === 'LOG') &&
    title(entry.message).toLowerCase().includes(filter.value.trim().toLowerCase());
  const count = () => setText(byId('log-count', HTMLElement), `${log.entries.length} messages`);
  const renew = () => {
    const rows = log.entries.filter(wanted).slice(-ROWS).reverse().map(row);
    list.replaceChildren(...rows);
    count();
  };
  log.onChange = (entry) => {
    if (entry === null) {
      renew();
    } else if (wanted(entry)) {
      list.prepend(row(entry));
      list.children[ROWS]?.remove();
    }
    count();
  };
  filter.addEventListener('input', renew);
  hideLogs.addEventListener('change', renew);
  byId('log-clear', HTMLButtonElement).addEventListener('click', () => log.clear());
  renew();
}

/**
 * The event in the message, when there is one, and the type of the message that carries it.
 *
 * @param {any} message
 * @returns {{ name: string, carrier: string }}
 */
function parts(message) {
  const type = String(message?.type ?? 'unknown');
  const event = message?.payload?.telephonyEventType ?? message?.payload?.eventType;
  return event ? { name: String(event), carrier: type } : { name: type, carrier: '' };
}

/** @param {any} message */
function title(message) {
  const { name, carrier } = parts(message);
  return `${name} ${carrier}`.trim();
}

/** @param {LogEntry} entry */
function row(entry) {
  const { name, carrier } = parts(entry.message);
  const isOut = entry.direction === 'to connector';
  const body = element('pre', { class: 'log-body', tabindex: '0' });
  const details = element(
    'details',
    { class: 'log-entry' },
    element(
      'summary',
      {},
      element('time', { class: 'log-time', datetime: entry.at }, formatClock(Date.parse(entry.at))),
      element(
        'span',
        { class: `log-direction ${isOut ? 'is-out' : 'is-in'}`, title: entry.direction },
        element('span', { 'aria-hidden': 'true' }, isOut ? '→' : '←'),
        element('span', { class: 'visually-hidden' }, entry.direction),
      ),
      element(
        'span',
        { class: 'log-type' },
        element('span', {}, name),
        ' ',
        element('span', { class: 'log-carrier' }, carrier),
      ),
    ),
    body,
  );
  details.addEventListener('toggle', () => {
    setText(body, details.open ? JSON.stringify(entry.message, null, 2) : '');
  });
  return element('li', { 'data-testid': 'log-entry' }, details);
}
