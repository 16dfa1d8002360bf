/** Reading a PhoneCall: pure functions over what the connector sent. */

/**
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 * @typedef {import('./types.js').CallInfo} CallInfo
 */

/** States in which somebody is being called, not yet spoken with. */
const RINGING = new Set(['ringing', 'transferring']);

/** @param {PhoneCall} call */
export function isRinging(call) {
  return RINGING.has(call.state ?? '');
}

/**
 * Whether the agent started the call (matched without case, as the base connector does).
 *
 * @param {PhoneCall} call
 */
export function isOutgoing(call) {
  return /^(outbound|dialedcallback|addparticipant|consult)$/i.test(call.callType ?? '');
}

/** @param {PhoneCall} call */
export function isOffered(call) {
  return isRinging(call) && !isOutgoing(call);
}

/** @param {PhoneCall} call */
export function isHeld(call) {
  return Boolean(call.callInfo?.isOnHold ?? call.callAttributes?.isOnHold);
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
 * What the card says about the call.
 *
 * @param {PhoneCall} call
 * @returns {string}
 */
export function stateText(call) {
  if (isOffered(call)) {
    return 'Incoming call';
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
  return result;
}

/**
 * @param {object} value
 * @returns {Record<string, any>}
 */
function defined(value) {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}

/**
 * A list of calls out of an array, a map by call id, or one call.
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
  return 'callId' in calls ? [/** @type {PhoneCall} */ (calls)] : Object.values(calls);
}

/**
 * @typedef {object} Control
 * @property {boolean} shown
 * @property {boolean} enabled
 */

/**
 * Which controls Omni offers for a call: capabilities hide, callInfo hides or disables.
 *
 * @param {PhoneCall} call
 * @param {Record<string, boolean>} capabilities as in CONNECTOR_READY
 * @returns {Record<'accept' | 'decline' | 'mute' | 'hold' | 'record' | 'dialPad' | 'end', Control>}
 */
export function controlsFor(call, capabilities) {
  const info = call.callInfo ?? {};
  const offered = isOffered(call);
  const live = !isRinging(call);
  const merging = call.callAttributes?.isAutoMergeOn === true;
  return {
    accept: { shown: offered, enabled: info.acceptEnabled !== false },
    decline: { shown: offered, enabled: info.declineEnabled !== false },
    mute: {
      shown: live && capabilities.MUTE !== false && info.showMuteButton !== false,
      enabled: info.muteEnabled !== false,
    },
    hold: { shown: live, enabled: info.holdEnabled !== false && !merging },
    record: {
      shown: live && capabilities.RECORD !== false && info.showRecordButton !== false,
      enabled: info.recordEnabled !== false,
    },
    dialPad: {
      shown: live,
      enabled: info.extensionEnabled !== false && capabilities.DIAL_PAD !== true,
    },
    end: { shown: !offered, enabled: info.endCallDisabled !== true },
  };
}
