/** Omni-Channel's state and the way everything around it hears of changes. */

import { Busy } from './busy.js';
import { ContactLine, ContactSearch } from './contact_search.js';
import { conversationsOf, currentConversation } from './conversations.js';
import { Notices } from './notices.js';
import { OFFLINE_ID, PresenceConfiguration, statusMessage } from './presence.js';
import { SessionMemory } from './session_memory.js';

/**
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 * @typedef {import('./types.js').Message} Message
 * @typedef {import('./types.js').PresenceStatus} PresenceStatus
 * @typedef {import('./conversations.js').Conversation} Conversation
 * @typedef {'starting' | 'login' | 'ready' | 'failed' | 'replaced'} Phase
 */

/** How many contacts a page of the phone book has, and how many of the transfer view. */
export const CONTACTS_PER_PAGE = 10;
const DESTINATIONS_PER_PAGE = 50;

/** The softphone's whole state; views read it, events and actions change it and call `changed`. */
export class Omni {
  /**
   * @param {{ userName: string, fullName: string, statuses: PresenceStatus[],
   *   isAfterCallWorkOn?: boolean, sendMessage: (message: Message) => void }} options
   */
  constructor({ userName, fullName, statuses, isAfterCallWorkOn = true, sendMessage }) {
    this.userName = userName;
    this.fullName = fullName;
    this.statuses = statuses;
    this.isAfterCallWorkOn = isAfterCallWorkOn;
    this.sendMessage = sendMessage;
    this.memory = new SessionMemory(userName);
    this.configuration = new PresenceConfiguration(statuses);
    /** @type {Phase} */
    this.phase = 'starting';
    this.failure = '';
    this.loginFrameHeight = 350;
    /** Whether the sign-in goes on unseen. */
    this.isSilentLogin = false;
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
    /** Calls that the agent is leaving: what comes back says only that somebody left. */
    /** @type {Set<string>} */
    this.leaving = new Set();
    /** The call that the agent listens to as a supervisor. @type {PhoneCall | null} */
    this.supervised = null;
    /** The newest audio figures by call id. */
    /** @type {Map<string, import('./types.js').AudioStatsElement>} */
    this.audioStats = new Map();
    /** Work of Omni-Channel that is open. @type {import('./salesforce.js').WorkItem[]} */
    this.workItems = [];
    /** @type {import('./types.js').WrapUp | null} */
    this.wrapUp = this.memory.wrapUp;
    this.statusId = this.memory.statusId ?? OFFLINE_ID;
    /** @type {string | null} the status to go back to when the connector refuses the new one */
    this.statusBefore = null;
    /** Whether the telephony system follows Omni's status at once. */
    this.isStatusSynced = true;
    /** What the telephony system says about the agent. */
    this.vendorStatus = '';
    /** Numbers that a preview dialer proposed and the agent called. @type {Set<string>} */
    this.previewed = new Set();
    /** Who is being dialled, while "dial" waits for its answer. */
    this.dialed = '';
    const line = new ContactLine((message) => this.sendMessage(message));
    const onChange = () => this.changed();
    this.contactLine = line;
    this.phoneBook = new ContactSearch(line, { pageSize: CONTACTS_PER_PAGE, onChange });
    this.destinations = new ContactSearch(line, { pageSize: DESTINATIONS_PER_PAGE, onChange });
    this.destinations.isGrowing = true;
    this.notices = new Notices(onChange);
    this.busy = new Busy(onChange);
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    /** Who hears what events say beside the calls. @type {Map<string, Set<(news: any) => void>>} */
    this.listeners = new Map();
  }

  /** @returns {PresenceStatus | null} */
  get status() {
    return this.statusOf(this.statusId);
  }

  /** The status that follows when the work that goes on is over. */
  get pendingStatus() {
    return this.statusOf(this.memory.pendingStatusId);
  }

  /** @returns {boolean} */
  get isReady() {
    return this.phase === 'ready';
  }

  /** @returns {boolean} */
  get isOnCall() {
    return this.calls.size > 0;
  }

  /** @returns {Conversation[]} */
  get conversations() {
    return conversationsOf(this.calls);
  }

  /** The conversation that the agent is in. @returns {Conversation | undefined} */
  get current() {
    return currentConversation(this.calls);
  }

  /**
   * @param {string | null | undefined} statusId
   * @returns {PresenceStatus | null}
   */
  statusOf(statusId) {
    return this.statuses.find((status) => status.statusId === statusId) ?? null;
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
   * @param {string} topic
   * @param {(news: any) => void} listener
   */
  on(topic, listener) {
    this.listeners.set(topic, (this.listeners.get(topic) ?? new Set()).add(listener));
  }

  /**
   * @param {string} topic
   * @param {unknown} [news]
   */
  tell(topic, news) {
    for (const listener of this.listeners.get(topic) ?? []) {
      listener(news);
    }
  }

  /**
   * Shows a status and tells the connector. While the agent is on a call it only follows, when
   * the telephony system can wait with it (guide chapter 10, "Change Status While on a Call").
   *
   * @param {string} statusId
   */
  setStatus(statusId) {
    const status = this.statusOf(statusId);
    if (status === null) {
      return;
    }
    const waits = this.isOnCall && this.capabilities.PENDING_STATUS_CHANGE === true;
    this.statusBefore = waits ? null : this.statusId;
    this.memory.pendingStatusId = waits ? statusId : null;
    if (!waits) {
      this.showStatus(statusId);
    }
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

  /** The work is over: the status that waited for it is there. */
  applyPendingStatus() {
    const { pendingStatusId } = this.memory;
    if (pendingStatusId !== null && !this.isOnCall && this.wrapUp === null) {
      this.memory.pendingStatusId = null;
      this.showStatus(pendingStatusId);
    }
  }

  /** Shows no work any more; what goes on is told again when the phone is ready. */
  forgetWork() {
    this.calls.clear();
    this.leaving.clear();
    this.supervised = null;
    this.workItems = [];
    this.busy.free();
  }

  /**
   * @param {import('./types.js').WrapUp | null} wrapUp
   */
  setWrapUp(wrapUp) {
    this.wrapUp = wrapUp;
    this.memory.wrapUp = wrapUp;
  }
}
