/** "Agents": who is there and in which state. */

import { byId, element, setText, within } from '../shared/dom.js';
import { STATES, TONES } from './agent_states.js';
import { KeyedList } from './keyed_list.js';

/** @typedef {import('./types.js').Agent} Agent */

/** @param {import('./simulator.js').Simulator} simulator */
export function showAgents(simulator) {
  const list = new KeyedList(byId('agent-list', HTMLElement), {
    key: (/** @type {Agent} */ agent) => agent.userName,
    make: agentItem,
    update: updateAgent,
  });
  simulator.watch(() => {
    byId('no-agents', HTMLElement).hidden = simulator.agents.length > 0;
    list.show(simulator.agents);
  });
}

/** @param {Agent} agent */
function agentItem(agent) {
  return element(
    'li',
    { class: 'item agent', 'data-testid': 'agent', 'data-user': agent.userName },
    element('span', { 'data-part': 'dot', 'aria-hidden': 'true' }),
    element(
      'span',
      { class: 'agent-who' },
      element('strong', {}, agent.fullName),
      element('span', { 'data-part': 'state' }),
      element('span', { class: 'hint', 'data-part': 'details' }),
    ),
  );
}

/**
 * @param {HTMLElement} item
 * @param {Agent} agent
 */
function updateAgent(item, agent) {
  const part = (/** @type {string} */ name) => within(item, `[data-part="${name}"]`, HTMLElement);
  item.setAttribute('data-agent-state', agent.state);
  part('dot').className = `dot dot-${TONES[agent.state] ?? 'busy'}`;
  setText(part('state'), STATES[agent.state] ?? agent.state);
  const details = [
    agent.userName,
    agent.statusName ? `Salesforce status: ${agent.statusName}` : '',
    agent.connected ? 'connected' : 'not connected',
  ];
  setText(part('details'), details.filter(Boolean).join(' · '));
}
