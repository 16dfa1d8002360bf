/** The tab "Conversation": what belongs to the record of a call, during it and afterwards. */

import { request } from '../shared/http.js';
import { ActionForm, card } from './action_form.js';
import { audioStatsForm } from './audio_stats_form.js';
import { CALL_KEYS, likelyCallKey } from './call_keys.js';
import { Field, FieldError } from './fields.js';
import { voicemailForm } from './voicemail_form.js';

/** @typedef {import('./simulator.js').Simulator} Simulator */

const EVENTS = `[
  {"type": "IntelligenceSignal__Category", "value": "Complaint", "score": 900}
]`;

/**
 * @param {Simulator} simulator
 * @returns {HTMLElement[]}
 */
export function conversationPanel(simulator) {
  const call = new CallChoice(simulator);
  return [
    call.card,
    transcriptForm(call),
    eventsForm(call),
    recordingForm(call),
    audioStatsForm(simulator),
    voicemailForm(),
  ];
}

/** Of which call the forms of this tab speak. */
class CallChoice {
  /** @param {Simulator} simulator */
  constructor(simulator) {
    this.simulator = simulator;
    this.field = new Field({
      id: 'conversation-call',
      label: 'Call ID (vendorCallKey)',
      name: 'call',
      help: 'For transcript, events and recording. Empty: the agent’s call, else the one that ended last.',
      more: { list: CALL_KEYS },
      isKept: false,
    });
    this.card = card('conversation-call', 'Which Call', this.field.element);
  }

  /**
   * @param {string} action
   * @param {Record<string, unknown>} body
   */
  ask(action, body) {
    const key = this.field.optional ?? likelyCallKey(this.simulator);
    if (!key) {
      throw new FieldError(this.field, 'There is no call yet: name one.');
    }
    return request('POST', `/demo/v1/calls/${encodeURIComponent(key)}/${action}`, body);
  }
}

/** @param {CallChoice} call */
function transcriptForm(call) {
  return new ActionForm({
    id: 'transcript',
    title: 'Call Transcript',
    help: 'Each entry appears in the conversation of the VoiceCall record. While the call is held or its recording paused, Salesforce keeps none.',
    fields: [
      {
        id: 'transcript-speaker',
        label: 'Speaker',
        kind: 'select',
        name: 'senderType',
        options: [
          ['END_USER', 'Customer'],
          ['HUMAN_AGENT', 'Agent'],
          ['SUPERVISOR', 'Supervisor'],
          ['VIRTUAL_AGENT', 'Bot, or an unknown agent'],
        ],
      },
      {
        id: 'transcript-text',
        label: 'What Is Said',
        kind: 'area',
        name: 'content',
        value: 'Hello, my order did not arrive.',
      },
    ],
    actions: [
      {
        label: 'Add to Transcript',
        tone: 'brand',
        run: async (field) => {
          await call.ask('transcripts', {
            content: field('transcript-text').required,
            senderType: field('transcript-speaker').text,
          });
          return 'Added.';
        },
      },
    ],
  }).card;
}

/** @param {CallChoice} call */
function eventsForm(call) {
  return new ActionForm({
    id: 'conversation-events',
    title: 'Real-Time Conversation Events',
    help: 'Signals of an intelligence service, for Next Best Action and for rules.',
    fields: [
      {
        id: 'events-service',
        label: 'Service',
        name: 'service',
        value: 'DemoIntelligenceService',
      },
      {
        id: 'events-json',
        label: 'Events',
        kind: 'json',
        name: 'events',
        value: EVENTS,
        help: 'A JSON list; without a startTime an event happens now.',
        more: { rows: 4 },
      },
      { id: 'events-persist', label: 'Persist', kind: 'check', name: 'persist' },
    ],
    actions: [
      {
        label: 'Send Events',
        run: async (field) => {
          await call.ask('conversation-events', {
            service: field('events-service').required,
            persist: field('events-persist').isChecked,
            events: field('events-json').json ?? [],
          });
          return 'Sent.';
        },
      },
    ],
  }).card;
}

/** @param {CallChoice} call */
function recordingForm(call) {
  return new ActionForm({
    id: 'recording',
    title: 'Call Recording',
    help: 'Publishes a recording to the VoiceCall record, usually after the call.',
    fields: [
      {
        id: 'recording-url',
        label: 'Recording URL',
        kind: 'url',
        name: 'recordingUrl',
        value: 'https://recordings.example/call.wav',
        help: 'At most 1,000 characters, and trusted by Salesforce for media.',
      },
      {
        id: 'recording-seconds',
        label: 'Recording Length (Seconds)',
        kind: 'number',
        name: 'seconds',
        value: '60',
        more: { min: 0, step: 1 },
      },
      {
        id: 'recording-hold-seconds',
        label: 'On-Hold Time (Seconds)',
        kind: 'number',
        name: 'holdSeconds',
        value: '0',
        more: { min: 0, step: 1 },
      },
    ],
    actions: [
      {
        label: 'Publish',
        run: async (field) => {
          await call.ask('recording', {
            recordingUrl: field('recording-url').required,
            seconds: field('recording-seconds').number,
            holdSeconds: field('recording-hold-seconds').number,
          });
          return 'Published.';
        },
      },
    ],
  }).card;
}
