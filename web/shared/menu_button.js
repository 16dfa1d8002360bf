/** A button that opens a menu of which one entry is chosen. */

import { element } from './dom.js';
import { Menu } from './menu.js';

/**
 * @typedef {object} MenuEntry
 * @property {string} value
 * @property {string} label
 * @property {string} tone a CSS suffix for the coloured dot
 */

/** One menu button; the page provides the button and the list. */
export class MenuButton {
  /**
   * @param {HTMLButtonElement} button
   * @param {HTMLElement} menu
   * @param {(value: string) => void} onChoose
   */
  constructor(button, menu, onChoose) {
    this.button = button;
    this.menu = new Menu(button, menu);
    this.onChoose = onChoose;
  }

  /**
   * @param {MenuEntry[]} entries
   * @param {string | null} chosen
   */
  setEntries(entries, chosen) {
    const items = entries.map((entry) =>
      element(
        'button',
        {
          type: 'button',
          role: 'menuitemradio',
          class: 'menu-item',
          tabindex: '-1',
          'aria-checked': entry.value === chosen ? 'true' : 'false',
          click: () => {
            this.menu.close();
            this.onChoose(entry.value);
          },
        },
        element('span', { class: `dot dot-${entry.tone}`, 'aria-hidden': 'true' }),
        entry.label,
      ),
    );
    this.menu.setItems(items);
  }
}
