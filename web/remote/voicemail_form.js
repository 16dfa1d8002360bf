/** "Voicemail": a customer leaves a message (guide chapter 9, "Send Voicemails to Agents"). */

import { request } from '../shared/http.js';
import { cleanNumber } from '../shared/phone_numbers.js';
import { ActionForm } from './action_form.js';

/** @returns {HTMLElement} */
export function voicemailForm() {
  return new ActionForm({
    id: 'voicemail',
    title: 'Voicemail',
    help: 'A customer leaves a message. An agent gets it as a work item, without a call.',
    fields: [
      {
        id: 'voicemail-caller',
        label: 'Caller',
        kind: 'tel',
        name: 'caller',
        value: '+14155550123',
      },
      {
        id: 'voicemail-number',
        label: 'Dialed Number',
        kind: 'tel',
        name: 'dialedNumber',
        value: '+12025550199',
      },
      {
        id: 'voicemail-text',
        label: 'Transcript of the Message',
        kind: 'area',
        name: 'transcript',
        value: 'Please call me back about my order.',
      },
      {
        id: 'voicemail-url',
        label: 'Voicemail URL',
        kind: 'url',
        name: 'recordingUrl',
        value: 'https://recordings.example/voicemail.wav',
      },
      {
        id: 'voicemail-seconds',
        label: 'Voicemail Length (Seconds)',
        kind: 'number',
        name: 'seconds',
        value: '12',
        more: { min: 0, step: 1 },
      },
    ],
    actions: [
      {
        label: 'Send Voicemail',
        run: async (field) => {
          await request('POST', '/demo/v1/voicemails', {
            caller: cleanNumber(field('voicemail-caller').required),
            dialedNumber: cleanNumber(field('voicemail-number').required),
            transcript: field('voicemail-text').required,
            recordingUrl: field('voicemail-url').required,
            seconds: field('voicemail-seconds').number,
          });
          return 'Sent.';
        },
      },
    ],
  }).card;
}
