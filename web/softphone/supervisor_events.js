/** Events about the call that a supervisor listens to (connector-api.md 1.6, 3.1). */

import { announce } from '../shared/announcer.js';
import { merged, nameOf } from './calls.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 */

/** @type {Record<string, (omni: Omni, payload: any) => void>} */
export const SUPERVISOR_EVENTS = {
  SUPERVISOR_CALL_STARTED: (omni, call) => {
    take(omni, call, 'ringing');
    announce('Pick up your desk phone to listen in.');
  },
  SUPERVISOR_CALL_CONNECTED: (omni, call) => {
    take(omni, call, 'connected');
    announce(`You are listening to the call with ${nameOf(call ?? {})}.`);
  },
  SUPERVISOR_BARGED_IN: (omni, call) => {
    const callAttributes = { ...call?.callAttributes, hasSupervisorBargedIn: true };
    take(omni, { ...call, callAttributes }, 'connected');
    announce('You can be heard by everybody on the call.');
  },
  // One call, a list or {calls}: the base connector is not of one mind (B11). There is only one.
  SUPERVISOR_HANGUP: (omni) => {
    omni.busy.free();
    omni.supervised = null;
    omni.tell('supervision');
    announce('You no longer listen to the call.');
  },
};

/**
 * @param {Omni} omni
 * @param {PhoneCall | null | undefined} call
 * @param {string} state
 */
function take(omni, call, state) {
  omni.busy.free('listen', 'bargeIn', 'stopListening');
  if (call) {
    omni.supervised = { ...merged(omni.supervised ?? {}, call), state };
    omni.tell('supervision');
  }
}
