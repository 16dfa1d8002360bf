/** Events about calls: each changes the calls that the softphone shows. */

import { alertReader, announce } from '../shared/announcer.js';
import { showNumber } from '../shared/phone_numbers.js';
import { toMillis } from '../shared/time.js';
import { callList, isOffered, isOutgoing, merged } from './calls.js';
import { hangupSentence } from './error_sentences.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 */

/** Ended calls that are kept to name the call of an after-call work that starts later. */
const ENDED_KEPT = 20;

/** @type {Record<string, (omni: Omni, payload: any) => void>} */
export const CALL_EVENTS = {
  CALL_STARTED: callStarted,
  QUEUED_CALL_STARTED: callStarted,
  CALL_CONNECTED: callConnected,
  CALL_UPDATED: (omni, payload) => update(omni, payload?.call),
  CALL_FAILED: (omni) => {
    omni.free('dial');
    announce('The call failed.');
  },
  HANGUP: (omni, payload) => callList(payload).forEach((call) => void hangUp(omni, call)),
  HOLD_TOGGLE: holdToggled,
  MUTE_TOGGLE: muteToggled,
  RECORDING_TOGGLE: recordingToggled,
  PARTICIPANT_ADDED: (omni, payload) => participant(omni, payload, 'transferring'),
  PARTICIPANT_CONNECTED: (omni, payload) => participant(omni, payload, 'transferred'),
  PARTICIPANT_REMOVED: (omni, payload) => {
    omni.free();
    if (payload?.callId) {
      omni.calls.delete(payload.callId);
    }
  },
};

/**
 * Adds a call or renews what is known about it.
 *
 * @param {Omni} omni
 * @param {PhoneCall | undefined} newer
 * @returns {PhoneCall | null} the call as it is now, null when the message names none
 */
function put(omni, newer) {
  if (!newer?.callId) {
    return null;
  }
  const call = merged(omni.calls.get(newer.callId) ?? {}, newer);
  omni.calls.set(newer.callId, call);
  omni.memory.voiceCallKey = newer.callId;
  return call;
}

/**
 * @param {Omni} omni
 * @param {PhoneCall | undefined} newer
 */
function update(omni, newer) {
  if (newer?.callId && omni.calls.has(newer.callId)) {
    put(omni, newer);
  }
}

/**
 * @param {Omni} omni
 * @param {PhoneCall} newer
 */
function callStarted(omni, newer) {
  omni.free('accept', 'dial');
  const isNew = !omni.calls.has(newer?.callId ?? '');
  const call = put(omni, newer);
  if (call === null || !isNew) {
    return;
  }
  if (isOffered(call)) {
    alertReader(`Incoming call from ${showNumber(call.phoneNumber)}.`);
  } else if (isOutgoing(call)) {
    announce(`Calling ${showNumber(call.phoneNumber)}.`);
    tellOutbound(omni, call);
  }
}

/**
 * Salesforce itself creates the VoiceCall of an outbound call.
 *
 * @param {Omni} omni
 * @param {PhoneCall} call
 */
function tellOutbound(omni, call) {
  if (/^outbound$/i.test(call.callType ?? '') && !call.callAttributes?.voiceCallId) {
    for (const listener of omni.outboundListeners) {
      listener(call);
    }
  }
}

/**
 * @param {Omni} omni
 * @param {PhoneCall} newer
 */
function callConnected(omni, newer) {
  omni.free('accept', 'dial');
  const call = put(omni, newer);
  if (call && !call.isReplayedCall) {
    announce(`Connected with ${showNumber(call.phoneNumber)}.`);
  }
}

/**
 * @param {Omni} omni
 * @param {PhoneCall} ended
 */
function hangUp(omni, ended) {
  omni.free();
  const known = ended?.callId ? omni.calls.get(ended.callId) : undefined;
  if (!ended?.callId || known === undefined) {
    return;
  }
  const call = merged(known, ended);
  omni.calls.delete(ended.callId);
  rememberEnded(omni, ended.callId, call);
  if (call.reason === 'error') {
    omni.toast('info', call.agentStatus ?? 'Call ended', hangupSentence(call.agentStatus));
  }
  announce(call.reason === 'error' ? hangupSentence(call.agentStatus) : 'Call ended.');
  const next = omni.configuration.statusAfter(call);
  if (next !== '' && next !== omni.statusId) {
    omni.setStatus(next);
  }
}

/**
 * @param {Omni} omni
 * @param {string} callId
 * @param {PhoneCall} call
 */
function rememberEnded(omni, callId, call) {
  omni.endedCalls.set(callId, call);
  const [oldest] = omni.endedCalls.keys();
  if (omni.endedCalls.size > ENDED_KEPT && oldest !== undefined) {
    omni.endedCalls.delete(oldest);
  }
  if (omni.wrapUp?.callId === callId) {
    omni.setWrapUp({ ...omni.wrapUp, call });
  }
}

/**
 * @param {Omni} omni
 * @param {any} payload
 */
function holdToggled(omni, payload) {
  omni.free('hold');
  const calls = callList(payload?.calls);
  for (const call of calls) {
    update(omni, call);
  }
  if (calls.length === 0) {
    setHoldByFlags(omni, payload ?? {});
  }
  announce(
    [...omni.calls.values()].some((call) => call.callInfo?.isOnHold) ? 'On hold.' : 'Resumed.',
  );
}

/**
 * @param {Omni} omni
 * @param {{ isCustomerOnHold?: boolean, isThirdPartyOnHold?: boolean }} flags
 */
function setHoldByFlags(omni, { isCustomerOnHold, isThirdPartyOnHold }) {
  for (const call of omni.calls.values()) {
    const isThird = call.callAttributes?.participantType === 'Third_Party';
    const isOnHold = Boolean(isThird ? isThirdPartyOnHold : isCustomerOnHold);
    put(omni, { callId: call.callId, callInfo: { isOnHold }, callAttributes: { isOnHold } });
  }
}

/**
 * @param {Omni} omni
 * @param {any} payload
 */
function muteToggled(omni, payload) {
  omni.free('mute');
  const isMuted = Boolean(payload?.isMuted);
  const callId = payload?.call?.callId;
  const muted = omni.calls.has(callId) ? [callId] : [...omni.calls.keys()];
  for (const id of muted) {
    put(omni, { callId: id, callInfo: { isMuted } });
  }
  announce(isMuted ? 'Muted.' : 'Unmuted.');
}

/**
 * @param {Omni} omni
 * @param {any} payload
 */
function recordingToggled(omni, payload) {
  omni.free('record');
  const isRecordingPaused = Boolean(payload?.isRecordingPaused);
  for (const callId of [...omni.calls.keys()]) {
    put(omni, { callId, callInfo: { isRecordingPaused } });
  }
  announce(isRecordingPaused ? 'Recording paused.' : 'Recording resumed.');
}

/**
 * @param {Omni} omni
 * @param {any} payload the seven keys of PARTICIPANT_ADDED
 * @param {string} state
 */
function participant(omni, payload, state) {
  if (payload?.callId) {
    const since = toMillis(payload.callInfo?.callStateTimestamp) ?? Date.now();
    const callInfo = { ...payload.callInfo, callStateTimestamp: new Date(since) };
    const callType = omni.calls.get(payload.callId)?.callType ?? 'AddParticipant';
    put(omni, { ...payload, callInfo, callType, state });
  }
}
