/** Makes the byte-code archives with Pyodide's own Python, run in Node. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError } from './installed.mjs';

/**
 * @typedef {import('./files.mjs').Files} Files
 * @typedef {{ contents: Uint8Array, modules: number }} Archive
 */

/** Nothing at run time tests itself; these two import nothing that others need. */
const SKIPPED_STDLIB = ['doctest', 'unittest'];

/** Compiles sources into archives; `start` boots Pyodide once for all of them. */
export class ArchiveMaker {
  /** @type {import('pyodide').PyodideAPI} */
  #pyodide;
  /** @type {import('pyodide/ffi').PyProxy} */
  #module;

  /**
   * @param {import('pyodide').PyodideAPI} pyodide
   * @param {import('pyodide/ffi').PyProxy} module compile_archive.py
   */
  constructor(pyodide, module) {
    this.#pyodide = pyodide;
    this.#module = module;
  }

  /**
   * @param {string} buildFolder where compile_archive.py lies
   * @returns {Promise<ArchiveMaker>}
   */
  static async start(buildFolder) {
    const { loadPyodide } = await import('pyodide');
    // A fixed hash seed: the order of sets inside byte code must not vary.
    const pyodide = await loadPyodide({ env: { PYTHONHASHSEED: '0' } });
    const script = await readFile(join(buildFolder, 'compile_archive.py'));
    pyodide.FS.mkdirTree('/build');
    pyodide.FS.writeFile('/build/compile_archive.py', script);
    pyodide.runPython('import sys; sys.path.append("/build")');
    return new ArchiveMaker(pyodide, pyodide.pyimport('compile_archive'));
  }

  /** @returns {string} for example 3.14.2 */
  get pythonVersion() {
    return this.#pyodide.runPython('import platform; platform.python_version()');
  }

  /**
   * @param {Uint8Array} zip Pyodide's python_stdlib.zip
   * @returns {Archive}
   */
  standardLibrary(zip) {
    const [major, minor] = this.pythonVersion.split('.');
    return this.#compile(zip, `/lib/python${major}${minor}.zip`, SKIPPED_STDLIB);
  }

  /**
   * @param {Files} files sources by their path inside the archive
   * @param {string} installedAs path of the archive at run time
   * @returns {Archive}
   */
  package(files, installedAs) {
    const { FS } = this.#pyodide;
    for (const [path, contents] of files) {
      const target = `/build/sources/${path}`;
      FS.mkdirTree(target.slice(0, target.lastIndexOf('/')));
      FS.writeFile(target, contents);
    }
    this.#module.pack_folder('/build/sources', '/build/sources.zip');
    return this.#compile(FS.readFile('/build/sources.zip'), installedAs, []);
  }

  /**
   * @param {Uint8Array} zip
   * @param {string} installedAs
   * @param {string[]} skipped
   * @returns {Archive}
   */
  #compile(zip, installedAs, skipped) {
    const { FS } = this.#pyodide;
    FS.writeFile('/build/in.zip', zip);
    const skippedList = this.#pyodide.toPy(skipped);
    try {
      const modules = this.#module.compile_archive(
        '/build/in.zip',
        '/build/out.zip',
        installedAs,
        skippedList,
      );
      return { contents: FS.readFile('/build/out.zip'), modules };
    } catch (error) {
      throw new BuildError(lastLines(error, 4));
    } finally {
      skippedList.destroy();
    }
  }
}

/**
 * The end of a Python traceback says where and what.
 * @param {unknown} error
 * @param {number} count
 */
function lastLines(error, count) {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').slice(-count).join('\n');
}
