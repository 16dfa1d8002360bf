/** JSON of the border ↔ values that the base connector accepts. */

/** @type {ReadonlySet<string>} */
const CLASS_NAMES = new Set(
  /** @type {BaseClassName[]} */ ([
    'ACWInfo',
    'ActiveCallsResult',
    'AgentConfig',
    'AgentConfigResult',
    'AgentStatusInfo',
    'AgentVendorStatusInfo',
    'AgentWork',
    'AudioDevicesResult',
    'AudioStats',
    'AudioStatsElement',
    'CallInfo',
    'CallResult',
    'Contact',
    'ContactsFilter',
    'ContactsResult',
    'DialOptions',
    'GenericResult',
    'HangupResult',
    'HidDevice',
    'HoldToggleResult',
    'InitResult',
    'LogoutResult',
    'MuteToggleResult',
    'ParticipantResult',
    'Phone',
    'PhoneCall',
    'PhoneCallAttributes',
    'PhoneContactsResult',
    'RecordingToggleResult',
    'SetAgentConfigResult',
    'SetAgentStateResult',
    'SharedCapabilitiesResult',
    'ShowStorageAccessResult',
    'SignedRecordingUrlResult',
    'StateChangeResult',
    'StatsInfo',
    'SuperviseCallResult',
    'SupervisedCallInfo',
    'SupervisorHangupResult',
    'VoiceCapabilitiesResult',
  ]),
);

/** @param {string} name @returns {name is BaseClassName} */
function isClassName(name) {
  return CLASS_NAMES.has(name);
}

/**
 * Turns `{"$class": name, …fields}` into instances of the base's classes, `{"$date"}` into Date.
 * @param {unknown} value parsed JSON
 * @param {BaseConnector} base
 * @returns {unknown}
 * @throws {TypeError} when the base has no such class; also what its constructors throw
 */
export function revive(value, base) {
  if (Array.isArray(value)) {
    return value.map((item) => revive(item, base));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if ('$date' in value) {
    return new Date(String(value.$date));
  }
  const { $class: className, ...fields } = /** @type {Record<string, unknown>} */ (value);
  const revived = Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [key, revive(field, base)]),
  );
  if (className === undefined) {
    return revived;
  }
  const name = String(className);
  if (!isClassName(name)) {
    throw new TypeError(`scv-connector-base has no class ${name}`);
  }
  const instance = new base[name](revived);
  // PhoneCall drops what is false or empty; Salesforce is to see `closeCallOnError: false`.
  for (const [key, field] of Object.entries(revived)) {
    if (field !== null && !(key in instance)) {
      Reflect.set(instance, key, field);
    }
  }
  return instance;
}

/**
 * @param {WireError} error
 * @param {BaseConnector} base
 * @returns {Error} what the base recognises: its CustomError, or an error with a `type`
 */
export function reviveError(error, base) {
  if (error.kind === 'custom') {
    const { labelName, namespace, message } = error;
    return new base.CustomError({ labelName, namespace, ...(message === null ? {} : { message }) });
  }
  return typedError(error.type, error.message);
}

/**
 * @param {string} type one of Salesforce's error constants
 * @param {string} message
 */
export function typedError(type, message) {
  return Object.assign(new Error(message), { type });
}

/**
 * @param {unknown} value
 * @returns {string} what it is, for an error message
 */
export function describe(value) {
  if (value === null || typeof value !== 'object') {
    return String(value === null ? null : typeof value);
  }
  return value.constructor?.name ?? 'object';
}

/**
 * @param {unknown} value parsed JSON of the border
 * @returns {string} its class on the border, or what else it is
 */
export function describeTagged(value) {
  const tag = Object(value).$class;
  return typeof tag === 'string' ? tag : describe(value);
}
