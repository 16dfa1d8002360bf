/** What the agent does in the softphone: each action sends Salesforce's message for it. */

import { cleanNumber, isDialable } from '../shared/phone_numbers.js';
import { isHeld } from './calls.js';
import { CONTACTS_PER_PAGE } from './omni.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 * @typedef {import('./types.js').Contact} Contact
 */

/**
 * Sends a message once until its answer is here.
 *
 * @param {Omni} omni
 * @param {string} control
 * @param {import('./types.js').Message} message
 */
function sendOnce(omni, control, message) {
  if (omni.occupy(control)) {
    omni.sendMessage(message);
    omni.changed();
  }
}

/** @type {Record<'accept' | 'decline' | 'end' | 'mute' | 'hold' | 'record', (omni: Omni, call: PhoneCall) => void>} */
export const CALL_ACTIONS = {
  accept: (omni, call) => sendOnce(omni, 'accept', { type: 'ACCEPT_CALL', call }),
  decline: (omni, call) => sendOnce(omni, 'decline', { type: 'DECLINE_CALL', call }),
  end: (omni, call) =>
    sendOnce(omni, 'end', { type: 'END_CALL', call, agentStatus: 'AfterCallWork' }),
  mute: (omni, call) =>
    sendOnce(omni, 'mute', { type: call.callInfo?.isMuted ? 'UNMUTE' : 'MUTE', call }),
  hold: (omni, call) => sendOnce(omni, 'hold', { type: isHeld(call) ? 'RESUME' : 'HOLD', call }),
  record: (omni, call) =>
    sendOnce(omni, 'record', {
      type: call.callInfo?.isRecordingPaused ? 'RESUME_RECORDING' : 'PAUSE_RECORDING',
      call,
    }),
};

/**
 * @param {Omni} omni
 * @param {string} digits
 */
export function sendDigits(omni, digits) {
  omni.sendMessage({ type: 'SEND_DIGITS', digits });
}

/**
 * @param {Omni} omni
 * @param {string} typed
 * @returns {string} what is wrong with the number, "" when it is being called
 */
export function dialNumber(omni, typed) {
  const phoneNumber = cleanNumber(typed);
  if (!isDialable(phoneNumber)) {
    return phoneNumber === '' ? 'Enter a phone number.' : 'This is not a phone number.';
  }
  dial(omni, { phoneNumber, type: 'PhoneNumber' }, phoneNumber);
  return '';
}

/**
 * @param {Omni} omni
 * @param {Contact} contact
 */
export function dialContact(omni, contact) {
  dial(omni, contact, contact.name ?? contact.phoneNumber ?? '');
}

/**
 * @param {Omni} omni
 * @param {Contact} contact
 * @param {string} label
 */
function dial(omni, contact, label) {
  omni.dialed = label;
  sendOnce(omni, 'dial', { type: 'DIAL', contact, params: '' });
}

/**
 * Asks for a page of contacts. One question at a time: answers carry no id, so a second one
 * could not be told from the first; `contactsArrived` asks again when another page is wanted.
 *
 * @param {Omni} omni
 * @param {Partial<import('./types.js').ContactSearch>} wanted
 */
export function searchContacts(omni, wanted) {
  const { contacts } = omni;
  contacts.search = { ...contacts.search, offset: 0, ...wanted };
  if (!omni.isReady || !omni.occupy('contacts')) {
    return;
  }
  const { contains, type, availableOnly, offset } = contacts.search;
  const types = [type, availableOnly ? 'AVAILABLE' : ''].filter((one) => one !== '');
  contacts.asked = contacts.search;
  contacts.error = '';
  omni.sendMessage({
    type: 'GET_PHONE_CONTACTS',
    filter: { contains, limit: CONTACTS_PER_PAGE, offset, types },
  });
  omni.changed();
}

/**
 * A page of contacts is here.
 *
 * @param {Omni} omni
 * @param {any} payload PHONE_CONTACTS
 */
export function contactsArrived(omni, payload) {
  const { contacts } = omni;
  omni.free('contacts');
  contacts.items = payload?.contacts ?? [];
  contacts.types = payload?.contactTypes ?? [];
  contacts.error = '';
  if (contacts.asked !== null && contacts.asked !== contacts.search) {
    searchContacts(omni, contacts.search);
  }
}

/**
 * The agent is done: closing the Voice Call tab makes the agent available again (guide,
 * "Understand Agent Statuses").
 *
 * @param {Omni} omni
 */
export function closeVoiceCallTab(omni) {
  if (omni.wrapUp === null) {
    return;
  }
  omni.sendMessage({ type: 'WRAP_UP_CALL', call: omni.wrapUp.call });
  omni.setWrapUp(null);
  omni.setStatus(omni.statusId);
}

/**
 * @param {Omni} omni
 * @param {import('./types.js').Phone} selectedPhone
 */
export function selectPhone(omni, selectedPhone) {
  omni.selectedPhone = selectedPhone;
  sendOnce(omni, 'phone', { type: 'SET_AGENT_CONFIG', config: { selectedPhone } });
}

/** @param {Omni} omni */
export function logOut(omni) {
  sendOnce(omni, 'logout', { type: 'LOGOUT' });
}
