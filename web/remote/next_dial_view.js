/** "Next dialed call": what happens when an agent dials. */

import { byId } from '../shared/dom.js';
import { request } from '../shared/http.js';
import { clearFailure, showFailure } from './failures.js';
import { choose, chosen } from './radios.js';

const PBX = '/demo/v1/pbx';

/**
 * Shows the switch's setting and changes it.
 *
 * @returns {() => void} reads it again: the switch forgets it after one call
 */
export function setUpNextDial() {
  const group = byId('next-dial', HTMLElement);
  const error = byId('next-dial-error', HTMLElement);
  const talk = async (/** @type {() => Promise<any>} */ ask) => {
    clearFailure(error);
    try {
      choose(group, (await ask())?.nextDial);
    } catch (failure) {
      showFailure(error, failure);
    }
  };
  group.addEventListener('change', () => {
    void talk(() => request('PUT', PBX, { nextDial: chosen(group) }));
  });
  const refresh = () => void talk(() => request('GET', PBX));
  refresh();
  return refresh;
}
