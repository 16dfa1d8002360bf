/** Events about the agent: sign-in, status, phone, devices, contacts, after-call work. */

import { announce } from '../shared/announcer.js';

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
  LOGOUT_RESULT: loggedOut,
  SET_AGENT_STATUS_RESULT: statusAnswered,
  SET_AGENT_STATUS: statusFromTelephony,
  GET_AGENT_STATUS_RESULT: (omni, payload) => {
    omni.busy.free('vendorStatus');
    omni.vendorStatus = vendorStatusText(payload);
    announce(`Telephony status: ${omni.vendorStatus}.`);
  },
  STATE_CHANGE: (omni, payload) => {
    omni.vendorStatus = vendorStatusText(payload?.newVendorStateInfo);
  },
  AGENT_CONFIG_UPDATED: (omni, payload) => {
    omni.busy.free('phone');
    // A system event is a change that the agent did not ask for: no word about it.
    if (payload?.isSystemEvent !== true) {
      announce(payload?.success === false ? 'Settings not changed.' : 'Settings changed.');
      omni.tell('settings saved', payload);
    }
  },
  GET_AUDIO_DEVICES: (omni, payload) => {
    omni.busy.free('devices');
    omni.tell('audio devices', payload?.audioDevices ?? []);
  },
  PHONE_CONTACTS: (omni, payload) => omni.contactLine.answered(payload),
  AFTER_CALL_WORK_STARTED: wrapUpStarted,
  WRAP_UP_ENDED: (omni, payload) => {
    omni.busy.free('finish');
    if (!payload?.callId || payload.callId === omni.wrapUp?.callId) {
      omni.setWrapUp(null);
      omni.applyPendingStatus();
      announce('After-call work ended.');
    }
  },
};

/**
 * @param {Omni} omni
 * @param {any} payload
 */
function loggedOut(omni, payload) {
  omni.busy.free('logout');
  if (payload?.success) {
    omni.forgetWork();
    omni.memory.pendingStatusId = null;
    omni.showStatus(omni.statuses.find((status) => status.isOffline)?.statusId ?? '0');
    showLogin(omni, payload);
  }
}

/**
 * @param {Omni} omni
 * @param {any} payload
 */
function showLogin(omni, payload) {
  omni.phase = 'login';
  omni.isConnectorShown = false;
  omni.loginFrameHeight = Number(payload?.loginFrameHeight) || DEFAULT_LOGIN_HEIGHT;
  omni.isSilentLogin = payload?.isSilentLogin === true;
  if (!omni.isSilentLogin) {
    announce('Sign in to the telephony system.');
  }
}

/** @param {any} info AgentVendorStatusInfo */
function vendorStatusText(info) {
  const { statusName, statusType, statusId } = info ?? {};
  const parts = [String(statusType ?? '').replaceAll('_', ' '), statusName].filter(Boolean);
  return [...new Set(parts)].join(', ') || String(statusId ?? 'unknown');
}

/**
 * @param {Omni} omni
 * @param {any} payload
 */
function statusAnswered(omni, payload) {
  if (payload?.success === false) {
    omni.memory.pendingStatusId = null;
    if (omni.statusBefore !== null) {
      omni.showStatus(omni.statusBefore);
    }
  }
  omni.statusBefore = null;
  omni.isStatusSynced = payload?.isStatusSyncNeeded !== false;
  const { status, pendingStatus } = omni;
  const after = pendingStatus ? ` After the call: ${pendingStatus.statusName}.` : '';
  announce(`Status: ${status?.statusName ?? 'unknown'}.${after}`);
}

/**
 * The telephony system changed the status; while the agent is on a call that has no effect
 * (guide chapter 12, "Two-Way Agent Status Syncing"). Like any change of status it is told to
 * the connector.
 *
 * @param {Omni} omni
 * @param {any} payload
 */
function statusFromTelephony(omni, payload) {
  const status = omni.statusOf(payload?.statusId);
  if (status === null || omni.isOnCall) {
    return;
  }
  omni.setStatus(status.statusId);
  announce(`The telephony system set your status to ${status.statusName}.`);
}

/**
 * Without after-conversation work in the org the event is ignored (guide chapter 11).
 *
 * @param {Omni} omni
 * @param {any} payload
 */
function wrapUpStarted(omni, payload) {
  const callId = payload?.callId;
  if (!callId || omni.wrapUp?.callId === callId || !omni.isAfterCallWorkOn) {
    return;
  }
  const call = omni.endedCalls.get(callId) ?? omni.calls.get(callId) ?? { callId };
  omni.setWrapUp({ callId, call, since: Date.now() });
  announce('After-call work started.');
}
