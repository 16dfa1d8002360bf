/** A group of radio buttons as one value. */

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
