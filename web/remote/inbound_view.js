/** "Inbound Call": somebody calls the contact center. */

import { announce } from '../shared/announcer.js';
import { byId } from '../shared/dom.js';
import { request } from '../shared/http.js';
import { cleanNumber } from '../shared/phone_numbers.js';
import { clearFailure, showFailure } from './failures.js';

/** Makes the form work. */
export function setUpInbound() {
  const error = byId('inbound-error', HTMLElement);
  byId('inbound-form', HTMLFormElement).addEventListener('submit', async (event) => {
    event.preventDefault();
    clearFailure(error);
    const from = cleanNumber(byId('phone-number', HTMLInputElement).value);
    const userName = byId('agent', HTMLSelectElement).value;
    try {
      await request('POST', '/demo/v1/inbound-calls', userName ? { from, userName } : { from });
      announce('The call is on its way.');
    } catch (failure) {
      showFailure(error, failure);
    }
  });
}
