/** A button that opens a menu of which one entry is chosen (WAI-ARIA menu button pattern). */

import { element } from './dom.js';

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
    this.menu = menu;
    this.onChoose = onChoose;
    button.setAttribute('aria-haspopup', 'menu');
    button.setAttribute('aria-controls', menu.id);
    button.addEventListener('click', () => (menu.hidden ? this.open() : this.close()));
    button.addEventListener('keydown', (event) => this.#buttonKey(event));
    menu.addEventListener('keydown', (event) => this.#menuKey(event));
    menu.addEventListener('focusout', (event) => this.#focusOut(event));
    this.close({ focus: false });
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
            this.close();
            this.onChoose(entry.value);
          },
        },
        element('span', { class: `dot dot-${entry.tone}`, 'aria-hidden': 'true' }),
        entry.label,
      ),
    );
    this.menu.replaceChildren(...items);
  }

  /** Shows the menu with the chosen entry in focus. */
  open() {
    this.menu.hidden = false;
    this.button.setAttribute('aria-expanded', 'true');
    const items = this.#items();
    const chosen = items.find((item) => item.getAttribute('aria-checked') === 'true');
    (chosen ?? items[0])?.focus();
  }

  /** @param {{ focus?: boolean }} [options] whether the button gets the focus back */
  close({ focus = true } = {}) {
    this.menu.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
    if (focus) {
      this.button.focus();
    }
  }

  #items() {
    return /** @type {HTMLElement[]} */ ([...this.menu.children]);
  }

  /** @param {KeyboardEvent} event */
  #buttonKey(event) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      this.open();
    }
  }

  /** @param {FocusEvent} event */
  #focusOut(event) {
    const next = event.relatedTarget;
    if (!(next instanceof Node) || (!this.menu.contains(next) && next !== this.button)) {
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
