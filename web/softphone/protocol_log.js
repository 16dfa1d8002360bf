/** Every message of the protocol, both ways, for people and for tests. */

/**
 * @typedef {object} LogEntry
 * @property {string} at ISO 8601
 * @property {'to connector' | 'from connector'} direction
 * @property {any} message a copy of the message as it was then
 */

const KEPT = 5000;

/** Keeps the messages; `entries` is the array that tests read. */
export class ProtocolLog {
  constructor() {
    /** @type {LogEntry[]} */
    this.entries = [];
    /** @type {((entry: LogEntry | null) => void) | null} */
    this.onChange = null;
  }

  /**
   * @param {LogEntry['direction']} direction
   * @param {unknown} message
   */
  add(direction, message) {
    const entry = { at: new Date().toISOString(), direction, message: structuredClone(message) };
    this.entries.push(entry);
    if (this.entries.length > KEPT) {
      this.entries.shift();
    }
    this.onChange?.(entry);
  }

  /** Empties it; the array stays the same one. */
  clear() {
    this.entries.length = 0;
    this.onChange?.(null);
  }
}
