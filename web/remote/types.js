/**
 * What the server tells this page: the overview of `/demo/v1/live`.
 *
 * @typedef {object} Agent
 * @property {string} userName
 * @property {string} agentId
 * @property {string} fullName
 * @property {string} state offline, busy, available, on_call, after_call_work
 * @property {boolean} connected whether the agent's connector is on the line
 * @property {string | null} [statusName] the Salesforce presence status
 *
 * @typedef {object} Participant
 * @property {string} participantId
 * @property {string} participantType
 * @property {string} state ringing, connected, ended
 * @property {string} stateSince ISO 8601
 * @property {string} [phoneNumber]
 * @property {string} [name]
 * @property {string} [agentId]
 * @property {boolean} [isOnHold]
 * @property {boolean} [isMuted]
 *
 * @typedef {object} Call
 * @property {string} callId
 * @property {string} callType
 * @property {Participant[]} participants
 * @property {string} startedAt ISO 8601
 * @property {string} [recording] off, recording, paused
 * @property {string} [voiceCallId]
 * @property {string} [queueName]
 * @property {string} [fromNumber]
 * @property {string} [toNumber]
 */

export {};
