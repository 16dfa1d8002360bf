/** Events about calls: how they start, connect, change and end. */

import { alertReader, announce } from '../shared/announcer.js';
import { endCall, put, showRecord, update } from './call_store.js';
import { callList, isOffered, isOutgoing, nameOf, typeOf } from './calls.js';
import { isOwnConsult } from './conversations.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 */

/** @type {Record<string, (omni: Omni, payload: any) => void>} */
export const CALL_EVENTS = {
  CALL_STARTED: (omni, call) => started(omni, call, { isQueued: false }),
  QUEUED_CALL_STARTED: (omni, call) => started(omni, call, { isQueued: true }),
  CALL_CONNECTED: connected,
  CALL_UPDATED: (omni, payload) => update(omni, payload?.call),
  CALL_FAILED: (omni) => {
    omni.busy.free('dial');
    announce('The call failed.');
  },
  HANGUP: (omni, payload) => {
    omni.busy.free();
    for (const call of callList(payload)) {
      endCall(omni, call);
    }
  },
  MUTE_TOGGLE: muteToggled,
  RECORDING_TOGGLE: recordingToggled,
  AUDIO_STATS: (omni, payload) => {
    const { stats, callId } = payload?.audioStats ?? {};
    const newest = Array.isArray(stats) ? stats.at(-1) : undefined;
    const about = callId ?? omni.current?.id ?? '';
    if (newest) {
      omni.audioStats.set(about, newest);
    }
  },
  UPDATE_AUDIO_STATS_COMPLETED: (omni, payload) => omni.tell('score', payload),
  SIGNED_RECORDING_URL: (omni, payload) => omni.tell('signed recording', payload),
};

/**
 * @param {Omni} omni
 * @param {PhoneCall} newer
 * @param {{ isQueued: boolean }} how
 */
function started(omni, newer, { isQueued }) {
  omni.busy.free('accept', 'dial');
  const isNew = !omni.calls.has(newer?.callId ?? '');
  const isAsked = newer?.callId ? asksAgent(omni, newer, isQueued) : false;
  const call = put(omni, { ...newer, local: { isOffered: isAsked } });
  if (call === null) {
    return;
  }
  if (typeOf(call) === 'callback' && !isAsked) {
    omni.memory.keepCallback(call.callId ?? '');
    announce(`Calling ${nameOf(call)} back.`);
  }
  if (!isNew) {
    return;
  }
  if (!isOffered(call) || omni.current === undefined) {
    showRecord(omni, call);
  }
  tellCaller(call);
  tellNeedsRecord(omni, call);
  if (isOffered(call)) {
    omni.tell('offered', call);
  }
}

/**
 * Whether a call that starts waits for the agent's answer.
 *
 * @param {Omni} omni
 * @param {PhoneCall} call
 * @param {boolean} isQueued
 */
function asksAgent(omni, call, isQueued) {
  if (isOutgoing(call)) {
    return false;
  }
  if (typeOf(call) === 'consult') {
    return !isOwnConsult(call, omni.calls);
  }
  if (typeOf(call) === 'callback') {
    // A callback that is played back after a reload comes as CALL_STARTED, accepted or not.
    const isKnown = omni.memory.hasCallback(call.callId ?? '');
    return isQueued || (call.isReplayedCall === true && !isKnown);
  }
  return true;
}

/** @param {PhoneCall} call */
function tellCaller(call) {
  if (isOffered(call)) {
    const kind = typeOf(call) === 'callback' ? 'Callback request for' : 'Incoming call from';
    alertReader(`${kind} ${nameOf(call)}.`);
  } else if (typeOf(call) !== 'callback') {
    announce(`Calling ${nameOf(call)}.`);
  }
}

/**
 * Salesforce itself creates the VoiceCall of what agents place and of callbacks.
 *
 * @param {Omni} omni
 * @param {PhoneCall} call
 */
function tellNeedsRecord(omni, call) {
  const isPlaced = isOutgoing(call) && typeOf(call) !== 'addparticipant';
  const isConsult = typeOf(call) === 'consult' && !isOffered(call);
  const isCallback = typeOf(call) === 'callback';
  if ((isPlaced || isConsult || isCallback) && !call.callAttributes?.voiceCallId) {
    omni.tell('needs record', call);
  }
}

/**
 * @param {Omni} omni
 * @param {PhoneCall} newer
 */
function connected(omni, newer) {
  omni.busy.free('accept', 'dial');
  const known = omni.calls.get(newer?.callId ?? '');
  const call = put(omni, { ...newer, local: { isOffered: false } });
  if (call === null) {
    return;
  }
  if (known === undefined || isOffered(known)) {
    showRecord(omni, call);
  }
  if (known !== undefined && isOffered(known)) {
    omni.tell('answered', call);
  }
  if (!call.isReplayedCall) {
    announce(`Connected with ${nameOf(call)}.`);
    if (typeOf(call) === 'internalcall' && !isOutgoing(call)) {
      omni.tell('owns record', call);
    }
  }
}

/**
 * Of one party when it is named, else of the agent.
 *
 * @param {Omni} omni
 * @param {any} payload MuteToggleResult
 */
function muteToggled(omni, payload) {
  omni.busy.free('mute', 'mute party');
  const isMuted = Boolean(payload?.isMuted);
  const word = isMuted ? 'Muted.' : 'Unmuted.';
  const named = omni.calls.get(payload?.call?.callId);
  if (named && payload.isGlobal !== true) {
    put(omni, { callId: named.callId, callInfo: { isMuted } });
    const isMain = omni.conversations.some(({ id }) => id === named.callId);
    announce(isMain ? word : `${nameOf(named)}: ${word}`);
    return;
  }
  for (const { id, main } of omni.conversations) {
    const isShared = main.callInfo?.isMultiParty === true;
    put(omni, {
      callId: id,
      ...(isShared ? { local: { isAgentMuted: isMuted } } : { callInfo: { isMuted } }),
    });
  }
  announce(word);
}

/**
 * @param {Omni} omni
 * @param {any} payload RecordingToggleResult
 */
function recordingToggled(omni, payload) {
  omni.busy.free('record');
  const callInfo = { isRecordingPaused: Boolean(payload?.isRecordingPaused) };
  for (const callId of [...omni.calls.keys()]) {
    put(omni, { callId, callInfo });
  }
  if (omni.supervised) {
    omni.supervised = {
      ...omni.supervised,
      callInfo: { ...omni.supervised.callInfo, ...callInfo },
    };
  }
  announce(callInfo.isRecordingPaused ? 'Recording paused.' : 'Recording resumed.');
}
