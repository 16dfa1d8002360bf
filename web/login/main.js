/** Signs an agent in with a one-time code and tells the connector in the other frame. */

import { byId, setText } from '../shared/dom.js';
import { describeError, request } from '../shared/http.js';
import { keepsCookies } from '../shared/kept_cookies.js';
import { openLoginChannel, tabMark } from '../shared/login_channel.js';

const form = byId('sign-in', HTMLFormElement);
const code = byId('code', HTMLInputElement);
const error = byId('code-error', HTMLElement);
const button = byId('sign-in-button', HTMLButtonElement);
const done = byId('done', HTMLElement);

const isAlone = window.parent === window;
/** A tab of its own may still have the mark of a page that was there before. */
const tab = isAlone ? null : tabMark();

const channel = openLoginChannel((message) => {
  if (!isAlone && message.type === 'other_user' && message.tab === tab && form.hidden) {
    form.hidden = false;
    setText(done, '');
    refuse('That code belongs to another user. Log in with a code of your own.');
  }
});

/** @param {string} text */
function refuse(text) {
  setText(error, text);
  code.setAttribute('aria-invalid', 'true');
  code.focus();
}

/** @param {{ fullName?: string, userName?: string } | null} agent */
function welcome(agent) {
  form.hidden = true;
  const name = agent?.fullName || agent?.userName;
  const next = isAlone
    ? 'Go back to your phone. If it does not start there, log in there with a new code.'
    : 'Your phone starts by itself.';
  setText(done, `You’re signed in${name ? `, ${name}` : ''}. ${next}`);
  done.focus();
}

/**
 * A browser that drops our cookies in here may keep them once the agent allows it. It wants a
 * click for that, and a code works only once: so this is the moment, not when it is too late.
 */
async function askToKeepSignIn() {
  if (keepsCookies() || typeof document.requestStorageAccess !== 'function') {
    return;
  }
  try {
    await document.requestStorageAccess();
  } catch (refusal) {
    // The code is sent all the same: whether the sign-in holds shows afterwards.
    console.warn('The browser does not allow the sign-in to be kept.', refusal);
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
    await askToKeepSignIn();
    const agent = await request('POST', '/api/v1/session', { code: typed });
    if (keepsCookies()) {
      welcome(agent);
    } else {
      refuse('Your browser doesn’t keep the sign-in. Allow cookies, then log in with a new code.');
    }
    const userName = String(agent?.userName ?? '');
    channel.post({ type: 'signed_in', userName, tab, isAlone });
  } catch (failure) {
    refuse(describeError(failure).message);
  } finally {
    button.disabled = false;
  }
});
