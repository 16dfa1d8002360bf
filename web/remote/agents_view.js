/** "Agents": who is there and in which state; also the choice of who gets the next call. */

import { byId, element } from '../shared/dom.js';

/** @typedef {import('./types.js').Agent} Agent */

/** @type {Record<string, string>} */
const STATES = {
  offline: 'Offline',
  busy: 'Busy',
  available: 'Available',
  on_call: 'On a call',
  after_call_work: 'After-call work',
};

/** @type {Record<string, string>} */
const TONES = { available: 'online', offline: 'offline' };

/** @param {Agent[]} agents */
export function showAgents(agents) {
  byId('no-agents', HTMLElement).hidden = agents.length > 0;
  byId('agent-list', HTMLElement).replaceChildren(...agents.map(agentItem));
  fillChoice(agents);
}

/** @param {Agent} agent */
function agentItem(agent) {
  const details = [
    agent.userName,
    agent.statusName ? `Salesforce status: ${agent.statusName}` : '',
    agent.connected ? 'connected' : 'not connected',
  ];
  return element(
    'li',
    {
      class: 'item agent',
      'data-testid': 'agent',
      'data-user': agent.userName,
      'data-agent-state': agent.state,
    },
    element('span', { class: `dot dot-${TONES[agent.state] ?? 'busy'}`, 'aria-hidden': 'true' }),
    element(
      'span',
      { class: 'agent-who' },
      element('strong', {}, agent.fullName),
      element('span', {}, STATES[agent.state] ?? agent.state),
      element('span', { class: 'hint' }, details.filter(Boolean).join(' · ')),
    ),
  );
}

/**
 * Keeps the chosen agent while the list is renewed, and renews it only when it differs: an open
 * list would close under the reader's hand.
 *
 * @param {Agent[]} agents
 */
function fillChoice(agents) {
  const select = byId('agent', HTMLSelectElement);
  const present = [...select.options].slice(1).map((option) => option.value);
  if (present.join() === agents.map((agent) => agent.userName).join()) {
    return;
  }
  const chosen = select.value;
  select.replaceChildren(
    element('option', { value: '' }, 'Longest available'),
    ...agents.map((agent) => element('option', { value: agent.userName }, agent.fullName)),
  );
  select.value = agents.some((agent) => agent.userName === chosen) ? chosen : '';
}
