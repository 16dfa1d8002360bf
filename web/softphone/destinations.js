/** What the transfer view has on offer: contacts of the telephony system, flows of Salesforce. */

import { contactName } from './contact_text.js';
import { isSame } from './destination_list.js';
import { numberContact, takesRequests } from './omni_actions.js';
import { flows } from './salesforce.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').Contact} Contact
 * @typedef {'all' | 'agents' | 'contacts' | 'queues' | 'flows'} Choice
 *
 * @typedef {object} Wish
 * @property {string} text what was typed
 * @property {Choice} choice
 * @property {boolean} availableOnly
 */

/** Which contacts each choice looks for, and which types must be offered for it. */
/** @type {Record<Choice, { types: string[], offered: string[] }>} */
const CHOICES = {
  all: { types: [], offered: [] },
  agents: { types: ['AGENT'], offered: ['Agent'] },
  contacts: { types: ['CONTACT', 'DIRECTORY'], offered: ['PhoneBook', 'PhoneNumber'] },
  queues: { types: ['QUEUE'], offered: ['Queue'] },
  flows: { types: ['FLOW'], offered: ['Flow'] },
};

export const CHOICE_NAMES = /** @type {Choice[]} */ (Object.keys(CHOICES));

const REQUEST_TYPES = ['AGENT', 'QUEUE'];

/** Looks for destinations. */
export class Destinations {
  /**
   * @param {Omni} omni
   * @param {() => void} onChange
   */
  constructor(omni, onChange) {
    this.omni = omni;
    this.onChange = onChange;
    /** Who was clicked on to open the view. @type {Contact | null} */
    this.preset = null;
    /** Whether it is for a contact request, which agents and queues take. */
    this.isForRequest = false;
    /** @type {Contact[]} */
    this.flows = [];
  }

  /** Asks Salesforce for its flows. */
  async loadFlows() {
    this.flows = [];
    if (this.#hasFlows) {
      try {
        const found = await flows();
        // Salesforce sends the flow's own name (guide chapter 13).
        this.flows = found.map(({ name }) => ({ id: name, name, type: 'Flow' }));
      } catch {
        this.omni.notices.add('error', 'Flows', 'The Omni-Channel flows couldn’t be loaded.');
      }
      this.onChange();
    }
  }

  /** @param {Wish} wish */
  look({ text, choice, availableOnly }) {
    const isAny = this.isForRequest && choice === 'all';
    const types = isAny ? REQUEST_TYPES : CHOICES[choice].types;
    this.omni.destinations.look({ contains: text, types, availableOnly });
  }

  /**
   * Whether a type is on offer: the telephony system names those that it has (guide chapter 13,
   * "Customize the Destination List").
   *
   * @param {Choice} choice
   */
  isOffered(choice) {
    const { types } = this.omni.destinations;
    const { offered } = CHOICES[choice];
    const isNamed =
      types.length === 0 || offered.length === 0 || offered.some((type) => types.includes(type));
    if (this.isForRequest && (choice === 'contacts' || choice === 'flows')) {
      return false;
    }
    return isNamed && (choice !== 'flows' || this.#hasFlows);
  }

  /**
   * Who was clicked on, the number that was typed, then what was found.
   *
   * @param {Wish} wish
   * @returns {Contact[]}
   */
  contacts(wish) {
    const { text, choice } = wish;
    const own = [...(this.preset && choice === 'all' ? [this.preset] : []), ...this.typed(wish)];
    const wantsFlows = (choice === 'all' || choice === 'flows') && this.isOffered('flows');
    const found = [
      ...this.omni.destinations.items.filter((contact) => !this.#isFlowOfSalesforce(contact)),
      ...this.flows.filter(
        (flow) => wantsFlows && contactName(flow).toLowerCase().includes(text.toLowerCase()),
      ),
    ];
    const all = [...own, ...found.filter((one) => !own.some((other) => isSame(other, one)))];
    return this.isForRequest ? all.filter(takesRequests) : all;
  }

  /**
   * The number that was typed, if it is one.
   *
   * @param {Wish} wish
   * @returns {Contact[]}
   */
  typed({ text, choice }) {
    const read = numberContact(text);
    const isWanted = !this.isForRequest && (choice === 'all' || choice === 'contacts');
    return isWanted && 'contact' in read && /\d.*\d/.test(text) ? [read.contact] : [];
  }

  /** @param {Contact} contact */
  #isFlowOfSalesforce({ type, id, name }) {
    return type === 'Flow' && this.flows.some((flow) => flow.id === id || flow.name === name);
  }

  get #hasFlows() {
    return this.omni.capabilities.TRANSFER_TO_OMNI_FLOW === true;
  }
}
