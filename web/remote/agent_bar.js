/** Whom this page drives: chosen at the top, kept in this tab. */

import { byId, setText } from '../shared/dom.js';
import { STATES, TONES } from './agent_states.js';
import { setOptions } from './fields.js';

/** @param {import('./simulator.js').Simulator} simulator */
export function showAgentBar(simulator) {
  const select = byId('agent', HTMLSelectElement);
  select.addEventListener('change', () => simulator.choose(select.value));
  simulator.watch(() => {
    setOptions(
      select,
      simulator.agents.map((agent) => [agent.userName, agent.fullName]),
    );
    select.value = simulator.userName;
    const { agent } = simulator;
    const bar = byId('agent-facts', HTMLElement);
    bar.hidden = !agent;
    if (agent) {
      byId('agent-dot', HTMLElement).className = `dot dot-${TONES[agent.state] ?? 'busy'}`;
      setText(byId('agent-state', HTMLElement), STATES[agent.state] ?? agent.state);
      setText(
        byId('agent-more', HTMLElement),
        [
          agent.statusName ? `Salesforce status: ${agent.statusName}` : '',
          agent.selectedPhone?.type === 'DESK_PHONE' ? 'at the desk phone' : '',
          agent.connected ? 'softphone connected' : 'softphone not connected',
        ]
          .filter(Boolean)
          .join(' · '),
      );
    }
  });
}
