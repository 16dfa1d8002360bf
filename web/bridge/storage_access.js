/** Whether the browser keeps a sign-in although the page is inside Salesforce's. */
import { keepsCookies } from '../shared/kept_cookies.js';
import { permissionButton } from './permission_button.js';

/** Asks the browser, and when it says no, the agent. */
export class StorageAccess {
  #tell;
  #question;

  /** @param {(event: BridgeEvent) => void} tell */
  constructor(tell) {
    this.#tell = tell;
    this.#question = permissionButton('allow-storage', () => void this.#request());
  }

  /** @returns {Promise<boolean>} also true where access is not needed, or not known */
  async isGranted() {
    if (keepsCookies() || typeof document.hasStorageAccess !== 'function') {
      this.#question.hide();
      return true;
    }
    const granted = await document.hasStorageAccess();
    if (!granted) {
      this.#question.show();
    }
    return granted;
  }

  async #request() {
    let granted = true;
    try {
      await document.requestStorageAccess();
      this.#question.hide();
    } catch (error) {
      // Asked again at the next click.
      granted = false;
      console.warn('The browser does not allow the sign-in to be kept.', error);
    }
    this.#tell({ type: 'storage_access', granted });
  }
}
