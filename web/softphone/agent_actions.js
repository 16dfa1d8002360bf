/** What the agent chooses for themselves: phone, audio devices, headset, logs. */

import { sendOnce } from './omni_actions.js';

/** @typedef {import('./omni.js').Omni} Omni */

/**
 * @param {Omni} omni
 * @param {import('./types.js').Phone} selectedPhone
 */
export function selectPhone(omni, selectedPhone) {
  omni.selectedPhone = selectedPhone;
  setConfig(omni, {});
}

/**
 * Salesforce sends the phone with everything else that is chosen (connector-api.md 1.5).
 *
 * @param {Omni} omni
 * @param {{ speakerDeviceId?: string, microphoneDeviceId?: string,
 *   hidDeviceInfo?: { productId: number, vendorId: number } }} chosen
 */
export function setConfig(omni, chosen) {
  const config = { selectedPhone: omni.selectedPhone, ...chosen };
  sendOnce(omni, 'phone', { type: 'SET_AGENT_CONFIG', config });
}

/** @param {Omni} omni */
export function askForDevices(omni) {
  sendOnce(omni, 'devices', { type: 'GET_AUDIO_DEVICES' });
}

/** @param {Omni} omni */
export function askForVendorStatus(omni) {
  sendOnce(omni, 'vendorStatus', { type: 'GET_AGENT_STATUS' });
}

/** @param {Omni} omni */
export function downloadLogs(omni) {
  omni.sendMessage({ type: 'DOWNLOAD_VENDOR_LOGS' });
}
