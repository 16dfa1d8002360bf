/** The tab "Desk Phone": what the agent does with calls, away from the computer. */

import { element, setText } from '../shared/dom.js';
import { request } from '../shared/http.js';
import { ActionForm, card } from './action_form.js';
import { present, title } from './call_facts.js';
import { addForm } from './desk_add.js';
import { deskParties } from './desk_parties.js';
import { superviseForm } from './desk_supervise.js';
import { Field, FieldError, setOptions } from './fields.js';
import { Outcome } from './outcome.js';
import { partyLine } from './party_facts.js';
import { SplitButton } from './split_button.js';

/**
 * @typedef {import('./simulator.js').Simulator} Simulator
 * @typedef {import('./types.js').Call} Call
 */

/** Which of the agent's calls the desk phone acts on. */
export class DeskPhone {
  /** @param {Simulator} simulator */
  constructor(simulator) {
    this.simulator = simulator;
    this.choice = new Field({ id: 'desk-call', label: 'Call', kind: 'select', isKept: false });
    const select = /** @type {HTMLSelectElement} */ (this.choice.control);
    select.addEventListener('change', () => simulator.refresh());
    simulator.watch(() => {
      const calls = simulator.agentCalls.map((call) => [call.callId, title(call)]);
      setOptions(select, calls.length > 0 ? /** @type {any} */ (calls) : [['', 'No call']]);
      if (calls.length > 0) {
        this.choice.blame('');
      }
    });
  }

  /** @returns {Call | undefined} */
  get call() {
    return this.simulator.agentCalls.find((call) => call.callId === this.choice.text);
  }

  /** @returns {import('./types.js').Participant | undefined} the agent's own part */
  get own() {
    const agentId = this.simulator.agent?.agentId;
    return this.call && present(this.call).find((party) => party.agentId === agentId);
  }

  /** @returns {import('./types.js').Participant[]} who else is there, without supervisors */
  get others() {
    return this.call
      ? present(this.call).filter(
          (party) => party !== this.own && party.participantType !== 'Supervisor',
        )
      : [];
  }

  /**
   * Does something with the call.
   *
   * @param {string} action
   * @param {Record<string, unknown>} [details]
   * @returns {Promise<undefined>}
   * @throws {FieldError} the agent has no call
   */
  async act(action, details = {}) {
    await this.simulator.deskPhone(action, { callId: this.chosen.callId, ...details });
    return undefined;
  }

  /**
   * @returns {Call}
   * @throws {FieldError} the agent has no call
   */
  get chosen() {
    if (!this.call) {
      const who = this.simulator.agent?.fullName ?? 'The agent';
      throw new FieldError(this.choice, `${who} has no call.`);
    }
    return this.call;
  }
}

/**
 * @param {Simulator} simulator
 * @returns {HTMLElement[]}
 */
export function deskPanel(simulator) {
  const phone = new DeskPhone(simulator);
  const whose = element('p', { class: 'hint', 'data-testid': 'desk-agent' });
  simulator.watch(() => {
    const name = simulator.agent?.fullName ?? 'Nobody';
    setText(whose, `${name} acts at the desk phone; the softphone follows.`);
  });
  return [
    card('desk', 'Call at the Desk Phone', whose, phone.choice.element),
    ringingForm(phone).card,
    talkingCard(phone),
    deskParties(phone),
    addForm(phone),
    superviseForm(simulator),
  ];
}

/** @param {DeskPhone} phone */
function ringingForm(phone) {
  return new ActionForm({
    id: 'desk-ringing',
    title: 'While It Rings',
    help: 'Missed: nobody picks up. Error: the agent’s phone cannot be reached.',
    actions: [
      { label: 'Accept Call', tone: 'success', run: () => phone.act('answer_call') },
      { label: 'Decline Call', tone: 'danger', run: () => phone.act('decline_call') },
      { label: 'Missed Call', run: () => phone.act('missed_call') },
      { label: 'Call Error', run: () => phone.act('call_error') },
    ],
  });
}

/** @param {DeskPhone} phone */
function talkingCard(phone) {
  const outcome = new Outcome('desk-talking');
  const end = new SplitButton('end-call', 'End Call', 'More ways to end');
  const run = (/** @type {() => Promise<undefined>} */ work, /** @type {HTMLElement} */ button) =>
    void outcome.run(work, { button });
  const button = (/** @type {() => string} */ action) => {
    const made = element('button', { type: 'button', class: 'button' });
    made.addEventListener('click', () => run(() => phone.act(action()), made));
    return made;
  };
  const endForAll = () =>
    run(async () => {
      await request('POST', `/demo/v1/calls/${encodeURIComponent(phone.chosen.callId)}/end`);
      return undefined;
    }, end.arrow);
  const mute = button(() => (phone.own?.isMuted ? 'unmute' : 'mute'));
  const isPaused = () => phone.call?.recording === 'paused';
  const record = button(() => (isPaused() ? 'resume_recording' : 'pause_recording'));
  const conference = button(() => 'conference');
  setText(conference, 'Conference');
  phone.simulator.watch(() => {
    setText(mute, phone.own?.isMuted ? 'Unmute' : 'Mute');
    setText(record, isPaused() ? 'Resume Recording' : 'Pause Recording');
    end.setEntries([
      { label: 'End Call', run: () => run(() => phone.act('end_call'), end.main) },
      ...(phone.others.length > 1 ? [{ label: 'End Call for All', run: endForAll }] : []),
      ...phone.others.map((party) => ({
        label: `End ${partyLine(party, phone.simulator.agentNames)}`,
        run: () =>
          run(
            () => phone.act('remove_participant', { participantId: party.participantId }),
            end.arrow,
          ),
      })),
    ]);
  });
  const row = element('div', { class: 'button-row' }, end.element, mute, record, conference);
  return card('desk-talking', 'While Talking', row, outcome.element, digitsForm(phone));
}

/** @param {DeskPhone} phone */
function digitsForm(phone) {
  const form = new ActionForm({
    id: 'desk-digits',
    title: 'Tones',
    fields: [{ id: 'desk-digits', label: 'Digits', name: 'digits', help: '0-9, *, #, A-D, comma' }],
    actions: [
      {
        label: 'Send Digits',
        run: (field) => phone.act('send_digits', { digits: field('desk-digits').required }),
      },
    ],
  });
  return form.part;
}
