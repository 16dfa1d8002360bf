"""WebHID as a test plays it, in the page: headsets that are plugged in, opened and pulled out."""

FAKE_HID = """
(collections) => {
  class FakeDevice extends EventTarget {
    constructor(vendorId, productId, productName, collections) {
      super();
      Object.assign(this, { vendorId, productId, productName, collections });
      this.opened = false;
      this.sent = [];
      this.writeError = null;
      this.isOpening = false;
      this.patience = Promise.resolve();
    }
    takesLong() {
      this.patience = new Promise((resolve) => { this.goesOn = resolve; });
    }
    async open() {
      if (this.isOpening || this.opened) throw new Error('open or being opened');
      this.isOpening = true;
      await this.patience;
      this.isOpening = false;
      this.opened = true;
    }
    async close() {
      this.opened = false;
    }
    async sendReport(reportId, data) {
      if (this.writeError) throw new Error(this.writeError);
      this.sent.push([reportId, Array.from(data)]);
    }
    says(reportId, ...bytes) {
      // A report is often a part of a larger buffer.
      const buffer = Uint8Array.from([99, ...bytes, 99]).buffer;
      const event = new Event('inputreport');
      const data = new DataView(buffer, 1, bytes.length);
      Object.assign(event, { device: this, reportId, data });
      this.dispatchEvent(event);
    }
  }
  class FakeHid extends EventTarget {
    granted = [];
    plugged = [];
    asked = [];
    async getDevices() {
      return this.granted.filter((device) => this.plugged.includes(device));
    }
    async requestDevice({ filters }) {
      this.asked.push(filters);
      const chosen = this.plugged.filter((device) =>
        filters.some(
          (one) => one.vendorId === device.vendorId && one.productId === device.productId,
        ),
      );
      this.granted.push(...chosen);
      return chosen;
    }
    makes(collections) {
      const device = new FakeDevice(0x1234, 0x5678, 'Some Headset', collections);
      this.granted.push(device);
      return device;
    }
    tell(kind, device) {
      const event = new Event(kind);
      Object.assign(event, { device });
      this.dispatchEvent(event);
    }
    plug(device) {
      this.plugged.push(device);
      if (this.granted.includes(device)) this.tell('connect', device);
    }
    pull(device) {
      this.plugged = this.plugged.filter((one) => one !== device);
      device.opened = false;
      this.tell('disconnect', device);
    }
  }
  const hid = new FakeHid();
  window.headset = new FakeDevice(0x1234, 0x5678, 'Some Headset', collections);
  hid.plugged.push(window.headset);
  Object.defineProperty(navigator, 'hid', { value: hid, configurable: true });
}
"""
"""A script for the page, called with the layout of the headset that is plugged in."""
