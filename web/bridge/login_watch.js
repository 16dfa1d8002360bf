/** Waits for the agent's sign-in on login.html, in a frame of this tab or in a tab of its own. */
import { isSameUser, openLoginChannel, tabMark } from '../shared/login_channel.js';

/** @typedef {import('../shared/login_channel.js').LoginMessage} LoginMessage */

const LOCK = 'scv-login';
/** As long as the start may take; then the next page that the agent looks at may try. */
const LONGEST_START_MILLIS = 15_000;

/**
 * Of two tabs that connect the second would replace the first, so that a sign-in starts the phone
 * in one place only: in the tab of its login, or in the one that the agent looks at next. Other
 * tabs stay at their login; loading one anew brings the phone there.
 */
export class LoginWatch {
  #channel;
  #userName;
  #onSignIn;
  /** A sign-in in a tab of its own that started no phone yet. @type {LoginMessage | null} */
  #waiting = null;
  /** Ends this page's turn to start the phone. */
  #endTurn = () => {};

  /**
   * @param {() => string} userName whom Salesforce started the connector for
   * @param {() => void} onSignIn they signed in for this page
   */
  constructor(userName, onSignIn) {
    this.#userName = userName;
    this.#onSignIn = onSignIn;
    this.#channel = openLoginChannel((message) => this.#hear(message));
    document.addEventListener('visibilitychange', () => void this.#look());
  }

  /** The phone is started here: other tabs need not wait for it any more. */
  ready() {
    this.#waiting = null;
    this.#endTurn();
    this.#channel.post({ type: 'taken', userName: this.#userName(), tab: null, isAlone: false });
  }

  /** @param {LoginMessage} message */
  #hear(message) {
    const isOurs = isSameUser(message.userName, this.#userName());
    if (message.type === 'taken') {
      this.#waiting = isOurs ? null : this.#waiting;
    } else if (message.type === 'signed_in' && message.isAlone) {
      this.#waiting = isOurs ? message : this.#waiting;
      void this.#look();
    } else if (message.type === 'signed_in' && isInThisTab(message)) {
      this.#answer(message, isOurs);
    }
  }

  /**
   * @param {LoginMessage} message
   * @param {boolean} isOurs
   */
  #answer(message, isOurs) {
    if (isOurs) {
      this.#onSignIn();
    } else {
      this.#channel.post({ ...message, type: 'other_user' });
    }
  }

  /** Takes what waits, unless another page that is seen takes it just now. */
  async #look() {
    if (this.#waiting === null || !isSeen()) {
      return;
    }
    if (navigator.locks === undefined) {
      this.#take();
      return;
    }
    await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
      if (lock === null || this.#waiting === null) {
        return;
      }
      const turn = new Promise((resolve) => {
        this.#endTurn = () => resolve(undefined);
        setTimeout(resolve, LONGEST_START_MILLIS);
      });
      this.#take();
      await turn;
    });
  }

  /** Other pages go on waiting until one of them is ready: this one may fail. */
  #take() {
    this.#waiting = null;
    this.#onSignIn();
  }
}

/**
 * @param {LoginMessage} message
 * @returns {boolean} where nothing may be stored, the tab that the agent sees counts
 */
function isInThisTab({ tab }) {
  return tab === null ? isSeen() : tab === tabMark();
}

function isSeen() {
  return document.visibilityState === 'visible';
}
