/** Every flag of the Connector API that can be chosen here, in plain words. */

/**
 * @typedef {object} Flag
 * @property {string} name as the Connector API spells it
 * @property {string} label
 * @property {string} [help]
 */

/** Abilities for every channel (connector-api.md 2.5). @type {Flag[]} */
export const SHARED_CAPABILITIES = [
  {
    name: 'hasContactSearch',
    label: 'Search contacts',
    help: 'When off, Salesforce searches in the list that it got.',
  },
  { name: 'hasAgentAvailability', label: 'Show which agents are available' },
  {
    name: 'hasQueueWaitTime',
    label: 'Give queue wait times',
    help: 'When off, Salesforce estimates them itself.',
  },
  { name: 'hasTransferToOmniFlow', label: 'Transfer to Omni-Channel flows' },
  {
    name: 'hasPendingStatusChange',
    label: 'Change the status while on a call',
    help: 'Also called queued agent status: it counts when the call is over.',
  },
  {
    name: 'hasSFDCPendingState',
    label: 'Salesforce keeps the pending status',
    help: 'For Salesforce alone; the simulated softphone behaves the same.',
  },
  {
    name: 'hasAutoAcceptEnabled',
    label: 'Accept calls automatically',
    help: 'For Salesforce alone, which then lets agents choose it.',
  },
  {
    name: 'debugEnabled',
    label: 'Debug logging',
    help: 'For Salesforce alone, which then offers Download Logs; the connector keeps its log anyway.',
  },
];

/** Abilities for voice (connector-api.md 2.5). @type {Flag[]} */
export const VOICE_CAPABILITIES = [
  { name: 'hasMute', label: 'Mute' },
  { name: 'hasRecord', label: 'Pause and resume the recording' },
  { name: 'hasSwap', label: 'Swap', help: 'Hold one party and resume another in one step.' },
  { name: 'hasMerge', label: 'Merge calls', help: 'Conference: everybody talks with everybody.' },
  { name: 'hasBlindTransfer', label: 'Blind transfer' },
  {
    name: 'canConsult',
    label: 'Consult calls',
    help: 'Multi-party: talk with somebody in private before the merge.',
  },
  { name: 'hasPhoneBook', label: 'Phone book' },
  { name: 'isPhoneBookDisabled', label: 'Phone book shown but disabled' },
  { name: 'isDialPadDisabled', label: 'Dial pad disabled' },
  { name: 'hasSupervisorListenIn', label: 'Supervisors listen in' },
  { name: 'hasSupervisorBargeIn', label: 'Supervisors barge in' },
  {
    name: 'hasSignedRecordingUrl',
    label: 'Signed recording addresses',
    help: 'Salesforce asks for a short-lived address of the recording that was published.',
  },
  {
    name: 'supportsMos',
    label: 'Mean opinion score (MOS)',
    help: 'For Salesforce alone, which computes the quality of a call from the audio statistics.',
  },
  { name: 'isHidSupported', label: 'Headsets with buttons (WebHID)' },
  {
    name: 'hasGetExternalSpeakerDeviceSetting',
    label: 'Read the speaker',
    help: 'For Salesforce alone, which then asks for it.',
  },
  { name: 'hasSetExternalSpeakerDeviceSetting', label: 'Choose the speaker' },
  {
    name: 'hasGetExternalMicrophoneDeviceSetting',
    label: 'Read the microphone',
    help: 'For Salesforce alone, which then asks for it.',
  },
  { name: 'hasSetExternalMicrophoneDeviceSetting', label: 'Choose the microphone' },
];

/** Kinds of transfer destinations (guide chapter 13). @type {Flag[]} */
export const CONTACT_TYPES = [
  { name: 'Agent', label: 'Agents' },
  { name: 'Queue', label: 'Queues' },
  { name: 'PhoneBook', label: 'Phone book entries' },
  { name: 'PhoneNumber', label: 'Phone numbers' },
  { name: 'Flow', label: 'Flows' },
];

/** How a call begins. @type {Flag[]} */
export const INITIAL_STATE = [
  { name: 'isRecordingPaused', label: 'Recording paused' },
  { name: 'isMuted', label: 'Muted' },
  { name: 'isOnHold', label: 'On hold' },
  {
    name: 'isExternalTransfer',
    label: 'External transfer',
    help: 'Not ticked: it is told of whoever is added by a phone number.',
  },
];

/** Buttons that can be hidden (guide chapter 9, "Hide Call Controls"). @type {Flag[]} */
export const SHOWN = [
  { name: 'showMuteButton', label: 'Mute' },
  { name: 'showRecordButton', label: 'Record' },
  { name: 'showAddCallerButton', label: 'Add caller' },
  { name: 'showAddBlindTransferButton', label: 'Blind transfer' },
  { name: 'showMergeButton', label: 'Merge' },
  { name: 'showSwapButton', label: 'Swap' },
];

/** Controls that can be switched off. @type {Flag[]} */
export const ENABLED = [
  { name: 'acceptEnabled', label: 'Accept' },
  { name: 'declineEnabled', label: 'Decline' },
  { name: 'muteEnabled', label: 'Mute' },
  { name: 'holdEnabled', label: 'Hold' },
  { name: 'recordEnabled', label: 'Record' },
  { name: 'addCallerEnabled', label: 'Add participant' },
  { name: 'extensionEnabled', label: 'Extension (dial pad)' },
  { name: 'swapEnabled', label: 'Swap' },
  { name: 'conferenceEnabled', label: 'Conference' },
];

/** What is left of a call's facts. @type {Flag[]} */
export const OTHER = [
  { name: 'endCallDisabled', label: 'End Call disabled' },
  {
    name: 'isReplayable',
    label: 'Replayable',
    help: 'The call is shown again after the agent’s page was reloaded.',
  },
  { name: 'isMultiParty', label: 'Multi-party call' },
];

/** When the agent may remove a party. @type {[value: string, label: string][]} */
export const REMOVE_VARIANTS = [
  ['ALWAYS', 'Always'],
  ['NEVER', 'Never'],
  ['ALWAYS_EXCEPT_ON_HOLD', 'Always, except on hold'],
];

/** Reasons for which dialing fails (connector-api.md, section 0). */
export const DIAL_ERRORS = [
  'AGENT_AT_MAXIMUM_CAPACITY',
  'AGENT_NOT_INITIALIZED',
  'AREA_CODE_NOT_IN_DIALABLE_LIST',
  'CALL_THROTTLED',
  'OUTBOUND_QUEUE_MISCONFIGURED',
  'PHONE_NUMBER_NOT_VALID',
  'PHONE_NUMBER_NOT_VALID_E164_FORMAT',
  'TIMEOUT_ERROR',
  'UNABLE_TO_CONNECT_TO_AGENT',
  'UNAUTHORIZED_SERVICE_CALL',
];
