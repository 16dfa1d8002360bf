/** The Contacts tab: search with types and pages; a contact is one click away from a call. */

import { byId, element, setText } from '../shared/dom.js';
import { clickToDial, clickToDialState } from './click_to_dial.js';
import { contactDetails, contactIcon, contactName } from './contact_text.js';
import { CONTACTS_PER_PAGE } from './omni.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').Contact} Contact
 */

const TYPING_PAUSE_MS = 250;

/**
 * Shows the contacts.
 *
 * @param {Omni} omni
 */
export function showContacts(omni) {
  const list = byId('contact-list', HTMLElement);
  listenToForm(omni);
  listenToPager(omni);
  let shown = '';
  omni.watch(() => {
    const { phoneBook, capabilities } = omni;
    const isOff = capabilities.PHONEBOOK_DISABLE === true || capabilities.PHONEBOOK === false;
    byId('tab-contacts', HTMLElement).hidden = isOff;
    const state = JSON.stringify([phoneBook.items, clickToDialState(omni), capabilities]);
    if (shown !== state) {
      shown = state;
      list.replaceChildren(...phoneBook.items.map((contact) => contactItem(omni, contact)));
    }
    showPager(omni);
  });
}

/** @param {Omni} omni */
function showPager({ phoneBook }) {
  const { wanted, items, isLoading, error, asked, hasMore } = phoneBook;
  const idle = items.length === 0 && asked ? 'No contacts found.' : '';
  setText(byId('contact-status', HTMLElement), error || (isLoading ? 'Searching…' : idle));
  setText(byId('contacts-page', HTMLElement), `Page ${wanted.offset / CONTACTS_PER_PAGE + 1}`);
  byId('contacts-previous', HTMLButtonElement).disabled = isLoading || wanted.offset === 0;
  byId('contacts-next', HTMLButtonElement).disabled = isLoading || !hasMore;
}

/** @param {Omni} omni */
function listenToForm(omni) {
  const form = byId('contact-search', HTMLFormElement);
  const read = () => {
    const type = byId('contact-type', HTMLSelectElement).value;
    omni.phoneBook.look({
      contains: byId('contact-contains', HTMLInputElement).value.trim(),
      types: type === '' ? [] : [type],
      availableOnly: byId('contact-available', HTMLInputElement).checked,
    });
  };
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
    if (omni.phoneBook.items.length === 0 && omni.isReady) {
      read();
    }
  });
}

/** @param {Omni} omni */
function listenToPager({ phoneBook }) {
  const move = (/** @type {number} */ step) =>
    phoneBook.look({ offset: phoneBook.wanted.offset + step * CONTACTS_PER_PAGE });
  byId('contacts-previous', HTMLButtonElement).addEventListener('click', () => move(-1));
  byId('contacts-next', HTMLButtonElement).addEventListener('click', () => move(1));
}

/**
 * @param {Omni} omni
 * @param {Contact} contact
 */
function contactItem(omni, contact) {
  const name = contactName(contact);
  const { verb, isBlocked } = clickToDialState(omni);
  return element(
    'li',
    { class: 'contact', 'data-testid': 'contact' },
    contactIcon(contact),
    element(
      'div',
      { class: 'contact-who' },
      element('strong', {}, name),
      contactDetails(contact, omni.capabilities),
    ),
    element(
      'button',
      {
        type: 'button',
        class: 'button',
        'aria-label': `${verb} ${name}`,
        disabled: isBlocked,
        click: () => clickToDial(omni, contact),
      },
      verb,
    ),
  );
}
