/** Searches in the phone book, one question to the connector at a time. */

import { cleanNumber } from '../shared/phone_numbers.js';

/**
 * @typedef {import('./types.js').Contact} Contact
 * @typedef {import('./types.js').ContactQuestion} ContactQuestion
 * @typedef {import('./types.js').Message} Message
 */

/** Salesforce's own limit when it keeps the whole phone book (guide chapter 13). */
const WHOLE_BOOK = 1000;
const NO_ANSWER_MS = 10_000;

/**
 * Passes questions on. Answers carry no id, so a second question could not be told from the
 * first: it waits until the first was answered.
 */
export class ContactLine {
  /** @param {(message: Message) => void} send */
  constructor(send) {
    this.send = send;
    /** @type {ContactSearch | null} */
    this.asking = null;
    /** @type {Set<ContactSearch>} */
    this.waiting = new Set();
    this.timer = 0;
  }

  /** @param {ContactSearch} search who wants to ask */
  request(search) {
    if (this.asking !== null) {
      this.waiting.add(search);
      return;
    }
    this.asking = search;
    this.timer = window.setTimeout(() => this.failed(), NO_ANSWER_MS);
    this.send({ type: 'GET_PHONE_CONTACTS', filter: search.ask() });
  }

  /** @param {any} payload PHONE_CONTACTS */
  answered(payload) {
    this.#done()?.take(payload?.contacts ?? [], payload?.contactTypes ?? []);
    this.#next();
  }

  /** @param {string} [sentence] what went wrong */
  failed(sentence = 'The contacts couldn’t be loaded.') {
    const search = this.#done();
    if (search) {
      search.error = sentence;
      search.onChange();
    }
    this.#next();
  }

  #done() {
    clearTimeout(this.timer);
    const search = this.asking;
    this.asking = null;
    return search;
  }

  #next() {
    const [next] = this.waiting;
    if (next) {
      this.waiting.delete(next);
      this.request(next);
    }
  }
}

/** One list of contacts: what is looked for, and what was found. */
export class ContactSearch {
  /**
   * @param {ContactLine} line
   * @param {{ pageSize: number, onChange: () => void }} options
   */
  constructor(line, { pageSize, onChange }) {
    this.line = line;
    this.pageSize = pageSize;
    this.onChange = onChange;
    /** Whether the connector searches; otherwise this page does, in the whole phone book. */
    this.canSearch = true;
    /** Whether pages are put below each other, or each takes the place of the one before. */
    this.isGrowing = false;
    /** @type {ContactQuestion} */
    this.wanted = { contains: '', types: [], availableOnly: false, offset: 0 };
    /** @type {ContactQuestion | null} */
    this.asked = null;
    /** @type {Contact[]} */
    this.items = [];
    /** @type {string[]} */
    this.types = [];
    /** @type {Contact[] | null} */
    this.book = null;
    this.hasMore = false;
    this.error = '';
  }

  /** @returns {boolean} */
  get isLoading() {
    return this.line.asking === this || this.line.waiting.has(this);
  }

  /**
   * Looks for something else; from the start, unless `offset` says otherwise.
   *
   * @param {Partial<ContactQuestion>} wanted
   */
  look(wanted) {
    this.wanted = { ...this.wanted, offset: 0, ...wanted };
    this.error = '';
    if (!this.canSearch && this.book !== null) {
      this.#lookInBook();
    } else {
      this.line.request(this);
    }
    this.onChange();
  }

  /** Asks for what comes after the contacts that are here. */
  more() {
    if (this.hasMore && !this.isLoading) {
      this.look({ offset: this.wanted.offset + this.pageSize });
    }
  }

  /** Forgets what was found: another agent, another phone book. */
  reset() {
    this.items = [];
    this.book = null;
    this.asked = null;
    this.hasMore = false;
    this.error = '';
  }

  /** @returns {Record<string, unknown>} the filter of the question that is asked now */
  ask() {
    this.asked = this.wanted;
    if (!this.canSearch) {
      return { contains: '', limit: WHOLE_BOOK, offset: 0, types: [] };
    }
    const { contains, types, availableOnly, offset } = this.wanted;
    // Only agents have an availability.
    const hasAgents = types.length === 0 || types.includes('AGENT');
    const filter = availableOnly && hasAgents ? ['AVAILABLE'] : types;
    return { contains, limit: this.pageSize, offset, types: filter };
  }

  /**
   * @param {Contact[]} contacts
   * @param {string[]} types
   */
  take(contacts, types) {
    this.error = '';
    if (types.length > 0 && this.asked?.types.length === 0) {
      this.types = types;
    }
    if (!this.canSearch) {
      this.book = contacts;
      this.#lookInBook();
    } else if (this.asked === this.wanted) {
      this.#show(contacts, contacts.length >= this.pageSize);
    } else {
      // Something else was typed meanwhile: this answer is old.
      this.line.request(this);
    }
    this.onChange();
  }

  /**
   * @param {Contact[]} page
   * @param {boolean} hasMore
   */
  #show(page, hasMore) {
    const isNext = this.isGrowing && this.wanted.offset > 0;
    this.items = isNext ? [...this.items, ...page] : page;
    this.hasMore = hasMore;
  }

  /** Guide chapter 13, "Pseudo Contact Search". */
  #lookInBook() {
    const { contains, types, availableOnly, offset } = this.wanted;
    const text = contains.toLowerCase();
    const number = cleanNumber(text);
    const found = (this.book ?? []).filter(
      (contact) =>
        (types.length === 0 || types.includes(FILTERS[contact.type ?? ''] ?? '')) &&
        (!availableOnly || contact.availability === 'AVAILABLE') &&
        ((contact.name ?? '').toLowerCase().includes(text) ||
          (number !== '' && (contact.phoneNumber ?? '').includes(number))),
    );
    const end = offset + this.pageSize;
    this.#show(found.slice(offset, end), found.length > end);
  }
}

/** The filter's word for each type of contact. @type {Record<string, string>} */
const FILTERS = {
  Agent: 'AGENT',
  Queue: 'QUEUE',
  PhoneNumber: 'CONTACT',
  PhoneBook: 'DIRECTORY',
  Flow: 'FLOW',
};
