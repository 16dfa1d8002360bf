/** Errors and notes that the softphone shows for a while. */

const KEPT = 3;
/** A note goes by itself; an error stays until it is dismissed. */
const NOTE_MS = 8000;

/**
 * @typedef {object} Notice
 * @property {number} id
 * @property {'error' | 'info'} kind
 * @property {string} title
 * @property {string} text
 */

/** The newest notices. */
export class Notices {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {Notice[]} */
    this.items = [];
    this.count = 0;
  }

  /**
   * @param {Notice['kind']} kind
   * @param {string} title
   * @param {string} text
   */
  add(kind, title, text) {
    this.count += 1;
    const id = this.count;
    this.items = [...this.items, { id, kind, title, text }].slice(-KEPT);
    if (kind === 'info') {
      setTimeout(() => this.dismiss(id), NOTE_MS);
    }
    this.onChange();
  }

  /** @param {number} id */
  dismiss(id) {
    this.items = this.items.filter((notice) => notice.id !== id);
    this.onChange();
  }
}
