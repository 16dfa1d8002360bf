/** Folders, hashes and hashed asset folders. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/**
 * @typedef {Map<string, Uint8Array>} Files path with forward slashes → contents
 * @typedef {{ path: string, bytes: number, files: Record<string, number> }} Asset
 */

/**
 * Reads a folder with everything below it.
 * @param {string} folder
 * @param {(path: string) => boolean} wanted told the path relative to the folder
 * @returns {Promise<Files>} in alphabetical order
 */
export async function readFolder(folder, wanted) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .map((path) => path.split(sep).join('/'))
    .filter(wanted)
    .sort();
  const files = new Map();
  for (const path of paths) {
    files.set(path, await readFile(join(folder, path)));
  }
  return files;
}

/**
 * @param {string} folder
 * @param {Files} files
 */
export async function writeFiles(folder, files) {
  for (const [path, contents] of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, contents);
  }
}

/**
 * @param {Files} files
 * @returns {string} 16 hexadecimal digits that change when a name or a byte does
 */
export function contentHash(files) {
  const hash = createHash('sha256');
  for (const [path, contents] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${path}\0${contents.length}\0`);
    hash.update(contents);
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * Writes files below assets/ in a folder named by their contents, so that they never go stale.
 * @param {string} output root of the built site
 * @param {string} name
 * @param {Files} files
 * @returns {Promise<Asset>} its entry of assets.json
 */
export async function writeAsset(output, name, files) {
  const path = `assets/${name}-${contentHash(files)}/`;
  await writeFiles(join(output, path), files);
  const sizes = Object.fromEntries([...files].map(([file, { length }]) => [file, length]));
  const bytes = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  return { path, bytes, files: sizes };
}
