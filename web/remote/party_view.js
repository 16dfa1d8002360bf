/** One party of an active call, and what it may do if it is outside of the contact center. */

import { element, setText, within } from '../shared/dom.js';
import { request } from '../shared/http.js';
import { setTimer } from '../shared/time.js';
import { KeyedList } from './keyed_list.js';
import { isNotCalledYet, isOutside, partyLine, states } from './party_facts.js';

/**
 * @typedef {import('./types.js').Participant} Participant
 * @typedef {import('./simulator.js').Simulator} Simulator
 * @typedef {import('./outcome.js').Outcome} Outcome
 */

/** What the buttons call a party of a type. @type {Record<string, string>} */
const NAMES = {
  Initial_Caller: 'Customer',
  Third_Party: 'Third Party',
  Supervisor: 'Supervisor',
};

/**
 * The list of a call's parties.
 *
 * @param {HTMLElement} parent
 * @param {string} callId
 * @param {Simulator} simulator
 * @param {Outcome} outcome
 * @returns {KeyedList<Participant>}
 */
export function partyList(parent, callId, simulator, outcome) {
  return new KeyedList(parent, {
    key: (party) => party.participantId,
    make: (party) => makeParty(party, callId, simulator, outcome),
    update: (line, party) => updateParty(line, party, callId, simulator),
  });
}

/**
 * @param {Participant} party
 * @param {string} callId
 * @param {Simulator} simulator
 * @param {Outcome} outcome
 */
function makeParty(party, callId, simulator, outcome) {
  const line = element(
    'li',
    { class: 'party', 'data-testid': 'participant' },
    element('span', { class: 'party-who', 'data-part': 'who' }),
    element('span', { class: 'badges', 'data-part': 'badges' }),
    element('time', { class: 'timer', 'data-part': 'timer' }),
    element('span', { class: 'party-actions', 'data-part': 'actions' }),
  );
  for (const verb of ['Answers', 'Leaves']) {
    const button = element(
      'button',
      { type: 'button', class: 'button button-small', 'data-verb': verb },
      `${NAMES[party.participantType] ?? 'Party'} ${verb}`,
    );
    button.addEventListener('click', () => {
      void outcome.run(() => act(verb, party, callId, simulator), { button });
    });
    line.querySelector('[data-part="actions"]')?.append(button);
  }
  return line;
}

/**
 * @param {string} verb
 * @param {Participant} party
 * @param {string} callId
 * @param {Simulator} simulator
 */
async function act(verb, party, callId, simulator) {
  if (party.participantType === 'Supervisor') {
    const supervisor = simulator.agents.find((agent) => agent.agentId === party.agentId);
    const action = verb === 'Answers' ? 'supervisor_joins' : 'stop_supervising';
    const user = encodeURIComponent(supervisor?.userName ?? '');
    await request('POST', `/demo/v1/agents/${user}/desk-phone`, { action, callId });
  } else {
    const [call, id] = [callId, party.participantId].map(encodeURIComponent);
    await request('POST', `/demo/v1/calls/${call}/participants/${id}/${verb.toLowerCase()}`);
  }
  return `${NAMES[party.participantType] ?? 'Party'} ${verb.toLowerCase()}.`;
}

/**
 * @param {HTMLElement} line
 * @param {Participant} party
 * @param {string} callId
 * @param {Simulator} simulator
 */
function updateParty(line, party, callId, simulator) {
  const call = simulator.calls.find((one) => one.callId === callId);
  const part = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (line.querySelector(`[data-part="${name}"]`));
  const name = partyLine(party, simulator.agentNames);
  line.setAttribute('data-participant-type', party.participantType);
  line.setAttribute('data-state', party.state);
  setText(part('who'), name);
  const labels = states(party, call);
  if (part('badges').dataset.shown !== labels.join()) {
    part('badges').dataset.shown = labels.join();
    part('badges').replaceChildren(
      ...labels.flatMap((label) => [
        element('span', { class: 'badge', 'data-badge': label }, label),
        ' ',
      ]),
    );
  }
  setTimer(part('timer'), Date.parse(party.stateSince));
  const isPlayed = isOutside(party) || party.participantType === 'Supervisor';
  part('actions').hidden = !isPlayed;
  for (const button of part('actions').querySelectorAll('button')) {
    const isAnswer = button.dataset.verb === 'Answers';
    const hadFocus = button === document.activeElement;
    const canAnswer = party.state === 'ringing' && !(call && isNotCalledYet(party, call));
    button.disabled = isAnswer && !canAnswer;
    if (hadFocus && button.disabled) {
      within(part('actions'), 'button:enabled', HTMLButtonElement).focus();
    }
    // Several third parties have the same buttons: their names tell them apart.
    if (party.participantType === 'Third_Party') {
      button.setAttribute('aria-label', `${button.textContent}: ${name}`);
    }
  }
}
