/** The agent's headset through WebHID: opens it, passes its reports on, writes to it. */
import { permissionButton } from './permission_button.js';

/** HID usage page of telephony: one headset may show up several times. */
const TELEPHONY = 0x0b;

/** One headset at a time: the one that Python asked for. */
export class Headset {
  /** @type {HidFilter | null} */
  #wanted = null;
  /** @type {HidDevice | null} */
  #device = null;
  /** @type {HidDevice | null} */
  #opening = null;
  /** One thing at a time: a browser refuses to open a device that is still being closed. */
  #turns = Promise.resolve();
  /** The last wish counts: opening takes turns of the event loop. */
  #wish = 0;
  #hid;
  #tell;
  #question;

  /** @param {(event: BridgeEvent) => void} tell */
  constructor(tell) {
    this.#hid = navigator.hid;
    this.#tell = tell;
    this.#question = permissionButton('allow-headset', () => void this.#ask());
    this.#hid?.addEventListener('connect', ({ device }) => this.#plugged(device));
    this.#hid?.addEventListener('disconnect', ({ device }) => this.#unplugged(device));
  }

  /** @param {HidFilter} wanted */
  open({ vendorId, productId }) {
    this.close();
    this.#wanted = { vendorId, productId };
    this.#search();
  }

  close() {
    this.#wish += 1;
    this.#wanted = null;
    this.#question.hide();
    const device = this.#letGo();
    if (device !== null) {
      this.#close(device);
    }
  }

  /**
   * Sends an output report; without effect when the headset is gone.
   * @param {number} reportId
   * @param {string} bytes in hexadecimal
   */
  send(reportId, bytes) {
    const device = this.#device;
    if (device !== null) {
      this.#turns = this.#turns
        .then(() => device.sendReport(reportId, fromHex(bytes)))
        .catch((error) => this.#broke(error));
    }
  }

  /** Opens the best part of the wanted headset; a search under way comes to nothing. */
  #search() {
    this.#wish += 1;
    const wish = this.#wish;
    this.#turns = this.#turns
      .then(() => this.#find(wish))
      .catch((error) => {
        if (wish === this.#wish) {
          this.#broke(error);
        }
      });
  }

  /** @param {number} wish */
  async #find(wish) {
    if (this.#hid === undefined) {
      this.#fail('unsupported', 'this browser has no WebHID, so headset buttons do nothing');
      return;
    }
    const granted = (await this.#hid.getDevices()).filter((device) => this.#isWanted(device));
    const device = granted.find(isTelephony) ?? granted[0];
    if (wish !== this.#wish) {
      return;
    }
    if (device === undefined) {
      this.#question.show();
      this.#fail('not_granted', 'the headset is not plugged in, or not allowed for this page');
    } else if (device !== this.#device) {
      await this.#use(device, wish);
    }
  }

  /** After the agent's click: a browser asks which headset may be used. */
  async #ask() {
    if (this.#hid === undefined || this.#wanted === null) {
      return;
    }
    const wish = this.#wish;
    try {
      const chosen = await this.#hid.requestDevice({ filters: [this.#wanted] });
      if (chosen.length > 0 && wish === this.#wish) {
        this.#search();
      }
    } catch (error) {
      this.#broke(error);
    }
  }

  /**
   * @param {HidDevice} device
   * @param {number} wish
   */
  async #use(device, wish) {
    this.#opening = device;
    try {
      if (!device.opened) {
        await device.open();
      }
      if (!(await this.#hid?.getDevices())?.includes(device)) {
        throw new Error('the headset was pulled out while it was opened');
      }
      if (wish === this.#wish) {
        this.#take(device);
      }
    } finally {
      this.#opening = null;
      if (device !== this.#device) {
        await device.close();
      }
    }
  }

  /** @param {HidDevice} device that is open */
  #take(device) {
    const before = this.#letGo();
    if (before !== null) {
      this.#close(before);
    }
    this.#device = device;
    this.#question.hide();
    device.addEventListener('inputreport', this.#onReport);
    const { vendorId, productId, productName, collections } = device;
    this.#tell({ type: 'hid_connected', vendorId, productId, productName, collections });
  }

  /** @param {HidInputReport} report */
  #onReport = ({ device, reportId, data }) => {
    if (device === this.#device) {
      this.#tell({ type: 'hid_report', reportId, bytes: toHex(data) });
    }
  };

  /**
   * One headset is several devices, which come one after the other.
   * @param {HidDevice} device
   */
  #plugged(device) {
    const taken = this.#opening ?? this.#device;
    const isBetter = taken === null || (isTelephony(device) && !isTelephony(taken));
    if (isBetter && this.#isWanted(device)) {
      this.#search();
    }
  }

  /** @param {HidDevice} device */
  #unplugged(device) {
    if (device === this.#device) {
      this.#letGo();
      this.#tell({ type: 'hid_disconnected' });
    } else if (device === this.#opening) {
      this.#search();
    }
  }

  /** @param {HidDevice} device */
  #close(device) {
    this.#turns = this.#turns.then(() => device.close()).catch((error) => this.#broke(error));
  }

  #letGo() {
    const device = this.#device;
    device?.removeEventListener('inputreport', this.#onReport);
    this.#device = null;
    return device;
  }

  /** @param {HidDevice} device */
  #isWanted({ vendorId, productId }) {
    return vendorId === this.#wanted?.vendorId && productId === this.#wanted?.productId;
  }

  /** @param {unknown} error */
  #broke(error) {
    this.#fail('broken', error instanceof Error ? error.message : String(error));
  }

  /**
   * @param {Extract<BridgeEvent, { type: 'hid_failed' }>['code']} code
   * @param {string} message
   */
  #fail(code, message) {
    console.warn(`Headset: ${message}.`);
    this.#tell({ type: 'hid_failed', code, message });
  }
}

/** @param {HidDevice} device */
function isTelephony({ collections }) {
  return collections.some(({ usagePage }) => usagePage === TELEPHONY);
}

/** @param {DataView} data */
function toHex(data) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string} hex */
function fromHex(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
