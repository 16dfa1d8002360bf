/** Events about the parties of a call: added, connected, removed, held, merged. */

import { announce } from '../shared/announcer.js';
import { toMillis } from '../shared/time.js';
import { endCall, partyLeft, put, update } from './call_store.js';
import { callList, isHeld, nameOf, typeOf } from './calls.js';
import { conversationWith } from './conversations.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 */

/** @type {Record<string, (omni: Omni, payload: any) => void>} */
export const PARTY_EVENTS = {
  PARTICIPANT_ADDED: added,
  PARTICIPANT_CONNECTED: (omni, payload) => party(omni, payload, 'transferred'),
  PARTICIPANT_REMOVED: removed,
  HOLD_TOGGLE: holdToggled,
  CALL_BARGED_IN: bargedIn,
};

/**
 * @param {Omni} omni
 * @param {any} payload the seven keys of PARTICIPANT_ADDED
 */
function added(omni, payload) {
  const isBlind = omni.busy.has('blind');
  const isPassed = omni.busy.has('pass');
  const isMine = isBlind || isPassed || omni.busy.has('add');
  omni.busy.free('add', 'pass');
  if (isPassed) {
    // A contact request went to somebody: there is no call that they could join.
    omni.tell('work was passed on');
  } else if (isBlind) {
    // The call is being passed on: HANGUP follows, nobody joins it here.
    announce('Transferred.');
  } else {
    party(omni, payload, 'transferring');
  }
  if (isMine) {
    omni.tell('transferred');
  }
}

/**
 * @param {Omni} omni
 * @param {any} payload the seven keys of PARTICIPANT_ADDED
 * @param {'transferring' | 'transferred'} state
 */
function party(omni, payload, state) {
  if (!payload?.callId) {
    // The base connector tells that the initial caller left by this event without a party.
    if (payload?.initialCallHasEnded) {
      initialCallerLeft(omni, omni.current?.main);
    }
    return;
  }
  const { initialCallHasEnded, ...facts } = payload;
  const since = toMillis(facts.callInfo?.callStateTimestamp) ?? Date.now();
  const callInfo = { ...facts.callInfo, callStateTimestamp: new Date(since) };
  const isThird = facts.callAttributes?.participantType === 'Third_Party';
  const known = omni.calls.get(facts.callId)?.callType ?? 'AddParticipant';
  const callType = isThird ? 'AddParticipant' : known;
  const call = put(omni, { ...facts, callInfo, callType, state });
  const main = conversationWith(omni.calls, facts.callId)?.main;
  if (initialCallHasEnded && main?.callId !== facts.callId) {
    initialCallerLeft(omni, main);
  }
  const doing = state === 'transferring' ? 'is being called' : 'joined the call';
  announce(`${nameOf(call ?? {})} ${doing}.`);
}

/**
 * @param {Omni} omni
 * @param {PhoneCall | undefined} main the call of who left
 */
function initialCallerLeft(omni, main) {
  if (main && !main.local?.hasLeft) {
    // Whom the agent consulted about the caller is now whom the agent talks to.
    joinConsults(omni);
    partyLeft(omni, main.callId ?? '');
    announce(`${nameOf(main)} left the call.`);
  }
}

/**
 * Without a call id it says that somebody could not be added; an ERROR follows then.
 *
 * @param {Omni} omni
 * @param {any} payload `{callId, connectionId, reason}`, a whole call, or false
 */
function removed(omni, payload) {
  omni.busy.free();
  const callId = payload?.callId;
  const call = omni.calls.get(callId);
  if (callId && (omni.leaving.has(callId) || (call === undefined && omni.leaving.size > 0))) {
    // The agent left, but another call goes on: then the base does not say HANGUP.
    for (const left of [...omni.leaving]) {
      endCall(omni, { ...payload, callId: left });
    }
    return;
  }
  if (call === undefined) {
    return;
  }
  partyLeft(omni, callId);
  const isFailure = payload.reason === 'error';
  announce(`${nameOf(call)} ${isFailure ? 'couldn’t be reached' : 'left the call'}.`);
  if (isFailure) {
    omni.notices.add('info', 'Not connected', `${nameOf(call)} couldn’t be reached.`);
  }
}

/**
 * @param {Omni} omni
 * @param {any} payload HoldToggleResult; `calls` is a list, a map or absent
 */
function holdToggled(omni, payload) {
  omni.busy.free('hold', 'swap', 'merge');
  const calls = callList(payload?.calls);
  for (const call of calls) {
    update(omni, call);
  }
  if (calls.length === 0) {
    setHoldByFlags(omni, payload ?? {});
  }
  if (payload?.isCallMerged) {
    joinConsults(omni);
    announce('The calls are merged.');
  } else {
    announce(holdSentence(omni));
  }
}

/** @param {Omni} omni */
function holdSentence(omni) {
  const held = [...omni.calls.values()].filter((call) => isHeld(call) && !call.local?.hasLeft);
  if (held.length === 0) {
    return 'Resumed.';
  }
  return omni.calls.size === 1 ? 'On hold.' : `On hold: ${held.map(nameOf).join(', ')}.`;
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
 * After a merge nobody is consulted in private any more.
 *
 * @param {Omni} omni
 */
function joinConsults(omni) {
  for (const { id, parties } of omni.conversations) {
    for (const consult of parties) {
      if (typeOf(consult) === 'consult' && consult.callId !== id) {
        put(omni, {
          callId: consult.callId,
          callType: 'AddParticipant',
          state: 'transferred',
          callAttributes: { participantType: 'Third_Party', isConsultCall: false },
        });
      }
    }
  }
}

/**
 * A supervisor can be heard now (connector-api.md 2.7, SupervisedCallInfo).
 *
 * @param {Omni} omni
 * @param {any} payload
 */
function bargedIn(omni, payload) {
  const conversation = conversationWith(omni.calls, payload?.callId) ?? omni.current;
  if (conversation === undefined) {
    return;
  }
  const supervisorName = payload?.supervisorName || 'A supervisor';
  put(omni, { callId: conversation.id, local: { supervisorName } });
  const sentence = `${supervisorName} joined the call as a supervisor.`;
  omni.notices.add('info', 'Supervisor', sentence);
  announce(sentence);
}
