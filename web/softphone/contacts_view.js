/** The Contacts tab: search with types and pages; a contact is one click away from a call. */

import { byId, element, setText } from '../shared/dom.js';
import { showNumber } from '../shared/phone_numbers.js';
import { CONTACTS_PER_PAGE } from './omni.js';
import { dialContact, searchContacts } from './omni_actions.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').Contact} Contact
 */

const TYPING_PAUSE_MS = 250;

/**
 * Shows the contacts.
 *
 * @param {Omni} omni
 * @param {{ onDial: () => void }} options `onDial` brings the Phone tab to the front
 */
export function showContacts(omni, { onDial }) {
  const list = byId('contact-list', HTMLElement);
  listenToForm(omni);
  listenToPager(omni);
  /** @type {Contact[] | null} */
  let shown = null;
  omni.watch(() => {
    const { contacts, capabilities } = omni;
    byId('tab-contacts', HTMLElement).hidden = capabilities.PHONEBOOK_DISABLE === true;
    byId('contact-contains-row', HTMLElement).hidden = capabilities.CONTACT_SEARCH === false;
    if (shown !== contacts.items) {
      shown = contacts.items;
      const dial = (/** @type {Contact} */ contact) => {
        dialContact(omni, contact);
        onDial();
      };
      list.replaceChildren(...contacts.items.map((contact) => contactItem(contact, dial)));
    }
    showPager(omni);
  });
}

/** @param {Omni} omni */
function showPager(omni) {
  const { contacts } = omni;
  const isLoading = omni.busy.has('contacts');
  const { offset } = contacts.search;
  const found = contacts.items.length;
  const idle = found === 0 && contacts.asked ? 'No contacts found.' : '';
  setText(byId('contact-status', HTMLElement), contacts.error || (isLoading ? 'Searching…' : idle));
  setText(byId('contacts-page', HTMLElement), `Page ${offset / CONTACTS_PER_PAGE + 1}`);
  byId('contacts-previous', HTMLButtonElement).disabled = isLoading || offset === 0;
  byId('contacts-next', HTMLButtonElement).disabled = isLoading || found < CONTACTS_PER_PAGE;
}

/** @param {Omni} omni */
function listenToForm(omni) {
  const form = byId('contact-search', HTMLFormElement);
  const read = () =>
    searchContacts(omni, {
      contains: byId('contact-contains', HTMLInputElement).value.trim(),
      type: byId('contact-type', HTMLSelectElement).value,
      availableOnly: byId('contact-available', HTMLInputElement).checked,
    });
  let pause = 0;
  form.addEventListener('input', () => {
    clearTimeout(pause);
    pause = window.setTimeout(read, TYPING_PAUSE_MS);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(pause);
    read();
  });
  byId('panel-contacts', HTMLElement).addEventListener('shown', () => {
    if (omni.contacts.items.length === 0) {
      read();
    }
  });
}

/** @param {Omni} omni */
function listenToPager(omni) {
  const move = (/** @type {number} */ step) =>
    searchContacts(omni, { offset: omni.contacts.search.offset + step * CONTACTS_PER_PAGE });
  byId('contacts-previous', HTMLButtonElement).addEventListener('click', () => move(-1));
  byId('contacts-next', HTMLButtonElement).addEventListener('click', () => move(1));
}

/**
 * @param {Contact} contact
 * @param {(contact: Contact) => void} dial
 */
function contactItem(contact, dial) {
  const details = [
    contact.type,
    contact.phoneNumber ? showNumber(contact.phoneNumber) : '',
    contact.availability,
    contact.queueWaitTime ? `Wait ${contact.queueWaitTime}` : '',
    contact.description,
  ];
  const name = contact.name || showNumber(contact.phoneNumber);
  return element(
    'li',
    { class: 'contact', 'data-testid': 'contact' },
    element(
      'div',
      { class: 'contact-who' },
      element('strong', {}, name),
      element('span', { class: 'hint' }, details.filter(Boolean).join(' · ')),
    ),
    element(
      'button',
      { type: 'button', class: 'button', 'aria-label': `Call ${name}`, click: () => dial(contact) },
      'Call',
    ),
  );
}
