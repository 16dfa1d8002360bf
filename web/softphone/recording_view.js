/** The recording of a call, played from an address that the telephony system signs. */

import { byId, setText } from '../shared/dom.js';
import { formatDuration } from '../shared/time.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./salesforce.js').VoiceCall} VoiceCall
 */

/** Shows a player when there is something to play. */
export class RecordingView {
  /** @param {Omni} omni */
  constructor(omni) {
    this.omni = omni;
    this.player = byId('recording-player', HTMLAudioElement);
    this.note = byId('recording-note', HTMLElement);
    this.location = '';
    this.length = '';
    /** @type {VoiceCall | null} */
    this.record = null;
    /** Whose address is being asked for. @type {string | undefined} */
    this.asked = undefined;
    byId('recording-open', HTMLButtonElement).addEventListener('click', () => this.#ask());
    omni.on('signed recording', (payload) => this.#signed(payload));
    omni.on('ready', () => this.#load());
    this.player.addEventListener('error', () => {
      if (this.player.getAttribute('src')) {
        // As from an address that this page does not trust (guide chapter 11, "Trusted URL").
        this.player.hidden = true;
        setText(this.note, `${this.length}. The recording can’t be played here.`);
      }
    });
  }

  /** @param {VoiceCall | null} record */
  show(record) {
    const recording = record?.recording;
    byId('recording', HTMLElement).hidden = !recording;
    this.record = record;
    const location = recording?.location ?? '';
    if (location === this.location) {
      return;
    }
    this.location = location;
    this.player.removeAttribute('src');
    this.player.hidden = true;
    if (recording) {
      this.#showLength(recording.seconds);
      this.#load();
    }
  }

  /** "When the recording component loads, Salesforce issues a request" (guide chapter 11). */
  #load() {
    if (this.location === '' || !this.omni.isReady) {
      return;
    }
    if (this.omni.capabilities.SIGNED_RECORDING_URL === true) {
      this.#ask();
    } else {
      this.#play(this.location);
    }
  }

  #ask() {
    const { omni, record } = this;
    if (record === null || !omni.isReady || !omni.busy.occupy('recording')) {
      return;
    }
    this.asked = record.voiceCallId;
    setText(this.note, 'Asking for the recording…');
    omni.sendMessage({
      type: 'GET_SIGNED_RECORDING_URL',
      recordingUrl: this.location,
      vendorCallKey: record.vendorCallKey,
      callId: record.voiceCallId,
    });
  }

  /** @param {any} payload */
  #signed(payload) {
    this.omni.busy.free('recording');
    if (this.asked !== this.record?.voiceCallId) {
      // The agent opened another record meanwhile; a failure does not say whose it is.
      this.#load();
    } else if (payload?.success !== true) {
      setText(this.note, 'The recording couldn’t be opened.');
      byId('recording-open', HTMLElement).hidden = false;
    } else {
      this.#showLength(payload.duration ?? this.record?.recording?.seconds);
      this.#play(payload.url);
    }
  }

  /** @param {unknown} seconds */
  #showLength(seconds) {
    this.length = `Length ${typeof seconds === 'number' ? formatDuration(1000 * seconds) : 'unknown'}`;
    setText(this.note, this.length);
  }

  /** @param {string} url */
  #play(url) {
    this.player.src = url;
    this.player.hidden = false;
    byId('recording-open', HTMLElement).hidden = true;
  }
}
