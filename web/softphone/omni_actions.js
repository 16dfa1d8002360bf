/** What the agent does in the softphone: each action sends Salesforce's message for it. */

import { cleanNumber, isDialable } from '../shared/phone_numbers.js';
import { isAgentMuted, isHeld, onWire } from './calls.js';
import { contactName } from './contact_text.js';
import { mergeable, swappable } from './conversations.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 * @typedef {import('./types.js').Contact} Contact
 * @typedef {import('./types.js').Message} Message
 * @typedef {import('./conversations.js').Conversation} Conversation
 */

/**
 * Sends a message once until its answer is here.
 *
 * @param {Omni} omni
 * @param {string} control
 * @param {Message} message
 * @param {string} [callId]
 */
export function sendOnce(omni, control, message, callId = '') {
  if (omni.busy.occupy(control, callId)) {
    omni.sendMessage(message);
    omni.changed();
  }
}

/**
 * @param {Omni} omni
 * @param {string} control
 * @param {PhoneCall} call
 * @param {Message} message
 */
function about(omni, control, call, message) {
  sendOnce(omni, control, { ...message, call: onWire(call) }, call.callId);
}

/** @type {Record<'accept' | 'decline' | 'end' | 'mute' | 'hold' | 'record', (omni: Omni, call: PhoneCall) => void>} */
export const CALL_ACTIONS = {
  accept: (omni, call) => about(omni, 'accept', call, { type: 'ACCEPT_CALL' }),
  decline: (omni, call) => about(omni, 'decline', call, { type: 'DECLINE_CALL' }),
  end: leave,
  mute: muteAgent,
  hold: (omni, call) => about(omni, 'hold', call, { type: isHeld(call) ? 'RESUME' : 'HOLD' }),
  record: (omni, call) => {
    const type = call.callInfo?.isRecordingPaused ? 'RESUME_RECORDING' : 'PAUSE_RECORDING';
    about(omni, 'record', call, { type });
  },
};

/**
 * The agent hangs up; the others may go on talking. That it is the agent who leaves is said by
 * the participant's type: with the customer's it would be the customer who is removed. Where the
 * other side is an agent too, only a message without ids is clear (connector-api.md B26).
 *
 * @param {Omni} omni
 * @param {PhoneCall} call
 */
function leave(omni, call) {
  omni.leaving.add(call.callId ?? '');
  const isCalledAgent = call.callAttributes?.participantType === 'Agent';
  const callAttributes = { ...call.callAttributes, participantType: 'Agent' };
  const named = isCalledAgent
    ? { callAttributes: { participantType: 'Agent' } }
    : { ...onWire(call), callAttributes };
  const message = { type: 'END_CALL', agentStatus: 'AfterCallWork', call: named };
  sendOnce(omni, 'end', message, call.callId);
}

/**
 * The agent's own microphone. On a multi-party call a message that names somebody would mute
 * them.
 *
 * @param {Omni} omni
 * @param {PhoneCall} call
 */
function muteAgent(omni, call) {
  const type = isAgentMuted(call) ? 'UNMUTE' : 'MUTE';
  const message = call.callInfo?.isMultiParty ? { type } : { type, call: onWire(call) };
  sendOnce(omni, 'mute', message, call.callId);
}

/**
 * One party is not heard by anybody, or heard again.
 *
 * @param {Omni} omni
 * @param {PhoneCall} party
 */
export function muteParty(omni, party) {
  about(omni, 'mute party', party, { type: party.callInfo?.isMuted ? 'UNMUTE' : 'MUTE' });
}

/**
 * Somebody else is taken off the call, or a consultation ends.
 *
 * @param {Omni} omni
 * @param {PhoneCall} party
 */
export function removeParty(omni, party) {
  about(omni, 'remove', party, { type: 'END_CALL' });
}

/**
 * Everybody talks with everybody.
 *
 * @param {Omni} omni
 * @param {Conversation} conversation
 */
export function merge(omni, conversation) {
  const calls = mergeable(conversation).map(onWire);
  if (calls.length > 0) {
    sendOnce(omni, 'merge', { type: 'CONFERENCE', calls });
  }
}

/**
 * Who talks is put on hold, who is on hold talks.
 *
 * @param {Omni} omni
 * @param {Conversation} conversation
 */
export function swap(omni, conversation) {
  const pair = swappable(conversation);
  if (pair) {
    const [callToHold, callToResume] = [onWire(pair.hold), onWire(pair.resume)];
    sendOnce(omni, 'swap', { type: 'SWAP_PARTICIPANTS', callToHold, callToResume });
  }
}

/**
 * @param {Omni} omni
 * @param {Contact} contact
 * @param {PhoneCall} call the call that somebody joins
 * @param {{ isBlind: boolean }} how blind: the agent leaves the call at the same moment
 */
export function addParticipant(omni, contact, call, { isBlind }) {
  const message = {
    type: 'ADD_PARTICIPANT',
    contact,
    call: onWire(call),
    isBlindTransfer: isBlind,
  };
  sendOnce(omni, isBlind ? 'blind' : 'add', message);
}

/**
 * Passes the agent's contact request on: a blind transfer without a call (guide chapter 9, "Let
 * Agents Control the Callback Experience").
 *
 * @param {Omni} omni
 * @param {Contact} contact
 */
export function passRequestOn(omni, contact) {
  sendOnce(omni, 'pass', { type: 'ADD_PARTICIPANT', contact, isBlindTransfer: true });
}

/**
 * @param {Contact} contact
 * @returns {boolean} whether a contact request can be theirs
 */
export function takesRequests({ type, id }) {
  return (type === 'Agent' || type === 'Queue') && Boolean(id);
}

/**
 * @param {Omni} omni
 * @param {string} digits
 */
export function sendDigits(omni, digits) {
  omni.sendMessage({ type: 'SEND_DIGITS', digits });
}

/**
 * @param {string} typed
 * @returns {{ contact: Contact } | { wrong: string }} the number as a contact, or what is wrong
 */
export function numberContact(typed) {
  const phoneNumber = cleanNumber(typed);
  if (!isDialable(phoneNumber)) {
    return {
      wrong: phoneNumber === '' ? 'Enter a phone number.' : 'This is not a phone number.',
    };
  }
  return { contact: { phoneNumber, type: 'PhoneNumber' } };
}

/**
 * @param {Omni} omni
 * @param {string} typed
 * @returns {string} what is wrong with the number, "" when it is being called
 */
export function dialNumber(omni, typed) {
  const read = numberContact(typed);
  if ('wrong' in read) {
    return read.wrong;
  }
  dialContact(omni, read.contact);
  return '';
}

/**
 * Calls somebody. What kind of call it is stands in `params` (connector-api.md 1.3).
 *
 * @param {Omni} omni
 * @param {Contact} contact
 * @param {'' | 'isCallback=true' | 'isConsultCall'} [params]
 */
export function dialContact(omni, contact, params = '') {
  omni.dialed = contactName(contact);
  sendOnce(omni, 'dial', { type: 'DIAL', contact, params });
}

/**
 * After-call work is done; the telephony system puts the agent back into the queue (guide
 * chapter 11).
 *
 * @param {Omni} omni
 */
export function finishWrapUp(omni) {
  if (omni.wrapUp !== null) {
    sendOnce(omni, 'finish', { type: 'WRAP_UP_CALL', call: onWire(omni.wrapUp.call) });
  }
}

/**
 * Closing the Voice Call tab makes the agent available again (guide chapter 12, "Understand
 * Agent Statuses"), or whatever status waited for the end of the work.
 *
 * @param {Omni} omni
 */
export function closeVoiceCallTab(omni) {
  if (omni.wrapUp === null) {
    return;
  }
  omni.sendMessage({ type: 'WRAP_UP_CALL', call: onWire(omni.wrapUp.call) });
  omni.setWrapUp(null);
  omni.setStatus(omni.memory.pendingStatusId ?? omni.statusId);
}

/** @param {Omni} omni */
export function logOut(omni) {
  sendOnce(omni, 'logout', { type: 'LOGOUT' });
}
