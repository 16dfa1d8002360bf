/** Presence statuses of the agent and what Omni's presence configuration does with them. */

import { recall, remember } from '../shared/memory.js';

/** @typedef {import('./types.js').PresenceStatus} PresenceStatus */

/** Salesforce keeps this id for "Offline" (guide, "Two-Way Agent Status Syncing"). */
export const OFFLINE_ID = '0';

/**
 * The statuses out of connectorConfig's `userPresenceStatuses`, Offline last.
 *
 * @param {unknown} text JSON: id → {statusName, hasChannels: "true", isOffline: "false", statusId}
 * @returns {PresenceStatus[]}
 */
export function parseStatuses(text) {
  const parsed = typeof text === 'string' && text !== '' ? JSON.parse(text) : {};
  const statuses = Object.entries(parsed).map(([id, info]) => toStatus(id, Object(info)));
  if (!statuses.some((status) => status.isOffline)) {
    statuses.push(toStatus(OFFLINE_ID, { statusName: 'Offline', isOffline: 'true' }));
  }
  return statuses.sort((a, b) => Number(a.isOffline) - Number(b.isOffline));
}

/**
 * @param {string} id
 * @param {Record<string, unknown>} info
 * @returns {PresenceStatus}
 */
function toStatus(id, info) {
  const name = String(info.statusName ?? id);
  return {
    statusId: String(info.statusId ?? id),
    statusApiName: String(info.statusApiName ?? name.replace(/\W+/g, '_')),
    statusName: name,
    hasChannels: String(info.hasChannels) === 'true',
    isOffline: String(info.isOffline) === 'true',
  };
}

/**
 * The message with which Omni tells the connector a status.
 *
 * @param {PresenceStatus} status
 * @param {boolean} enqueueNextState
 * @returns {import('./types.js').Message}
 */
export function statusMessage(status, enqueueNextState) {
  return {
    type: 'SET_AGENT_STATUS',
    agentStatus: status.hasChannels ? 'Online' : 'Offline',
    statusInfo: {
      statusId: status.statusId,
      statusApiName: status.statusApiName,
      statusName: status.statusName,
    },
    enqueueNextState,
  };
}

/**
 * A word for the coloured dot of a status.
 *
 * @param {PresenceStatus | null} status
 * @returns {'online' | 'busy' | 'offline'}
 */
export function tone(status) {
  if (status === null || status.isOffline) {
    return 'offline';
  }
  return status.hasChannels ? 'online' : 'busy';
}

const CONFIGURATION_KEY = 'scv-softphone-presence-configuration';

/** "Presence Configuration" of the Salesforce setup: which status follows a decline or a miss. */
export class PresenceConfiguration {
  /** @param {PresenceStatus[]} statuses */
  constructor(statuses) {
    const kept = recall(localStorage, CONFIGURATION_KEY);
    const busy = statuses.find((status) => status.statusName === 'Busy')?.statusId ?? '';
    /** @type {string} status id, "" for none */
    this.onDecline = kept?.onDecline ?? '';
    /** @type {string} status id, "" for none */
    this.onPushTimeout = kept?.onPushTimeout ?? busy;
    this.isAutoAccepting = kept?.isAutoAccepting === true;
  }

  /**
   * @param {'onDecline' | 'onPushTimeout'} rule
   * @param {string} statusId "" for none
   */
  set(rule, statusId) {
    this[rule] = statusId;
    this.#keep();
  }

  /** @param {boolean} isAutoAccepting whether offered calls are accepted at once */
  setAutoAccepting(isAutoAccepting) {
    this.isAutoAccepting = isAutoAccepting;
    this.#keep();
  }

  #keep() {
    const { onDecline, onPushTimeout, isAutoAccepting } = this;
    remember(localStorage, CONFIGURATION_KEY, { onDecline, onPushTimeout, isAutoAccepting });
  }

  /**
   * Which status follows a call that was offered to the agent and ended like this; "" when none
   * does (guide, "Handling Missed Calls and Call Errors").
   *
   * @param {import('./types.js').PhoneCall} call
   * @returns {string}
   */
  statusAfter(call) {
    if (call.reason !== 'error' || !call.agentStatus) {
      return '';
    }
    return call.agentStatus === 'DeclinedByAgent' ? this.onDecline : this.onPushTimeout;
  }
}
