/** The twelve keys of a telephone. */

import { element } from '../shared/dom.js';

const LETTERS = ['', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ', '', '+', ''];
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/**
 * A grid of keys, each named by its digit.
 *
 * @param {(digit: string) => void} onPress
 * @returns {HTMLElement}
 */
export function keypad(onPress) {
  const keys = KEYS.map((digit, at) =>
    element(
      'button',
      {
        type: 'button',
        class: 'key',
        // The stylesheet writes the letters below the digit; the name is the digit alone.
        'aria-label': digit,
        'data-letters': LETTERS[at],
        click: () => onPress(digit),
      },
      element('span', { class: 'key-digit' }, digit),
    ),
  );
  return element('div', { class: 'keypad', role: 'group', 'aria-label': 'Keypad' }, ...keys);
}
