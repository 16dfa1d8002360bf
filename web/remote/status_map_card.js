/** "Status Map": which telephony status each Salesforce status is. */

import { element } from '../shared/dom.js';
import { card } from './action_form.js';
import { Outcome } from './outcome.js';

/** @typedef {import('./status_map.js').StatusMap} StatusMap */

/** @param {StatusMap} statusMap */
export function statusMapCard(statusMap) {
  const outcome = new Outcome('status-map');
  const body = element('tbody');
  const names = element('datalist', { id: 'telephony-statuses' });
  const save = element('button', { type: 'submit', class: 'button' }, 'Save Status Map');
  const again = element('button', { type: 'button', class: 'button' }, 'Read Again');
  const form = element(
    'form',
    { class: 'stack', novalidate: true, 'aria-labelledby': 'status-map-title' },
    element(
      'div',
      { class: 'table-box', tabindex: '0', role: 'region', 'aria-label': 'Table of statuses' },
      element('table', {}, head(), body),
    ),
    names,
    element('div', { class: 'button-row' }, save, again),
    outcome.element,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void outcome.run(() => saveRows(statusMap, body), { button: save });
  });
  const read = () =>
    outcome.run(
      async () => {
        await statusMap.read();
        return '';
      },
      { button: again },
    );
  again.addEventListener('click', () => void read());
  statusMap.watch(() => {
    body.replaceChildren(...statusMap.entries.map(row));
    names.replaceChildren(
      ...statusMap.suggestions.map((name) => element('option', { value: name })),
    );
  });
  void outcome.read(() => statusMap.read());
  return card(
    'status-map',
    'Status Map',
    element(
      'p',
      { class: 'hint' },
      'For all agents. A change on either side is translated by this table. A status with a phone channel gets calls.',
    ),
    form,
  );
}

function head() {
  const names = ['Salesforce Status', 'Phone Channel', 'Telephony Status'];
  return element(
    'thead',
    {},
    element('tr', {}, ...names.map((name) => element('th', { scope: 'col' }, name))),
  );
}

/** @param {import('./status_map.js').StatusEntry} entry */
function row(entry) {
  const input = element('input', {
    type: 'text',
    list: 'telephony-statuses',
    value: entry.telephonyStatus ?? '',
    'data-status-id': entry.statusId,
    'aria-label': `Telephony status of ${entry.statusName}`,
  });
  const channel = entry.isOffline ? 'offline' : entry.hasChannels ? 'yes' : 'no';
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, entry.statusName),
    element('td', {}, channel),
    element('td', {}, input),
  );
}

/**
 * @param {StatusMap} statusMap
 * @param {HTMLElement} body
 */
async function saveRows(statusMap, body) {
  const typed = new Map(
    [...body.querySelectorAll('input')].map((input) => [
      input.getAttribute('data-status-id'),
      input.value.trim(),
    ]),
  );
  // Only what was changed here: another page may have saved the rest since.
  await statusMap.save(
    statusMap.entries
      .map((entry) => ({ ...entry, telephonyStatus: typed.get(entry.statusId) ?? '' }))
      .filter((entry, index) => {
        return entry.telephonyStatus !== (statusMap.entries[index]?.telephonyStatus ?? '');
      }),
  );
  return 'Saved.';
}
