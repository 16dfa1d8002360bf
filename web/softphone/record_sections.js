/** Parts of a VoiceCall's record page: conversation, events of intelligence services, relations. */

import { element } from '../shared/dom.js';
import { formatTime } from '../shared/time.js';

/** @typedef {import('./salesforce.js').VoiceCall} VoiceCall */

/** @type {Record<string, string>} */
const SENDERS = {
  END_USER: 'Customer',
  HUMAN_AGENT: 'Agent',
  VIRTUAL_AGENT: 'Virtual agent',
  SUPERVISOR: 'Supervisor',
  EXTERNAL_USER: 'External user',
};

/**
 * @param {string} title
 * @param {string} testId
 * @param {...Node} children
 */
function section(title, testId, ...children) {
  return element(
    'section',
    { class: 'record-section', 'data-testid': testId, 'aria-label': title },
    element('h3', {}, title),
    ...children,
  );
}

/** @param {unknown} millis */
function clock(millis) {
  return typeof millis === 'number' ? formatTime(millis) : '';
}

/**
 * The transcript, oldest first.
 *
 * @param {VoiceCall} record
 * @returns {HTMLElement | null} null when nothing was said
 */
export function conversationSection({ transcript }) {
  if (!Array.isArray(transcript) || transcript.length === 0) {
    return null;
  }
  const entries = transcript.map((entry) =>
    element(
      'li',
      { class: `utterance is-${String(entry.senderType).toLowerCase()}` },
      element(
        'p',
        { class: 'hint' },
        `${SENDERS[entry.senderType] ?? entry.senderType} · ${clock(entry.startTime)}`,
      ),
      element('p', {}, entry.content ?? ''),
    ),
  );
  const list = element('ol', { class: 'transcript', tabindex: '0' }, ...entries);
  list.setAttribute('aria-label', 'Conversation');
  return section('Conversation', 'conversation', list);
}

/**
 * Real-time conversation events (guide chapter 10, "Send Real-Time Signals").
 *
 * @param {VoiceCall} record
 * @returns {HTMLElement | null}
 */
export function eventsSection({ conversationEvents }) {
  const batches = Array.isArray(conversationEvents) ? conversationEvents : [];
  const rows = batches.flatMap(({ service, events = [] }) =>
    events.map((/** @type {any} */ event) => {
      const facts = [
        event.value,
        event.participant ? String(event.participant).toLowerCase() : '',
        event.score === undefined ? '' : `score ${event.score}`,
        service,
      ];
      return element(
        'li',
        {},
        element('strong', {}, String(event.type).replace(/^IntelligenceSignal__/, '')),
        ` ${facts.filter(Boolean).join(' · ')} `,
        element('span', { class: 'hint' }, clock(event.startTime)),
      );
    }),
  );
  if (rows.length === 0) {
    return null;
  }
  return section('Real-Time Events', 'conversation-events', element('ul', {}, ...rows));
}

/**
 * Calls that this one came from or led to, and the routing that still waits.
 *
 * @param {VoiceCall} record
 * @param {(key: string) => void} open shows another record
 * @returns {HTMLElement | null}
 */
export function relatedSection(record, open) {
  const { parentCall, childCalls = [], previousCall, nextCall, pendingServiceRouting } = record;
  /** @type {Set<unknown>} ids that stand in the list already */
  const shown = new Set();
  /** @type {[string, any][]} */
  const calls = [
    ['Parent', parentCall],
    ...childCalls.map((/** @type {any} */ child) => ['Child', child]),
    ['Previous', previousCall],
    ['Next', nextCall],
  ];
  const rows = calls
    .filter(([, call]) => call && !shown.has(call.voiceCallId) && shown.add(call.voiceCallId))
    .map(([kind, call]) =>
      element(
        'li',
        {},
        `${kind}: `,
        element(
          'button',
          {
            type: 'button',
            class: 'link-button',
            'aria-label': `Open ${kind} call ${call.voiceCallId}`,
            click: () => open(call.voiceCallId),
          },
          call.voiceCallId,
        ),
        ` ${call.callType}, ${call.callDisposition}`,
      ),
    );
  for (const routing of [pendingServiceRouting].flat().filter(Boolean)) {
    rows.push(
      element(
        'li',
        { 'data-testid': 'pending-routing' },
        `Pending service routing: ${routingText(routing)}`,
      ),
    );
  }
  return rows.length === 0 ? null : section('Related', 'related', element('ul', {}, ...rows));
}

/** @param {any} routing */
function routingText(routing) {
  const { queue, userName, agentUserName, flow, routingId, id } = routing;
  const parts = [
    routingId ?? id,
    flow ? `flow ${flow}` : '',
    queue ? `queue ${queue}` : '',
    (userName ?? agentUserName) ? `for ${userName ?? agentUserName}` : '',
  ];
  return parts.filter(Boolean).join(' · ') || JSON.stringify(routing);
}
