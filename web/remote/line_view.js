/** Whether what this page shows is live. */

import { alertReader, announce } from '../shared/announcer.js';
import { byId, setText } from '../shared/dom.js';

const TEXTS = {
  connecting: 'Connecting…',
  open: 'Live',
  down: 'No connection to the server. What you see may be old. Trying again…',
};

let wasDown = false;

/** @param {'connecting' | 'open' | 'down'} state */
export function showLine(state) {
  const line = byId('line-state', HTMLElement);
  // Between two attempts the page says "no connection", not "connecting", "no connection", …
  if (state === 'connecting' && wasDown) {
    return;
  }
  line.setAttribute('data-line', state);
  setText(line, TEXTS[state]);
  if (state === 'down' && !wasDown) {
    alertReader('The connection to the server is lost.');
  } else if (state === 'open' && wasDown) {
    announce('The connection to the server is back.');
  }
  wasDown = state === 'down';
}
