/** The call that a supervisor listens to, with its controls. */

import { byId, setText } from '../shared/dom.js';
import { setTimer, toMillis } from '../shared/time.js';
import { nameOf } from './calls.js';
import { mayRecordSupervised } from './controls.js';
import { keepingFocus } from './focus.js';
import { bargeIn, recordSupervised, stopListening } from './supervisor_actions.js';

/** @typedef {import('./omni.js').Omni} Omni */

/**
 * Shows the call and keeps showing it.
 *
 * @param {Omni} omni
 */
export function showSupervised(omni) {
  const card = byId('supervised', HTMLElement);
  const actions = {
    'barge-in': bargeIn,
    'stop-listening': stopListening,
    record: recordSupervised,
  };
  for (const [name, act] of Object.entries(actions)) {
    button(name).addEventListener('click', () => act(omni));
  }
  omni.watch(() =>
    keepingFocus(card, () => update(omni, card), byId('panel-supervisor', HTMLElement)),
  );
}

/**
 * @param {Omni} omni
 * @param {HTMLElement} card
 */
function update({ supervised, capabilities, busy }, card) {
  card.hidden = supervised === null;
  byId('listening-note', HTMLElement).hidden = supervised === null;
  if (supervised === null) {
    return;
  }
  const isBargedIn = supervised.callAttributes?.hasSupervisorBargedIn === true;
  const isPaused = supervised.callInfo?.isRecordingPaused === true;
  const since = toMillis(supervised.callInfo?.callStateTimestamp);
  card.setAttribute('data-call-state', isBargedIn ? 'barged-in' : (supervised.state ?? ''));
  setText(byId('supervised-name', HTMLElement), nameOf(supervised));
  setText(byId('supervised-state', HTMLElement), stateText(supervised.state, isBargedIn));
  setTimer(byId('supervised-timer', HTMLElement), since);
  button('barge-in').hidden = capabilities.SUPERVISOR_BARGE_IN !== true || isBargedIn;
  button('barge-in').disabled = supervised.state !== 'connected' || busy.has('bargeIn');
  button('record').hidden = !mayRecordSupervised(supervised, capabilities);
  setText(button('record'), isPaused ? 'Resume Recording' : 'Pause Recording');
  button('stop-listening').disabled = busy.has('stopListening');
}

/**
 * @param {string | undefined} state
 * @param {boolean} isBargedIn
 */
function stateText(state, isBargedIn) {
  if (isBargedIn) {
    return 'You can be heard';
  }
  return state === 'ringing' ? 'Pick up your desk phone' : 'Listening, you are not heard';
}

/** @param {string} name */
function button(name) {
  return byId(`supervised-${name}`, HTMLButtonElement);
}
