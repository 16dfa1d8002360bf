/** What Salesforce does with VoiceCall records for the agent: makes, owns and scores them. */

import { ApiError, describeError } from '../shared/http.js';
import { typeOf } from './calls.js';
import { changeVoiceCall, createVoiceCall } from './salesforce.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 */

/** The record's word for each type of call that Salesforce makes the record of. */
/** @type {Record<string, string>} */
const RECORD_TYPES = {
  outbound: 'Outbound',
  internalcall: 'InternalCall',
  callback: 'Callback',
  dialedcallback: 'Callback',
  consult: 'Consult',
};

/**
 * Keeps the records right while calls come and go.
 *
 * @param {Omni} omni
 */
export function keepVoiceCalls(omni) {
  omni.on('needs record', (call) => void create(omni, call));
  // Of a call between agents the one who was called becomes the owner (guide chapter 9).
  omni.on('owns record', (call) => void change(omni, call, { ownerUserName: omni.userName }));
  omni.on('answered', (call) => void change(omni, call, { callDisposition: 'in-progress' }));
  omni.on('score', (score) => void keepScore(omni, score));
}

/**
 * @param {Omni} omni
 * @param {PhoneCall} call that has no record yet
 */
async function create(omni, call) {
  const number = call.phoneNumber || call.contact?.phoneNumber || null;
  const isPreview = number !== null && omni.previewed.delete(number);
  try {
    const made = await createVoiceCall({
      vendorCallKey: call.callId,
      callType: RECORD_TYPES[typeOf(call)] ?? 'Outbound',
      fromNumber: omni.selectedPhone.number || null,
      toNumber: number,
      ownerUserName: omni.userName,
      callOrigin: isPreview ? 'Preview' : null,
      previousVendorCallKey: call.callInfo?.initialCallId || null,
    });
    keepId(omni, call.callId ?? '', made?.voiceCallId);
  } catch (error) {
    const { code, message } = describeError(error);
    omni.notices.add('error', code, `The VoiceCall couldn’t be created. ${message}`);
  }
  omni.changed();
  omni.tell('record');
}

/**
 * @param {Omni} omni
 * @param {string} callId
 * @param {string | undefined} voiceCallId
 */
function keepId(omni, callId, voiceCallId) {
  const call = omni.calls.get(callId);
  if (call && voiceCallId) {
    const callAttributes = { ...call.callAttributes, voiceCallId };
    omni.calls.set(callId, { ...call, callAttributes });
  }
}

/**
 * @param {Omni} omni
 * @param {PhoneCall} call
 * @param {Record<string, unknown>} fields
 */
async function change(omni, call, fields) {
  try {
    await changeVoiceCall(call.callAttributes?.voiceCallId ?? call.callId ?? '', fields);
  } catch (error) {
    // The record may still be on its way: the call goes on without it.
    if (!(error instanceof ApiError) || error.status !== 404) {
      const { code, message } = describeError(error);
      omni.notices.add('error', code, `The VoiceCall couldn’t be changed. ${message}`);
    }
  }
  omni.tell('record');
}

/**
 * The base connector computed the Mean Opinion Score (guide chapter 11); without figures it has
 * none.
 *
 * @param {Omni} omni
 * @param {any} score UPDATE_AUDIO_STATS_COMPLETED
 */
async function keepScore(omni, score) {
  if (typeof score?.mos === 'number' && score.callId) {
    const call = omni.calls.get(score.callId) ?? omni.endedCalls.get(score.callId);
    await change(omni, call ?? { callId: score.callId }, { qualityScore: score.mos });
  }
}
