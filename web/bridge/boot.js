/** The start of the connector, stage by stage; the last stage ends with Salesforce's handshake. */
import { Connection } from './connection.js';
import { LinkSockets } from './link_socket.js';
import { startPython } from './pyodide_loader.js';
import { loadBase, loadManifest, loadSettings } from './resources.js';
import { StageError } from './stages.js';
import { createFailedVendor, createVendor } from './vendor.js';

/** Milliseconds: generous for a slow line, but not for ever. */
const STAGE_LIMIT = 90_000;

/**
 * @typedef {object} BootParts
 * @property {import('./stages.js').Stages} stages
 * @property {HandshakeGuard} guard
 * @property {(versions: Record<string, string>) => void} onVersions
 * @property {() => void} onReady Salesforce is about to get CONNECTOR_READY
 */

/**
 * @param {BootParts} parts
 * @returns {Promise<Connection>} once Salesforce has shaken hands
 * @throws {StageError} Salesforce has been, or will be, told by CAN_NOT_LOG_IN
 */
export async function boot(parts) {
  const { stages, guard, onVersions, onReady } = parts;
  const manifestSoon = handled(loadManifest());
  const settings = await stages.run('settings', loadSettings, STAGE_LIMIT);
  guard.trust(settings);
  const { base, python, manifest } = await assets(parts, manifestSoon);
  onVersions({ ...manifest.versions, connector: settings.version, build: manifest.buildId });
  const connection = await orFailedVendor(parts, base, async () => {
    await stages.run('python', () => python.started, STAGE_LIMIT);
    return stages.run('connector', () => connect(base, python, settings), STAGE_LIMIT);
  });
  await stages.run('ready', async () => {
    base.initializeConnector(createVendor(base, connection.methods, onReady));
    guard.release();
    await guard.delivered;
    connection.open();
  });
  return connection;
}

/**
 * @param {BootParts} parts
 * @param {Promise<AssetManifest>} manifestSoon
 */
async function assets({ stages, guard }, manifestSoon) {
  try {
    return await stages.run(
      'assets',
      async () => {
        const manifest = await manifestSoon;
        const python = startPython(manifest);
        handled(python.started);
        return { manifest, python, base: await loadBase(manifest) };
      },
      STAGE_LIMIT,
    );
  } catch (error) {
    // Without the base connector nobody else could answer Salesforce.
    guard.refuse();
    throw error;
  }
}

/**
 * @param {BaseConnector} base
 * @param {PythonStart} python
 * @param {ConnectorSettings} settings
 */
async function connect(base, python, settings) {
  const connection = new Connection(base, (tell) => new LinkSockets(settings.linkPath, tell));
  connection.attach(await python.connect(connection.host));
  return connection;
}

/**
 * @template T
 * @param {BootParts} parts
 * @param {BaseConnector} base
 * @param {() => Promise<T>} work
 */
async function orFailedVendor({ guard }, base, work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StageError) {
      base.initializeConnector(createFailedVendor(base, error));
      guard.release();
    }
    throw error;
  }
}

/**
 * A promise that is awaited later: its failure is no "unhandled rejection" until then.
 * @template T
 * @param {Promise<T>} promise
 */
function handled(promise) {
  promise.catch(() => {});
  return promise;
}
