/** The Settings tab: phone, presence configuration, log out. */

import { byId, element } from '../shared/dom.js';
import { logOut, selectPhone } from './omni_actions.js';

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
  byId('logout-button', HTMLButtonElement).addEventListener('click', () => logOut(omni));
  const number = byId('desk-phone-number', HTMLInputElement);
  byId('phone-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const data = new FormData(byId('phone-form', HTMLFormElement));
    const type = String(data.get('phone') ?? 'SOFT_PHONE');
    const withNumber = type === 'DESK_PHONE' && number.value !== '';
    selectPhone(omni, withNumber ? { type, number: number.value } : { type });
  });
  let shown = '';
  omni.watch(() => {
    byId('phone-save', HTMLButtonElement).disabled = !omni.isReady;
    byId('logout-button', HTMLButtonElement).disabled = !omni.isReady;
    const phones = JSON.stringify([omni.phones, omni.selectedPhone]);
    if (shown !== phones) {
      shown = phones;
      showPhones(omni);
      number.value = omni.selectedPhone.number ?? number.value;
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
