/** The vendor that the base connector gets: subclasses of its own classes, made from one list. */
import { TELEPHONY_METHODS, VENDOR_METHODS } from './base_methods.js';
import { typedError } from './wire.js';

/**
 * @typedef {import('./base_methods.js').MethodSpec} MethodSpec
 * @typedef {(spec: MethodSpec, args: unknown[]) => Promise<unknown>} Call
 */

/**
 * @param {object} prototype
 * @param {readonly MethodSpec[]} specs
 * @param {Call} call
 */
function addMethods(prototype, specs, call) {
  for (const spec of specs) {
    Object.defineProperty(prototype, spec.name, {
      value: (/** @type {unknown[]} */ ...args) => call(spec, args),
    });
  }
}

/**
 * @param {BaseConnector} base
 * @param {Call} call
 */
function vendorOf(base, call) {
  class Telephony extends base.TelephonyConnector {}
  addMethods(Telephony.prototype, TELEPHONY_METHODS, call);
  const telephony = new Telephony();
  class Vendor extends base.VendorConnector {
    getTelephonyConnector() {
      return telephony;
    }
  }
  addMethods(Vendor.prototype, VENDOR_METHODS, call);
  return new Vendor();
}

/**
 * @param {BaseConnector} base
 * @param {Pick<import('./methods.js').MethodCaller, 'call'>} methods
 * @param {() => void} onReady Salesforce is about to get CONNECTOR_READY, the agent is signed in
 * @returns {object} for `initializeConnector`
 */
export function createVendor(base, methods, onReady) {
  return vendorOf(base, (spec, args) => {
    // One of the parts of CONNECTOR_READY, and asked for at no other time.
    if (spec.name === 'getSharedCapabilities') {
      onReady();
    }
    return methods.call(spec, args);
  });
}

/**
 * A vendor for a connector that did not start: every method fails with the reason.
 * @param {BaseConnector} base
 * @param {import('./stages.js').StageError} failure
 * @returns {object} for `initializeConnector`
 */
export function createFailedVendor(base, failure) {
  return vendorOf(base, async (spec) => {
    const payload = { stage: failure.stage, message: failure.message };
    base.publishLog({ eventType: spec.name, payload, isError: true });
    if (spec.quiet) {
      return null;
    }
    throw typedError(spec.error, failure.message);
  });
}
