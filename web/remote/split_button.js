/** A button with a menu of the same thing's other forms (WAI-ARIA menu button pattern). */

import { element } from '../shared/dom.js';

/**
 * @typedef {object} SplitEntry
 * @property {string} label
 * @property {() => void} run
 */

/** The button runs the first entry; the menu shows all of them. */
export class SplitButton {
  /**
   * @param {string} id
   * @param {string} label
   * @param {string} menuLabel what the arrow is called
   */
  constructor(id, label, menuLabel) {
    /** @type {SplitEntry[]} */
    this.entries = [];
    this.main = element(
      'button',
      { type: 'button', id, class: 'button button-danger', click: () => this.entries[0]?.run() },
      label,
    );
    this.menu = element('div', {
      id: `${id}-menu`,
      class: 'split-menu',
      role: 'menu',
      'aria-label': menuLabel,
      hidden: true,
      keydown: (/** @type {KeyboardEvent} */ event) => this.#menuKey(event),
      focusout: (/** @type {FocusEvent} */ event) => this.#focusOut(event),
    });
    this.arrow = element(
      'button',
      {
        type: 'button',
        class: 'button button-danger',
        'aria-label': menuLabel,
        'aria-haspopup': 'menu',
        'aria-expanded': 'false',
        'aria-controls': `${id}-menu`,
        click: () => (this.menu.hidden ? this.open() : this.close()),
        keydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            this.open();
          }
        },
      },
      '▾',
    );
    this.element = element('span', { class: 'split' }, this.main, this.arrow, this.menu);
  }

  /** @param {SplitEntry[]} entries */
  setEntries(entries) {
    const labels = entries.map((entry) => entry.label).join('\n');
    const isSame = labels === this.entries.map((entry) => entry.label).join('\n');
    this.entries = entries;
    if (isSame) {
      return;
    }
    this.menu.replaceChildren(
      ...entries.map((entry, index) =>
        element(
          'button',
          {
            type: 'button',
            role: 'menuitem',
            tabindex: '-1',
            class: 'split-item',
            click: () => {
              this.close();
              this.entries[index]?.run();
            },
          },
          entry.label,
        ),
      ),
    );
  }

  /** Shows the menu with its first entry in focus. */
  open() {
    this.menu.hidden = false;
    this.arrow.setAttribute('aria-expanded', 'true');
    this.#items()[0]?.focus();
  }

  /** @param {{ focus?: boolean }} [options] whether the arrow gets the focus back */
  close({ focus = true } = {}) {
    this.menu.hidden = true;
    this.arrow.setAttribute('aria-expanded', 'false');
    if (focus) {
      this.arrow.focus();
    }
  }

  #items() {
    return /** @type {HTMLElement[]} */ ([...this.menu.children]);
  }

  /** @param {FocusEvent} event */
  #focusOut(event) {
    const next = event.relatedTarget;
    if (!(next instanceof Node) || (!this.menu.contains(next) && next !== this.arrow)) {
      this.close({ focus: false });
    }
  }

  /** @param {KeyboardEvent} event */
  #menuKey(event) {
    const items = this.#items();
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    /** @type {Record<string, number>} */
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    const target = moves[event.key];
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.close();
    } else if (target !== undefined) {
      event.preventDefault();
      items[(target + items.length) % items.length]?.focus();
    }
  }
}
