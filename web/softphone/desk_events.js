/** Events beside calls: messages, previews, transfer view, work after conversations. */

import { alertReader, announce } from '../shared/announcer.js';

/** @typedef {import('./omni.js').Omni} Omni */

/** @type {Record<string, (omni: Omni, payload: any) => void>} */
export const DESK_EVENTS = {
  MESSAGE: (omni, payload) => {
    if (payload?.type === 'PREVIEW_CALL' && payload.phoneNumber) {
      omni.tell('preview', payload);
      alertReader(`Call to review: ${payload.name || payload.phoneNumber}.`);
    }
    omni.tell('message', payload);
  },
  SHOW_TRANSFER_VIEW: (omni, payload) => {
    omni.tell('transfer view', payload ?? {});
  },
  AFTER_CONVERSATION_WORK_STARTED: (omni, payload) => {
    omni.tell('conversation work', { ...payload, isOver: false });
    announce('After-conversation work started.');
  },
  AFTER_CONVERSATION_WORK_ENDED: (omni, payload) => {
    omni.tell('conversation work', { ...payload, isOver: true });
    announce('After-conversation work ended.');
  },
};
