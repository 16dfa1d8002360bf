/** The dialler: a number by keys or by keyboard, and who is being called. */

import { byId, setText } from '../shared/dom.js';
import { keypad } from './keypad.js';
import { dialNumber } from './omni_actions.js';

/**
 * Shows the dialler while there is no call.
 *
 * @param {import('./omni.js').Omni} omni
 */
export function showDialer(omni) {
  const number = byId('dial-number', HTMLInputElement);
  const keys = byId('dial-keys', HTMLElement);
  const error = byId('dial-error', HTMLElement);
  keys.append(
    keypad((digit) => {
      number.value += digit;
    }),
  );
  byId('dialer', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const wrong = dialNumber(omni, number.value);
    setText(error, wrong);
    number.setAttribute('aria-invalid', String(wrong !== ''));
  });
  omni.watch(() => {
    const isDialing = omni.busy.has('dial');
    const isOffline = omni.status?.isOffline ?? true;
    const isPadOff = omni.capabilities.DIAL_PAD === true;
    const dialing = byId('dialing', HTMLElement);
    dialing.hidden = !isDialing;
    setText(dialing, isDialing ? `Calling ${omni.dialed}…` : '');
    byId('dialer', HTMLElement).hidden = !omni.isReady || omni.isOnCall;
    const hint = byId('dial-hint', HTMLElement);
    hint.hidden = !isOffline && !isPadOff;
    setText(
      hint,
      isPadOff ? 'The dial pad is switched off.' : 'Choose an online status to make calls.',
    );
    for (const key of [number, ...keys.querySelectorAll('button')]) {
      key.disabled = isPadOff;
    }
    byId('dial-button', HTMLButtonElement).disabled = isOffline || isDialing || isPadOff;
  });
}
