/**
 * What travels on Salesforce's MessagePort, as far as this page reads it (connector-api.md).
 *
 * @typedef {object} CallInfo
 * @property {Date} [callStateTimestamp]
 * @property {boolean} [isOnHold]
 * @property {boolean} [isMuted]
 * @property {boolean} [isRecordingPaused]
 * @property {boolean} [isSoftphoneCall]
 * @property {string | null} [queueName]
 * @property {boolean} [acceptEnabled]
 * @property {boolean} [declineEnabled]
 * @property {boolean} [muteEnabled]
 * @property {boolean} [holdEnabled]
 * @property {boolean} [recordEnabled]
 * @property {boolean} [extensionEnabled]
 * @property {boolean} [showMuteButton]
 * @property {boolean} [showRecordButton]
 * @property {boolean} [endCallDisabled]
 *
 * @typedef {object} CallAttributes
 * @property {string} [voiceCallId]
 * @property {string} [participantType]
 * @property {boolean} [isOnHold]
 * @property {boolean} [isAutoMergeOn]
 *
 * @typedef {object} Contact
 * @property {string} [id]
 * @property {string} [type]
 * @property {string} [name]
 * @property {string} [phoneNumber]
 * @property {string | null} [availability]
 * @property {string} [queueWaitTime]
 * @property {string} [description]
 *
 * @typedef {object} PhoneCall
 * @property {string} [callId]
 * @property {string} [connectionId]
 * @property {string} [callType]
 * @property {string} [state]
 * @property {string} [phoneNumber]
 * @property {Contact} [contact]
 * @property {CallInfo} [callInfo]
 * @property {CallAttributes} [callAttributes]
 * @property {string} [reason]
 * @property {boolean} [closeCallOnError]
 * @property {string} [agentStatus]
 * @property {boolean} [isReplayedCall]
 *
 * @typedef {object} PresenceStatus
 * @property {string} statusId
 * @property {string} statusApiName
 * @property {string} statusName
 * @property {boolean} hasChannels whether calls may come in this status
 * @property {boolean} isOffline
 *
 * @typedef {object} Phone
 * @property {string} type SOFT_PHONE or DESK_PHONE
 * @property {string} [number]
 *
 * @typedef {object} WrapUp
 * @property {string} callId
 * @property {PhoneCall} call as it was when it ended
 * @property {number} since epoch milliseconds
 *
 * @typedef {{ type: string } & Record<string, unknown>} Message
 *
 * @typedef {object} ContactSearch
 * @property {string} contains
 * @property {string} type one of the filter types, or "" for all
 * @property {boolean} availableOnly
 * @property {number} offset
 */

export {};
