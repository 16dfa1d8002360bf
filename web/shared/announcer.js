/** Says things to screen readers through the page's two live regions. */

import { byId } from './dom.js';

/**
 * Says something when the reader pauses; repeated texts are said again.
 *
 * @param {string} text
 */
export function announce(text) {
  say(byId('polite-announcer', HTMLElement), text);
}

/**
 * Says something at once: an incoming call, a failure.
 *
 * @param {string} text
 */
export function alertReader(text) {
  say(byId('urgent-announcer', HTMLElement), text);
}

/**
 * @param {HTMLElement} region
 * @param {string} text
 */
function say(region, text) {
  // A region that already holds this text says nothing: the space makes it another text.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
