/** The voice-call simulator: plays the world outside the contact center, and agents' desk phones. */

import { byId } from '../shared/dom.js';
import { LiveSocket } from '../shared/live_socket.js';
import { recall, remember } from '../shared/memory.js';
import { Tabs } from '../shared/tabs.js';
import { runTimers } from '../shared/time.js';
import { showAgentBar } from './agent_bar.js';
import { agentPanel } from './agent_panel.js';
import { showAgents } from './agents_view.js';
import { suggestCallKeys } from './call_keys.js';
import { callsPanel } from './calls_panel.js';
import { showCalls } from './calls_view.js';
import { capabilitiesPanel } from './capabilities_panel.js';
import { controlsPanel } from './controls_panel.js';
import { conversationPanel } from './conversation_panel.js';
import { deskPanel } from './desk_panel.js';
import { showEndedCalls } from './ended_calls_view.js';
import { errorsPanel } from './errors_panel.js';
import { showLine } from './line_view.js';
import { messagesPanel } from './messages_panel.js';
import { RoutingForm, routingPanel } from './routing_panel.js';
import { Simulator } from './simulator.js';

const TAB_KEY = 'remote:tab';

const simulator = new Simulator();
const routing = new RoutingForm(simulator);
const panel = (/** @type {string} */ name) => byId(`panel-${name}`, HTMLElement);

/** @type {Record<string, HTMLElement[]>} */
const panels = {
  calls: callsPanel(simulator, routing),
  desk: deskPanel(simulator),
  agent: agentPanel(simulator, panel('agent')),
  controls: controlsPanel(simulator),
  capabilities: capabilitiesPanel(simulator),
  conversation: conversationPanel(simulator),
  routing: routingPanel(simulator, routing),
  messages: messagesPanel(simulator, panel('messages')),
  errors: errorsPanel(simulator),
};
for (const [name, cards] of Object.entries(panels)) {
  panel(name).append(...cards);
}

showTabs();
showAgentBar(simulator);
showCalls(simulator);
showEndedCalls(simulator);
showAgents(simulator);
suggestCallKeys(simulator);
runTimers(document);

new LiveSocket('/demo/v1/live', {
  onMessage: (message) => {
    if (message?.type === 'overview') {
      simulator.show(message);
    }
  },
  onState: showLine,
});

/** The tab that was open before a reload is open again. */
function showTabs() {
  const tabs = new Tabs(byId('tabs', HTMLElement));
  const kept = recall(sessionStorage, TAB_KEY);
  tabs.show(tabs.tabs.some((tab) => tab.id === kept) ? kept : 'tab-calls');
  for (const tab of tabs.tabs) {
    const own = document.getElementById(tab.getAttribute('aria-controls') ?? '');
    own?.addEventListener('shown', () => remember(sessionStorage, TAB_KEY, tab.id));
  }
}
