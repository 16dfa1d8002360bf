/** The Settings tab: phone, presence configuration, telephony status, logs, log out. */

import { byId, element, setText } from '../shared/dom.js';
import { askForVendorStatus, downloadLogs, selectPhone } from './agent_actions.js';
import { showDevices } from './devices_view.js';
import { logOut } from './omni_actions.js';

/** @typedef {import('./omni.js').Omni} Omni */

/** @type {Record<string, string>} */
const PHONE_LABELS = { SOFT_PHONE: 'Soft Phone', DESK_PHONE: 'Desk Phone' };

/**
 * Shows the settings.
 *
 * @param {Omni} omni
 */
export function showSettings(omni) {
  fillRule(omni, 'status-on-decline', 'onDecline');
  fillRule(omni, 'status-on-timeout', 'onPushTimeout');
  const button = (/** @type {string} */ id) => byId(id, HTMLButtonElement);
  button('logout-button').addEventListener('click', () => logOut(omni));
  button('vendor-status-ask').addEventListener('click', () => askForVendorStatus(omni));
  button('logs-button').addEventListener('click', () => downloadLogs(omni));
  showPhoneForm(omni);
  showDevices(omni);
  omni.watch(() => {
    for (const id of ['logout-button', 'vendor-status-ask', 'logs-button']) {
      button(id).disabled = !omni.isReady;
    }
    // Guide chapter 17, "Download Connector Logs".
    byId('debugging', HTMLElement).hidden = omni.capabilities.DEBUG_ENABLED !== true;
    setText(byId('vendor-status', HTMLElement), omni.vendorStatus || 'not asked yet');
  });
}

/** @param {Omni} omni */
function showPhoneForm(omni) {
  const form = byId('phone-form', HTMLFormElement);
  const number = byId('desk-phone-number', HTMLInputElement);
  const chosen = () => String(new FormData(form).get('phone') ?? 'SOFT_PHONE');
  const showNumber = () => {
    byId('desk-phone-row', HTMLElement).hidden = chosen() !== 'DESK_PHONE';
  };
  form.addEventListener('change', showNumber);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const type = chosen();
    const withNumber = type === 'DESK_PHONE' && number.value !== '';
    selectPhone(omni, withNumber ? { type, number: number.value } : { type });
  });
  let shown = '';
  omni.watch(() => {
    byId('phone-save', HTMLButtonElement).disabled = !omni.isReady || omni.busy.has('phone');
    const phones = JSON.stringify([omni.phones, omni.selectedPhone]);
    if (shown !== phones) {
      shown = phones;
      showPhones(omni);
      number.value = omni.selectedPhone.number ?? number.value;
      showNumber();
    }
  });
}

/** @param {Omni} omni */
function showPhones(omni) {
  const types = omni.phones.length > 0 ? omni.phones.map((phone) => phone.type) : ['SOFT_PHONE'];
  const choices = [...new Set(types)].map((type) =>
    element(
      'label',
      { class: 'check' },
      element('input', {
        type: 'radio',
        name: 'phone',
        value: type,
        checked: type === omni.selectedPhone.type,
      }),
      PHONE_LABELS[type] ?? type,
    ),
  );
  byId('phone-choices', HTMLElement).replaceChildren(...choices);
}

/**
 * @param {Omni} omni
 * @param {string} selectId
 * @param {'onDecline' | 'onPushTimeout'} rule
 */
function fillRule(omni, selectId, rule) {
  const select = byId(selectId, HTMLSelectElement);
  select.replaceChildren(
    element('option', { value: '' }, 'None'),
    ...omni.statuses.map((status) =>
      element('option', { value: status.statusId }, status.statusName),
    ),
  );
  select.value = omni.configuration[rule];
  select.addEventListener('change', () => omni.configuration.set(rule, select.value));
}
