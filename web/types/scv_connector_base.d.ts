/** The part of Salesforce's base connector (4.8.10) that the bridge uses; its own are inaccurate. */

type BaseClass = new (fields: Record<string, unknown>) => object;

interface BaseConnector extends Record<BaseClassName, BaseClass> {
  initializeConnector(vendor: object): void;
  publishEvent(event: { eventType: string; payload: unknown }): Promise<void>;
  publishError(failure: { eventType: string; error: Error }): void;
  publishLog(entry: { eventType: string; payload: unknown; isError: boolean }): void;
  log(message: object, level: 'ERROR' | 'INFO', source: 'SYSTEM' | 'PARTNER'): void;
  readonly VendorConnector: new () => object;
  readonly TelephonyConnector: new () => object;
  readonly CustomError: new (fields: {
    labelName: string;
    namespace: string;
    message?: string;
  }) => Error;
}

type BaseClassName =
  | 'ACWInfo'
  | 'ActiveCallsResult'
  | 'AgentConfig'
  | 'AgentConfigResult'
  | 'AgentStatusInfo'
  | 'AgentVendorStatusInfo'
  | 'AgentWork'
  | 'AudioDevicesResult'
  | 'AudioStats'
  | 'AudioStatsElement'
  | 'CallInfo'
  | 'CallResult'
  | 'Contact'
  | 'ContactsFilter'
  | 'ContactsResult'
  | 'DialOptions'
  | 'GenericResult'
  | 'HangupResult'
  | 'HidDevice'
  | 'HoldToggleResult'
  | 'InitResult'
  | 'LogoutResult'
  | 'MuteToggleResult'
  | 'ParticipantResult'
  | 'Phone'
  | 'PhoneCall'
  | 'PhoneCallAttributes'
  | 'PhoneContactsResult'
  | 'RecordingToggleResult'
  | 'SetAgentConfigResult'
  | 'SetAgentStateResult'
  | 'SharedCapabilitiesResult'
  | 'ShowStorageAccessResult'
  | 'SignedRecordingUrlResult'
  | 'StateChangeResult'
  | 'StatsInfo'
  | 'SuperviseCallResult'
  | 'SupervisedCallInfo'
  | 'SupervisorHangupResult'
  | 'VoiceCapabilitiesResult';
