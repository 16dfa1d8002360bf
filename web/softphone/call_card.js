/** One call on the phone panel: who, in which state, for how long, and its controls. */

import { isTyping, setText, within } from '../shared/dom.js';
import { showNumber } from '../shared/phone_numbers.js';
import { setTimer, toMillis } from '../shared/time.js';
import { controlsFor, isHeld, isOffered, shownState, stateText } from './calls.js';
import { keypad } from './keypad.js';
import { CALL_ACTIONS, sendDigits } from './omni_actions.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 */

/** The card of one call, made from the page's template and kept while the call goes on. */
export class CallCard {
  /**
   * @param {Omni} omni
   * @param {HTMLTemplateElement} template
   * @param {string} callId
   */
  constructor(omni, template, callId) {
    this.omni = omni;
    this.callId = callId;
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.root = within(copy, 'article', HTMLElement);
    this.root.setAttribute('data-call-id', callId);
    this.pad = this.#part('pad');
    this.#part('keys').append(keypad((digit) => this.#press(digit)));
    this.root.addEventListener('keydown', (event) => this.#key(event));
    for (const control of ['accept', 'decline', 'mute', 'hold', 'record', 'end']) {
      const action = CALL_ACTIONS[/** @type {keyof typeof CALL_ACTIONS} */ (control)];
      this.#control(control).addEventListener('click', () => this.#act(action));
    }
    this.#control('dialPad').addEventListener('click', () => this.togglePad());
  }

  /** @returns {PhoneCall} */
  get call() {
    return this.omni.calls.get(this.callId) ?? {};
  }

  /** Shows the call as it is now. */
  update() {
    const { call } = this;
    const who = call.contact?.name || showNumber(call.phoneNumber);
    const hadFocus = this.root.contains(document.activeElement);
    this.root.setAttribute('aria-label', `Call with ${who}`);
    this.root.setAttribute('data-call-state', shownState(call));
    this.root.classList.toggle('is-incoming', isOffered(call));
    setText(this.#part('name'), who);
    setText(this.#part('state'), stateText(call));
    setTimer(this.#part('timer'), toMillis(call.callInfo?.callStateTimestamp));
    setText(this.#part('flags'), this.#flags(call, who));
    this.#updateControls(call);
    if (hadFocus) {
      this.#keepFocus();
    }
  }

  /** Opens or closes the dial pad. */
  togglePad() {
    this.showPad(this.pad.hidden === true);
  }

  /** @param {boolean} shown */
  showPad(shown) {
    if (this.pad.hidden !== shown || this.#control('dialPad').disabled) {
      return;
    }
    this.pad.hidden = !shown;
    this.#control('dialPad').setAttribute('aria-expanded', String(shown));
    if (shown) {
      within(this.pad, '.key', HTMLButtonElement).focus();
    } else {
      this.#control('dialPad').focus();
    }
  }

  /**
   * @param {PhoneCall} call
   * @param {string} who
   */
  #flags(call, who) {
    const info = call.callInfo ?? {};
    const parts = [
      who === showNumber(call.phoneNumber) ? '' : showNumber(call.phoneNumber),
      call.callType ?? '',
      info.queueName ?? '',
      info.isMuted ? 'Muted' : '',
      isHeld(call) ? 'On hold' : '',
      info.isRecordingPaused ? 'Recording paused' : '',
    ];
    return parts.filter((part) => part !== '').join(' · ');
  }

  /** @param {PhoneCall} call */
  #updateControls(call) {
    const controls = controlsFor(call, this.omni.capabilities);
    for (const [name, { shown, enabled }] of Object.entries(controls)) {
      const button = this.#control(name);
      button.hidden = !shown;
      button.disabled = !enabled;
      // A waiting control keeps the focus: it is only marked, `occupy` ignores its clicks.
      button.toggleAttribute('data-busy', this.omni.busy.has(name));
      button.setAttribute('aria-disabled', String(!enabled || this.omni.busy.has(name)));
    }
    const info = call.callInfo ?? {};
    this.#label('mute', info.isMuted ? 'Unmute' : 'Mute', Boolean(info.isMuted));
    this.#label('hold', isHeld(call) ? 'Resume' : 'Hold', isHeld(call));
    const paused = Boolean(info.isRecordingPaused);
    this.#label('record', paused ? 'Resume Recording' : 'Pause Recording', paused);
    if (!controls.dialPad.shown || !controls.dialPad.enabled) {
      this.pad.hidden = true;
      this.#control('dialPad').setAttribute('aria-expanded', 'false');
    }
  }

  /**
   * @param {string} control
   * @param {string} text
   * @param {boolean} isOn
   */
  #label(control, text, isOn) {
    const button = this.#control(control);
    setText(within(button, '[data-part="label"]', HTMLElement), text);
    button.classList.toggle('is-on', isOn);
  }

  /** When the control in focus went away, the focus goes to the first one that is there. */
  #keepFocus() {
    const focused = document.activeElement;
    const isLost = !(focused instanceof HTMLElement) || focused.offsetParent === null;
    if (isLost || !this.root.contains(focused)) {
      const buttons = [...this.root.querySelectorAll('button')];
      (buttons.find((button) => button.offsetParent && !button.disabled) ?? this.root).focus();
    }
  }

  /** @param {(omni: Omni, call: PhoneCall) => void} action */
  #act(action) {
    action(this.omni, this.call);
  }

  /** @param {string} digit */
  #press(digit) {
    sendDigits(this.omni, digit);
    const digits = this.#part('digits');
    digits.textContent += digit;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.pad.hidden || isTyping(event) || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.showPad(false);
    } else if (/^[0-9*#]$/.test(event.key)) {
      event.preventDefault();
      this.#press(event.key);
    }
  }

  /** @param {string} name */
  #part(name) {
    return within(this.root, `[data-part="${name}"]`, HTMLElement);
  }

  /** @param {string} name */
  #control(name) {
    return within(this.root, `[data-control="${name}"]`, HTMLButtonElement);
  }
}
