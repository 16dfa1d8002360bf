/** What each keyboard shortcut does on the phone. */

import { byId } from '../shared/dom.js';
import { controlsFor } from './calls.js';
import { CALL_ACTIONS, closeVoiceCallTab } from './omni_actions.js';

/**
 * The actions by shortcut name; each acts on the first call that offers its control.
 *
 * @param {import('./omni.js').Omni} omni
 * @param {import('./phone_view.js').PhoneView} phone
 * @param {() => void} showPhone brings the Phone tab to the front
 * @returns {Record<string, () => void>}
 */
export function shortcutActions(omni, phone, showPhone) {
  /** @param {keyof ReturnType<typeof controlsFor>} control */
  const callWith = (control) =>
    [...omni.calls.values()].find((call) => {
      const { shown, enabled } = controlsFor(call, omni.capabilities)[control];
      return shown && enabled;
    });
  /** @type {Record<string, () => void>} */
  const actions = {};
  for (const [name, act] of Object.entries(CALL_ACTIONS)) {
    const control = /** @type {keyof typeof CALL_ACTIONS} */ (name);
    actions[name] = () => {
      const call = callWith(control);
      if (call) {
        showPhone();
        act(omni, call);
      }
    };
  }
  actions.dialPad = () => {
    showPhone();
    const callId = callWith('dialPad')?.callId;
    if (callId) {
      phone.cards.get(callId)?.togglePad();
    } else if (omni.calls.size === 0) {
      byId('dial-number', HTMLInputElement).focus();
    }
  };
  actions.finish = () => {
    closeVoiceCallTab(omni);
    omni.changed();
  };
  return actions;
}
