/** Calls of the base connector on their way into Python and back. */
import { describeTagged, revive, reviveError, typedError } from './wire.js';

/** @typedef {import('./base_methods.js').MethodSpec} MethodSpec */

/** Calls methods of the connector and checks what comes back. */
export class MethodCaller {
  /** Calls whose result the base connector does not have yet. @type {Set<Promise<void>>} */
  #inFlight = new Set();
  #base;
  #call;

  /**
   * @param {BaseConnector} base
   * @param {RawBridge['call']} call
   */
  constructor(base, call) {
    this.#base = base;
    this.#call = call;
  }

  /**
   * @param {MethodSpec} spec
   * @param {unknown[]} args
   * @returns {Promise<unknown>} an instance of the class that the base expects
   * @throws {Error} with the error constant as `type`, or the base's CustomError
   */
  async call(spec, args) {
    const isAwaited = !spec.question && spec.result !== null;
    const finish = isAwaited ? this.#begin() : () => {};
    try {
      return this.#result(spec, await this.#answer(spec, args));
    } catch (error) {
      if (!spec.quiet) {
        throw error;
      }
      this.#report(spec, error instanceof Error ? error.message : String(error));
      return null;
    } finally {
      finish();
    }
  }

  /**
   * Resolves when the calls that are under way now have handed over their results. Questions do
   * not count: the browser may be asking the agent for the microphone meanwhile. Nor do methods
   * without a result, of which the base tells Salesforce nothing.
   */
  async handedOver() {
    await Promise.all(this.#inFlight);
  }

  #begin() {
    let resolve = () => {};
    /** @type {Promise<void>} */
    const promise = new Promise((done) => {
      resolve = done;
    });
    this.#inFlight.add(promise);
    return () => {
      this.#inFlight.delete(promise);
      resolve();
    };
  }

  /**
   * @param {MethodSpec} spec
   * @param {unknown[]} args
   * @returns {Promise<MethodAnswer>}
   */
  async #answer(spec, args) {
    try {
      const answer = this.#call(spec.name, JSON.stringify(args));
      return JSON.parse(typeof answer === 'string' ? answer : await settled(answer));
    } catch (error) {
      throw this.#misfit(spec, `the call broke: ${String(error)}`);
    }
  }

  /**
   * @param {MethodSpec} spec
   * @param {MethodAnswer} answer
   */
  #result(spec, answer) {
    if ('error' in answer) {
      throw reviveError(answer.error, this.#base);
    }
    if (spec.result === null) {
      return null;
    }
    const result = this.#revived(spec, answer.ok);
    if (!(result instanceof this.#base[spec.result])) {
      throw this.#misfit(spec, `returned ${describeTagged(answer.ok)} instead of ${spec.result}`);
    }
    return result;
  }

  /** @param {MethodSpec} spec @param {unknown} value */
  #revived(spec, value) {
    try {
      return revive(value, this.#base);
    } catch (error) {
      throw this.#misfit(spec, `returned what the base refuses: ${String(error)}`);
    }
  }

  /** @param {MethodSpec} spec @param {string} why */
  #misfit(spec, why) {
    const message = `${spec.name} ${why}`;
    this.#report(spec, message);
    return typedError(spec.error, message);
  }

  /**
   * The base would log `{}` in place of an error's reason (B19).
   * @param {MethodSpec} spec
   * @param {string} message
   */
  #report(spec, message) {
    console.error(message);
    this.#base.publishLog({ eventType: spec.name, payload: { message }, isError: true });
  }
}

/** @param {RawTask} task */
async function settled(task) {
  try {
    return await task;
  } finally {
    task.destroy();
  }
}
