/** Waits for the agent's sign-in on login.html, in a frame of this tab or in a tab of its own. */
import { isSameUser, openLoginChannel, tabMark } from '../shared/login_channel.js';

/** @typedef {import('../shared/login_channel.js').LoginMessage} LoginMessage */

/**
 * Of two tabs that connect the second would replace the first, so that a sign-in starts the phone
 * in one place only: in the tab of its login, or in the one that the agent looks at next. Other
 * tabs stay at their login; loading one anew brings the phone there.
 */
export class LoginWatch {
  #channel;
  #userName;
  #onSignIn;
  /** A sign-in in a tab of its own while nobody saw this page. @type {LoginMessage | null} */
  #waiting = null;

  /**
   * @param {() => string} userName whom Salesforce started the connector for
   * @param {() => void} onSignIn they signed in for this page
   */
  constructor(userName, onSignIn) {
    this.#userName = userName;
    this.#onSignIn = onSignIn;
    this.#channel = openLoginChannel((message) => this.#hear(message));
    document.addEventListener('visibilitychange', () => this.#look());
  }

  /** @param {LoginMessage} message */
  #hear(message) {
    if (message.type === 'taken') {
      this.#forget(message);
    } else if (message.type !== 'signed_in') {
      return;
    } else if (message.tab === null ? isSeen() : message.tab === tabMark()) {
      this.#take(message);
    } else if (message.tab === null) {
      this.#waiting = this.#isOurs(message) ? message : this.#waiting;
    }
  }

  #look() {
    if (this.#waiting !== null && isSeen()) {
      const message = this.#waiting;
      this.#waiting = null;
      this.#take(message);
    }
  }

  /** @param {LoginMessage} message */
  #take(message) {
    if (!this.#isOurs(message)) {
      this.#channel.post({ ...message, type: 'other_user' });
      return;
    }
    this.#onSignIn();
    this.#channel.post({ ...message, type: 'taken' });
  }

  /** @param {LoginMessage} message */
  #forget(message) {
    if (this.#isOurs(message)) {
      this.#waiting = null;
    }
  }

  /** @param {LoginMessage} message */
  #isOurs({ userName }) {
    return isSameUser(userName, this.#userName());
  }
}

function isSeen() {
  return document.visibilityState === 'visible';
}
