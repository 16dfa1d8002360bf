/** What Omni knows after a reload of the page: status, open call tab, answered callbacks. */

import { recall, remember } from '../shared/memory.js';

const IDS_KEPT = 20;

/** Kept per agent for the life of the browser tab. */
export class SessionMemory {
  /** @param {string} userName */
  constructor(userName) {
    this.prefix = `scv-softphone:${userName}:`;
  }

  /** @returns {string | null} the id of the status that was chosen last */
  get statusId() {
    return recall(sessionStorage, `${this.prefix}status`);
  }

  set statusId(statusId) {
    remember(sessionStorage, `${this.prefix}status`, statusId);
  }

  /** @returns {string | null} the status that follows the call */
  get pendingStatusId() {
    return recall(sessionStorage, `${this.prefix}pending-status`);
  }

  set pendingStatusId(statusId) {
    remember(sessionStorage, `${this.prefix}pending-status`, statusId);
  }

  /** @returns {import('./types.js').WrapUp | null} */
  get wrapUp() {
    return recall(sessionStorage, `${this.prefix}wrap-up`);
  }

  set wrapUp(wrapUp) {
    remember(sessionStorage, `${this.prefix}wrap-up`, wrapUp);
  }

  /** @returns {string | null} the vendorCallKey of the voice call that is shown */
  get voiceCallKey() {
    return recall(sessionStorage, `${this.prefix}voice-call`);
  }

  set voiceCallKey(key) {
    remember(sessionStorage, `${this.prefix}voice-call`, key);
  }

  /**
   * A callback that the agent accepted: while the customer's phone rings it looks like one that
   * waits for an answer, only Salesforce's own work item knows better.
   *
   * @param {string} callId
   */
  keepCallback(callId) {
    this.#keep('callbacks', callId);
  }

  /** @param {string} callId */
  hasCallback(callId) {
    return this.#ids('callbacks').includes(callId);
  }

  /**
   * Work whose assignment the connector was told of.
   *
   * @param {string} workId
   */
  keepWork(workId) {
    this.#keep('work', workId);
  }

  /** @param {string} workId */
  hasWork(workId) {
    return this.#ids('work').includes(workId);
  }

  /**
   * @param {string} name
   * @param {string} id
   */
  #keep(name, id) {
    const kept = [...this.#ids(name).filter((one) => one !== id), id];
    remember(sessionStorage, `${this.prefix}${name}`, kept.slice(-IDS_KEPT));
  }

  /**
   * @param {string} name
   * @returns {string[]}
   */
  #ids(name) {
    return recall(sessionStorage, `${this.prefix}${name}`) ?? [];
  }
}
