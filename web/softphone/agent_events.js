/** Events about the agent: sign-in, status, phone, contacts, after-call work. */

import { announce } from '../shared/announcer.js';
import { contactsArrived } from './omni_actions.js';

/** @typedef {import('./omni.js').Omni} Omni */

const DEFAULT_LOGIN_HEIGHT = 350;

/** @type {Record<string, (omni: Omni, payload: any) => void>} */
export const AGENT_EVENTS = {
  SHOW_LOGIN: showLogin,
  SHOW_STORAGE_ACCESS: (omni) => {
    omni.isConnectorShown = true;
  },
  LOGIN_RESULT: (omni, payload) => {
    if (payload?.success) {
      omni.phase = 'starting';
    }
  },
  LOGOUT_RESULT: (omni, payload) => {
    omni.free('logout');
    if (payload?.success) {
      omni.calls.clear();
      omni.showStatus(offlineId(omni));
      showLogin(omni, payload);
    }
  },
  SET_AGENT_STATUS_RESULT: statusAnswered,
  SET_AGENT_STATUS: statusFromConnector,
  AGENT_CONFIG_UPDATED: (omni, payload) => {
    omni.free('phone');
    announce(payload?.success === false ? 'Phone not changed.' : 'Phone changed.');
  },
  PHONE_CONTACTS: contactsArrived,
  AFTER_CALL_WORK_STARTED: wrapUpStarted,
  WRAP_UP_ENDED: (omni, payload) => {
    if (!payload?.callId || payload.callId === omni.wrapUp?.callId) {
      omni.setWrapUp(null);
      announce('After-call work ended.');
    }
  },
};

/**
 * @param {Omni} omni
 * @param {any} payload
 */
function showLogin(omni, payload) {
  omni.phase = 'login';
  omni.isConnectorShown = false;
  omni.loginFrameHeight = Number(payload?.loginFrameHeight) || DEFAULT_LOGIN_HEIGHT;
  if (!payload?.isSilentLogin) {
    announce('Sign in to the telephony system.');
  }
}

/** @param {Omni} omni */
function offlineId(omni) {
  return omni.statuses.find((status) => status.isOffline)?.statusId ?? '0';
}

/**
 * @param {Omni} omni
 * @param {any} payload
 */
function statusAnswered(omni, payload) {
  if (payload?.success === false && omni.statusBefore !== null) {
    omni.showStatus(omni.statusBefore);
  }
  omni.statusBefore = null;
  announce(`Status: ${omni.status?.statusName ?? 'unknown'}.`);
}

/**
 * The telephony system changed the status; while the agent is on a call that has no effect
 * (guide, "Two-Way Agent Status Syncing").
 *
 * @param {Omni} omni
 * @param {any} payload
 */
function statusFromConnector(omni, payload) {
  const status = omni.statuses.find((candidate) => candidate.statusId === payload?.statusId);
  if (status && omni.calls.size === 0) {
    omni.showStatus(status.statusId);
    announce(`The telephony system set your status to ${status.statusName}.`);
  }
}

/**
 * @param {Omni} omni
 * @param {any} payload
 */
function wrapUpStarted(omni, payload) {
  const callId = payload?.callId;
  if (!callId || omni.wrapUp?.callId === callId) {
    return;
  }
  const call = omni.endedCalls.get(callId) ?? omni.calls.get(callId) ?? { callId };
  omni.setWrapUp({ callId, call, since: Date.now() });
  announce('After-call work started.');
}
