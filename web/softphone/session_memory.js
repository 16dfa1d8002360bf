/** What Omni knows after a reload of the page: the agent's status and the open call tab. */

import { recall, remember } from '../shared/memory.js';

/** Kept per agent for the life of the browser tab. */
export class SessionMemory {
  /** @param {string} userName */
  constructor(userName) {
    this.prefix = `scv-softphone:${userName}:`;
  }

  /** @returns {string | null} the id of the status that was chosen last */
  get statusId() {
    return recall(sessionStorage, `${this.prefix}status`);
  }

  set statusId(statusId) {
    remember(sessionStorage, `${this.prefix}status`, statusId);
  }

  /** @returns {import('./types.js').WrapUp | null} */
  get wrapUp() {
    return recall(sessionStorage, `${this.prefix}wrap-up`);
  }

  set wrapUp(wrapUp) {
    remember(sessionStorage, `${this.prefix}wrap-up`, wrapUp);
  }

  /** @returns {string | null} the vendorCallKey of the voice call that is shown */
  get voiceCallKey() {
    return recall(sessionStorage, `${this.prefix}voice-call`);
  }

  set voiceCallKey(key) {
    remember(sessionStorage, `${this.prefix}voice-call`, key);
  }
}
