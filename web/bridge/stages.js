/** The named stages of the start: what runs, what failed, how long each took. */

/** @type {readonly StageName[]} */
export const STAGE_NAMES = Object.freeze(['settings', 'assets', 'python', 'connector', 'ready']);

/** A stage that did not work out; its message names the stage. */
export class StageError extends Error {
  /**
   * @param {StageName} stage
   * @param {unknown} cause
   */
  constructor(stage, cause) {
    super(`The connector did not start: stage "${stage}" failed: ${lastLine(cause)}`, { cause });
    this.name = 'StageError';
    this.stage = stage;
  }
}

/**
 * The reason in one line: a Python error's message is its whole traceback, the reason comes last.
 * @param {unknown} cause
 */
function lastLine(cause) {
  // What Emscripten throws is often no Error, but has its fields.
  const { message, name } = Object(cause);
  const text = String(message || name || cause);
  return text.trim().split('\n').at(-1) ?? '';
}

/** Runs stages and remembers their times. */
export class Stages {
  /** @type {Map<StageName, StageFacts>} */
  #facts = new Map(
    STAGE_NAMES.map((name) => [
      name,
      Object.freeze({ name, state: 'waiting', startedAt: null, finishedAt: null }),
    ]),
  );
  #onChange;

  /** @param {(stages: readonly StageFacts[]) => void} onChange told after each change */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** @returns {readonly StageFacts[]} in the order of the start */
  facts() {
    return Object.freeze([...this.#facts.values()]);
  }

  /**
   * @template T
   * @param {StageName} name
   * @param {() => T | PromiseLike<T>} work
   * @param {number} [timeLimit] milliseconds; without it the stage may take for ever
   * @returns {Promise<T>}
   * @throws {StageError}
   */
  async run(name, work, timeLimit) {
    const startedAt = performance.now();
    this.#set({ name, state: 'running', startedAt, finishedAt: null });
    try {
      const result = await (timeLimit === undefined ? work() : inTime(work, timeLimit));
      this.#set({ name, state: 'done', startedAt, finishedAt: performance.now() });
      return result;
    } catch (error) {
      this.#set({ name, state: 'failed', startedAt, finishedAt: performance.now() });
      throw new StageError(name, error);
    }
  }

  /** @param {StageFacts} facts */
  #set(facts) {
    this.#facts.set(facts.name, Object.freeze(facts));
    this.#onChange(this.facts());
  }
}

/**
 * @template T
 * @param {() => T | PromiseLike<T>} work
 * @param {number} timeLimit milliseconds
 * @returns {Promise<T>}
 */
async function inTime(work, timeLimit) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const tooLate = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`not done after ${timeLimit / 1000} seconds`)),
      timeLimit,
    );
  });
  try {
    return await Promise.race([work(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
