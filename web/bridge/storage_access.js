/** Whether the browser sends our cookies although the page is inside Salesforce's. */
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

  /** @returns {Promise<boolean>} also true in a browser that does not know the question */
  async isGranted() {
    if (typeof document.hasStorageAccess !== 'function') {
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
