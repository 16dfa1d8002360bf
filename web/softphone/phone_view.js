/** The Call tab: start-up and login, and the conversations on the phone. */

import { byId, setText } from '../shared/dom.js';
import { CallCard } from './call_card.js';
import { isOffered, nameOf } from './calls.js';

/** @typedef {import('./omni.js').Omni} Omni */

/** Shows the phone; `cards` are the conversations on it by the main call's id. */
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
    for (const id of ['retry-button', 'take-back-button']) {
      byId(id, HTMLButtonElement).addEventListener('click', onRetry);
    }
    omni.watch(() => this.update());
  }

  /** Shows the state as it is now. */
  update() {
    this.#updatePhase();
    this.#updateCalls();
    this.#updateBadge();
  }

  #updatePhase() {
    const { omni } = this;
    const state = byId('phone-state', HTMLElement);
    const texts = {
      starting: 'Starting the phone…',
      login: omni.isSilentLogin
        ? 'Signing in to the telephony system… Log in on another page, such as login.html, and come back here.'
        : 'Sign in to the telephony system to use the phone.',
      failed: `The phone couldn’t be started. ${omni.failure}`,
      replaced: 'This phone was opened on another page and works there now.',
      ready: '',
    };
    state.setAttribute('data-phase', omni.phase);
    state.hidden = omni.isReady;
    setText(state, texts[omni.phase]);
    byId('retry-button', HTMLButtonElement).hidden = omni.phase !== 'failed';
    byId('take-back-button', HTMLButtonElement).hidden = omni.phase !== 'replaced';
    // What belongs to the other page now is not shown here any more.
    byId('utility', HTMLElement).toggleAttribute('data-replaced', omni.phase === 'replaced');
    this.#updateLogin();
    const connector = byId('connector-frame', HTMLIFrameElement);
    connector.classList.toggle('is-shown', omni.isConnectorShown);
  }

  #updateLogin() {
    const { omni } = this;
    const frame = byId('login-frame', HTMLIFrameElement);
    const needsLogin = omni.phase === 'login' && !omni.isSilentLogin;
    if (needsLogin && frame.hidden) {
      frame.height = String(omni.loginFrameHeight);
      frame.src = this.loginAddress;
    }
    frame.hidden = !needsLogin;
  }

  #updateCalls() {
    const conversations = this.omni.conversations;
    const ids = new Set(conversations.map((conversation) => conversation.id));
    for (const [callId, card] of this.cards) {
      if (!ids.has(callId)) {
        this.#remove(callId, card);
      }
    }
    for (const conversation of conversations) {
      let card = this.cards.get(conversation.id);
      if (card === undefined) {
        card = new CallCard(this.omni, this.template, conversation);
        this.cards.set(conversation.id, card);
        // Who wants to be answered comes first.
        this.holder[isOffered(conversation.main) ? 'prepend' : 'append'](card.root);
      }
      card.update(conversation);
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

  /** The tab of the browser and a badge say that a call comes in, whatever is in front. */
  #updateBadge() {
    const offered = [...this.omni.calls.values()].filter(isOffered);
    const badge = byId('call-badge', HTMLElement);
    badge.hidden = offered.length === 0;
    setText(badge, offered.length === 0 ? '' : String(offered.length));
    badge.setAttribute('aria-label', `Incoming calls: ${offered.length}`);
    const [first] = offered;
    document.title = first
      ? `Incoming call ${nameOf(first)} – Softphone`
      : `${this.omni.fullName} – Softphone`;
  }
}
