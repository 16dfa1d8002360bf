/** Reading one party of a call: pure functions. */

import { showNumber } from '../shared/phone_numbers.js';

/**
 * @typedef {import('./types.js').Participant} Participant
 * @typedef {import('./types.js').Call} Call
 */

/** @type {Record<string, string>} */
const ROLES = {
  Agent: 'Agent',
  Initial_Caller: 'Customer',
  Third_Party: 'Third party',
  Supervisor: 'Supervisor',
};

/** @type {Record<string, string>} */
const WAITING = { Queue: 'Queue', Flow: 'Flow', Agent: 'Agent' };

/** @param {Participant} party */
export function role(party) {
  if (party.agentId && party.participantType === 'Initial_Caller') {
    return 'Called agent';
  }
  if (party.agentId && party.participantType === 'Third_Party') {
    return 'Added agent';
  }
  return ROLES[party.participantType] ?? party.participantType;
}

/** Whether the party is outside of the contact center: this page plays it. @param {Participant} party */
export function isOutside(party) {
  return !party.agentId && !isWaiting(party);
}

/** Whether the party is a queue, flow or agent that no phone rings for yet. @param {Participant} party */
export function isWaiting(party) {
  return !party.agentId && party.contactType !== undefined && party.contactType in WAITING;
}

/**
 * @param {Participant} party
 * @param {Map<string, string>} agentNames by agent id
 */
export function who(party, agentNames) {
  const name = agentNames.get(party.agentId ?? '') ?? party.name ?? '';
  if (name) {
    return name;
  }
  return party.phoneNumber ? showNumber(party.phoneNumber) : (party.contactId ?? '');
}

/**
 * Whether the party is the customer of a callback that no agent has accepted yet.
 *
 * @param {Participant} party
 * @param {Call} call
 */
export function isNotCalledYet(party, call) {
  const isCallback = call.callType.toLowerCase() === 'callback';
  const isAccepted = call.participants.some((one) => one.agentId && one.state === 'connected');
  return isCallback && party.state === 'ringing' && !party.agentId && !isAccepted;
}

/**
 * How the party stands, each in a word or two.
 *
 * @param {Participant} party
 * @param {Call} [call] whose party it is
 * @returns {string[]}
 */
export function states(party, call) {
  const isSupervisor = party.participantType === 'Supervisor';
  const isLater = call !== undefined && isNotCalledYet(party, call);
  return [
    isWaiting(party) ? 'waits for an agent' : isLater ? 'not called yet' : party.state,
    party.isOnHold ? 'on hold' : '',
    party.isMuted ? 'muted' : '',
    party.isConsult ? 'consult' : '',
    isSupervisor && party.state === 'connected' && !party.hasBargedIn ? 'listens' : '',
    party.hasBargedIn ? 'barged in' : '',
    party.isSoftphone === false ? 'desk phone' : '',
    party.digits ? `Digits: ${party.digits}` : '',
  ].filter(Boolean);
}

/**
 * One line about one party.
 *
 * @param {Participant} party
 * @param {Map<string, string>} agentNames by agent id
 */
export function partyLine(party, agentNames) {
  const name = who(party, agentNames);
  return `${role(party)}${name ? ` ${name}` : ''}`;
}
