/**
 * Starts Python from our own byte-code archives, with nothing from a third party.
 *
 * This is one way to start (`PythonStart`); only boot.js knows that it is this one.
 */

const CONNECTOR_ARCHIVE = '/lib/connector_py.zip';
const BOOTSTRAP = 'connector_py.browser.bootstrap';

/**
 * @param {Asset} asset
 * @param {string} file
 * @returns {string} address
 */
export function assetUrl(asset, file) {
  return new URL(`/${asset.path}${file}`, location.href).href;
}

/**
 * @param {string} url
 * @param {'GET' | 'HEAD'} [method]
 */
async function request(url, method = 'GET') {
  const response = await fetch(url, { method });
  if (!response.ok) {
    throw new Error(`${new URL(url).pathname} answered ${response.status}`);
  }
  return response;
}

/** @param {string} url */
async function download(url) {
  return new Uint8Array(await (await request(url)).arrayBuffer());
}

/**
 * @param {AssetManifest} manifest
 * @param {Promise<Uint8Array>} archive
 * @returns {Promise<import('pyodide').PyodideAPI>}
 */
async function loadInterpreter({ assets, pyodideLock }, archive) {
  const indexURL = assetUrl(assets.pyodide, '');
  /** @type {typeof import('pyodide')} */
  const { loadPyodide } = await import(assetUrl(assets.pyodide, 'pyodide.mjs'));
  return loadPyodide({
    indexURL,
    stdLibURL: assetUrl(assets['python-stdlib'], 'python_stdlib.zip'),
    lockFileContents: pyodideLock,
    // Never used, as we load no packages; without it the default would name a CDN.
    packageBaseUrl: indexURL,
    env: { PYTHONPATH: CONNECTOR_ARCHIVE, PYTHONDONTWRITEBYTECODE: '1' },
    fsInit: async (fs) => fs.writeFile(CONNECTOR_ARCHIVE, await archive),
    stdout: (line) => console.info(line),
    stderr: (line) => console.warn(line),
  });
}

/**
 * Starts to download and to start Python, all at once.
 * @param {AssetManifest} manifest
 * @returns {PythonStart}
 */
export function startPython(manifest) {
  const archive = download(assetUrl(manifest.assets['connector-py'], 'connector_py.zip'));
  const interpreter = loadInterpreter(manifest, archive);
  const { assets } = manifest;
  // Pyodide waits for ever when one of these is missing.
  const reachable = [
    archive,
    request(assetUrl(assets.pyodide, 'pyodide.asm.wasm'), 'HEAD'),
    request(assetUrl(assets['python-stdlib'], 'python_stdlib.zip'), 'HEAD'),
  ];
  return {
    started: Promise.all([interpreter, ...reachable]).then(() => undefined),
    async connect(host) {
      const bootstrap = (await interpreter).pyimport(BOOTSTRAP);
      try {
        return bootstrap.create_connector(host);
      } finally {
        bootstrap.destroy();
      }
    },
  };
}
