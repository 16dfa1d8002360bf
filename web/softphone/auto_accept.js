/** "Automatically accept requests" of the presence configuration, where the phone supports it. */

import { byId } from '../shared/dom.js';
import { isOffered } from './calls.js';
import { CALL_ACTIONS } from './omni_actions.js';

/**
 * Accepts what is offered when the agent's configuration says so and the telephony system has
 * the capability (connector-api.md 4.3, AUTO_ACCEPT_ENABLED).
 *
 * @param {import('./omni.js').Omni} omni
 */
export function acceptAutomatically(omni) {
  const box = byId('auto-accept', HTMLInputElement);
  box.checked = omni.configuration.isAutoAccepting;
  box.addEventListener('change', () => omni.configuration.setAutoAccepting(box.checked));
  omni.on('offered', ({ callId }) => {
    // A turn later: the event that offers the call is still being handled.
    queueMicrotask(() => {
      const call = omni.calls.get(callId);
      const isOn = omni.capabilities.AUTO_ACCEPT_ENABLED === true && box.checked;
      if (isOn && call && isOffered(call) && call.callInfo?.acceptEnabled !== false) {
        CALL_ACTIONS.accept(omni, call);
      }
    });
  });
  omni.watch(() => {
    byId('auto-accept-row', HTMLElement).hidden = omni.capabilities.AUTO_ACCEPT_ENABLED !== true;
  });
}
