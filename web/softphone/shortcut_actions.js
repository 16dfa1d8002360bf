/** What each keyboard shortcut does on the phone. */

import { byId } from '../shared/dom.js';
import { cardControls } from './controls.js';
import { subjectOf } from './conversations.js';
import { CALL_ACTIONS, closeVoiceCallTab, merge, swap } from './omni_actions.js';

/** @typedef {import('./controls.js').CardControl} CardControl */

/**
 * The actions by shortcut name; each acts on the first conversation that offers its control.
 *
 * @param {import('./omni.js').Omni} omni
 * @param {import('./phone_view.js').PhoneView} phone
 * @param {() => void} showPhone brings the Call tab to the front
 * @returns {Record<string, () => void>}
 */
export function shortcutActions(omni, phone, showPhone) {
  /** @param {CardControl} control */
  const conversationWith = (control) =>
    omni.conversations.find((conversation) => {
      const { shown, enabled } = cardControls(conversation, omni.capabilities)[control];
      return omni.isReady && shown && enabled;
    });
  /**
   * @param {CardControl} control
   * @param {(conversation: import('./conversations.js').Conversation) => void} act
   */
  const on = (control, act) => () => {
    const conversation = conversationWith(control);
    if (conversation) {
      showPhone();
      act(conversation);
    }
  };
  /** @type {Record<string, () => void>} */
  const actions = {
    merge: on('merge', (conversation) => merge(omni, conversation)),
    swap: on('swap', (conversation) => swap(omni, conversation)),
    transfer: on('transfer', () => omni.tell('transfer view', {})),
  };
  for (const [name, act] of Object.entries(CALL_ACTIONS)) {
    const control = /** @type {CardControl} */ (name);
    actions[name] = on(control, (conversation) => act(omni, subjectOf(name, conversation)));
  }
  actions.dialPad = () => {
    showPhone();
    const conversation = conversationWith('dialPad');
    if (conversation) {
      phone.cards.get(conversation.id)?.togglePad();
    } else if (!omni.isOnCall) {
      byId('dial-number', HTMLInputElement).focus();
    }
  };
  actions.finish = () => {
    closeVoiceCallTab(omni);
    omni.changed();
  };
  return actions;
}
