/** Reading a call of the overview: pure functions. */

import { showNumber } from '../shared/phone_numbers.js';

/**
 * @typedef {import('./types.js').Call} Call
 * @typedef {import('./types.js').Participant} Participant
 */

/** @param {Call} call */
export function present(call) {
  return call.participants.filter((party) => party.state !== 'ended');
}

/** @param {Call} call */
export function customer(call) {
  const customers = call.participants.filter((party) => party.participantType === 'Initial_Caller');
  return customers.find((party) => party.state !== 'ended') ?? customers[0];
}

/**
 * The state of the whole call as its first agent sees it.
 *
 * @param {Call} call
 * @returns {'waiting' | 'ringing' | 'connected' | 'held'}
 */
export function callState(call) {
  const agents = present(call).filter(
    (party) => party.agentId && party.participantType !== 'Supervisor',
  );
  if (agents.length === 0) {
    return 'waiting';
  }
  const isAnswered = agents.some((party) => party.state === 'connected');
  if (!isAnswered || customer(call)?.state === 'ringing') {
    return 'ringing';
  }
  return customer(call)?.isOnHold ? 'held' : 'connected';
}

/** @type {Record<ReturnType<typeof callState>, string>} */
export const STATE_LABELS = {
  waiting: 'Waits for an agent',
  ringing: 'Ringing',
  connected: 'Connected',
  held: 'On hold',
};

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

/** @type {Record<string, string>} */
const TYPE_LABELS = {
  callback: 'Callback',
  dialedcallback: 'Dialed callback',
  internalcall: 'Internal call',
};

/** @param {Pick<Call, 'callType' | 'fromNumber' | 'toNumber'> & { participants?: Participant[] }} call */
export function title(call) {
  const type = call.callType.toLowerCase();
  const other = call.participants ? customer(/** @type {Call} */ (call)) : undefined;
  const isIn = type === 'inbound' || type === 'transfer';
  const known = isIn ? call.fromNumber : call.toNumber;
  const number = other?.phoneNumber || known || call.fromNumber;
  const who = (!isIn && other?.name) || showNumber(number);
  return `${TYPE_LABELS[type] ?? call.callType} ${isIn ? 'from' : 'to'} ${who}`;
}

/** @param {Call} call */
export function summary(call) {
  const recordings = { recording: 'Recording', paused: 'Recording paused', off: 'Not recording' };
  return [
    recordings[/** @type {'off'} */ (call.recording ?? 'off')],
    call.queueName ?? '',
    call.dialerType && call.dialerType !== 'None' ? call.dialerType : '',
    call.isAutoMergeOn ? 'Merges by itself' : '',
    call.voiceCallId ? '' : 'no VoiceCall yet',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/**
 * The ids that other systems know the call by, with their names.
 *
 * @param {Pick<Call, 'callId' | 'voiceCallId' | 'initialCallId' | 'parentCallId'> & {
 *   participants?: Participant[] }} call
 * @returns {[name: string, id: string][]}
 */
export function ids(call) {
  const transfers = (call.participants ?? []).filter(
    (party) => party.participantType === 'Third_Party' && party.voiceCallId,
  );
  /** @type {[string, string | undefined][]} */
  const found = [
    ['Call ID (vendorCallKey)', call.callId],
    ['VoiceCall ID', call.voiceCallId],
    ['Initial call ID', call.initialCallId],
    ['Parent call ID', call.parentCallId],
    ...transfers.flatMap((party) => {
      const who = party.name ?? party.contactId ?? 'added party';
      return /** @type {[string, string | undefined][]} */ ([
        [`Call ID of ${who}`, party.participantId],
        [`VoiceCall ID of ${who}`, party.voiceCallId],
      ]);
    }),
  ];
  return /** @type {[string, string][]} */ (found.filter(([, id]) => id));
}
