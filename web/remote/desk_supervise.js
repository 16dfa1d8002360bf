/** "Supervise": the agent listens in to somebody else's call, from the desk phone. */

import { ActionForm } from './action_form.js';
import { present, title } from './call_facts.js';
import { setOptions } from './fields.js';

/**
 * @typedef {import('./simulator.js').Simulator} Simulator
 * @typedef {import('./types.js').Call} Call
 */

/** @param {Simulator} simulator */
export function superviseForm(simulator) {
  const act = (/** @type {string} */ action) => ({
    run: async (/** @type {(id: string) => import('./fields.js').Field} */ field) => {
      const callId = field('supervised-call').required;
      await simulator.deskPhone(action, { callId });
      return undefined;
    },
  });
  const form = new ActionForm({
    id: 'desk-supervise',
    title: 'Supervise',
    help: 'Listen in to a call of another agent, unheard. The desk phone rings first: Join answers it. Barge in: everybody hears the supervisor.',
    fields: [
      {
        id: 'supervised-call',
        label: 'Call of Another Agent',
        kind: 'select',
        name: 'callId',
        isKept: false,
      },
    ],
    actions: [
      { label: 'Supervise', ...act('supervise_call') },
      { label: 'Join', ...act('supervisor_joins') },
      { label: 'Barge In', ...act('barge_in') },
      { label: 'Leave', ...act('stop_supervising') },
    ],
  });
  const select = /** @type {HTMLSelectElement} */ (form.field('supervised-call').control);
  simulator.watch(() => {
    const calls = othersCalls(simulator);
    setOptions(select, calls.length > 0 ? calls : [['', 'No other agent has a call']]);
  });
  return form.card;
}

/**
 * @param {Simulator} simulator
 * @returns {[callId: string, label: string][]}
 */
function othersCalls(simulator) {
  const agentId = simulator.agent?.agentId;
  const isOwn = (/** @type {Call} */ call) =>
    present(call).some(
      (party) => party.agentId === agentId && party.participantType !== 'Supervisor',
    );
  return simulator.calls
    .filter((call) => !isOwn(call))
    .map((call) => {
      const agent = present(call).find((party) => party.agentId && party.agentId !== agentId);
      const name = simulator.agentNames.get(agent?.agentId ?? '') ?? 'nobody yet';
      return [call.callId, `${title(call)} (${name})`];
    });
}
