/** What arrives from the connector: three message types, of which one carries the events. */

import { alertReader, announce } from '../shared/announcer.js';
import { AGENT_EVENTS } from './agent_events.js';
import { CALL_EVENTS } from './call_events.js';
import { DESK_EVENTS } from './desk_events.js';
import { errorSentence } from './error_sentences.js';
import { customErrorText } from './label_catalogue.js';
import { PARTY_EVENTS } from './party_events.js';
import { SUPERVISOR_EVENTS } from './supervisor_events.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {(omni: Omni, payload: any) => void} EventHandler
 */

/** @type {Record<string, EventHandler>} */
const EVENTS = {
  ...CALL_EVENTS,
  ...PARTY_EVENTS,
  ...AGENT_EVENTS,
  ...SUPERVISOR_EVENTS,
  ...DESK_EVENTS,
  ERROR: showError,
  INFO: (omni, payload) => {
    omni.busy.free();
    showConstant(omni, payload?.message);
  },
};

/**
 * Why our connector gave up its line for good, and what that means here.
 *
 * @type {Record<string, (omni: Omni) => void>}
 */
const LINK_ENDS = {
  replaced: (omni) => {
    omni.phase = 'replaced';
    omni.forgetWork();
    omni.tell('show phone');
    alertReader('This phone was opened on another page and works there now.');
  },
  schema_mismatch: (omni) => fail(omni, 'The server was updated. Reload the page.'),
};

/**
 * Applies one message; types and events that this page does not know change nothing.
 *
 * @param {Omni} omni
 * @param {any} message
 */
export function receive(omni, message) {
  const payload = message?.payload ?? {};
  if (message?.type === 'CONNECTOR_READY') {
    connectorReady(omni, payload);
  } else if (message?.type === 'TELEPHONY_EVENT_DISPATCHED') {
    const { telephonyEventType, telephonyEventPayload } = payload;
    if (Object.hasOwn(EVENTS, telephonyEventType)) {
      EVENTS[telephonyEventType]?.(omni, telephonyEventPayload);
    }
  } else if (message?.type === 'LOG' && payload.eventType === 'link_ended') {
    LINK_ENDS[payload.payload?.reason]?.(omni);
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
  for (const search of [omni.phoneBook, omni.destinations]) {
    search.reset();
    search.canSearch = payload.capabilities.CONTACT_SEARCH !== false;
  }
  announce('The phone is ready.');
  omni.tell('ready');
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
    omni.setStatus(omni.memory.pendingStatusId ?? omni.statusId);
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
  omni.busy.free();
  omni.leaving.clear();
  const custom = payload?.customError;
  if (custom) {
    void showCustomError(omni, custom);
    return;
  }
  const constant = String(payload?.message ?? 'GENERIC_ERROR');
  showConstant(omni, constant);
  if (constant === 'CAN_NOT_GET_PHONE_CONTACTS') {
    omni.contactLine.failed(errorSentence(constant));
  }
  if (omni.phase === 'starting' && /^(CAN_NOT_LOG_IN|INVALID_PARAMS)$/.test(constant)) {
    fail(omni, errorSentence(constant));
  }
}

/**
 * @param {Omni} omni
 * @param {any} custom CustomError
 */
async function showCustomError(omni, custom) {
  const { contactLine } = omni;
  const { asking } = contactLine;
  const { title, text } = await customErrorText(custom);
  if (contactLine.asking === asking) {
    contactLine.failed(text);
  }
  omni.notices.add('error', title, text);
  alertReader(`Error: ${text}`);
}

/**
 * @param {Omni} omni
 * @param {unknown} constant
 */
function showConstant(omni, constant) {
  const text = errorSentence(String(constant));
  omni.notices.add('error', String(constant), text);
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
