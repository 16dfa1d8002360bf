/** The VoiceCall record as Salesforce (here its simulator) holds it. */

import { byId, element, setText } from '../shared/dom.js';
import { describeError, request } from '../shared/http.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').PhoneCall} PhoneCall
 */

const RECORDS = '/salesforce-simulator/ui/voiceCalls';
/** The server writes a record shortly after the event; one more look catches it. */
const LOOKS_AFTER_MS = [150, 1500];

/** Shows the record of the call that was last on the phone and creates those of outbound calls. */
export class VoiceCallView {
  /** @param {Omni} omni */
  constructor(omni) {
    this.omni = omni;
    this.state = byId('record-state', HTMLElement);
    this.fields = byId('record-fields', HTMLElement);
    /** @type {number[]} */
    this.looks = [];
    byId('record-refresh', HTMLButtonElement).addEventListener('click', () => void this.refresh());
    omni.outboundListeners.add((call) => void this.#create(call));
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
    try {
      const found = await request('GET', `${RECORDS}?vendorCallKey=${encodeURIComponent(key)}`);
      this.#show(key, found?.voiceCalls?.[0] ?? null);
    } catch (error) {
      const { code, message } = describeError(error);
      setText(this.state, `${code}: ${message}`);
    }
  }

  /**
   * @param {string} key
   * @param {Record<string, unknown> | null} record
   */
  #show(key, record) {
    if (key !== this.omni.memory.voiceCallKey) {
      return;
    }
    setText(this.state, record ? '' : 'Salesforce has no record of this call yet.');
    const rows = Object.entries(record ?? { vendorCallKey: key })
      .filter(([, value]) => value !== null && value !== '')
      .map(([name, value]) => field(name, value));
    this.fields.replaceChildren(...rows);
  }

  /** @param {PhoneCall} call an outbound call that has no record yet */
  async #create(call) {
    try {
      const made = await request('POST', RECORDS, {
        vendorCallKey: call.callId,
        callType: 'Outbound',
        fromNumber: this.omni.selectedPhone.number || null,
        toNumber: call.phoneNumber || call.contact?.phoneNumber || null,
        ownerUserName: this.omni.userName,
      });
      this.#keepId(call.callId ?? '', made?.voiceCallId);
    } catch (error) {
      const { code, message } = describeError(error);
      this.omni.toast('error', code, `The VoiceCall couldn’t be created. ${message}`);
    }
    this.omni.changed();
    this.lookSoon();
  }

  /**
   * @param {string} callId
   * @param {string | undefined} voiceCallId
   */
  #keepId(callId, voiceCallId) {
    const call = this.omni.calls.get(callId);
    if (call && voiceCallId) {
      const callAttributes = { ...call.callAttributes, voiceCallId };
      this.omni.calls.set(callId, { ...call, callAttributes });
    }
  }
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function field(name, value) {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return element('div', {}, element('dt', {}, name), element('dd', { 'data-field': name }, text));
}
