/**
 * Click-to-dial: without a call it calls, on a call it offers to add or to transfer (guide
 * chapter 13, "Use Click-to-Dial for Transfers").
 */

import { element } from '../shared/dom.js';
import { showNumber } from '../shared/phone_numbers.js';
import { dialContact } from './omni_actions.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').Contact} Contact
 */

/**
 * What a click would do now. Once somebody was added, a click does nothing any more.
 *
 * @param {Omni} omni
 * @returns {{ verb: 'Call' | 'Add', isBlocked: boolean }}
 */
export function clickToDialState(omni) {
  const { current } = omni;
  if (omni.isOnCall) {
    const isAlone = current !== undefined && current.parties.length === 1;
    const canAdd = isAlone && current.main.state === 'connected';
    return { verb: 'Add', isBlocked: !omni.isReady || !canAdd };
  }
  const isOffline = omni.status?.isOffline ?? true;
  return { verb: 'Call', isBlocked: !omni.isReady || isOffline };
}

/**
 * @param {Omni} omni
 * @param {Contact} contact
 */
export function clickToDial(omni, contact) {
  const { verb, isBlocked } = clickToDialState(omni);
  if (isBlocked) {
    return;
  }
  if (verb === 'Add') {
    omni.tell('transfer view', { contact });
  } else {
    dialContact(omni, contact);
    omni.tell('show phone');
  }
}

/**
 * A phone number that can be clicked.
 *
 * @param {Omni} omni
 * @param {string} phoneNumber
 */
export function numberButton(omni, phoneNumber) {
  const { verb, isBlocked } = clickToDialState(omni);
  const number = showNumber(phoneNumber);
  return element(
    'button',
    {
      type: 'button',
      class: 'link-button',
      'aria-label': `${verb} ${number}`,
      'data-testid': 'click-to-dial',
      disabled: isBlocked,
      click: () => clickToDial(omni, { type: 'PhoneNumber', phoneNumber }),
    },
    number,
  );
}
