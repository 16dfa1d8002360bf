/** The transfer view: whom to add to the call, to consult, or to pass the call on to. */

import { announce } from '../shared/announcer.js';
import { byId, setText } from '../shared/dom.js';
import { typeOf } from './calls.js';
import { DestinationList } from './destination_list.js';
import { CHOICE_NAMES, Destinations } from './destinations.js';
import { addParticipant, dialContact, passRequestOn, takesRequests } from './omni_actions.js';
import { TransferButtons } from './transfer_buttons.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').Contact} Contact
 * @typedef {import('./salesforce.js').WorkItem} WorkItem
 *
 * @typedef {object} Opening why the view opens
 * @property {Contact} [contact] who was clicked on
 * @property {string} [phoneNumber] of whom the telephony system speaks
 * @property {WorkItem} [work] a contact request that is passed on instead of a call
 */

const TYPING_PAUSE_MS = 250;

/** Shows the view while it is open. */
export class TransferView {
  /** @param {Omni} omni */
  constructor(omni) {
    this.omni = omni;
    this.panel = byId('transfer', HTMLElement);
    this.field = byId('transfer-contains', HTMLInputElement);
    this.buttons = new TransferButtons(omni, (action) => this.#act(action));
    this.destinations = new Destinations(omni, () => this.update());
    /** @type {Element | null} where the focus came from */
    this.opener = null;
    /** @type {WorkItem | null} */
    this.work = null;
    /** Whether there was a call to transfer when this was shown last. */
    this.hadCall = false;
    /** Whether a consultation is about to start. */
    this.isConsulting = false;
    this.shown = '';
    /** Timer of the search that follows when typing pauses; 0 for none. */
    this.pause = 0;
    this.list = new DestinationList({
      list: byId('transfer-list', HTMLElement),
      field: this.field,
      onChoose: () => this.update(),
      onConfirm: () => this.#confirm(),
      onEnd: () => omni.destinations.more(),
    });
    this.#listen();
    omni.on('transfer view', (opening) => this.open(opening));
    omni.on('transferred', () => this.close());
    omni.watch(() => this.update());
  }

  /** @returns {boolean} */
  get isOpen() {
    return !this.panel.hidden;
  }

  /** @param {Opening} opening */
  open({ contact, phoneNumber, work } = {}) {
    const { omni } = this;
    if (!this.isOpen) {
      this.opener = document.activeElement;
    }
    const accepted = omni.workItems.find(
      (item) => item.type === 'ContactRequest' && item.status === 'ACCEPTED',
    );
    this.work = work ?? (omni.current ? null : (accepted ?? null));
    this.hadCall = omni.current !== undefined;
    this.destinations.isForRequest = this.work !== null;
    this.destinations.preset = contact ?? null;
    this.list.chosen = contact ?? null;
    this.field.value = contact ? '' : (phoneNumber ?? '');
    byId('transfer-type-all', HTMLInputElement).checked = true;
    this.panel.hidden = false;
    omni.tell('show phone');
    void this.destinations.loadFlows();
    this.#look();
    this.#focusFirst();
    announce('Choose whom to add or to transfer to.');
  }

  /** Closes the view; the focus goes back to where it came from. */
  close() {
    if (!this.isOpen) {
      return;
    }
    const hadFocus = this.panel.contains(document.activeElement);
    this.panel.hidden = true;
    this.isConsulting = false;
    this.work = null;
    this.destinations.preset = null;
    this.list.chosen = null;
    if (hadFocus) {
      const { opener } = this;
      const isThere = opener instanceof HTMLElement && opener.offsetParent !== null;
      (isThere ? opener : byId('panel-phone', HTMLElement)).focus();
    }
  }

  /** Shows the state as it is now. */
  update() {
    if (!this.isOpen) {
      return;
    }
    const { current, isReady } = this.omni;
    const isOver = this.hadCall && current === undefined && this.work === null;
    const isDone = this.isConsulting && this.#hasConsult();
    if (!isReady || isOver || isDone) {
      this.close();
      return;
    }
    this.hadCall = current !== undefined;
    for (const choice of CHOICE_NAMES) {
      const label = byId(`transfer-type-${choice}`, HTMLInputElement).closest('label');
      label?.toggleAttribute('hidden', !this.destinations.isOffered(choice));
    }
    this.#showList();
    this.#showActions();
  }

  #hasConsult() {
    const { current } = this.omni;
    return current?.parties.some((party) => party !== current.main && typeOf(party) === 'consult');
  }

  /** Guide chapter 13, "Use Click-to-Dial for Transfers": there the choice is what to do. */
  #focusFirst() {
    const [action] = this.buttons.usable;
    (this.destinations.preset && action ? action : this.field).focus();
  }

  #showList() {
    const { destinations, capabilities } = this.omni;
    const contacts = this.destinations.contacts(this.#wish());
    const shown = JSON.stringify([contacts, capabilities]);
    if (shown !== this.shown) {
      this.shown = shown;
      this.list.show(contacts, capabilities);
    }
    const { error, isLoading, hasMore } = destinations;
    const count = contacts.length === 1 ? '1 destination' : `${contacts.length} destinations`;
    const found =
      contacts.length === 0 ? 'Nobody found.' : `${count}${hasMore ? ' and more' : ''}.`;
    setText(byId('transfer-status', HTMLElement), error || (isLoading ? 'Searching…' : found));
    byId('transfer-more', HTMLButtonElement).hidden = !hasMore;
  }

  #showActions() {
    const { chosen } = this.list;
    const isRequest = this.work !== null;
    const hasChoice = chosen !== null && (!isRequest || takesRequests(chosen));
    this.buttons.update({ hasChoice, isRequest });
    setText(byId('transfer-hint', HTMLElement), this.#hint());
  }

  #hint() {
    if (this.work !== null && this.omni.isOnCall) {
      return 'A contact request can be passed on when the call is over.';
    }
    if (this.work !== null) {
      return `Pass on the contact request of ${this.work.name || this.work.phoneNumber}.`;
    }
    if (this.omni.current === undefined) {
      return 'There is no call to transfer.';
    }
    return this.destinations.preset ? 'Add to the call, or transfer the call?' : '';
  }

  /**
   * Enter chooses, then does what the first button that works would do. What stands in the list
   * while an answer is awaited was not asked for: only the number that was typed is then meant.
   */
  #confirm() {
    if (this.list.chosen !== null) {
      this.buttons.usable[0]?.click();
      return;
    }
    if (this.pause !== 0) {
      this.#look();
    }
    const isCurrent = !this.omni.destinations.isLoading;
    const first = isCurrent ? this.list.contacts[0] : this.destinations.typed(this.#wish())[0];
    if (first) {
      this.list.choose(first);
    }
  }

  /** @param {import('./transfer_buttons.js').TransferAction} action */
  #act(action) {
    const { omni, work } = this;
    const { chosen } = this.list;
    if (chosen === null) {
      return;
    }
    if (action === 'consult') {
      this.isConsulting = true;
      dialContact(omni, chosen, 'isConsultCall');
    } else if (action === 'pass') {
      omni.tell('work is passed on', { work, contact: chosen });
      passRequestOn(omni, chosen);
    } else if (omni.current?.main) {
      addParticipant(omni, chosen, omni.current.main, { isBlind: action === 'blind' });
    }
  }

  #look() {
    clearTimeout(this.pause);
    this.pause = 0;
    this.destinations.look(this.#wish());
    this.update();
  }

  /** @returns {import('./destinations.js').Wish} */
  #wish() {
    const choice = CHOICE_NAMES.find(
      (name) => byId(`transfer-type-${name}`, HTMLInputElement).checked,
    );
    const availableOnly = byId('transfer-available', HTMLInputElement).checked;
    return { text: this.field.value.trim(), choice: choice ?? 'all', availableOnly };
  }

  #listen() {
    this.field.addEventListener('input', () => {
      clearTimeout(this.pause);
      this.pause = window.setTimeout(() => this.#look(), TYPING_PAUSE_MS);
      this.update();
    });
    byId('transfer-filters', HTMLElement).addEventListener('change', () => this.#look());
    const more = byId('transfer-more', HTMLButtonElement);
    more.addEventListener('click', () => this.omni.destinations.more());
    byId('transfer-close', HTMLButtonElement).addEventListener('click', () => this.close());
    this.panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        this.close();
      }
    });
  }
}
