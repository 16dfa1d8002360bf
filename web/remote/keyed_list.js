/** A list on the page whose elements stay while their items do, and so keep the focus. */

/**
 * @template T
 * @typedef {object} KeyedOptions
 * @property {(item: T) => string} key
 * @property {(item: T) => HTMLElement} make
 * @property {(element: HTMLElement, item: T) => void} update called after `make` too
 * @property {(element: HTMLElement, hadFocus: boolean) => void} [removed]
 * @property {boolean} [isNewestFirst] whether new elements come before the others
 */

/** @template T */
export class KeyedList {
  /**
   * @param {HTMLElement} parent
   * @param {KeyedOptions<T>} options
   */
  constructor(parent, options) {
    this.parent = parent;
    this.options = options;
    /** @type {Map<string, HTMLElement>} */
    this.elements = new Map();
  }

  /** @param {T[]} items */
  show(items) {
    const { key, make, update, isNewestFirst } = this.options;
    const wanted = new Set(items.map(key));
    for (const [name, element] of this.elements) {
      if (!wanted.has(name)) {
        this.#remove(name, element);
      }
    }
    for (const item of items) {
      let element = this.elements.get(key(item));
      if (!element) {
        element = make(item);
        this.elements.set(key(item), element);
        this.parent.insertBefore(element, isNewestFirst ? this.parent.firstChild : null);
      }
      update(element, item);
    }
  }

  /**
   * @param {string} name
   * @param {HTMLElement} element
   */
  #remove(name, element) {
    const hadFocus = element.contains(document.activeElement);
    element.remove();
    this.elements.delete(name);
    this.options.removed?.(element, hadFocus);
  }
}
