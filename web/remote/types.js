/**
 * What the server tells this page: the overview of `/demo/v1/live`.
 *
 * @typedef {object} Phone
 * @property {string} type SOFT_PHONE, DESK_PHONE
 * @property {string} [number]
 *
 * @typedef {object} Agent
 * @property {string} userName
 * @property {string} agentId
 * @property {string} fullName
 * @property {string} state offline, busy, available, on_call, after_call_work
 * @property {boolean} connected whether the agent's connector is on the line
 * @property {string | null} [statusId] of the Salesforce presence status
 * @property {string | null} [statusName] the Salesforce presence status
 * @property {string | null} [wrapUpCallId]
 * @property {Phone} [selectedPhone]
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
 * @property {boolean} [isSoftphone]
 * @property {boolean} [isConsult]
 * @property {boolean} [hasBargedIn]
 * @property {string} [contactType]
 * @property {string} [contactId]
 * @property {string} [voiceCallId]
 * @property {CallInfo} [callInfo]
 * @property {string} [digits] the tones that they sent last
 *
 * @typedef {Record<string, unknown>} CallInfo the fields of connector-api.md 2.1
 *
 * @typedef {object} Call
 * @property {string} callId
 * @property {string} callType
 * @property {Participant[]} participants
 * @property {string} startedAt ISO 8601
 * @property {string} [recording] off, recording, paused
 * @property {string} [voiceCallId]
 * @property {string} [parentCallId]
 * @property {string} [initialCallId]
 * @property {string} [queueName]
 * @property {string} [dialerType]
 * @property {boolean} [isAutoMergeOn]
 * @property {string} [fromNumber]
 * @property {string} [toNumber]
 * @property {CallInfo} [callInfo]
 *
 * @typedef {object} EndedCall
 * @property {string} callId
 * @property {string} callType
 * @property {string} endedAt ISO 8601
 * @property {string} [voiceCallId]
 * @property {string} [fromNumber]
 * @property {string} [toNumber]
 *
 * @typedef {object} Settings what is chosen for all agents
 * @property {Record<string, boolean>} sharedCapabilities
 * @property {Record<string, boolean>} voiceCapabilities
 * @property {string[]} contactTypes
 * @property {CallInfo} callInfo how a new call begins
 * @property {CallInfo} thirdPartyCallInfo the same for a party that is added
 * @property {boolean} isAutoMergeOn
 * @property {string[]} labels
 * @property {Record<string, number>} queueWaitSeconds
 * @property {boolean} showsLogin
 * @property {boolean} isSilentLogin
 * @property {{ label?: string, code?: string } | null} [error]
 *
 * @typedef {object} Overview
 * @property {Agent[]} [agents]
 * @property {Call[]} [calls]
 * @property {Settings | null} [settings]
 * @property {string} [nextDial] ring, busy, unreachable
 */

export {};
