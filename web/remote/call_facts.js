/** Reading a call of the overview: pure functions. */

import { showNumber } from '../shared/phone_numbers.js';

/**
 * @typedef {import('./types.js').Call} Call
 * @typedef {import('./types.js').Participant} Participant
 */

/** @type {Record<string, string>} */
const PARTY_LABELS = {
  Agent: 'Agent',
  Initial_Caller: 'Customer',
  Third_Party: 'Third party',
  Supervisor: 'Supervisor',
};

/** @param {Call} call */
export function present(call) {
  return call.participants.filter((party) => party.state !== 'ended');
}

/** @param {Call} call */
export function customer(call) {
  return call.participants.find((party) => party.participantType === 'Initial_Caller');
}

/**
 * The state of the whole call as the agent sees it.
 *
 * @param {Call} call
 * @returns {'ringing' | 'connected' | 'held'}
 */
export function callState(call) {
  const parties = present(call);
  const agents = parties.filter((party) => party.participantType === 'Agent');
  const isAnswered = agents.some((party) => party.state === 'connected');
  if (!isAnswered || customer(call)?.state === 'ringing') {
    return 'ringing';
  }
  return customer(call)?.isOnHold ? 'held' : 'connected';
}

/** @type {Record<ReturnType<typeof callState>, string>} */
export const STATE_LABELS = { ringing: 'Ringing', connected: 'Connected', held: 'On hold' };

/**
 * Since when the call is in its state: the last change of anybody who is on it.
 *
 * @param {Call} call
 * @returns {number} epoch milliseconds
 */
export function stateSince(call) {
  const moments = present(call).map((party) => Date.parse(party.stateSince));
  return Math.max(Date.parse(call.startedAt), ...moments);
}

/** @param {Call} call */
export function title(call) {
  const isOut = call.callType.toLowerCase() === 'outbound';
  const number = isOut
    ? (call.toNumber ?? customer(call)?.phoneNumber)
    : (call.fromNumber ?? customer(call)?.phoneNumber);
  return `${call.callType} ${isOut ? 'to' : 'from'} ${showNumber(number)}`;
}

/** @param {Call} call */
export function summary(call) {
  const recordings = { recording: 'Recording', paused: 'Recording paused', off: 'Not recording' };
  const recording = recordings[/** @type {'off'} */ (call.recording ?? 'off')];
  const parts = [recording, call.queueName ?? '', call.voiceCallId ?? 'no VoiceCall yet'];
  return parts.filter((part) => part !== '').join(' · ');
}

/**
 * One line about one party.
 *
 * @param {Participant} party
 * @param {Map<string, string>} agentNames by agent id
 */
export function partyLine(party, agentNames) {
  const name = agentNames.get(party.agentId ?? '') ?? party.name ?? '';
  const who = PARTY_LABELS[party.participantType] ?? party.participantType;
  const states = [
    party.state,
    party.isOnHold ? 'on hold' : '',
    party.isMuted ? 'muted' : '',
  ].filter((part) => part !== '');
  const label = name || (party.phoneNumber ? showNumber(party.phoneNumber) : '');
  return `${who}${label ? ` ${label}` : ''}: ${states.join(', ')}`;
}
