/** The Phone tab: start-up and login, the calls, after-call work, and the dialler. */

import { byId, setText } from '../shared/dom.js';
import { showNumber } from '../shared/phone_numbers.js';
import { setTimer } from '../shared/time.js';
import { CallCard } from './call_card.js';
import { isOffered } from './calls.js';
import { keypad } from './keypad.js';
import { closeVoiceCallTab, dialNumber } from './omni_actions.js';

/** @typedef {import('./omni.js').Omni} Omni */

/** Shows the phone; `cards` are the calls on it by call id. */
export class PhoneView {
  /**
   * @param {Omni} omni
   * @param {{ loginAddress: string, onRetry: () => void }} options
   */
  constructor(omni, { loginAddress, onRetry }) {
    this.omni = omni;
    this.loginAddress = loginAddress;
    /** @type {Map<string, CallCard>} */
    this.cards = new Map();
    this.template = byId('call-card', HTMLTemplateElement);
    this.panel = byId('panel-phone', HTMLElement);
    this.holder = byId('calls', HTMLElement);
    this.number = byId('dial-number', HTMLInputElement);
    byId('retry-button', HTMLButtonElement).addEventListener('click', onRetry);
    byId('wrap-up-button', HTMLButtonElement).addEventListener('click', () => {
      closeVoiceCallTab(omni);
      omni.changed();
      this.panel.focus();
    });
    this.#setUpDialer();
    omni.watch(() => this.update());
  }

  /** Shows the state as it is now. */
  update() {
    const { omni } = this;
    this.#updatePhase();
    this.#updateCalls();
    this.#updateWrapUp();
    const dialing = byId('dialing', HTMLElement);
    const isDialing = omni.busy.has('dial');
    dialing.hidden = !isDialing;
    setText(dialing, isDialing ? `Calling ${omni.dialed}…` : '');
    byId('dialer', HTMLElement).hidden = !omni.isReady || omni.calls.size > 0;
    const isOffline = omni.status?.isOffline ?? true;
    byId('dial-hint', HTMLElement).hidden = !isOffline;
    const isBlocked = isOffline || isDialing || omni.capabilities.DIAL_PAD === true;
    byId('dial-button', HTMLButtonElement).disabled = isBlocked;
    this.#updateBadge();
  }

  #updatePhase() {
    const { omni } = this;
    const state = byId('phone-state', HTMLElement);
    const texts = {
      starting: 'Starting the phone…',
      login: 'Sign in to the telephony system to use the phone.',
      failed: `The phone couldn’t be started. ${omni.failure}`,
      ready: '',
    };
    state.setAttribute('data-phase', omni.phase);
    state.hidden = omni.isReady;
    setText(state, texts[omni.phase]);
    byId('retry-button', HTMLButtonElement).hidden = omni.phase !== 'failed';
    const frame = byId('login-frame', HTMLIFrameElement);
    const needsLogin = omni.phase === 'login';
    if (needsLogin && frame.hidden) {
      frame.height = String(omni.loginFrameHeight);
      frame.src = this.loginAddress;
    }
    frame.hidden = !needsLogin;
    const connector = byId('connector-frame', HTMLIFrameElement);
    connector.classList.toggle('is-shown', omni.isConnectorShown);
  }

  #updateCalls() {
    for (const [callId, card] of this.cards) {
      if (!this.omni.calls.has(callId)) {
        this.#remove(callId, card);
      }
    }
    for (const callId of this.omni.calls.keys()) {
      let card = this.cards.get(callId);
      if (card === undefined) {
        card = new CallCard(this.omni, this.template, callId);
        this.cards.set(callId, card);
        this.holder.append(card.root);
      }
      card.update();
    }
  }

  /**
   * @param {string} callId
   * @param {CallCard} card
   */
  #remove(callId, card) {
    const hadFocus = card.root.contains(document.activeElement);
    card.root.remove();
    this.cards.delete(callId);
    if (hadFocus) {
      this.panel.focus();
    }
  }

  #updateWrapUp() {
    const { wrapUp } = this.omni;
    byId('wrap-up', HTMLElement).hidden = wrapUp === null;
    if (wrapUp !== null) {
      const { contact, phoneNumber } = wrapUp.call;
      setText(byId('wrap-up-number', HTMLElement), contact?.name || showNumber(phoneNumber));
    }
    setTimer(byId('wrap-up-timer', HTMLElement), wrapUp?.since ?? null);
  }

  /** The tab of the browser and a badge say that a call comes in, whatever is in front. */
  #updateBadge() {
    const offered = [...this.omni.calls.values()].filter(isOffered);
    const badge = byId('call-badge', HTMLElement);
    badge.hidden = offered.length === 0;
    setText(badge, offered.length === 0 ? '' : String(offered.length));
    badge.setAttribute('aria-label', `Incoming calls: ${offered.length}`);
    const [first] = offered;
    document.title = first
      ? `Incoming call ${showNumber(first.phoneNumber)} – Softphone`
      : `${this.omni.fullName} – Softphone`;
  }

  #setUpDialer() {
    const error = byId('dial-error', HTMLElement);
    byId('dial-keys', HTMLElement).append(
      keypad((digit) => {
        this.number.value += digit;
      }),
    );
    byId('dialer', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      const wrong = dialNumber(this.omni, this.number.value);
      setText(error, wrong);
      this.number.setAttribute('aria-invalid', String(wrong !== ''));
    });
  }
}
