/**
 * What `publishEvent` of the base connector takes (connector-api.md 3.1): event → class of its
 * payload, null for plain data. Anything else it drops without a word (B22).
 * @type {Readonly<Record<string, BaseClassName | null>>}
 */
export const EVENT_CLASSES = Object.freeze({
  LOGIN_RESULT: 'GenericResult',
  LOGOUT_RESULT: 'LogoutResult',
  CALL_STARTED: 'CallResult',
  QUEUED_CALL_STARTED: 'CallResult',
  CALL_CONNECTED: 'CallResult',
  CALL_UPDATED: 'CallResult',
  HANGUP: 'HangupResult',
  PARTICIPANT_ADDED: 'ParticipantResult',
  PARTICIPANT_CONNECTED: 'ParticipantResult',
  PARTICIPANT_REMOVED: 'CallResult',
  MESSAGE: null,
  AFTER_CALL_WORK_STARTED: null,
  WRAP_UP_ENDED: null,
  SHOW_TRANSFER_VIEW: null,
  MUTE_TOGGLE: 'MuteToggleResult',
  HOLD_TOGGLE: 'HoldToggleResult',
  RECORDING_TOGGLE: 'RecordingToggleResult',
  PARTICIPANTS_SWAPPED: 'HoldToggleResult',
  PARTICIPANTS_CONFERENCED: 'HoldToggleResult',
  UPDATE_AUDIO_STATS: 'AudioStats',
  SUPERVISOR_BARGED_IN: 'SuperviseCallResult',
  SUPERVISOR_CALL_STARTED: 'SuperviseCallResult',
  SUPERVISOR_CALL_CONNECTED: 'SuperviseCallResult',
  SUPERVISOR_HANGUP: 'SupervisorHangupResult',
  CALL_BARGED_IN: 'SupervisedCallInfo',
  SET_AGENT_STATUS: 'AgentStatusInfo',
  GET_AGENT_STATUS: 'AgentVendorStatusInfo',
  STATE_CHANGE: 'StateChangeResult',
  STORAGE_ACCESS_RESULT: 'ShowStorageAccessResult',
  AFTER_CONVERSATION_WORK_STARTED: 'ACWInfo',
  AFTER_CONVERSATION_WORK_ENDED: 'ACWInfo',
});
