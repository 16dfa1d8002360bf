/** A contact in words: type, number, availability, waiting time. */

import { element, icon } from '../shared/dom.js';
import { showNumber } from '../shared/phone_numbers.js';

/** @typedef {import('./types.js').Contact} Contact */

/** @type {Record<string, { icon: string, label: string }>} */
const TYPES = {
  Agent: { icon: 'person', label: 'Agent' },
  Queue: { icon: 'queue', label: 'Queue' },
  Flow: { icon: 'flow', label: 'Flow' },
  PhoneBook: { icon: 'book', label: 'Phone book' },
  PhoneNumber: { icon: 'phone', label: 'Phone number' },
};

/** @type {Record<string, { tone: string, label: string }>} */
const AVAILABILITIES = {
  AVAILABLE: { tone: 'online', label: 'Available' },
  BUSY: { tone: 'busy', label: 'Busy' },
  OFFLINE: { tone: 'offline', label: 'Offline' },
};

/** @param {Contact} contact */
export function contactName(contact) {
  return contact.name || showNumber(contact.phoneNumber);
}

/** @param {Contact} contact */
export function contactIcon(contact) {
  return icon(TYPES[contact.type ?? '']?.icon ?? 'phone');
}

/**
 * The line below the name. Salesforce shows availability and waiting times only when the
 * telephony system says that it provides them (guide chapter 13).
 *
 * @param {Contact} contact
 * @param {Record<string, boolean>} capabilities
 * @returns {HTMLElement}
 */
export function contactDetails(contact, capabilities) {
  const line = element('span', { class: 'contact-details' });
  const known = AVAILABILITIES[contact.availability ?? ''];
  if (known && capabilities.VENDOR_PROVIDED_AVAILABILITY !== false) {
    line.append(
      element('span', { class: `dot dot-${known.tone}`, 'aria-hidden': 'true' }),
      `${known.label} · `,
    );
  }
  const wait = capabilities.VENDOR_PROVIDED_QUEUE_WAIT_TIME === false ? '' : waitText(contact);
  const parts = [
    TYPES[contact.type ?? '']?.label ?? contact.type,
    contact.name && contact.phoneNumber ? showNumber(contact.phoneNumber) : '',
    wait,
    contact.description,
  ];
  line.append(parts.filter(Boolean).join(' · '));
  return line;
}

/**
 * `queueWaitTime` is in seconds (guide chapter 13, "Configure Estimated Wait Times for Queues").
 *
 * @param {Contact} contact
 */
function waitText({ queueWaitTime }) {
  if (!queueWaitTime) {
    return '';
  }
  const seconds = Number(queueWaitTime);
  if (Number.isNaN(seconds)) {
    return `Wait ${queueWaitTime}`;
  }
  return seconds < 60 ? `Wait ${seconds} s` : `Wait ${Math.round(seconds / 60)} min`;
}
