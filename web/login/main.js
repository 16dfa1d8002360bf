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

/**
 * Inside Salesforce's page a browser may ask the agent first; the click on Log In lets it.
 * @returns {Promise<boolean>} whether the sign-in can be kept
 */
async function mayKeepSignIn() {
  if (typeof document.hasStorageAccess !== 'function' || (await document.hasStorageAccess())) {
    return true;
  }
  try {
    await document.requestStorageAccess();
    return true;
  } catch {
    return false;
  }
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
    if (!(await mayKeepSignIn())) {
      refuse('Your browser doesn’t keep the sign-in. Allow cookies for this page, then log in.');
      return;
    }
    welcome(await request('POST', '/api/v1/session', { code: typed }));
  } catch (failure) {
    refuse(describeError(failure).message);
  } finally {
    button.disabled = false;
  }
});
