/** One conversation on the phone: who, in which state, for how long, its parties and controls. */

import { isTyping, setText, within } from '../shared/dom.js';
import { showNumber } from '../shared/phone_numbers.js';
import { setTimer, toMillis } from '../shared/time.js';
import { showAudioStats } from './audio_stats_view.js';
import {
  isAgentMuted,
  isHeld,
  isOffered,
  isRinging,
  nameOf,
  shownState,
  stateText,
  typeOf,
} from './calls.js';
import { cardControls } from './controls.js';
import { mergeable, otherSide, subjectOf } from './conversations.js';
import { keepingFocus } from './focus.js';
import { keypad } from './keypad.js';
import { CALL_ACTIONS, merge, sendDigits, swap } from './omni_actions.js';
import { PartiesView } from './parties_view.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 * @typedef {import('./conversations.js').Conversation} Conversation
 */

/** The card of one conversation, made from the page's template and kept while it goes on. */
export class CallCard {
  /**
   * @param {Omni} omni
   * @param {HTMLTemplateElement} template
   * @param {Conversation} conversation
   */
  constructor(omni, template, conversation) {
    this.omni = omni;
    this.conversation = conversation;
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.root = within(copy, 'article', HTMLElement);
    this.root.setAttribute('data-call-id', conversation.id);
    this.parties = new PartiesView(omni, this.#part('parties'));
    this.pad = this.#part('pad');
    this.#part('keys').append(keypad((digit) => this.#press(digit)));
    this.root.addEventListener('keydown', (event) => this.#key(event));
    for (const [control, action] of Object.entries(CALL_ACTIONS)) {
      this.#onClick(control, () => action(this.omni, subjectOf(control, this.conversation)));
    }
    this.#onClick('merge', () => merge(this.omni, this.conversation));
    this.#onClick('swap', () => swap(this.omni, this.conversation));
    this.#onClick('transfer', () => this.omni.tell('transfer view', {}));
    this.#onClick('dialPad', () => this.togglePad());
  }

  /**
   * Shows the conversation as it is now.
   *
   * @param {Conversation} conversation
   */
  update(conversation) {
    this.conversation = conversation;
    const { main, parties } = conversation;
    const who = titleOf(conversation);
    const state = parties.length > 1 || main.local?.hasLeft ? sharedState(parties) : main;
    this.root.setAttribute('aria-label', `Call with ${who}`);
    this.root.setAttribute('data-call-state', shownState(state));
    this.root.classList.toggle('is-incoming', isOffered(main));
    setText(this.#part('name'), who);
    setText(this.#part('state'), parties.length > 1 ? sharedText(conversation) : stateText(state));
    setTimer(this.#part('timer'), toMillis(main.callInfo?.callStateTimestamp));
    setText(this.#part('flags'), flagsOf(conversation));
    showAudioStats(this.#part('audio'), this.omni.audioStats.get(conversation.id));
    keepingFocus(this.root, () => {
      this.parties.update(conversation);
      this.#updateControls();
    });
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

  #updateControls() {
    const { main } = this.conversation;
    const { busy, capabilities } = this.omni;
    const controls = cardControls(this.conversation, capabilities);
    for (const [name, { shown, enabled }] of Object.entries(controls)) {
      const button = this.#control(name);
      const { callId } = subjectOf(name, this.conversation);
      const waits = busy.has(name, callId) || busy.has(name, '');
      button.hidden = !shown;
      button.disabled = !enabled;
      // A waiting control keeps the focus: it is only marked, `occupy` ignores its clicks.
      button.toggleAttribute('data-busy', waits);
      button.setAttribute('aria-disabled', String(!enabled || waits));
    }
    const info = main.callInfo ?? {};
    const isMuted = isAgentMuted(main);
    this.#label('mute', isMuted ? 'Unmute' : 'Mute', isMuted);
    const isOnHold = isHeld(otherSide(this.conversation));
    this.#label('hold', isOnHold ? 'Resume' : 'Hold', isOnHold);
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

  /**
   * @param {string} control
   * @param {() => void} act
   */
  #onClick(control, act) {
    this.#control(control).addEventListener('click', act);
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

/** @param {Conversation} conversation */
function titleOf({ main, parties }) {
  const [first = main] = parties;
  const more = parties.length - 1;
  return more > 0 ? `${nameOf(first)} and ${more} more` : nameOf(first);
}

/**
 * The party that stands for all: one who talks before one who rings, held only when all are.
 *
 * @param {PhoneCall[]} parties
 */
function sharedState(parties) {
  const order = ['connected', 'held', 'ringing'];
  const sorted = [...parties].sort(
    (a, b) => order.indexOf(shownState(a)) - order.indexOf(shownState(b)),
  );
  return sorted[0] ?? {};
}

/** @param {Conversation} conversation */
function sharedText(conversation) {
  const { parties } = conversation;
  const isTogether = parties.every((party) => !isRinging(party));
  const isMerged = isTogether && mergeable(conversation).length === 0;
  return isMerged ? 'Conference' : `${parties.length} participants`;
}

/** @param {Conversation} conversation */
function flagsOf(conversation) {
  const { main, parties } = conversation;
  const info = main.callInfo ?? {};
  const isAlone = parties.length === 1;
  const other = otherSide(conversation);
  const number = showNumber(other.phoneNumber);
  const parts = [
    isAlone && other.phoneNumber && nameOf(other) !== number ? number : '',
    main.callType ?? '',
    info.queueName ?? '',
    isAgentMuted(main) ? 'Muted' : '',
    isAlone && isHeld(other) ? 'On hold' : '',
    info.isRecordingPaused ? 'Recording paused' : '',
    info.isSoftphoneCall === false ? 'On the desk phone' : '',
    info.isHIDCall ? 'Headset' : '',
    typeOf(main) === 'callback' && info.initialCallId ? `Answers call ${info.initialCallId}` : '',
    main.local?.supervisorName ? `Supervisor ${main.local.supervisorName} is on the call` : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
