/**
 * Builds what the browser loads into build/web: `node web/build/build.mjs`.
 *
 * Pages are copied as they are; Python becomes byte code (see compile_archive.py); everything
 * that may be cached for ever lies in assets/<name>-<hash>/, listed by assets.json.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentHash, readFolder, writeAsset, writeFiles } from './files.mjs';
import { BuildError, checkInstalled, checkNode } from './installed.mjs';
import { ArchiveMaker } from './python_archives.mjs';

const BUILD_FOLDER = dirname(fileURLToPath(import.meta.url));
const WEB = dirname(BUILD_FOLDER);
const ROOT = dirname(WEB);
const OUTPUT = join(ROOT, 'build', 'web');
const STAGING = join(ROOT, 'build', 'web.new');
const PREVIOUS = join(ROOT, 'build', 'web.old');
const PYODIDE_FILES = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm'];
/** Where the loader of the page puts the archive. */
const CONNECTOR_INSTALLED_AS = '/lib/connector_py.zip';

/**
 * Runs a step and prints its name, what it did and how long it took.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {(result: T) => string} [told]
 * @returns {Promise<T>}
 */
async function step(name, work, told = () => '') {
  const started = performance.now();
  const result = await work();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.info(`${name.padEnd(34)} ${seconds.padStart(5)} s  ${told(result)}`);
  return result;
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${Math.round(bytes / 1024)} KiB`;

/** @param {string} path */
const isPage = (path) => !/^(build|types)\/|^tsconfig\.json$/.test(path);

/** @param {string} path */
const isSource = (path) => path.endsWith('.py') && !/(^|\/)(tests?|__pycache__)\//.test(path);

/** @param {string} name */
const fromPackage = (name) => join(ROOT, 'node_modules', name);

async function connectorSources() {
  const files = await readFolder(join(ROOT, 'connector_py'), isSource);
  return new Map([...files].map(([path, contents]) => [`connector_py/${path}`, contents]));
}

/** @param {string} folder @param {string[]} names */
async function pick(folder, names) {
  const files = new Map();
  for (const name of names) {
    files.set(name, await readFile(join(folder, name)));
  }
  return files;
}

/** @param {ArchiveMaker} maker */
async function pythonAssets(maker) {
  const stdlib = await step(
    'compile the standard library',
    async () =>
      maker.standardLibrary(await readFile(join(fromPackage('pyodide'), 'python_stdlib.zip'))),
    ({ contents, modules }) => `${modules} modules, ${kilobytes(contents.length)}`,
  );
  const connector = await step(
    'compile connector_py',
    async () => maker.package(await connectorSources(), CONNECTOR_INSTALLED_AS),
    ({ contents, modules }) => `${modules} modules, ${kilobytes(contents.length)}`,
  );
  return {
    'python-stdlib': await writeAsset(
      STAGING,
      'python-stdlib',
      new Map([['python_stdlib.zip', stdlib.contents]]),
    ),
    'connector-py': await writeAsset(
      STAGING,
      'connector-py',
      new Map([['connector_py.zip', connector.contents]]),
    ),
  };
}

async function packageAssets() {
  const base = await pick(fromPackage('scv-connector-base'), ['LICENSE.txt']);
  const dist = join(fromPackage('scv-connector-base'), 'dist');
  for (const [name, contents] of await pick(dist, ['scv-connector-base.js'])) {
    base.set(name, contents);
  }
  return {
    'scv-connector-base': await writeAsset(STAGING, 'scv-connector-base', base),
    pyodide: await writeAsset(
      STAGING,
      'pyodide',
      await pick(fromPackage('pyodide'), PYODIDE_FILES),
    ),
  };
}

/** The lock file's facts about the interpreter, without its list of packages: we load none. */
async function interpreterLock() {
  const text = await readFile(join(fromPackage('pyodide'), 'pyodide-lock.json'), 'utf8');
  return { info: JSON.parse(text).info, packages: {} };
}

/**
 * @param {Map<string, string>} versions
 * @param {string} pythonVersion
 * @param {Record<string, import('./files.mjs').Asset>} assets
 */
async function writeManifest(versions, pythonVersion, assets) {
  const buildId = contentHash(await readFolder(STAGING, () => true));
  const manifest = {
    buildId,
    versions: { ...Object.fromEntries(versions), python: pythonVersion },
    pyodideLock: await interpreterLock(),
    assets,
  };
  await writeFile(join(STAGING, 'assets.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** By renames, so that a server that runs meanwhile hardly ever sees no site, and never a half. */
async function publish() {
  await rm(PREVIOUS, { recursive: true, force: true });
  if (existsSync(OUTPUT)) {
    await rename(OUTPUT, PREVIOUS);
  }
  await rename(STAGING, OUTPUT);
  await rm(PREVIOUS, { recursive: true, force: true });
}

async function build() {
  checkNode(process.versions.node);
  const versions = await step(
    'check npm packages',
    () => checkInstalled(ROOT, ['pyodide', 'scv-connector-base']),
    (found) => [...found].map(([name, version]) => `${name} ${version}`).join(', '),
  );
  await rm(STAGING, { recursive: true, force: true });
  await mkdir(STAGING, { recursive: true });
  await step(
    'copy pages',
    async () => {
      const pages = await readFolder(WEB, isPage);
      await writeFiles(STAGING, pages);
      return pages;
    },
    (pages) => `${pages.size} files`,
  );
  const copied = await step('copy npm packages', packageAssets, (assets) =>
    kilobytes(Object.values(assets).reduce((sum, asset) => sum + asset.bytes, 0)),
  );
  const maker = await step(
    'start Pyodide in Node',
    () => ArchiveMaker.start(BUILD_FOLDER),
    (started) => `Python ${started.pythonVersion}`,
  );
  const assets = { ...copied, ...(await pythonAssets(maker)) };
  await step(
    'write assets.json',
    () => writeManifest(versions, maker.pythonVersion, assets),
    ({ buildId }) => `build ${buildId}`,
  );
  await step('publish to build/web', publish);
}

try {
  await step('web build, together', build);
} catch (error) {
  if (!(error instanceof BuildError)) {
    throw error;
  }
  console.error(`web build failed: ${error.message}`);
  process.exitCode = 1;
}
