/** The voice-call simulator: plays the world outside the contact center. */

import { byId } from '../shared/dom.js';
import { LiveSocket } from '../shared/live_socket.js';
import { runTimers } from '../shared/time.js';
import { showAgents } from './agents_view.js';
import { CallsView } from './calls_view.js';
import { setUpFaults } from './faults_view.js';
import { setUpInbound } from './inbound_view.js';
import { showLine } from './line_view.js';
import { setUpNextDial } from './next_dial_view.js';

const calls = new CallsView(byId('call-list', HTMLElement), byId('call-item', HTMLTemplateElement));

setUpInbound();
const readNextDial = setUpNextDial();
const readFaults = setUpFaults();
runTimers(document);
let callIds = '';

/** @param {{ agents?: import('./types.js').Agent[], calls?: import('./types.js').Call[] }} overview */
function show({ agents = [], calls: shown = [] }) {
  showAgents(agents);
  calls.show(shown, agents);
  const ids = shown.map((call) => call.callId).join();
  if (ids !== callIds) {
    callIds = ids;
    readNextDial();
    readFaults();
  }
}

new LiveSocket('/demo/v1/live', {
  onMessage: (message) => {
    if (message?.type === 'overview') {
      show(message);
    }
  },
  onState: showLine,
});
