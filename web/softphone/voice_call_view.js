/** The record page of a VoiceCall: fields, conversation, recording, related calls. */

import { byId, element, setText } from '../shared/dom.js';
import { ApiError, describeError } from '../shared/http.js';
import { clickToDialState, numberButton } from './click_to_dial.js';
import { conversationSection, eventsSection, relatedSection } from './record_sections.js';
import { RecordingView } from './recording_view.js';
import { voiceCall } from './salesforce.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./salesforce.js').VoiceCall} VoiceCall
 */

/** The server writes a record shortly after the event; one more look catches it. */
const LOOKS_AFTER_MS = [150, 1500];
const LOOK_EVERY_MS = 5000;
const NUMBERS = ['fromNumber', 'toNumber'];
/** What has a place of its own on the page. */
const SECTIONS = [
  'transcript',
  'conversationEvents',
  'recording',
  'pendingServiceRouting',
  'workItems',
  'parentCall',
  'childCalls',
  'previousCall',
  'nextCall',
];

/** Shows the record of the call that was last on the phone, or one that the agent opened. */
export class VoiceCallView {
  /** @param {Omni} omni */
  constructor(omni) {
    this.omni = omni;
    this.state = byId('record-state', HTMLElement);
    this.fields = byId('record-fields', HTMLElement);
    this.sections = byId('record-sections', HTMLElement);
    this.recording = new RecordingView(omni);
    /** @type {VoiceCall | null} */
    this.record = null;
    this.shown = '';
    /** @type {number[]} */
    this.looks = [];
    byId('record-refresh', HTMLButtonElement).addEventListener('click', () => void this.refresh());
    omni.on('record', () => this.lookSoon());
    omni.watch(() => this.#show());
    setInterval(() => {
      if (!document.hidden) {
        void this.refresh();
      }
    }, LOOK_EVERY_MS);
    this.lookSoon();
  }

  /** Something happened: the record may differ now. */
  lookSoon() {
    this.looks.forEach(clearTimeout);
    this.looks = LOOKS_AFTER_MS.map((delay) => window.setTimeout(() => void this.refresh(), delay));
  }

  /** Reads and shows the record. */
  async refresh() {
    const key = this.omni.memory.voiceCallKey;
    if (key === null) {
      return;
    }
    let problem = '';
    /** @type {VoiceCall | null} */
    let found = null;
    try {
      found = await voiceCall(key);
    } catch (error) {
      const { code, message } = describeError(error);
      const isMissing = error instanceof ApiError && error.status === 404;
      problem = isMissing ? 'Salesforce has no record of this call yet.' : `${code}: ${message}`;
    }
    if (key === this.omni.memory.voiceCallKey) {
      this.record = found;
      setText(this.state, problem);
      this.#show();
    }
  }

  #show() {
    const { record, omni } = this;
    const shown = JSON.stringify([record, clickToDialState(omni), omni.memory.voiceCallKey]);
    if (shown === this.shown) {
      return;
    }
    this.shown = shown;
    const facts = record ?? { vendorCallKey: omni.memory.voiceCallKey };
    const rows = Object.entries(facts)
      .filter(([name, value]) => !SECTIONS.includes(name) && value !== null && value !== '')
      .map(([name, value]) => this.#field(name, value));
    this.fields.replaceChildren(...(omni.memory.voiceCallKey === null ? [] : rows));
    const open = (/** @type {string} */ key) => {
      omni.memory.voiceCallKey = key;
      void this.refresh();
    };
    this.sections.replaceChildren(
      ...(record
        ? [conversationSection(record), eventsSection(record), relatedSection(record, open)]
        : []
      ).filter((section) => section !== null),
    );
    this.recording.show(record);
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  #field(name, value) {
    const isNumber = NUMBERS.includes(name) && /^\+?\d+$/.test(String(value));
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return element(
      'div',
      {},
      element('dt', {}, name),
      element(
        'dd',
        { 'data-field': name },
        isNumber ? numberButton(this.omni, String(value)) : text,
      ),
    );
  }
}
