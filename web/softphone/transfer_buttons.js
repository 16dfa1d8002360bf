/** The buttons of the transfer view: what can be done with the destination that is chosen. */

import { byId } from '../shared/dom.js';
import { transferControls } from './controls.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {'add' | 'blind' | 'consult' | 'pass'} TransferAction
 */

const ACTIONS = /** @type {TransferAction[]} */ (['add', 'blind', 'consult', 'pass']);

/** Shows the buttons. */
export class TransferButtons {
  /**
   * @param {Omni} omni
   * @param {(action: TransferAction) => void} onPress
   */
  constructor(omni, onPress) {
    this.omni = omni;
    for (const action of ACTIONS) {
      button(action).addEventListener('click', () => onPress(action));
    }
  }

  /** The buttons that work now, the usual one first. */
  get usable() {
    return ACTIONS.map(button).filter((one) => !one.hidden && !one.disabled);
  }

  /**
   * @param {{ hasChoice: boolean, isRequest: boolean }} now `isRequest`: it is a contact request
   *   that is passed on, not a call
   */
  update({ hasChoice, isRequest }) {
    const { current, busy, capabilities, isOnCall } = this.omni;
    const controls = current && !isRequest ? transferControls(current, capabilities) : null;
    const isWaiting = ['add', 'blind', 'dial', 'pass'].some((control) => busy.has(control));
    const isBlocked = !hasChoice || isWaiting;
    for (const action of /** @type {const} */ (['add', 'blind', 'consult'])) {
      button(action).hidden = !controls?.[action].shown;
      button(action).disabled = !controls?.[action].enabled || isBlocked;
    }
    button('pass').hidden = !isRequest;
    // During a call the message would pass the call on (connector-api.md, `addParticipant`).
    button('pass').disabled = isBlocked || isOnCall;
  }
}

/** @param {TransferAction} action */
function button(action) {
  return byId(`transfer-${action}`, HTMLButtonElement);
}
