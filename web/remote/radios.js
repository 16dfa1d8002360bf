/** A group of radio buttons as one value. */

import { element } from '../shared/dom.js';

/**
 * @param {string} name
 * @param {string} legend
 * @param {[value: string, label: string][]} options
 * @returns {HTMLElement} a fieldset
 */
export function radioRow(name, legend, options) {
  const row = element('div', { class: 'radio-row' });
  for (const [value, label] of options) {
    const radio = element('input', { type: 'radio', name, value });
    row.append(element('label', { class: 'check' }, radio, label));
  }
  return element('fieldset', {}, element('legend', {}, legend), row);
}

/**
 * @param {HTMLElement} group
 * @returns {HTMLInputElement[]}
 */
function radios(group) {
  return [
    .../** @type {NodeListOf<HTMLInputElement>} */ (group.querySelectorAll('[type="radio"]')),
  ];
}

/**
 * @param {HTMLElement} group
 * @returns {string | undefined}
 */
export function chosen(group) {
  return radios(group).find((radio) => radio.checked)?.value;
}

/**
 * @param {HTMLElement} group
 * @param {string | undefined} value when no radio has it, nothing changes
 */
export function choose(group, value) {
  const radio = radios(group).find((candidate) => candidate.value === value);
  if (radio) {
    radio.checked = true;
  }
}
