/** Signs an agent in with a one-time code and tells the connector in the other frame. */

import { byId, setText } from '../shared/dom.js';
import { describeError, request } from '../shared/http.js';

const form = byId('sign-in', HTMLFormElement);
const code = byId('code', HTMLInputElement);
const error = byId('code-error', HTMLElement);
const button = byId('sign-in-button', HTMLButtonElement);

/** @param {string} text */
function refuse(text) {
  setText(error, text);
  code.setAttribute('aria-invalid', 'true');
  code.focus();
}

/** @param {{ fullName?: string, userName?: string } | null} agent */
function welcome(agent) {
  const channel = new BroadcastChannel('scv-login');
  channel.postMessage({ type: 'signed_in' });
  channel.close();
  form.hidden = true;
  const done = byId('done', HTMLElement);
  const name = agent?.fullName || agent?.userName;
  setText(done, `You’re signed in${name ? `, ${name}` : ''}. Your phone starts by itself.`);
  done.focus();
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  setText(error, '');
  code.removeAttribute('aria-invalid');
  const typed = code.value.trim();
  if (typed === '') {
    refuse('Enter your code.');
    return;
  }
  button.disabled = true;
  try {
    welcome(await request('POST', '/api/v1/session', { code: typed }));
  } catch (failure) {
    refuse(describeError(failure).message);
  } finally {
    button.disabled = false;
  }
});
