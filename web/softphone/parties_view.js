/** The participants of a conversation, each with controls of their own. */

import { element, icon, setText, within } from '../shared/dom.js';
import { setTimer, toMillis } from '../shared/time.js';
import { isHeld, isRinging, nameOf, shownState, typeOf } from './calls.js';
import { partyControls } from './controls.js';
import { CALL_ACTIONS, muteParty, removeParty } from './omni_actions.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 * @typedef {import('./conversations.js').Conversation} Conversation
 * @typedef {import('./controls.js').PartyControl} PartyControl
 */

/** @type {Record<PartyControl, { icon: string, act: (omni: Omni, party: PhoneCall) => void }>} */
const CONTROLS = {
  hold: { icon: 'hold', act: CALL_ACTIONS.hold },
  mute: { icon: 'mic', act: muteParty },
  remove: { icon: 'remove', act: removeParty },
};

/** Shows the parties as soon as there are two of them. */
export class PartiesView {
  /**
   * @param {Omni} omni
   * @param {HTMLElement} panel with a list inside
   */
  constructor(omni, panel) {
    this.omni = omni;
    this.panel = panel;
    this.list = within(panel, 'ul', HTMLElement);
    /** @type {Map<string, HTMLElement>} */
    this.rows = new Map();
    /** @type {Conversation | null} */
    this.conversation = null;
  }

  /** @param {Conversation} conversation */
  update(conversation) {
    this.conversation = conversation;
    const { parties } = conversation;
    this.panel.hidden = parties.length < 2;
    const ids = new Set(parties.map((party) => party.callId));
    for (const [callId, row] of this.rows) {
      if (!ids.has(callId)) {
        row.remove();
        this.rows.delete(callId);
      }
    }
    for (const party of parties) {
      this.#update(party);
    }
  }

  /** @param {PhoneCall} party */
  #update(party) {
    const callId = party.callId ?? '';
    let row = this.rows.get(callId);
    if (row === undefined) {
      row = this.#newRow(callId);
      this.rows.set(callId, row);
      this.list.append(row);
    }
    row.setAttribute('data-call-state', shownState(party));
    setText(within(row, '.party-name', HTMLElement), nameOf(party));
    setText(within(row, '.party-state', HTMLElement), stateOf(party));
    setTimer(within(row, 'time', HTMLElement), toMillis(party.callInfo?.callStateTimestamp));
    this.#updateControls(row, party);
  }

  /** @param {string} callId */
  #newRow(callId) {
    const buttons = Object.entries(CONTROLS).map(([name, control]) =>
      element(
        'button',
        {
          type: 'button',
          class: 'icon-button',
          'data-party-control': name,
          click: () => {
            const party = this.omni.calls.get(callId);
            if (party) {
              control.act(this.omni, party);
            }
          },
        },
        icon(control.icon),
      ),
    );
    return element(
      'li',
      { class: 'party', 'data-testid': 'party', 'data-party-id': callId },
      element(
        'div',
        { class: 'party-who' },
        element('span', { class: 'party-name' }),
        element(
          'span',
          { class: 'party-line' },
          element('span', { class: 'party-state' }),
          ' ',
          element('time', { class: 'timer' }),
        ),
      ),
      element('div', { class: 'party-buttons' }, ...buttons),
    );
  }

  /**
   * @param {HTMLElement} row
   * @param {PhoneCall} party
   */
  #updateControls(row, party) {
    if (this.conversation === null) {
      return;
    }
    const { busy, capabilities } = this.omni;
    const controls = partyControls(party, this.conversation, capabilities);
    const words = wordsFor(party, this.conversation);
    for (const [name, { shown, enabled }] of Object.entries(controls)) {
      const button = within(row, `[data-party-control="${name}"]`, HTMLButtonElement);
      const label = `${words[/** @type {PartyControl} */ (name)]} ${nameOf(party)}`;
      const waits = busy.has(name === 'mute' ? 'mute party' : name, party.callId);
      button.hidden = !shown;
      button.disabled = !enabled;
      button.setAttribute('aria-label', label);
      button.title = label;
      button.toggleAttribute('data-busy', waits);
      button.setAttribute('aria-disabled', String(!enabled || waits));
    }
    toggle(row, 'hold', isHeld(party));
    toggle(row, 'mute', Boolean(party.callInfo?.isMuted));
  }
}

/**
 * @param {PhoneCall} party
 * @param {Conversation} conversation
 * @returns {Record<PartyControl, string>}
 */
function wordsFor(party, { main }) {
  const isConsult = typeOf(party) === 'consult' && party !== main;
  return {
    hold: isHeld(party) ? 'Resume' : 'Hold',
    mute: party.callInfo?.isMuted ? 'Unmute' : 'Mute',
    remove: isConsult ? 'End Consult with' : 'Remove',
  };
}

/**
 * @param {HTMLElement} row
 * @param {PartyControl} control
 * @param {boolean} isOn
 */
function toggle(row, control, isOn) {
  const button = within(row, `[data-party-control="${control}"]`, HTMLElement);
  button.classList.toggle('is-on', isOn);
}

/** @param {PhoneCall} party */
function stateOf(party) {
  const isConsult = typeOf(party) === 'consult';
  const texts = { ringing: 'Calling…', held: 'On hold', connected: 'Connected' };
  const parts = [
    texts[shownState(party)],
    isConsult && !isRinging(party) ? 'private consult' : '',
    party.callAttributes?.participantType === 'Initial_Caller' && !isConsult ? 'caller' : '',
    party.callInfo?.isMuted && party.callAttributes?.participantType === 'Third_Party'
      ? 'muted'
      : '',
  ];
  return parts.filter(Boolean).join(' · ');
}
