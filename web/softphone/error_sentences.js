/** The error constants of the Connector API in the words of a softphone. */

/** Every constant of connector-api.md 2.8 and, for DIAL, of its section 0. @type {Record<string, string>} */
const SENTENCES = {
  AGENT_AT_MAXIMUM_CAPACITY: 'The agent can’t take another call.',
  AGENT_ERROR: 'Something is wrong on your side of the call.',
  AGENT_NOT_INITIALIZED: 'Your phone isn’t set up in the telephony system yet.',
  AREA_CODE_NOT_IN_DIALABLE_LIST: 'Calls to this area code aren’t allowed.',
  AUTHENTICATION_ERROR: 'The telephony system doesn’t accept your sign-in.',
  CALL_THROTTLED: 'Too many calls were started. Wait a moment and try again.',
  CAN_NOT_ACCEPT_THE_CALL: 'The call couldn’t be accepted.',
  CAN_NOT_ADD_PARTICIPANT: 'The participant couldn’t be added.',
  CAN_NOT_BARGE_IN_CALL: 'The supervisor couldn’t join the call.',
  CAN_NOT_BARGE_IN_SUPERVISOR: 'You can’t barge in on this call.',
  CAN_NOT_CONFERENCE: 'The calls couldn’t be merged.',
  CAN_NOT_CONNECT_PARTICIPANT: 'The participant couldn’t be connected.',
  CAN_NOT_DECLINE_THE_CALL: 'The call couldn’t be declined.',
  CAN_NOT_DISCONNECT_SUPERVISOR: 'The supervision couldn’t be ended.',
  CAN_NOT_END_THE_CALL: 'The call couldn’t be ended.',
  CAN_NOT_GET_AGENT_STATUS: 'Your status in the telephony system couldn’t be read.',
  CAN_NOT_GET_AUDIO_DEVICES: 'The audio devices couldn’t be read.',
  CAN_NOT_GET_PHONE_CONTACTS: 'The contacts couldn’t be loaded.',
  CAN_NOT_GET_SIGNED_RECORDING_URL: 'The recording couldn’t be opened.',
  CAN_NOT_HANGUP_PARTICIPANT: 'The participant couldn’t be removed.',
  CAN_NOT_HOLD_CALL: 'The call couldn’t be put on hold.',
  CAN_NOT_LOG_IN: 'You couldn’t be signed in to the telephony system.',
  CAN_NOT_LOG_OUT: 'You couldn’t be signed out of the telephony system.',
  CAN_NOT_MUTE_CALL: 'The call couldn’t be muted.',
  CAN_NOT_PAUSE_RECORDING: 'The recording couldn’t be paused.',
  CAN_NOT_RESUME_CALL: 'The call couldn’t be taken off hold.',
  CAN_NOT_RESUME_RECORDING: 'The recording couldn’t be resumed.',
  CAN_NOT_SET_AGENT_CONFIG: 'Your phone settings couldn’t be saved.',
  CAN_NOT_SET_AGENT_STATUS: 'Your status couldn’t be changed.',
  CAN_NOT_SET_CAPABILITIES: 'The features of the phone couldn’t be changed.',
  CAN_NOT_START_THE_CALL: 'The call couldn’t be started.',
  CAN_NOT_SUPERVISE_CALL: 'The call can’t be supervised.',
  CAN_NOT_SWAP_PARTICIPANTS: 'The calls couldn’t be swapped.',
  CAN_NOT_TOGGLE_HOLD: 'Hold couldn’t be changed.',
  CAN_NOT_TOGGLE_MUTE: 'Mute couldn’t be changed.',
  CAN_NOT_TOGGLE_RECORD: 'Recording couldn’t be changed.',
  CAN_NOT_UNMUTE_CALL: 'The call couldn’t be unmuted.',
  CAN_NOT_UPDATE_CALL: 'The call couldn’t be updated.',
  CAN_NOT_UPDATE_PHONE_NUMBER: 'This phone number can’t be used for your phone.',
  CUSTOM_ERROR: 'The telephony system reported an error.',
  GENERIC_ERROR: 'Something went wrong in the telephony system.',
  INVALID_ACW_INFO: 'The after-conversation work doesn’t say what it belongs to.',
  INVALID_AGENT_STATUS: 'The telephony system doesn’t know this status.',
  INVALID_DESTINATION: 'This destination can’t be called.',
  INVALID_PARAMS: 'The contact center is set up wrongly.',
  INVALID_PARTICIPANT: 'This participant isn’t on the call.',
  INVALID_PHONE_NUMBER: 'This isn’t a valid phone number.',
  INVALID_STATE_CHANGE_RESULT: 'The telephony system reported a status change that can’t be read.',
  INVALID_STORAGE_ACCESS_RESULT: 'The answer about storage access can’t be read.',
  LOGIN_REQUIRED: 'Sign in to the telephony system first.',
  MICROPHONE_NOT_SHARED: 'Allow the browser to use the microphone.',
  OUTBOUND_QUEUE_MISCONFIGURED: 'The queue for outbound calls is set up wrongly.',
  PHONE_NUMBER_NOT_VALID: 'This isn’t a valid phone number.',
  PHONE_NUMBER_NOT_VALID_E164_FORMAT: 'Write the phone number with + and the country code.',
  TIMEOUT_ERROR: 'The telephony system didn’t answer in time.',
  UNABLE_TO_CONNECT_TO_AGENT: 'The agent couldn’t be reached.',
  UNAUTHORIZED_SERVICE_CALL: 'You aren’t allowed to place this call.',
  UNSUPPORTED_BROWSER: 'This browser isn’t supported.',
  USER_BUSY_ERROR: 'The other side is busy.',
  WEBRTC_ERROR: 'The audio connection failed.',
};

/** @type {Record<string, string>} */
const HANGUPS = {
  DeclinedByAgent: 'You declined the call.',
  MissedCallAgent: 'You missed the call.',
  FailedConnectAgent: 'The call couldn’t reach you.',
  FailedConnectCustomer: 'The call couldn’t be connected to the customer.',
  CallbackMissedOrRejected: 'The callback was missed or rejected.',
};

/**
 * @param {string} constant an error constant of the Connector API
 * @returns {string} a sentence
 */
export function errorSentence(constant) {
  return SENTENCES[constant] ?? 'The telephony system reported an error.';
}

/**
 * @param {string | undefined} agentStatus a HANGUP_STATUS
 * @returns {string} a sentence
 */
export function hangupSentence(agentStatus) {
  return HANGUPS[agentStatus ?? ''] ?? 'The call ended with an error.';
}
