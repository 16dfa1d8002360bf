/**
 * What travels on Salesforce's MessagePort, as far as this page reads it (connector-api.md).
 *
 * @typedef {object} CallInfo
 * @property {Date} [callStateTimestamp]
 * @property {boolean} [isOnHold]
 * @property {boolean} [isMuted]
 * @property {boolean} [isRecordingPaused]
 * @property {boolean} [isSoftphoneCall]
 * @property {string} [initialCallId] of a callback: the call that it answers
 * @property {string | null} [queueName]
 * @property {boolean} [acceptEnabled]
 * @property {boolean} [declineEnabled]
 * @property {boolean} [muteEnabled]
 * @property {boolean} [swapEnabled]
 * @property {boolean} [conferenceEnabled]
 * @property {boolean} [holdEnabled]
 * @property {boolean} [recordEnabled]
 * @property {boolean} [addCallerEnabled]
 * @property {boolean} [extensionEnabled]
 * @property {boolean} [isBargeable]
 * @property {boolean} [isExternalTransfer]
 * @property {boolean} [showMuteButton]
 * @property {boolean} [showRecordButton]
 * @property {boolean} [showAddCallerButton]
 * @property {boolean} [showAddBlindTransferButton]
 * @property {boolean} [showMergeButton]
 * @property {boolean} [showSwapButton]
 * @property {string} [removeParticipantVariant] ALWAYS, NEVER or ALWAYS_EXCEPT_ON_HOLD
 * @property {boolean} [isMultiParty] each party can be muted
 * @property {boolean} [isHIDCall]
 * @property {boolean} [endCallDisabled]
 *
 * @typedef {object} CallAttributes
 * @property {string} [voiceCallId]
 * @property {string} [participantType] Agent, Initial_Caller, Third_Party or Supervisor
 * @property {string} [dialerType]
 * @property {string} [parentId]
 * @property {boolean} [isOnHold]
 * @property {boolean} [isAutoMergeOn]
 * @property {boolean} [isConsultCall]
 * @property {boolean} [hasSupervisorBargedIn]
 *
 * @typedef {object} Contact
 * @property {string} [id]
 * @property {string} [type] PhoneBook, Queue, PhoneNumber, Agent or Flow
 * @property {string} [name]
 * @property {string} [phoneNumber]
 * @property {string | null} [availability] AVAILABLE, BUSY or OFFLINE; of agents only
 * @property {string} [queueWaitTime] seconds
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
 * @property {LocalFacts} [local] what this page adds; it is not sent
 *
 * @typedef {object} LocalFacts
 * @property {boolean} [isOffered] the agent is asked to answer
 * @property {boolean} [isAgentMuted] of a multi-party call
 * @property {boolean} [hasLeft] the initial caller is gone, the call goes on
 * @property {string} [supervisorName] who barged in
 *
 * @typedef {object} SupervisedCall a SupervisedCallInfo
 * @property {string} callId
 * @property {string} [voiceCallId]
 * @property {string} [callType]
 * @property {string} [from]
 * @property {string} [to]
 * @property {string} [supervisorName]
 * @property {boolean} [isBargedIn]
 * @property {string} [connectionId]
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
 * @typedef {object} ContactQuestion
 * @property {string} contains
 * @property {string[]} types of AGENT, QUEUE, CONTACT, DIRECTORY, FLOW; none is all
 * @property {boolean} availableOnly
 * @property {number} offset
 *
 * @typedef {object} StatsInfo one direction of the audio
 * @property {number} [statsCount]
 * @property {number} [packetsCount]
 * @property {number} [packetsLost]
 * @property {number} [jitterBufferMillis]
 * @property {number} [roundTripTimeMillis]
 *
 * @typedef {object} AudioStatsElement
 * @property {StatsInfo} [inputChannelStats]
 * @property {StatsInfo} [outputChannelStats]
 */

export {};
