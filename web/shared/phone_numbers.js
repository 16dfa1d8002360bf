/** Phone numbers as typed and as sent. */

/**
 * What was typed without the characters that people put between digits.
 *
 * @param {string} typed
 * @returns {string}
 */
export function cleanNumber(typed) {
  return typed.replace(/[\s().\-/]/g, '');
}

/**
 * @param {string} number as from `cleanNumber`
 * @returns {boolean} whether a switch could dial it
 */
export function isDialable(number) {
  return /^\+?[0-9*#]{1,32}$/.test(number);
}

/**
 * A North American number in groups; every other number as it is.
 *
 * @param {string | null | undefined} number
 * @returns {string}
 */
export function showNumber(number) {
  if (!number) {
    return 'Unknown number';
  }
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `+1 (${parts[1]}) ${parts[2]}-${parts[3]}` : number;
}
