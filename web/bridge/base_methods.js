/**
 * The 36 methods that the base connector calls, as one list (connector-api.md, section 1).
 *
 * `result` is the base's class that the base will use; null when it ignores the result.
 * `error` is the error constant of a failure. `quiet` methods are called without a try/catch
 * around them (B7): a failure must not escape, it goes to Salesforce's log. A `question` changes
 * nothing, so that no event has to wait for its answer; nor for a method without a result.
 */

/**
 * @typedef {object} MethodSpec
 * @property {string} name
 * @property {BaseClassName | null} result subclasses are fine
 * @property {string} error
 * @property {boolean} quiet
 * @property {boolean} question
 */

/**
 * @param {string} name
 * @param {BaseClassName | null} result
 * @param {string} error
 * @returns {MethodSpec}
 */
const method = (name, result, error) => ({ name, result, error, quiet: false, question: false });

/**
 * @param {string} name
 * @param {BaseClassName} result
 * @param {string} error
 * @returns {MethodSpec}
 */
const question = (name, result, error) => ({ ...method(name, result, error), question: true });

/** @param {string} name @returns {MethodSpec} */
const quiet = (name) => ({ ...method(name, null, 'GENERIC_ERROR'), quiet: true });

const GET_AUDIO_DEVICES = question(
  'getAudioDevices',
  'AudioDevicesResult',
  'CAN_NOT_GET_AUDIO_DEVICES',
);

/** VendorConnector without getTelephonyConnector, which Python has no part in. */
export const VENDOR_METHODS = Object.freeze([
  method('init', 'InitResult', 'CAN_NOT_LOG_IN'),
  method('getSharedCapabilities', 'SharedCapabilitiesResult', 'CAN_NOT_LOG_IN'),
  method('setAgentStatus', 'GenericResult', 'CAN_NOT_SET_AGENT_STATUS'),
  question('getAgentStatus', 'AgentVendorStatusInfo', 'CAN_NOT_GET_AGENT_STATUS'),
  method('logout', 'LogoutResult', 'CAN_NOT_LOG_OUT'),
  question('getContacts', 'ContactsResult', 'GENERIC_ERROR'),
  GET_AUDIO_DEVICES,
  quiet('handleMessage'),
  quiet('onAgentWorkEvent'),
  quiet('downloadLogs'),
  quiet('logMessageToVendor'),
]);

/** TelephonyConnector; the base asks it for the audio devices too (B15). */
export const TELEPHONY_METHODS = Object.freeze([
  method('acceptCall', 'CallResult', 'CAN_NOT_ACCEPT_THE_CALL'),
  method('declineCall', 'CallResult', 'CAN_NOT_DECLINE_THE_CALL'),
  method('endCall', 'HangupResult', 'CAN_NOT_END_THE_CALL'),
  method('mute', 'MuteToggleResult', 'CAN_NOT_MUTE_CALL'),
  method('unmute', 'MuteToggleResult', 'CAN_NOT_UNMUTE_CALL'),
  method('hold', 'HoldToggleResult', 'CAN_NOT_HOLD_CALL'),
  method('resume', 'HoldToggleResult', 'CAN_NOT_RESUME_CALL'),
  method('dial', 'CallResult', 'CAN_NOT_START_THE_CALL'),
  method('sendDigits', null, 'GENERIC_ERROR'),
  question('getPhoneContacts', 'PhoneContactsResult', 'CAN_NOT_GET_PHONE_CONTACTS'),
  method('swap', 'HoldToggleResult', 'CAN_NOT_SWAP_PARTICIPANTS'),
  method('conference', 'HoldToggleResult', 'CAN_NOT_CONFERENCE'),
  method('addParticipant', 'ParticipantResult', 'CAN_NOT_ADD_PARTICIPANT'),
  method('pauseRecording', 'RecordingToggleResult', 'CAN_NOT_PAUSE_RECORDING'),
  method('resumeRecording', 'RecordingToggleResult', 'CAN_NOT_RESUME_RECORDING'),
  method('getAgentConfig', 'AgentConfigResult', 'CAN_NOT_LOG_IN'),
  method('setAgentConfig', 'GenericResult', 'CAN_NOT_SET_AGENT_CONFIG'),
  method('getVoiceCapabilities', 'VoiceCapabilitiesResult', 'CAN_NOT_LOG_IN'),
  method('getActiveCalls', 'ActiveCallsResult', 'GENERIC_ERROR'),
  question('getSignedRecordingUrl', 'SignedRecordingUrlResult', 'CAN_NOT_GET_SIGNED_RECORDING_URL'),
  method('superviseCall', 'SuperviseCallResult', 'CAN_NOT_SUPERVISE_CALL'),
  method('supervisorDisconnect', 'SupervisorHangupResult', 'CAN_NOT_DISCONNECT_SUPERVISOR'),
  method('supervisorBargeIn', 'SuperviseCallResult', 'CAN_NOT_BARGE_IN_SUPERVISOR'),
  quiet('wrapUpCall'),
  GET_AUDIO_DEVICES,
]);
