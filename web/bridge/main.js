/** Entry of connector.html: starts the connector, shows how far it is, tells it about the page. */
import { isOurTab, isSameUser, markTab, openLoginChannel } from '../shared/login_channel.js';
import { boot } from './boot.js';
import { showFailure, showStages } from './stage_view.js';
import { StageError, Stages } from './stages.js';

const guard = window.scvHandshakeGuard;
const stages = new Stages(showStages);
/** @type {ConnectorDiagnostics['failure']} */
let failure = null;
/** @type {Readonly<Record<string, string>>} */
let versions = Object.freeze({});
/** Whom Salesforce started the connector for. */
let userName = '';

Object.defineProperty(window, 'scvDiagnostics', {
  /** @returns {ConnectorDiagnostics} */
  get: () => Object.freeze({ stages: stages.facts(), failure, handshake: guard.facts(), versions }),
});

markTab();
window.addEventListener('message', ({ data }) => {
  // The guard stops all but the one handshake that it lets through.
  if (data?.type === 'SETUP_CONNECTOR') {
    userName = String(data.connectorConfig?.userName ?? '');
  }
});

/** @param {import('./connection.js').Connection} connection */
function tellAboutThePage(connection) {
  window.addEventListener('online', () => connection.tell({ type: 'online' }));
  // The base connector leaves what fails in some of its handlers to nobody (B7).
  window.addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    connection.reportEscape(event.reason);
  });
  // Only where the agent signed in: of two tabs that connect, the second would replace the first.
  // The others stay at their login; loading one anew brings the phone there.
  const login = openLoginChannel((message) => {
    if (message.type !== 'signed_in' || !isOurTab(message)) {
      return;
    }
    if (isSameUser(message.userName, userName)) {
      connection.tell({ type: 'signed_in' });
    } else {
      login.post({ ...message, type: 'other_user' });
    }
  });
}

try {
  const connection = await boot({
    stages,
    guard,
    onVersions: (found) => {
      versions = Object.freeze(found);
    },
  });
  tellAboutThePage(connection);
} catch (error) {
  const shown = error instanceof Error ? error : new Error(String(error));
  const stage = error instanceof StageError ? error.stage : 'ready';
  failure = Object.freeze({ stage, message: shown.message });
  showFailure(shown);
  console.error(error);
}
