/** Salesforce's statuses and those of the telephony system (guide chapter 12). */

import { request } from '../shared/http.js';

const STATUS_MAP = '/demo/v1/status-map';
const USUAL = ['Available', 'Break', 'Lunch', 'Meeting', 'Offline'];

/**
 * @typedef {object} StatusEntry
 * @property {string} statusId
 * @property {string} statusName
 * @property {boolean} hasChannels
 * @property {boolean} isOffline
 * @property {string} telephonyStatus
 */

/** The org's table, as the server keeps it. */
export class StatusMap {
  constructor() {
    /** @type {StatusEntry[]} */
    this.entries = [];
    /** @type {Set<() => void>} */
    this.watchers = new Set();
  }

  /** @param {() => void} watcher called now and after every change */
  watch(watcher) {
    this.watchers.add(watcher);
    watcher();
  }

  /** @returns {string[]} statuses of the telephony system that a Salesforce status has */
  get telephonyStatuses() {
    const names = this.entries.map((entry) => entry.telephonyStatus);
    return [...new Set(names)].filter(Boolean);
  }

  /** @returns {string[]} names to choose from */
  get suggestions() {
    return [...new Set([...this.telephonyStatuses, ...USUAL])];
  }

  /** Reads the table. */
  async read() {
    this.#show(await request('GET', STATUS_MAP));
  }

  /** @param {StatusEntry[]} entries */
  async save(entries) {
    const statuses = entries.map(({ statusId, telephonyStatus }) => ({
      statusId,
      telephonyStatus,
    }));
    this.#show(await request('PUT', STATUS_MAP, { statuses }));
  }

  /** @param {StatusEntry[]} entries */
  #show(entries) {
    this.entries = entries ?? [];
    for (const watcher of this.watchers) {
      watcher();
    }
  }
}
