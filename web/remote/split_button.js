/** A button with a menu of the same thing's other forms. */

import { element } from '../shared/dom.js';
import { Menu } from '../shared/menu.js';

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
    const list = element('div', {
      id: `${id}-menu`,
      class: 'split-menu',
      role: 'menu',
      'aria-label': menuLabel,
    });
    this.arrow = element(
      'button',
      { type: 'button', class: 'button button-danger', 'aria-label': menuLabel },
      '▾',
    );
    this.menu = new Menu(this.arrow, list);
    this.element = element('span', { class: 'split' }, this.main, this.arrow, list);
  }

  /** @param {SplitEntry[]} entries */
  setEntries(entries) {
    const labels = entries.map((entry) => entry.label).join('\n');
    const isSame = labels === this.entries.map((entry) => entry.label).join('\n');
    this.entries = entries;
    if (isSame) {
      return;
    }
    this.menu.setItems(
      entries.map((entry, index) =>
        element(
          'button',
          {
            type: 'button',
            role: 'menuitem',
            tabindex: '-1',
            class: 'split-item',
            click: () => {
              this.menu.close();
              this.entries[index]?.run();
            },
          },
          entry.label,
        ),
      ),
    );
  }
}
