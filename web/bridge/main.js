/** Entry of connector.html: starts the connector, shows how far it is, tells it about the page. */
import { markTab } from '../shared/login_channel.js';
import { boot } from './boot.js';
import { LoginWatch } from './login_watch.js';
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
/** @type {LoginWatch | null} */
let login = null;

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
  login = new LoginWatch(
    () => userName,
    () => connection.tell({ type: 'signed_in' }),
  );
}

try {
  const connection = await boot({
    stages,
    guard,
    onVersions: (found) => {
      versions = Object.freeze(found);
    },
    onReady: () => login?.ready(),
  });
  tellAboutThePage(connection);
} catch (error) {
  const shown = error instanceof Error ? error : new Error(String(error));
  const stage = error instanceof StageError ? error.stage : 'ready';
  failure = Object.freeze({ stage, message: shown.message });
  showFailure(shown);
  console.error(error);
}
