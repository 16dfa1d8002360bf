/** What was typed survives a reload of the page, in this tab. */

import { recall, remember } from '../shared/memory.js';

const PREFIX = 'remote:field:';

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

/**
 * Gives a control the value that it had before the reload, and keeps every later one.
 *
 * @param {Control} control
 * @param {string} name
 */
export function keepValue(control, name) {
  const key = PREFIX + name;
  const kept = recall(sessionStorage, key);
  if (isCheck(control)) {
    control.checked = typeof kept === 'boolean' ? kept : control.checked;
  } else if (typeof kept === 'string') {
    setKept(control, kept);
  }
  const keep = () =>
    remember(sessionStorage, key, isCheck(control) ? control.checked : control.value);
  control.addEventListener('input', keep);
  control.addEventListener('change', keep);
}

/**
 * A choice that is not offered any more is not taken over.
 *
 * @param {Exclude<Control, never>} control
 * @param {string} kept
 */
function setKept(control, kept) {
  if (!(control instanceof HTMLSelectElement)) {
    control.value = kept;
  } else if ([...control.options].some((option) => option.value === kept)) {
    control.value = kept;
  }
}

/**
 * @param {Control} control
 * @returns {control is HTMLInputElement}
 */
export function isCheck(control) {
  return control instanceof HTMLInputElement && control.type === 'checkbox';
}
