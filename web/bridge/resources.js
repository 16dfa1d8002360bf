/** What the page loads from its own server besides Python. */
import { assetUrl } from './pyodide_loader.js';

/** Milliseconds before each further attempt: a server that restarts is back within seconds. */
const PAUSES = Object.freeze([300, 1_000, 3_000]);
const ANSWER_LIMIT = 10_000;

/**
 * @param {string} path
 * @returns {Promise<any>} parsed JSON
 */
async function getJson(path) {
  const response = await fetch(path, {
    cache: 'no-cache',
    signal: AbortSignal.timeout(ANSWER_LIMIT),
  });
  if (!response.ok) {
    throw new Error(`${path} answered ${response.status}`);
  }
  return response.json();
}

/**
 * @param {string} path
 * @returns {Promise<any>}
 */
async function getJsonPatiently(path) {
  for (const pause of PAUSES) {
    try {
      return await getJson(path);
    } catch (error) {
      console.warn(`${path} could not be loaded, one more attempt follows.`, error);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return getJson(path);
}

/** @returns {Promise<ConnectorSettings>} */
export async function loadSettings() {
  const settings = await getJsonPatiently('/api/v1/connector-settings');
  if (!Array.isArray(settings.allowedHostOrigins) || typeof settings.linkPath !== 'string') {
    throw new Error('the server sent settings that this page does not understand');
  }
  return settings;
}

/** @returns {Promise<AssetManifest>} */
export function loadManifest() {
  return getJsonPatiently('/assets.json');
}

/**
 * Runs Salesforce's base connector, a classic script, as it is.
 * @param {AssetManifest} manifest
 * @returns {Promise<BaseConnector>}
 */
export async function loadBase({ assets }) {
  const script = document.createElement('script');
  script.src = assetUrl(assets['scv-connector-base'], 'scv-connector-base.js');
  await new Promise((resolve, reject) => {
    script.addEventListener('load', resolve);
    script.addEventListener('error', () => {
      reject(new Error(`${new URL(script.src).pathname} could not be loaded`));
    });
    document.head.append(script);
  });
  return window.SCVConnectorBase;
}
