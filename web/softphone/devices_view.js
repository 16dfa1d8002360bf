/** Audio devices and headset of the agent, as far as the telephony system lets them choose. */

import { byId, element, setText } from '../shared/dom.js';
import { recall, remember } from '../shared/memory.js';
import { askForDevices, setConfig } from './agent_actions.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 *
 * @typedef {object} AudioDevice the API leaves its shape open: browsers' names come first
 * @property {string} [deviceId]
 * @property {string} [id]
 * @property {string} [kind] audioinput or audiooutput
 * @property {string} [label]
 * @property {string} [name]
 */

const KEPT_KEY = 'scv-softphone-devices';

/** The two kinds of devices and the capabilities that they need. */
const KINDS = /** @type {const} */ ([
  {
    id: 'speaker',
    kind: 'audiooutput',
    get: 'HAS_GET_EXTERNAL_SPEAKER',
    set: 'HAS_SET_EXTERNAL_SPEAKER',
  },
  {
    id: 'microphone',
    kind: 'audioinput',
    get: 'HAS_GET_EXTERNAL_MICROPHONE',
    set: 'HAS_SET_EXTERNAL_MICROPHONE',
  },
]);

/**
 * Shows the choices. What is chosen is kept here too: the base connector does not pass it on
 * (connector-api.md B3).
 *
 * @param {Omni} omni
 */
export function showDevices(omni) {
  const kept = recall(localStorage, KEPT_KEY) ?? {};
  omni.on('audio devices', (devices) => fill(devices, kept));
  byId('panel-settings', HTMLElement).addEventListener('shown', () => {
    const { capabilities } = omni;
    if (omni.isReady && KINDS.some(({ get, set }) => capabilities[get] || capabilities[set])) {
      askForDevices(omni);
    }
  });
  byId('devices-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    kept.speaker = byId('speaker', HTMLSelectElement).value;
    kept.microphone = byId('microphone', HTMLSelectElement).value;
    remember(localStorage, KEPT_KEY, kept);
    setConfig(omni, chosenDevices(omni, kept));
  });
  showHeadset(omni);
  omni.watch(() => {
    const { capabilities, isReady, busy } = omni;
    for (const { id, get, set } of KINDS) {
      byId(`${id}-row`, HTMLElement).hidden = !capabilities[get] && !capabilities[set];
      byId(id, HTMLSelectElement).disabled = !capabilities[set];
    }
    const canChoose = KINDS.some(({ set }) => capabilities[set]);
    const hasAny = KINDS.some(({ get, set }) => capabilities[get] || capabilities[set]);
    byId('devices-form', HTMLElement).hidden = !hasAny;
    byId('devices-save', HTMLElement).hidden = !canChoose;
    byId('devices-save', HTMLButtonElement).disabled = !isReady || busy.has('phone');
  });
}

/**
 * @param {Omni} omni
 * @param {{ speaker?: string, microphone?: string }} kept
 */
function chosenDevices({ capabilities }, { speaker, microphone }) {
  return {
    ...(capabilities.HAS_SET_EXTERNAL_SPEAKER && speaker ? { speakerDeviceId: speaker } : {}),
    ...(capabilities.HAS_SET_EXTERNAL_MICROPHONE && microphone
      ? { microphoneDeviceId: microphone }
      : {}),
  };
}

/**
 * @param {AudioDevice[]} devices
 * @param {Record<string, string>} kept
 */
function fill(devices, kept) {
  for (const { id, kind } of KINDS) {
    const select = byId(id, HTMLSelectElement);
    const options = devices
      .filter((device) => device.kind === kind)
      .map((device, at) => {
        const value = device.deviceId ?? device.id ?? '';
        const label = device.label || device.name || `Device ${at + 1}`;
        return element('option', { value }, label);
      });
    select.replaceChildren(element('option', { value: '' }, 'System default'), ...options);
    select.value = kept[id] ?? '';
    if (select.selectedIndex < 0) {
      select.value = '';
    }
  }
}

/**
 * The browser lets the agent choose a headset for this page's origin (guide chapter 16).
 *
 * @param {Omni} omni
 */
function showHeadset(omni) {
  const note = byId('headset-note', HTMLElement);
  const choose = byId('headset-choose', HTMLButtonElement);
  const hid = /** @type {any} */ (navigator).hid;
  choose.addEventListener('click', async () => {
    try {
      const [device] = await hid.requestDevice({ filters: [] });
      if (!device) {
        setText(note, 'No headset was chosen.');
        return;
      }
      const { productId, vendorId, productName } = device;
      setText(note, `Headset: ${productName || 'unnamed device'}`);
      setConfig(omni, { hidDeviceInfo: { productId, vendorId } });
    } catch (error) {
      setText(note, `The headset can’t be used: ${Object(error).message ?? error}`);
    }
  });
  omni.watch(() => {
    byId('headset', HTMLElement).hidden = omni.capabilities.HAS_HID_SUPPORT !== true;
    choose.disabled = !omni.isReady || hid === undefined || omni.busy.has('phone');
  });
  if (hid === undefined) {
    setText(note, 'This browser can’t use the buttons of headsets.');
  }
}
