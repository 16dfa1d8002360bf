/** Omni-Channel's state and the way everything around it hears of changes. */

import { OFFLINE_ID, PresenceConfiguration, statusMessage } from './presence.js';
import { SessionMemory } from './session_memory.js';

/**
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 * @typedef {import('./types.js').Message} Message
 * @typedef {import('./types.js').PresenceStatus} PresenceStatus
 * @typedef {'starting' | 'login' | 'ready' | 'failed'} Phase
 *
 * @typedef {object} Toast
 * @property {number} id
 * @property {'error' | 'info'} kind
 * @property {string} title
 * @property {string} text
 *
 * @typedef {object} ContactsState
 * @property {import('./types.js').Contact[]} items
 * @property {string[]} types
 * @property {import('./types.js').ContactSearch} search what is wanted
 * @property {import('./types.js').ContactSearch | null} asked what was asked last
 * @property {string} error
 */

/** How many contacts a page of the search has. */
export const CONTACTS_PER_PAGE = 10;
/** After this a control works again although no answer came. */
const BUSY_LIMIT_MS = 10_000;
const TOASTS_KEPT = 3;
/** A note goes by itself; an error stays until it is dismissed. */
const NOTE_MS = 8000;

/** The softphone's whole state; views read it, events and actions change it and call `changed`. */
export class Omni {
  /**
   * @param {{ userName: string, fullName: string, statuses: PresenceStatus[],
   *   sendMessage: (message: Message) => void }} options
   */
  constructor({ userName, fullName, statuses, sendMessage }) {
    this.userName = userName;
    this.fullName = fullName;
    this.statuses = statuses;
    this.sendMessage = sendMessage;
    this.memory = new SessionMemory(userName);
    this.configuration = new PresenceConfiguration(statuses);
    /** @type {Phase} */
    this.phase = 'starting';
    this.failure = '';
    this.loginFrameHeight = 350;
    /** Whether the connector's own page must be seen: it asks the agent for storage access. */
    this.isConnectorShown = false;
    /** @type {Record<string, boolean>} */
    this.capabilities = {};
    /** @type {import('./types.js').Phone[]} */
    this.phones = [];
    /** @type {import('./types.js').Phone} */
    this.selectedPhone = { type: 'SOFT_PHONE' };
    /** @type {Map<string, PhoneCall>} */
    this.calls = new Map();
    /** @type {Map<string, PhoneCall>} */
    this.endedCalls = new Map();
    /** @type {import('./types.js').WrapUp | null} */
    this.wrapUp = this.memory.wrapUp;
    this.statusId = this.memory.statusId ?? OFFLINE_ID;
    /** @type {string | null} the status to go back to when the connector refuses the new one */
    this.statusBefore = null;
    /** Who is being dialled, while "dial" waits for its answer. */
    this.dialed = '';
    /** @type {ContactsState} */
    this.contacts = {
      items: [],
      types: [],
      search: { contains: '', type: '', availableOnly: false, offset: 0 },
      asked: null,
      error: '',
    };
    /** @type {Toast[]} */
    this.toasts = [];
    this.toastCount = 0;
    /** @type {Map<string, number>} control → timer that frees it again */
    this.busy = new Map();
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    /** @type {Set<(call: PhoneCall) => void>} */
    this.outboundListeners = new Set();
  }

  /** @returns {PresenceStatus | null} */
  get status() {
    return this.statuses.find((status) => status.statusId === this.statusId) ?? null;
  }

  /** @returns {boolean} */
  get isReady() {
    return this.phase === 'ready';
  }

  /** Tells every view that something is different. */
  changed() {
    for (const watcher of this.watchers) {
      watcher();
    }
  }

  /**
   * @param {() => void} watcher called after each change and once now
   */
  watch(watcher) {
    this.watchers.add(watcher);
    watcher();
  }

  /**
   * Shows a status and tells the connector.
   *
   * @param {string} statusId
   */
  setStatus(statusId) {
    const status = this.statuses.find((candidate) => candidate.statusId === statusId);
    if (status === undefined) {
      return;
    }
    this.statusBefore = this.statusId;
    this.showStatus(statusId);
    const waits = this.calls.size > 0 && this.capabilities.PENDING_STATUS_CHANGE === true;
    this.sendMessage(statusMessage(status, waits));
    this.changed();
  }

  /**
   * Shows a status without telling the connector, which knows it.
   *
   * @param {string} statusId
   */
  showStatus(statusId) {
    this.statusId = statusId;
    this.memory.statusId = statusId;
  }

  /**
   * @param {import('./types.js').WrapUp | null} wrapUp
   */
  setWrapUp(wrapUp) {
    this.wrapUp = wrapUp;
    this.memory.wrapUp = wrapUp;
  }

  /**
   * Marks a control as waiting for an answer.
   *
   * @param {string} control
   * @returns {boolean} false when it waits already: a double click must not act twice
   */
  occupy(control) {
    if (this.busy.has(control)) {
      return false;
    }
    this.busy.set(
      control,
      window.setTimeout(() => {
        this.free(control);
        this.changed();
      }, BUSY_LIMIT_MS),
    );
    return true;
  }

  /** @param {...string} controls without any: all of them */
  free(...controls) {
    for (const control of controls.length > 0 ? controls : [...this.busy.keys()]) {
      clearTimeout(this.busy.get(control));
      this.busy.delete(control);
    }
  }

  /**
   * @param {Toast['kind']} kind
   * @param {string} title
   * @param {string} text
   */
  toast(kind, title, text) {
    this.toastCount += 1;
    const id = this.toastCount;
    this.toasts.push({ id, kind, title, text });
    if (kind === 'info') {
      setTimeout(() => this.dismissToast(id), NOTE_MS);
    }
    this.toasts = this.toasts.slice(-TOASTS_KEPT);
  }

  /** @param {number} id */
  dismissToast(id) {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
    this.changed();
  }
}
