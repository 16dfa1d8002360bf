/** How calls join, change and leave the softphone: the one place that writes `omni.calls`. */

import { announce } from '../shared/announcer.js';
import { isOffered, merged, nameOf } from './calls.js';
import { conversationWith, isAdded, isOwnConsult } from './conversations.js';
import { hangupSentence } from './error_sentences.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 */

/** Ended calls that are kept to name the call of an after-call work that starts later. */
const ENDED_KEPT = 20;

/**
 * Adds a call or renews what is known about it.
 *
 * @param {Omni} omni
 * @param {PhoneCall | null | undefined} newer
 * @returns {PhoneCall | null} the call as it is now, null when the message names none
 */
export function put(omni, newer) {
  if (!newer?.callId) {
    return null;
  }
  const call = merged(omni.calls.get(newer.callId) ?? {}, newer);
  omni.calls.set(newer.callId, call);
  return call;
}

/**
 * Renews a call that is there.
 *
 * @param {Omni} omni
 * @param {PhoneCall | null | undefined} newer
 */
export function update(omni, newer) {
  if (newer?.callId && omni.calls.has(newer.callId)) {
    put(omni, newer);
  }
}

/**
 * Shows the VoiceCall of a call; those of added parties stay in the background.
 *
 * @param {Omni} omni
 * @param {PhoneCall} call
 */
export function showRecord(omni, call) {
  if (!isAdded(call) && !isOwnConsult(call, omni.calls)) {
    omni.memory.voiceCallKey = call.callId ?? null;
    omni.tell('record');
  }
}

/**
 * A call is over for the agent; with the main call of a conversation everybody in it goes.
 *
 * @param {Omni} omni
 * @param {PhoneCall} ended
 */
export function endCall(omni, ended) {
  const { callId } = ended ?? {};
  const known = callId ? omni.calls.get(callId) : undefined;
  if (!callId || known === undefined) {
    return;
  }
  const wasOffered = isOffered(known);
  const call = merged(known, ended);
  const conversation = conversationWith(omni.calls, callId);
  const isMain = conversation?.id === callId;
  for (const party of isMain ? conversation.parties : []) {
    omni.calls.delete(party.callId ?? '');
  }
  omni.calls.delete(callId);
  omni.leaving.delete(callId);
  rememberEnded(omni, callId, call);
  dropEmpty(omni);
  if (call.reason === 'error') {
    omni.notices.add('info', call.agentStatus ?? 'Call ended', hangupSentence(call.agentStatus));
  }
  announce(endedSentence(call, isMain));
  const next = wasOffered ? omni.configuration.statusAfter(call) : '';
  if (next !== '' && next !== omni.statusId) {
    omni.setStatus(next);
  } else {
    omni.applyPendingStatus();
  }
}

/**
 * @param {PhoneCall} call
 * @param {boolean} isMain
 */
function endedSentence(call, isMain) {
  if (call.reason === 'error') {
    return hangupSentence(call.agentStatus);
  }
  return isMain ? 'Call ended.' : `The call with ${nameOf(call)} ended.`;
}

/**
 * Somebody left a call that goes on. Of the initial caller it is only known that they are gone.
 *
 * @param {Omni} omni
 * @param {string} callId
 */
export function partyLeft(omni, callId) {
  const call = omni.calls.get(callId);
  const conversation = conversationWith(omni.calls, callId);
  if (call === undefined || conversation === undefined) {
    return;
  }
  const isMain = conversation.id === callId;
  if (isMain && conversation.parties.some((party) => party !== call)) {
    put(omni, { callId, local: { hasLeft: true } });
    return;
  }
  omni.calls.delete(callId);
  if (isMain) {
    rememberEnded(omni, callId, call);
  }
  dropEmpty(omni);
}

/**
 * A conversation that everybody left is over.
 *
 * @param {Omni} omni
 */
function dropEmpty(omni) {
  for (const { id, main, parties } of omni.conversations) {
    if (parties.length === 0) {
      omni.calls.delete(id);
      rememberEnded(omni, id, main);
    }
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
