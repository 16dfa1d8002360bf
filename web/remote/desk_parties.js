/** "Parties": hold, mute or remove anybody on the agent's call; swap two of them. */

import { element, setText, within } from '../shared/dom.js';
import { ActionForm, card } from './action_form.js';
import { setOptions } from './fields.js';
import { KeyedList } from './keyed_list.js';
import { Outcome } from './outcome.js';
import { partyLine, states } from './party_facts.js';

/**
 * @typedef {import('./desk_panel.js').DeskPhone} DeskPhone
 * @typedef {import('./types.js').Participant} Participant
 */

/** @type {{ action: (party: Participant) => string, label: (party: Participant) => string }[]} */
const VERBS = [
  {
    action: (party) => (party.isOnHold ? 'resume' : 'hold'),
    label: (party) => (party.isOnHold ? 'Resume' : 'Hold'),
  },
  {
    action: (party) => (party.isMuted ? 'unmute' : 'mute'),
    label: (party) => (party.isMuted ? 'Unmute' : 'Mute'),
  },
  { action: () => 'remove_participant', label: () => 'Remove' },
];

/** @param {DeskPhone} phone */
export function deskParties(phone) {
  const outcome = new Outcome('desk-parties');
  const list = element('ul', { class: 'party-list', 'aria-label': 'Parties of the call' });
  const nobody = element('p', { class: 'hint' }, 'Nobody else is on the call.');
  const parties = new KeyedList(list, {
    key: (/** @type {Participant} */ party) => party.participantId,
    make: (party) => makeParty(party, phone, outcome),
    update: (line, party) => updateParty(line, party, phone),
  });
  phone.simulator.watch(() => {
    parties.show(phone.others);
    nobody.hidden = phone.others.length > 0;
  });
  return card('desk-parties', 'Parties', nobody, list, outcome.element, swapForm(phone));
}

/**
 * @param {Participant} made
 * @param {DeskPhone} phone
 * @param {Outcome} outcome
 */
function makeParty(made, phone, outcome) {
  const { participantId } = made;
  const now = () => phone.others.find((one) => one.participantId === participantId) ?? made;
  const buttons = VERBS.map(({ action }) => {
    const button = element('button', { type: 'button', class: 'button button-small' });
    button.addEventListener('click', () => {
      void outcome.run(() => phone.act(action(now()), { participantId }), { button });
    });
    return button;
  });
  return element(
    'li',
    { class: 'party', 'data-testid': 'desk-party' },
    element('span', { class: 'party-who' }),
    element('span', { class: 'badges hint' }),
    element('span', { class: 'party-actions' }, ...buttons),
  );
}

/**
 * @param {HTMLElement} line
 * @param {Participant} party
 * @param {DeskPhone} phone
 */
function updateParty(line, party, phone) {
  const name = partyLine(party, phone.simulator.agentNames);
  setText(within(line, '.party-who', HTMLElement), name);
  setText(within(line, '.badges', HTMLElement), states(party).join(', '));
  const buttons = line.querySelectorAll('button');
  VERBS.forEach(({ label }, index) => {
    const button = buttons[index];
    if (button) {
      setText(button, label(party));
      button.setAttribute('aria-label', `${label(party)}: ${name}`);
    }
  });
}

/** @param {DeskPhone} phone */
function swapForm(phone) {
  const form = new ActionForm({
    id: 'desk-swap',
    title: 'Swap',
    fields: [
      {
        id: 'swap-hold',
        label: 'Put on Hold',
        kind: 'select',
        name: 'holdParticipantId',
        isKept: false,
      },
      {
        id: 'swap-resume',
        label: 'Take off Hold',
        kind: 'select',
        name: 'resumeParticipantId',
        isKept: false,
      },
    ],
    actions: [
      {
        label: 'Swap',
        run: (field) =>
          phone.act('swap', {
            holdParticipantId: field('swap-hold').required,
            resumeParticipantId: field('swap-resume').required,
          }),
      },
    ],
  });
  const selects = ['swap-hold', 'swap-resume'].map((id) => form.field(id).control);
  const { part } = form;
  let stand = '';
  phone.simulator.watch(() => {
    const { others } = phone;
    part.hidden = others.length < 2;
    const names = phone.simulator.agentNames;
    for (const select of selects) {
      setOptions(
        /** @type {HTMLSelectElement} */ (select),
        others.map((party) => [party.participantId, partyLine(party, names)]),
      );
    }
    // What is likely meant, until the reader chooses otherwise.
    const now = others.map((party) => `${party.participantId} ${party.isOnHold}`).join();
    const held = others.find((party) => party.isOnHold);
    const talking = others.find((party) => !party.isOnHold);
    if (now !== stand && held && talking && selects[0] && selects[1]) {
      selects[0].value = talking.participantId;
      selects[1].value = held.participantId;
    }
    stand = now;
  });
  return part;
}
