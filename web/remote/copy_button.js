/** An id with a button that copies it. */

import { alertReader, announce } from '../shared/announcer.js';
import { element, setText } from '../shared/dom.js';

const SAID_MS = 1500;

/**
 * @param {string} name what the id is
 * @param {string} id
 */
export function idLine(name, id) {
  const button = element(
    'button',
    { type: 'button', class: 'button button-small', 'aria-label': `Copy ${name}` },
    'Copy',
  );
  button.addEventListener('click', () => void copy(button, name, id));
  return element(
    'div',
    { class: 'id-line' },
    element('dt', {}, name),
    element('dd', {}, element('code', {}, id), button),
  );
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} name
 * @param {string} id
 */
async function copy(button, name, id) {
  let said = 'Copied';
  try {
    await navigator.clipboard.writeText(id);
    announce(`${name} copied.`);
  } catch {
    said = 'Not copied';
    alertReader(`${name} could not be copied: the browser does not allow it.`);
  }
  setText(button, said);
  setTimeout(() => setText(button, 'Copy'), SAID_MS);
}
