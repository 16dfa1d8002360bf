/** Keyboard shortcuts: Alt and one key, changeable, and all of them can be switched off. */

import { byId, element, setText } from '../shared/dom.js';
import { recall, remember } from '../shared/memory.js';

const KEPT_KEY = 'scv-softphone-shortcuts';

/**
 * @typedef {object} Shortcut
 * @property {string} name
 * @property {string} label
 * @property {string} key one letter or digit, pressed with Alt
 */

/** @type {readonly Shortcut[]} */
const DEFAULTS = [
  { name: 'accept', label: 'Accept the incoming call', key: 'A' },
  { name: 'decline', label: 'Decline the incoming call', key: 'X' },
  { name: 'end', label: 'End the call', key: 'Q' },
  { name: 'mute', label: 'Mute or unmute', key: 'M' },
  { name: 'hold', label: 'Hold or resume', key: 'W' },
  { name: 'record', label: 'Pause or resume the recording', key: 'R' },
  { name: 'dialPad', label: 'Go to the dial pad or the phone number', key: 'K' },
  { name: 'transfer', label: 'Add a caller or transfer', key: 'T' },
  { name: 'merge', label: 'Merge the calls', key: 'G' },
  { name: 'swap', label: 'Swap who is on hold', key: 'P' },
  { name: 'finish', label: 'Close the voice call tab', key: 'Z' },
  { name: 'help', label: 'Show these shortcuts', key: 'S' },
];

/** Listens for the shortcuts and runs what they name. */
export class Shortcuts {
  /** @param {Record<string, () => void>} actions by shortcut name */
  constructor(actions) {
    this.actions = actions;
    const kept = recall(localStorage, KEPT_KEY) ?? {};
    this.isOn = kept.isOn !== false;
    this.list = DEFAULTS.map((one) => ({ ...one, key: String(kept.keys?.[one.name] ?? one.key) }));
    document.addEventListener('keydown', (event) => this.#key(event));
    this.#showHelp();
  }

  /** Opens the help panel. */
  help() {
    const dialog = byId('help-dialog', HTMLDialogElement);
    if (!dialog.open) {
      dialog.showModal();
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isPlainAlt = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!this.isOn || !isPlainAlt || event.repeat) {
      return;
    }
    // `code`, not `key`: with Alt some keyboards type another character.
    const pressed = event.code.replace(/^(Key|Digit)/, '');
    const shortcut = this.list.find((one) => one.key === pressed);
    if (shortcut) {
      event.preventDefault();
      this.actions[shortcut.name]?.();
    }
  }

  #showHelp() {
    const isOn = byId('shortcuts-on', HTMLInputElement);
    isOn.checked = this.isOn;
    isOn.addEventListener('change', () => {
      this.isOn = isOn.checked;
      this.#keep();
    });
    byId('shortcut-rows', HTMLElement).append(...this.list.map((one) => this.#row(one)));
    const button = byId('help-button', HTMLButtonElement);
    button.hidden = false;
    button.addEventListener('click', () => this.help());
  }

  /** @param {Shortcut} shortcut */
  #row(shortcut) {
    const input = element('input', {
      value: shortcut.key,
      maxlength: '1',
      'aria-label': shortcut.label,
      class: 'shortcut-key',
      autocomplete: 'off',
    });
    input.addEventListener('change', () => {
      this.#rename(shortcut, input.value.toUpperCase());
      input.value = shortcut.key;
    });
    return element('tr', {}, element('td', {}, shortcut.label), element('td', {}, 'Alt + ', input));
  }

  /**
   * @param {Shortcut} shortcut
   * @param {string} key
   */
  #rename(shortcut, key) {
    const taken = this.list.find((one) => one.key === key && one !== shortcut);
    const error = byId('shortcut-error', HTMLElement);
    if (!/^[A-Z0-9]$/.test(key)) {
      setText(error, 'Use one letter or digit.');
    } else if (taken) {
      setText(error, `Alt + ${key} is already “${taken.label}”.`);
    } else {
      setText(error, '');
      shortcut.key = key;
      this.#keep();
    }
  }

  #keep() {
    const keys = Object.fromEntries(this.list.map((one) => [one.name, one.key]));
    remember(localStorage, KEPT_KEY, { isOn: this.isOn, keys });
  }
}
