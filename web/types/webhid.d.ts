/** The part of WebHID that the bridge uses; TypeScript's own DOM types do not have it. */

interface HidFilter {
  vendorId: number;
  productId: number;
}

interface HidInputReport extends Event {
  readonly device: HidDevice;
  readonly reportId: number;
  readonly data: DataView;
}

interface HidConnection extends Event {
  readonly device: HidDevice;
}

interface HidDevice extends EventTarget {
  readonly opened: boolean;
  readonly vendorId: number;
  readonly productId: number;
  readonly productName: string;
  /** Plain dictionaries: what each report holds. */
  readonly collections: readonly { readonly usagePage?: number }[];
  open(): Promise<void>;
  close(): Promise<void>;
  sendReport(reportId: number, data: Uint8Array<ArrayBuffer>): Promise<void>;
  addEventListener(type: 'inputreport', listener: (event: HidInputReport) => void): void;
  removeEventListener(type: 'inputreport', listener: (event: HidInputReport) => void): void;
}

interface Hid extends EventTarget {
  getDevices(): Promise<HidDevice[]>;
  requestDevice(options: { filters: HidFilter[] }): Promise<HidDevice[]>;
  addEventListener(type: 'connect' | 'disconnect', listener: (event: HidConnection) => void): void;
}

interface Navigator {
  /** Only in browsers that know WebHID. */
  readonly hid?: Hid;
}
