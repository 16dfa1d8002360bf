/** The error constants of the Connector API in the words of a softphone. */

/** @type {Record<string, string>} */
const SENTENCES = {
  AGENT_ERROR: 'Something is wrong on your side of the call.',
  CAN_NOT_ACCEPT_THE_CALL: 'The call couldn’t be accepted.',
  CAN_NOT_ADD_PARTICIPANT: 'The participant couldn’t be added.',
  CAN_NOT_BARGE_IN_SUPERVISOR: 'You can’t barge in on this call.',
  CAN_NOT_CONFERENCE: 'The calls couldn’t be merged.',
  CAN_NOT_CONNECT_PARTICIPANT: 'The participant couldn’t be connected.',
  CAN_NOT_DECLINE_THE_CALL: 'The call couldn’t be declined.',
  CAN_NOT_DISCONNECT_SUPERVISOR: 'The supervision couldn’t be ended.',
  CAN_NOT_END_THE_CALL: 'The call couldn’t be ended.',
  CAN_NOT_GET_AGENT_STATUS: 'Your status in the telephony system couldn’t be read.',
  CAN_NOT_GET_AUDIO_DEVICES: 'The audio devices couldn’t be read.',
  CAN_NOT_GET_PHONE_CONTACTS: 'The contacts couldn’t be loaded.',
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
  CAN_NOT_START_THE_CALL: 'The call couldn’t be started.',
  CAN_NOT_SUPERVISE_CALL: 'The call can’t be supervised.',
  CAN_NOT_SWAP_PARTICIPANTS: 'The calls couldn’t be swapped.',
  CAN_NOT_TOGGLE_HOLD: 'Hold couldn’t be changed.',
  CAN_NOT_TOGGLE_MUTE: 'Mute couldn’t be changed.',
  CAN_NOT_TOGGLE_RECORD: 'Recording couldn’t be changed.',
  CAN_NOT_UNMUTE_CALL: 'The call couldn’t be unmuted.',
  CAN_NOT_UPDATE_CALL: 'The call couldn’t be updated.',
  CAN_NOT_UPDATE_PHONE_NUMBER: 'This phone number can’t be used for your phone.',
  GENERIC_ERROR: 'Something went wrong in the telephony system.',
  INVALID_AGENT_STATUS: 'The telephony system doesn’t know this status.',
  INVALID_DESTINATION: 'This destination can’t be called.',
  INVALID_PARAMS: 'The contact center is set up wrongly.',
  INVALID_PARTICIPANT: 'This participant isn’t on the call.',
  MICROPHONE_NOT_SHARED: 'Allow the browser to use the microphone.',
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
