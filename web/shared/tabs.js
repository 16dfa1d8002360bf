/** Tabs by the WAI-ARIA pattern: arrow keys move, the shown panel follows. */

/** One list of tabs; each tab names its panel with `aria-controls`, which gets a "shown" event. */
export class Tabs {
  /** @param {HTMLElement} list the element with role "tablist" */
  constructor(list) {
    this.tabs = /** @type {HTMLButtonElement[]} */ ([...list.querySelectorAll('[role="tab"]')]);
    for (const tab of this.tabs) {
      tab.addEventListener('click', () => this.show(tab.id));
      const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '');
      panel?.setAttribute('tabindex', '0');
    }
    list.addEventListener('keydown', (event) => this.#key(event));
  }

  /** @param {string} tabId */
  show(tabId) {
    for (const tab of this.tabs) {
      const chosen = tab.id === tabId;
      tab.setAttribute('aria-selected', String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '');
      if (panel) {
        const appears = chosen && panel.hidden;
        panel.hidden = !chosen;
        if (appears) {
          panel.dispatchEvent(new Event('shown'));
        }
      }
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const open = this.tabs.filter((tab) => !tab.hidden);
    const at = open.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    /** @type {Record<string, number>} */
    const moves = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: open.length - 1 };
    const target = moves[event.key];
    const next = target === undefined ? null : open[(target + open.length) % open.length];
    if (next) {
      event.preventDefault();
      next.focus();
      this.show(next.id);
    }
  }
}
