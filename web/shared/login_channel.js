/** What login.html and connector.html tell each other: frames of one tab, or tabs of one origin. */

/**
 * @typedef {object} LoginMessage
 * @property {'signed_in' | 'other_user' | 'taken'} type a connector says the last two: the sign-in
 *   beside it is somebody else's, or the phone is started there
 * @property {string} userName who signed in
 * @property {string | null} tab of the login page's frame; null where nothing may be stored
 * @property {boolean} isAlone whether the login page has a tab of its own
 */

const CHANNEL = 'scv-login';
const TAB_KEY = 'scv-tab';

/**
 * All frames of this origin hear what is posted there, in every tab of the browser.
 * @param {(message: LoginMessage) => void} [onMessage]
 */
export function openLoginChannel(onMessage) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => {
    if (typeof data?.type === 'string' && typeof data.userName === 'string') {
      onMessage?.(data);
    }
  };
  return Object.freeze({
    /** @param {LoginMessage} message */
    post: (message) => channel.postMessage(message),
  });
}

/** Gives this tab a mark, which its frames share; anew, because a duplicated tab copies the old. */
export function markTab() {
  const mark = crypto.getRandomValues(new Uint32Array(2)).join('-');
  try {
    sessionStorage.setItem(TAB_KEY, mark);
  } catch {
    // Without storage the tab that the agent sees counts.
  }
}

/** @returns {string | null} null where nothing may be stored */
export function tabMark() {
  try {
    return sessionStorage.getItem(TAB_KEY);
  } catch {
    return null;
  }
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {boolean} whether they name the same user, in any case, as the server compares
 */
export function isSameUser(one, other) {
  // Upper case first: it is as near to Python's casefold() as JavaScript gets.
  const [first, second] = [one, other].map((name) => name.toUpperCase().toLowerCase());
  return first === second;
}
