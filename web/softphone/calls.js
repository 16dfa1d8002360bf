/** Reading a PhoneCall: pure functions over what the connector sent. */

import { showNumber } from '../shared/phone_numbers.js';

/**
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 * @typedef {import('./types.js').LocalFacts} LocalFacts
 */

/** States in which somebody is being called, not yet spoken with. */
const RINGING = new Set(['ringing', 'transferring']);

/** @param {PhoneCall} call */
export function isRinging(call) {
  return RINGING.has(call.state ?? '');
}

/**
 * The type of a call, in lower case: types are matched as the base connector does.
 *
 * @param {PhoneCall} call
 */
export function typeOf(call) {
  return (call.callType ?? '').toLowerCase();
}

/**
 * Whether the agent placed the call. In a call between agents the one who is called has the
 * participant type Agent (guide chapter 9, "Enable the Phone Book").
 *
 * @param {PhoneCall} call
 */
export function isOutgoing(call) {
  if (typeOf(call) === 'internalcall') {
    return call.callAttributes?.participantType !== 'Agent';
  }
  return ['outbound', 'dialedcallback', 'addparticipant'].includes(typeOf(call));
}

/**
 * Whether the agent is asked to answer.
 *
 * @param {PhoneCall} call
 */
export function isOffered(call) {
  return isRinging(call) && call.local?.isOffered === true;
}

/** @param {PhoneCall} call */
export function isHeld(call) {
  return Boolean(call.callInfo?.isOnHold ?? call.callAttributes?.isOnHold);
}

/**
 * Whether the agent is muted. On a multi-party call the main call's own flag can also mean that
 * its party is.
 *
 * @param {PhoneCall} call the main one of a conversation
 */
export function isAgentMuted(call) {
  return Boolean(call.local?.isAgentMuted ?? call.callInfo?.isMuted);
}

/**
 * @param {PhoneCall} call
 * @returns {'ringing' | 'connected' | 'held'}
 */
export function shownState(call) {
  if (isRinging(call)) {
    return 'ringing';
  }
  return isHeld(call) ? 'held' : 'connected';
}

/**
 * Who the other side is.
 *
 * @param {PhoneCall} call
 */
export function nameOf(call) {
  return call.contact?.name || showNumber(call.phoneNumber || call.contact?.phoneNumber);
}

/**
 * What the card says about the call.
 *
 * @param {PhoneCall} call
 * @returns {string}
 */
export function stateText(call) {
  if (isOffered(call)) {
    return typeOf(call) === 'callback' ? 'Callback request' : 'Incoming call';
  }
  const texts = { ringing: 'Calling…', held: 'On hold', connected: 'Connected' };
  return texts[shownState(call)];
}

/**
 * A copy of `call` with what a newer message says; undefined says nothing.
 *
 * @param {PhoneCall} call
 * @param {PhoneCall} newer
 * @returns {PhoneCall}
 */
export function merged(call, newer) {
  const result = { ...call, ...defined(newer) };
  result.callInfo = { ...call.callInfo, ...defined(newer.callInfo ?? {}) };
  result.callAttributes = { ...call.callAttributes, ...defined(newer.callAttributes ?? {}) };
  result.local = { ...call.local, ...newer.local };
  return result;
}

/**
 * A call as it is sent: without what this page added.
 *
 * @param {PhoneCall} call
 * @returns {PhoneCall}
 */
export function onWire({ local: _, ...call }) {
  return call;
}

/**
 * @param {object} value
 * @returns {Record<string, any>}
 */
function defined(value) {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}

/**
 * A list of calls out of an array, a map by call id, `{calls}`, or one call.
 *
 * @param {unknown} calls
 * @returns {PhoneCall[]}
 */
export function callList(calls) {
  if (Array.isArray(calls)) {
    return calls;
  }
  if (calls === null || typeof calls !== 'object') {
    return [];
  }
  if ('callId' in calls) {
    return [/** @type {PhoneCall} */ (calls)];
  }
  return 'calls' in calls ? callList(calls.calls) : Object.values(calls);
}
