/**
 * Which controls Omni-Channel offers: capabilities hide them, a call's callInfo hides or disables
 * (guide chapter 9, "Hide Call Controls", and chapter 14).
 */

import { isHeld, isOffered, isRinging, typeOf } from './calls.js';
import { MOST_PARTIES, mergeable, otherSide, swappable } from './conversations.js';

/**
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 * @typedef {import('./conversations.js').Conversation} Conversation
 * @typedef {Record<string, boolean>} Capabilities as in CONNECTOR_READY
 *
 * @typedef {object} Control
 * @property {boolean} shown
 * @property {boolean} enabled
 *
 * @typedef {'accept' | 'decline' | 'mute' | 'hold' | 'record' | 'dialPad' | 'transfer' | 'merge'
 *   | 'swap' | 'end'} CardControl
 * @typedef {'hold' | 'mute' | 'remove'} PartyControl
 */

/**
 * The controls of a call's card. With several parties each has a hold of its own.
 *
 * @param {Conversation} conversation
 * @param {Capabilities} capabilities
 * @returns {Record<CardControl, Control>}
 */
export function cardControls(conversation, capabilities) {
  const { main, parties } = conversation;
  const info = main.callInfo ?? {};
  const offered = isOffered(main);
  const live = !isRinging(main);
  const isShared = parties.length > 1;
  const isAutoMerged = main.callAttributes?.isAutoMergeOn === true;
  const other = otherSide(conversation);
  const destinations = transferControls(conversation, capabilities);
  return {
    accept: { shown: offered, enabled: info.acceptEnabled !== false },
    decline: { shown: offered, enabled: info.declineEnabled !== false },
    mute: {
      shown: live && capabilities.MUTE !== false && info.showMuteButton !== false,
      enabled: info.muteEnabled !== false,
    },
    hold: {
      shown: live && !isShared && !isRinging(other),
      enabled: other.callInfo?.holdEnabled !== false && !isAutoMerged,
    },
    record: {
      shown: live && capabilities.RECORD !== false && info.showRecordButton !== false,
      enabled: info.recordEnabled !== false,
    },
    dialPad: {
      shown: live,
      enabled: info.extensionEnabled !== false && capabilities.DIAL_PAD !== true,
    },
    transfer: {
      shown: live && Object.values(destinations).some((control) => control.shown),
      enabled: Object.values(destinations).some((control) => control.shown && control.enabled),
    },
    merge: {
      shown: isShared && capabilities.MERGE !== false && info.showMergeButton !== false,
      enabled: info.conferenceEnabled !== false && mergeable(conversation).length > 0,
    },
    swap: {
      shown:
        isShared && !isAutoMerged && capabilities.SWAP !== false && info.showSwapButton !== false,
      enabled: info.swapEnabled !== false && swappable(conversation) !== null,
    },
    end: { shown: !offered, enabled: info.endCallDisabled !== true },
  };
}

/**
 * What the transfer view may do with a destination.
 *
 * @param {Conversation} conversation
 * @param {Capabilities} capabilities
 * @returns {Record<'add' | 'blind' | 'consult', Control>}
 */
export function transferControls({ main, parties }, capabilities) {
  const info = main.callInfo ?? {};
  const live = !isRinging(main);
  const hasRoom = parties.length < MOST_PARTIES;
  const enabled = live && info.addCallerEnabled !== false;
  const isConsulting = parties.some((party) => typeOf(party) === 'consult' && party !== main);
  return {
    add: { shown: info.showAddCallerButton !== false, enabled: enabled && hasRoom },
    blind: {
      shown: capabilities.BLIND_TRANSFER === true && info.showAddBlindTransferButton !== false,
      enabled,
    },
    consult: {
      shown: capabilities.CAN_CONSULT === true && info.showAddCallerButton !== false,
      enabled: enabled && hasRoom && !isConsulting,
    },
  };
}

/**
 * The controls of one party in the participants panel.
 *
 * @param {PhoneCall} party
 * @param {Conversation} conversation
 * @param {Capabilities} capabilities
 * @returns {Record<PartyControl, Control>}
 */
export function partyControls(party, { main }, capabilities) {
  const info = party.callInfo ?? {};
  const live = !isRinging(party);
  const isAutoMerged = main.callAttributes?.isAutoMergeOn === true;
  return {
    hold: { shown: live, enabled: info.holdEnabled !== false && !isAutoMerged },
    mute: {
      // Without multi-party calls the main call's mute is the agent's own.
      shown:
        live &&
        (party !== main || info.isMultiParty === true) &&
        capabilities.MUTE !== false &&
        info.showMuteButton !== false,
      enabled: info.muteEnabled !== false,
    },
    remove: { shown: true, enabled: mayRemove(party) },
  };
}

/**
 * Guide chapter 17, "Line-Specific Controls".
 *
 * @param {PhoneCall} party
 */
function mayRemove(party) {
  const variant = party.callInfo?.removeParticipantVariant ?? 'ALWAYS';
  if (variant === 'NEVER') {
    return false;
  }
  return variant === 'ALWAYS' || !isHeld(party);
}

/**
 * Whether a supervisor may pause the recording: the four conditions of guide chapter 10,
 * "Supervisor Barge In Details".
 *
 * @param {PhoneCall} supervised
 * @param {Capabilities} capabilities
 */
export function mayRecordSupervised(supervised, capabilities) {
  return (
    capabilities.RECORD !== false &&
    supervised.callInfo?.recordEnabled !== false &&
    capabilities.SUPERVISOR_LISTEN_IN === true &&
    capabilities.SUPERVISOR_BARGE_IN === true &&
    supervised.state === 'connected'
  );
}
