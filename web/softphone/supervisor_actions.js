/** What a supervisor does with a call of somebody else (connector-api.md 1.6). */

import { onWire } from './calls.js';
import { CALL_ACTIONS, sendOnce } from './omni_actions.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').SupervisedCall} SupervisedCall
 */

/**
 * @param {Omni} omni
 * @param {SupervisedCall} call
 */
export function listenIn(omni, call) {
  sendOnce(omni, 'listen', { type: 'SUPERVISE_CALL', call });
}

/** @param {Omni} omni */
export function bargeIn(omni) {
  if (omni.supervised) {
    sendOnce(omni, 'bargeIn', { type: 'SUPERVISOR_BARGE_IN', call: onWire(omni.supervised) });
  }
}

/** @param {Omni} omni */
export function stopListening(omni) {
  if (omni.supervised) {
    const call = onWire(omni.supervised);
    sendOnce(omni, 'stopListening', { type: 'SUPERVISOR_DISCONNECT', call });
  }
}

/** @param {Omni} omni */
export function recordSupervised(omni) {
  if (omni.supervised) {
    CALL_ACTIONS.record(omni, omni.supervised);
  }
}
