/** The agent's states in words. */

/** @type {Record<string, string>} */
export const STATES = {
  offline: 'Offline',
  busy: 'Busy',
  available: 'Available',
  on_call: 'On a call',
  after_call_work: 'After-call work',
};

/** Suffixes of the dot's CSS class. @type {Record<string, string>} */
export const TONES = { available: 'online', offline: 'offline' };
