/**
 * The preview dialer's component: a call that the telephony system proposes. In an org it is a
 * Lightning component that uses the Toolkit's `startPreviewCall` (guide chapter 9, "Outbound
 * Dialers"); the proposal comes as a message to components.
 */

import { byId, element } from '../shared/dom.js';
import { showNumber } from '../shared/phone_numbers.js';
import { dialContact } from './omni_actions.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {{ phoneNumber: string, name?: string } & Record<string, unknown>} Preview
 */

/**
 * Shows proposals until they are called or skipped.
 *
 * @param {Omni} omni
 */
export function showPreviews(omni) {
  const list = byId('previews', HTMLElement);
  omni.on('preview', (/** @type {Preview} */ preview) => {
    const card = previewCard(omni, preview);
    list.append(card);
    omni.tell('show phone');
  });
  omni.watch(() => {
    for (const button of list.querySelectorAll('button[data-preview="call"]')) {
      button.toggleAttribute('disabled', !omni.isReady || omni.isOnCall || omni.busy.has('dial'));
    }
    list.hidden = !omni.isReady;
  });
}

/**
 * @param {Omni} omni
 * @param {Preview} preview
 */
function previewCard(omni, { phoneNumber, name }) {
  const number = showNumber(phoneNumber);
  const who = name ? `${name}, ${number}` : number;
  const leave = () => {
    card.remove();
    byId('panel-phone', HTMLElement).focus();
  };
  const card = element(
    'section',
    { class: 'preview', 'aria-label': `Call to review: ${who}`, 'data-testid': 'preview' },
    element('h2', {}, 'Call to Review'),
    element('p', {}, who),
    element(
      'div',
      { class: 'button-row' },
      element(
        'button',
        {
          type: 'button',
          class: 'button button-success',
          'aria-label': `Call ${who}`,
          'data-preview': 'call',
          click: () => {
            omni.previewed.add(phoneNumber);
            dialContact(omni, { type: 'PhoneNumber', phoneNumber, name });
            leave();
          },
        },
        'Call',
      ),
      element(
        'button',
        { type: 'button', class: 'button', 'aria-label': `Skip ${who}`, click: leave },
        'Skip',
      ),
    ),
  );
  return card;
}
