/** A menu of buttons below the button that opens it (WAI-ARIA menu button pattern). */

/** The menu's keys and focus; its owner fills it with items that cannot be reached by Tab. */
export class Menu {
  /**
   * @param {HTMLButtonElement} button
   * @param {HTMLElement} list
   */
  constructor(button, list) {
    this.button = button;
    this.list = list;
    button.setAttribute('aria-haspopup', 'menu');
    button.setAttribute('aria-controls', list.id);
    button.addEventListener('click', () => (list.hidden ? this.open() : this.close()));
    button.addEventListener('keydown', (event) => this.#buttonKey(event));
    list.addEventListener('keydown', (event) => this.#menuKey(event));
    list.addEventListener('focusout', (event) => this.#focusOut(event));
    this.close({ focus: false });
  }

  /** @param {HTMLElement[]} items */
  setItems(items) {
    this.list.replaceChildren(...items);
  }

  /** Shows the menu with the chosen entry in focus, else the first. */
  open() {
    this.list.hidden = false;
    this.button.setAttribute('aria-expanded', 'true');
    const items = this.#items();
    const chosen = items.find((item) => item.getAttribute('aria-checked') === 'true');
    (chosen ?? items[0])?.focus();
  }

  /** @param {{ focus?: boolean }} [options] whether the button gets the focus back */
  close({ focus = true } = {}) {
    this.list.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
    if (focus) {
      this.button.focus();
    }
  }

  #items() {
    return /** @type {HTMLElement[]} */ ([...this.list.children]);
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
    if (!(next instanceof Node) || (!this.list.contains(next) && next !== this.button)) {
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
