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
  /** Reports leave in the order in which they came. */
  #sending = Promise.resolve();
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
    void this.#find(this.#wish);
  }

  close() {
    this.#wish += 1;
    this.#wanted = null;
    this.#question.hide();
    const device = this.#letGo();
    if (device !== null) {
      this.#sending = this.#sending.then(() => device.close()).catch((error) => this.#broke(error));
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
      this.#sending = this.#sending
        .then(() => device.sendReport(reportId, fromHex(bytes)))
        .catch((error) => this.#broke(error));
    }
  }

  /** @param {number} wish */
  async #find(wish) {
    if (this.#hid === undefined) {
      this.#fail('unsupported', 'this browser has no WebHID, so headset buttons do nothing');
      return;
    }
    try {
      const granted = (await this.#hid.getDevices()).filter((device) => this.#isWanted(device));
      const device = granted.find(isTelephony) ?? granted[0];
      if (wish !== this.#wish) {
        return;
      }
      if (device === undefined) {
        this.#question.show();
        this.#fail('not_granted', 'the headset is not plugged in, or not allowed for this page');
        return;
      }
      await this.#use(device, wish);
    } catch (error) {
      this.#broke(error);
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
        await this.#find(wish);
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
    await this.#sending;
    if (!device.opened) {
      await device.open();
    }
    if (wish !== this.#wish || this.#device !== null) {
      return;
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

  /** @param {HidDevice} device */
  #plugged(device) {
    if (this.#device === null && this.#isWanted(device)) {
      void this.#find(this.#wish);
    }
  }

  /** @param {HidDevice} device */
  #unplugged(device) {
    if (device === this.#device) {
      this.#letGo();
      this.#tell({ type: 'hid_disconnected' });
    }
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
