/** The tab "Call Controls": how calls begin, and what may be done with those that go on. */

import { element, setText } from '../shared/dom.js';
import { card } from './action_form.js';
import { present, title } from './call_facts.js';
import { callInfoGroups } from './call_info_groups.js';
import { Field, setOptions } from './fields.js';
import { LiveField } from './live_fields.js';
import { Outcome } from './outcome.js';
import { partyLine } from './party_facts.js';

/**
 * @typedef {import('./simulator.js').Simulator} Simulator
 * @typedef {import('./types.js').CallInfo} CallInfo
 */

const NEW_CALLS = 'new';
const NEW_PARTIES = 'added';

/** @type {Record<string, string>} */
const HINTS = {
  [NEW_CALLS]: 'How calls begin from now on, for all agents.',
  [NEW_PARTIES]:
    'How whoever is added to a call begins from now on, for all agents: muted and on hold as soon as they answer. The recording is one for the whole call.',
};
const RUNNING = 'Each change is told to the agents’ pages at once, as CALL_UPDATED.';

/**
 * @param {Simulator} simulator
 * @returns {HTMLElement[]}
 */
export function controlsPanel(simulator) {
  return [controlsCard(simulator), mergeCard(simulator)];
}

/** @param {Simulator} simulator */
function controlsCard(simulator) {
  const outcome = new Outcome('controls');
  const choice = new Field({
    id: 'controls-of',
    label: 'Whose Controls',
    kind: 'select',
    options: targets(simulator),
  });
  const select = /** @type {HTMLSelectElement} */ (choice.control);
  const hint = element('p', { class: 'hint' });
  const initial = element('div', {});
  const [state, ...groups] = callInfoGroups(
    simulator,
    {
      id: 'controls',
      read: () => read(simulator, select.value),
      change: (changes) => change(simulator, select.value, changes),
    },
    outcome,
  );
  if (state) {
    initial.append(state);
  }
  const recording = initial.querySelector('#controls-state-isRecordingPaused')?.closest('.field');
  simulator.watch(() => {
    setOptions(select, targets(simulator));
    setText(hint, HINTS[select.value] ?? RUNNING);
    initial.hidden = !(select.value in HINTS);
    recording?.toggleAttribute('hidden', select.value === NEW_PARTIES);
  });
  select.addEventListener('change', () => simulator.refresh());
  return card(
    'controls',
    'Call Controls',
    choice.element,
    hint,
    outcome.element,
    initial,
    ...groups,
  );
}

/**
 * @param {Simulator} simulator
 * @param {string} target
 * @returns {CallInfo | undefined} undefined when it is gone, or the server told nothing yet
 */
function read({ settings, calls }, target) {
  if (target === NEW_CALLS) {
    return settings?.callInfo;
  }
  if (target === NEW_PARTIES) {
    return settings?.thirdPartyCallInfo;
  }
  const [callId, participantId] = target.split(' ');
  const call = calls.find((one) => one.callId === callId);
  const party = call?.participants.find((one) => one.participantId === participantId);
  return party?.callInfo ?? call?.callInfo;
}

/**
 * @param {Simulator} simulator
 * @param {string} target
 * @param {CallInfo} callInfo what changes
 */
function change(simulator, target, callInfo) {
  if (target === NEW_CALLS) {
    return simulator.changeSettings({ callInfo });
  }
  if (target === NEW_PARTIES) {
    return simulator.changeSettings({ thirdPartyCallInfo: callInfo });
  }
  const [callId, participantId] = target.split(' ');
  return simulator.askAgent('POST', 'call-info', { callId, participantId, callInfo });
}

/**
 * @param {Simulator} simulator
 * @returns {[value: string, label: string][]} `callId`, or `callId participantId` of an added party
 */
function targets(simulator) {
  const running = simulator.calls.flatMap((call) => {
    const added = present(call).filter((party) => party.participantType === 'Third_Party');
    return [
      [call.callId, `Running call: ${title(call)}`],
      ...added.map((party) => [
        `${call.callId} ${party.participantId}`,
        `Running call: ${title(call)}, ${partyLine(party, simulator.agentNames)}`,
      ]),
    ];
  });
  return [
    [NEW_CALLS, 'New calls'],
    [NEW_PARTIES, 'New transfer participants'],
    .../** @type {[string, string][]} */ (running),
  ];
}

/** @param {Simulator} simulator */
function mergeCard(simulator) {
  const outcome = new Outcome('merge');
  const autoMerge = new LiveField(
    simulator,
    {
      field: {
        id: 'is-auto-merge-on',
        label: 'New calls merge by themselves',
        kind: 'check',
        name: 'isAutoMergeOn',
        help: 'Whoever is added talks with everybody at once; nobody is put on hold.',
      },
      read: () => simulator.settings?.isAutoMergeOn,
      change: (isAutoMergeOn) => simulator.changeSettings({ isAutoMergeOn }),
    },
    outcome,
  );
  return card('merge', 'Multi-Party', autoMerge.element, outcome.element);
}
