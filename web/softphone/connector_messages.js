/** What arrives from the connector: three message types, of which one carries the events. */

import { alertReader, announce } from '../shared/announcer.js';
import { AGENT_EVENTS } from './agent_events.js';
import { CALL_EVENTS } from './call_events.js';
import { errorSentence } from './error_sentences.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {(omni: Omni, payload: any) => void} EventHandler
 */

/** @type {Record<string, EventHandler>} */
const EVENTS = {
  ...CALL_EVENTS,
  ...AGENT_EVENTS,
  ERROR: showError,
  INFO: (omni, payload) => {
    omni.free();
    showConstant(omni, payload?.message);
  },
};

/**
 * Applies one message; types and events that this page does not know change nothing.
 *
 * @param {Omni} omni
 * @param {any} message
 */
export function receive(omni, message) {
  if (message?.type === 'CONNECTOR_READY') {
    connectorReady(omni, message.payload ?? {});
  } else if (message?.type === 'TELEPHONY_EVENT_DISPATCHED') {
    const { telephonyEventType, telephonyEventPayload } = message.payload ?? {};
    if (Object.hasOwn(EVENTS, telephonyEventType)) {
      EVENTS[telephonyEventType]?.(omni, telephonyEventPayload);
    }
  } else {
    return;
  }
  omni.changed();
}

/**
 * The phone may be used; an empty payload says that the start failed (connector-api.md B1).
 *
 * @param {Omni} omni
 * @param {any} payload
 */
function connectorReady(omni, payload) {
  if (!payload.capabilities) {
    fail(omni, 'The connector answered CONNECTOR_READY without capabilities.');
    return;
  }
  omni.phase = 'ready';
  omni.isConnectorShown = false;
  omni.capabilities = payload.capabilities;
  omni.phones = phoneList(payload.agentConfig?.PHONES);
  omni.selectedPhone = payload.agentConfig?.SELECTED_PHONE ?? omni.selectedPhone;
  omni.contacts.items = [];
  announce('The phone is ready.');
  restoreSession(omni, Boolean(payload.callInProgress));
}

/**
 * After a reload: the calls that go on are asked for first, so that a call which the status
 * brings in is not reported twice; the status is left alone while a call or after-call work
 * goes on, because telling it again would end the after-call work.
 *
 * @param {Omni} omni
 * @param {boolean} hasCall
 */
function restoreSession(omni, hasCall) {
  if (omni.status?.hasChannels || hasCall) {
    omni.sendMessage({ type: 'AGENT_AVAILABLE', isAvailable: true });
  }
  if (!hasCall && omni.wrapUp === null) {
    omni.setStatus(omni.statusId);
  }
}

/**
 * @param {unknown} phones objects or, by the base connector's default, bare type names
 * @returns {import('./types.js').Phone[]}
 */
function phoneList(phones) {
  const list = Array.isArray(phones) ? phones : [];
  return list.map((phone) => (typeof phone === 'string' ? { type: phone } : phone));
}

/**
 * @param {Omni} omni
 * @param {any} payload
 */
function showError(omni, payload) {
  omni.free();
  const custom = payload?.customError;
  if (custom) {
    const title = [custom.namespace, custom.labelName].filter(Boolean).join('.');
    const text = custom.message || 'The telephony system reported an error.';
    omni.toast('error', title || 'CUSTOM_ERROR', text);
    alertReader(`Error: ${text}`);
    return;
  }
  const constant = payload?.message ?? 'GENERIC_ERROR';
  showConstant(omni, constant);
  if (constant === 'CAN_NOT_GET_PHONE_CONTACTS') {
    omni.contacts.error = errorSentence(constant);
  }
  if (omni.phase === 'starting' && /^(CAN_NOT_LOG_IN|INVALID_PARAMS)$/.test(constant)) {
    fail(omni, errorSentence(constant));
  }
}

/**
 * @param {Omni} omni
 * @param {unknown} constant
 */
function showConstant(omni, constant) {
  const text = errorSentence(String(constant));
  omni.toast('error', String(constant), text);
  alertReader(`Error: ${text}`);
}

/**
 * @param {Omni} omni
 * @param {string} reason
 */
function fail(omni, reason) {
  omni.phase = 'failed';
  omni.failure = reason;
  alertReader(`The phone couldn’t be started. ${reason}`);
}
