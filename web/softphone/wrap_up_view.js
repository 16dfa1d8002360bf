/** After-call work: for how long already, and how it ends. It has no time limit. */

import { byId, setText } from '../shared/dom.js';
import { setTimer } from '../shared/time.js';
import { nameOf } from './calls.js';
import { closeVoiceCallTab, finishWrapUp } from './omni_actions.js';

/**
 * Shows the after-call work while there is some.
 *
 * @param {import('./omni.js').Omni} omni
 */
export function showWrapUp(omni) {
  const card = byId('wrap-up', HTMLElement);
  const panel = byId('panel-phone', HTMLElement);
  byId('wrap-up-button', HTMLButtonElement).addEventListener('click', () => {
    closeVoiceCallTab(omni);
    omni.changed();
  });
  byId('finish-button', HTMLButtonElement).addEventListener('click', () => finishWrapUp(omni));
  omni.watch(() => {
    const { wrapUp, pendingStatus } = omni;
    const hadFocus = card.contains(document.activeElement);
    card.hidden = wrapUp === null;
    if (wrapUp !== null) {
      setText(byId('wrap-up-number', HTMLElement), nameOf(wrapUp.call));
    }
    setTimer(byId('wrap-up-timer', HTMLElement), wrapUp?.since ?? null);
    byId('finish-button', HTMLElement).toggleAttribute('data-busy', omni.busy.has('finish'));
    const next = byId('wrap-up-next', HTMLElement);
    setText(next, pendingStatus ? `After that: ${pendingStatus.statusName}` : '');
    if (hadFocus && wrapUp === null) {
      panel.focus();
    }
  });
}
