/** What the server refused, shown beside the control and said aloud. */

import { alertReader } from '../shared/announcer.js';
import { setText } from '../shared/dom.js';
import { describeError } from '../shared/http.js';

/**
 * @param {HTMLElement} place
 * @param {unknown} failure
 */
export function showFailure(place, failure) {
  const { code, message } = describeError(failure);
  setText(place, `${code}: ${message}`);
  alertReader(`Error: ${message}`);
}

/** @param {HTMLElement} place */
export function clearFailure(place) {
  setText(place, '');
}
