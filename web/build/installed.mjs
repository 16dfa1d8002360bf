/** Checks that Node and the npm packages that the browser gets are there, in the right versions. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A failure whose message tells what to do; printed without a stack. */
export class BuildError extends Error {}

const OLDEST_NODE = Object.freeze([20, 12]);

/**
 * @param {string} version for example 20.19.2
 * @throws {BuildError} when Node is too old for this build
 */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new BuildError(
      `Node ${version} is too old, ${OLDEST_NODE.join('.')} or newer is needed.`,
    );
  }
}

/**
 * @param {string} root folder of package-lock.json and node_modules
 * @param {string[]} names packages that the build copies from
 * @returns {Promise<Map<string, string>>} name → installed version
 * @throws {BuildError} when one is missing or has another version than the lock
 */
export async function checkInstalled(root, names) {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const versions = new Map();
  for (const name of names) {
    const wanted = lock.packages?.[`node_modules/${name}`]?.version;
    const installed = await installedVersion(root, name);
    if (wanted === undefined) {
      throw new BuildError(`package-lock.json does not list ${name}. Restore it from git.`);
    }
    if (installed === null) {
      throw new BuildError(`node_modules lacks ${name} ${wanted}. Run "npm ci" first.`);
    }
    if (installed !== wanted) {
      throw new BuildError(
        `node_modules holds ${name} ${installed}, the lock says ${wanted}. Run "npm ci".`,
      );
    }
    versions.set(name, installed);
  }
  return versions;
}

/**
 * @param {string} root
 * @param {string} name
 * @returns {Promise<string | null>}
 */
async function installedVersion(root, name) {
  try {
    const text = await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8');
    return JSON.parse(text).version;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return null;
    }
    throw error;
  }
}
