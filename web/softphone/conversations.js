/** Which PhoneCalls belong together: one conversation has a main call and whoever was added. */

import { isHeld, isOffered, isRinging, typeOf } from './calls.js';

/**
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 *
 * @typedef {object} Conversation
 * @property {string} id call id of the main call
 * @property {PhoneCall} main
 * @property {PhoneCall[]} parties everybody who is there beside the agent; the main one first
 */

/** How many others Salesforce lets be on a call. */
export const MOST_PARTIES = 7;

/** @param {PhoneCall} call */
export function isAdded(call) {
  return (
    typeOf(call) === 'addparticipant' || call.callAttributes?.participantType === 'Third_Party'
  );
}

/**
 * Whether this agent consults somebody: the call that it belongs to is on this phone too.
 *
 * @param {PhoneCall} call
 * @param {ReadonlyMap<string, PhoneCall>} calls
 */
export function isOwnConsult(call, calls) {
  if (typeOf(call) !== 'consult') {
    return false;
  }
  const parentId = call.callAttributes?.parentId;
  if (parentId) {
    return calls.has(parentId);
  }
  return [...calls.values()].some((other) => typeOf(other) !== 'consult' && !isAdded(other));
}

/**
 * The conversations on the phone, in the order in which they came.
 *
 * @param {ReadonlyMap<string, PhoneCall>} calls
 * @returns {Conversation[]}
 */
export function conversationsOf(calls) {
  const all = [...calls.values()];
  const mains = all.filter((call) => !isAdded(call) && !isOwnConsult(call, calls));
  const others = all.filter((call) => !mains.includes(call));
  // After a reload nothing is left of an initial caller who is gone: who was added goes on.
  const [first] = others;
  if (first && mains.every(isOffered)) {
    mains.push(first);
  }
  return mains.map((main) => ({
    id: main.callId ?? '',
    main,
    parties: [
      ...(main.local?.hasLeft ? [] : [main]),
      ...others.filter((call) => call !== main && mainOf(call, mains) === main),
    ],
  }));
}

/**
 * @param {PhoneCall} call somebody who was added or is consulted
 * @param {PhoneCall[]} mains
 * @returns {PhoneCall | undefined}
 */
function mainOf(call, mains) {
  const parentId = call.callAttributes?.parentId;
  const parent = mains.find((main) => main.callId === parentId);
  return parent ?? mains.find((main) => !isOffered(main)) ?? mains[0];
}

/**
 * The conversation in which a call plays a part.
 *
 * @param {ReadonlyMap<string, PhoneCall>} calls
 * @param {string | undefined} callId
 * @returns {Conversation | undefined}
 */
export function conversationWith(calls, callId) {
  return conversationsOf(calls).find(
    ({ id, parties }) => id === callId || parties.some((party) => party.callId === callId),
  );
}

/**
 * The conversation that the agent is in; one that is only offered does not count.
 *
 * @param {ReadonlyMap<string, PhoneCall>} calls
 * @returns {Conversation | undefined}
 */
export function currentConversation(calls) {
  return conversationsOf(calls).find(({ main }) => !isOffered(main));
}

/**
 * Whom a conversation with one other person is with: after the initial caller left it is who
 * was added.
 *
 * @param {Conversation} conversation
 * @returns {PhoneCall}
 */
export function otherSide({ main, parties }) {
  return parties[0] ?? main;
}

/**
 * The call that a control of the card is about: hold is about the other side, all else about the
 * conversation.
 *
 * @param {string} control
 * @param {Conversation} conversation
 * @returns {PhoneCall}
 */
export function subjectOf(control, conversation) {
  return control === 'hold' ? otherSide(conversation) : conversation.main;
}

/** @param {Conversation} conversation */
function talking({ parties }) {
  return parties.filter((party) => !isRinging(party));
}

/**
 * The parties that a merge would bring together; none when nobody is apart.
 *
 * @param {Conversation} conversation
 * @returns {PhoneCall[]}
 */
export function mergeable(conversation) {
  const parties = talking(conversation);
  const isApart = parties.some((party) => isHeld(party) || typeOf(party) === 'consult');
  return parties.length > 1 && isApart ? parties : [];
}

/**
 * Whom a swap would put on hold and take off it. With several who talk it is not clear who
 * makes room: then there is no swap.
 *
 * @param {Conversation} conversation
 * @returns {{ hold: PhoneCall, resume: PhoneCall } | null}
 */
export function swappable(conversation) {
  const parties = talking(conversation);
  const [resume] = parties.filter(isHeld);
  const [hold, ...more] = parties.filter((party) => !isHeld(party));
  return resume && hold && more.length === 0 ? { hold, resume } : null;
}
