/** Controls that wait for an answer of the connector. */

/** After this a control works again although no answer came. */
const LIMIT_MS = 10_000;

/** Which controls wait: a double click must not act twice. */
export class Busy {
  /** @param {() => void} onChange told when a control was freed because no answer came */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {Map<string, { control: string, timer: number }>} */
    this.waiting = new Map();
  }

  /**
   * Marks a control as waiting.
   *
   * @param {string} control
   * @param {string} [callId] of which call it is
   * @returns {boolean} false when it waits already
   */
  occupy(control, callId = '') {
    const key = `${control} ${callId}`;
    if (this.waiting.has(key)) {
      return false;
    }
    const timer = window.setTimeout(() => {
      this.waiting.delete(key);
      this.onChange();
    }, LIMIT_MS);
    this.waiting.set(key, { control, timer });
    return true;
  }

  /**
   * @param {string} control
   * @param {string} [callId] without it: whether the control of any call waits
   */
  has(control, callId) {
    return callId === undefined
      ? [...this.waiting.values()].some((entry) => entry.control === control)
      : this.waiting.has(`${control} ${callId}`);
  }

  /** @param {...string} controls of all calls; without any: all controls */
  free(...controls) {
    for (const [key, { control, timer }] of this.waiting) {
      if (controls.length === 0 || controls.includes(control)) {
        clearTimeout(timer);
        this.waiting.delete(key);
      }
    }
  }
}
