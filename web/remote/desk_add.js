/** "Bring Somebody In": to whom the agent transfers, whom they consult or call. */

import { cleanNumber } from '../shared/phone_numbers.js';
import { ActionForm } from './action_form.js';
import { FieldError, setOptions } from './fields.js';

/**
 * @typedef {import('./desk_panel.js').DeskPhone} DeskPhone
 * @typedef {import('./fields.js').Field} Field
 * @typedef {{ type: string, id?: string, name?: string, phoneNumber?: string }} Contact
 */

/** @param {DeskPhone} phone */
export function addForm(phone) {
  const { simulator } = phone;
  const { directory } = simulator;
  const form = new ActionForm({
    id: 'desk-add',
    title: 'Bring Somebody In',
    help: 'Add: the customer waits on hold. Consult: in private, and the customer waits. Blind transfer: the agent leaves at the same moment.',
    fields: [
      {
        id: 'add-kind',
        label: 'Whom',
        kind: 'select',
        options: [
          ['PhoneNumber', 'A phone number'],
          ['Agent', 'An agent'],
          ['PhoneBook', 'A contact of the phone book'],
          ['Queue', 'A queue'],
          ['Flow', 'An Omni-Channel flow'],
        ],
      },
      {
        id: 'add-number',
        label: 'Number',
        kind: 'tel',
        value: '+14155550177',
        name: 'contact',
      },
      { id: 'add-contact', label: 'Contact', kind: 'select', name: 'contact', isKept: false },
    ],
    actions: [
      { label: 'Add', run: () => phone.act('add_participant', { contact: contact() }) },
      {
        label: 'Consult',
        run: () => act('dial', { contact: contact(), isConsultCall: true }),
      },
      {
        label: 'Blind Transfer',
        run: () => phone.act('add_participant', { contact: contact(), isBlindTransfer: true }),
      },
      { label: 'Dial', run: () => act('dial', { contact: contact() }) },
    ],
  });
  const act = async (
    /** @type {string} */ action,
    /** @type {Record<string, unknown>} */ details,
  ) => {
    await simulator.deskPhone(action, details);
    return undefined;
  };
  const kind = form.field('add-kind');
  const select = form.field('add-contact');
  const contact = () => readContact(kind.text, form.field('add-number'), select);
  const show = () => {
    const isNumber = kind.text === 'PhoneNumber';
    form.field('add-number').element.hidden = !isNumber;
    select.element.hidden = isNumber;
    setOptions(
      /** @type {HTMLSelectElement} */ (select.control),
      directory.entries(
        kind.text,
        simulator.agents.filter((agent) => agent !== simulator.agent),
      ),
    );
  };
  kind.control.addEventListener('change', show);
  directory.watch(show);
  simulator.watch(show);
  return form.card;
}

/**
 * @param {string} type
 * @param {Field} number
 * @param {Field} select
 * @returns {Contact}
 * @throws {FieldError}
 */
function readContact(type, number, select) {
  if (type === 'PhoneNumber') {
    return { type, phoneNumber: cleanNumber(number.required) };
  }
  const { control } = select;
  if (!(control instanceof HTMLSelectElement) || control.value === '') {
    throw new FieldError(select, 'There is nobody to choose.');
  }
  return { type, id: control.value, name: control.selectedOptions[0]?.text };
}
