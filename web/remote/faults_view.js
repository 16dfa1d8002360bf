/** "Salesforce Simulator": how the simulated Salesforce treats the server's requests. */

import { byId } from '../shared/dom.js';
import { request } from '../shared/http.js';
import { clearFailure, showFailure } from './failures.js';
import { choose, chosen } from './radios.js';

const FAULTS = '/salesforce-simulator/ui/faults';

/**
 * Shows the simulator's fault and changes it.
 *
 * @returns {() => void} reads it again: a fault for some requests ends by itself
 */
export function setUpFaults() {
  const group = byId('fault-modes', HTMLElement);
  const delay = byId('fault-delay', HTMLInputElement);
  const remaining = byId('fault-remaining', HTMLInputElement);
  const error = byId('faults-error', HTMLElement);
  const talk = async (/** @type {() => Promise<any>} */ ask) => {
    clearFailure(error);
    try {
      choose(group, (await ask())?.mode);
    } catch (failure) {
      showFailure(error, failure);
    }
  };
  const send = () =>
    void talk(() =>
      request('PUT', FAULTS, {
        mode: chosen(group) ?? 'none',
        delaySeconds: Number(delay.value) || 0,
        remaining: remaining.value === '' ? null : Number(remaining.value),
      }),
    );
  for (const control of [group, delay, remaining]) {
    control.addEventListener('change', send);
  }
  const refresh = () => void talk(() => request('GET', FAULTS));
  refresh();
  return refresh;
}
