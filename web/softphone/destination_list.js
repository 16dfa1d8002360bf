/** The list of transfer destinations: a listbox that the search field above it steers. */

import { element } from '../shared/dom.js';
import { contactDetails, contactIcon, contactName } from './contact_text.js';

/** @typedef {import('./types.js').Contact} Contact */

/** Shows destinations, of which one can be chosen. */
export class DestinationList {
  /**
   * @param {{ list: HTMLElement, field: HTMLInputElement, onChoose: () => void,
   *   onConfirm: () => void, onEnd: () => void }} parts `onEnd`: the reader is at the last one
   */
  constructor({ list, field, onChoose, onConfirm, onEnd }) {
    this.list = list;
    this.field = field;
    this.onChoose = onChoose;
    this.onConfirm = onConfirm;
    this.onEnd = onEnd;
    /** @type {Contact[]} */
    this.contacts = [];
    /** @type {Contact | null} */
    this.chosen = null;
    for (const target of [list, field]) {
      target.addEventListener('keydown', (event) => this.#key(event));
    }
    list.addEventListener('scroll', () => {
      if (list.scrollTop + list.clientHeight >= list.scrollHeight - 2) {
        onEnd();
      }
    });
  }

  /**
   * Shows other contacts; a choice that is still among them stays.
   *
   * @param {Contact[]} contacts
   * @param {Record<string, boolean>} capabilities
   */
  show(contacts, capabilities) {
    const { chosen } = this;
    this.contacts = contacts;
    this.list.replaceChildren(
      ...contacts.map((contact, at) => this.#option(contact, at, capabilities)),
    );
    this.#choose(contacts.find((contact) => chosen !== null && isSame(contact, chosen)) ?? null);
  }

  /** @param {Contact} contact one like those that are shown */
  choose(contact) {
    this.#choose(this.contacts.find((shown) => isSame(shown, contact)) ?? null);
    this.onChoose();
  }

  /** @param {Contact | null} contact */
  #choose(contact) {
    this.chosen = contact;
    const at = contact === null ? -1 : this.contacts.indexOf(contact);
    for (const [index, option] of [...this.list.children].entries()) {
      option.setAttribute('aria-selected', String(index === at));
    }
    const active = this.list.children[at];
    for (const target of [this.list, this.field]) {
      if (active) {
        target.setAttribute('aria-activedescendant', active.id);
      } else {
        target.removeAttribute('aria-activedescendant');
      }
    }
    active?.scrollIntoView({ block: 'nearest' });
  }

  /**
   * @param {Contact} contact
   * @param {number} at
   * @param {Record<string, boolean>} capabilities
   */
  #option(contact, at, capabilities) {
    return element(
      'div',
      {
        id: `destination-${at}`,
        class: 'destination',
        role: 'option',
        'aria-selected': 'false',
        'data-testid': 'destination',
        click: () => this.choose(contact),
        dblclick: () => this.onConfirm(),
      },
      contactIcon(contact),
      element(
        'span',
        { class: 'contact-who' },
        element('strong', {}, contactName(contact)),
        ' ',
        contactDetails(contact, capabilities),
      ),
    );
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.chosen === null ? -1 : this.contacts.indexOf(this.chosen);
    const last = this.contacts.length - 1;
    /** @type {Record<string, number>} */
    const moves = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0) };
    const target = this.contacts[moves[event.key] ?? -1];
    if (event.key === 'Enter') {
      event.preventDefault();
      this.onConfirm();
    } else if (target) {
      event.preventDefault();
      this.choose(target);
      if (target === this.contacts[last]) {
        this.onEnd();
      }
    }
  }
}

/**
 * @param {Contact} a
 * @param {Contact} b
 */
export function isSame(a, b) {
  return a.type === b.type && a.id === b.id && a.phoneNumber === b.phoneNumber && a.name === b.name;
}
