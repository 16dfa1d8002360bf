"""Every constant, field and default of the vendor, against tables written from its reference.

The left side of each line is what stands on the wire. Kinds: `text`, `bool`, `number`, `time`, or a
class or enumeration; `?` may be absent; `*` a list; `!` required; `= x` the default otherwise.
"""

import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

import pytest

from connector_py import entities
from connector_py.entities import wire
from tests.support.strategies import VENDOR_CLASSES

CLASSES = {
    "CallInfo": """
        callStateTimestamp time?
        isOnHold bool?
        isMuted bool = False
        isRecordingPaused bool = False
        initialCallId text?
        queueId text?
        queueName text?
        queueTimestamp time?
        isSoftphoneCall bool = True
        acceptEnabled bool = True
        declineEnabled bool = True
        muteEnabled bool = True
        swapEnabled bool = True
        conferenceEnabled bool = True
        holdEnabled bool = True
        recordEnabled bool = True
        addCallerEnabled bool = True
        extensionEnabled bool = True
        isReplayable bool = True
        isBargeable bool = False
        isExternalTransfer bool?
        showMuteButton bool = True
        showRecordButton bool = True
        showAddCallerButton bool = True
        showAddBlindTransferButton bool = True
        showMergeButton bool = True
        showSwapButton bool = True
        removeParticipantVariant RemoveParticipantVariant = ALWAYS
        additionalFields text?
        isMultiParty bool = False
        isHIDCall bool = False
        endCallDisabled bool = False
        renderContactId text?
    """,
    "Contact": """
        phoneNumber text?
        id text?
        type ContactType?
        name text?
        listType ContactListType?
        prefix text?
        extension text?
        endpointARN text?
        queue text?
        availability AgentAvailability?
        queueWaitTime text?
        recordId text?
        description text?
    """,
    "PhoneCallAttributes": """
        voiceCallId text?
        participantType ParticipantType?
        dialerType DialerType = None
        parentId text?
        isOnHold bool?
        hasSupervisorBargedIn bool = False
        isAutoMergeOn bool = False
        isConsultCall bool = False
        initialCallHasEnded bool?
    """,  # the last one is what the replay reads without declaring it (4.6)
    "PhoneCall": """
        callId text?
        connectionId text?
        callType CallType?
        callSubtype CallSubtype?
        contact Contact?
        toContact Contact?
        fromContact Contact?
        state text?
        callAttributes PhoneCallAttributes?
        phoneNumber text?
        callInfo CallInfo?
        reason text?
        closeCallOnError bool?
        agentStatus text?
        agentARN text?
        isReplayedCall bool?
    """,
    "SharedCapabilitiesResult": """
        debugEnabled bool = True
        hasContactSearch bool = False
        hasAgentAvailability bool = False
        hasQueueWaitTime bool = False
        hasTransferToOmniFlow bool = False
        hasPendingStatusChange bool = False
        hasSFDCPendingState bool = False
        hasAutoAcceptEnabled bool = False
    """,
    "VoiceCapabilitiesResult": """
        hasMute bool = True
        hasRecord bool = True
        hasMerge bool = True
        hasSwap bool = True
        hasBlindTransfer bool = False
        hasSignedRecordingUrl bool = False
        supportsMos bool = False
        hasSupervisorListenIn bool = False
        hasSupervisorBargeIn bool = False
        hasPhoneBook bool = False
        hasGetExternalSpeakerDeviceSetting bool = False
        hasSetExternalSpeakerDeviceSetting bool = False
        hasGetExternalMicrophoneDeviceSetting bool = False
        hasSetExternalMicrophoneDeviceSetting bool = False
        canConsult bool = False
        isDialPadDisabled bool = False
        isHidSupported bool = False
        isPhoneBookDisabled bool = False
    """,
    "InitResult": """
        showLogin bool = False
        loginFrameHeight number = 350
        isSilentLogin bool = False
        showStorageAccess bool = False
    """,
    "GenericResult": "success bool!",
    "SetAgentStateResult": """
        success bool!
        isStatusSyncNeeded bool = True
    """,
    "SetAgentConfigResult": """
        success bool!
        isSystemEvent bool = False
    """,
    "LogoutResult": """
        success bool!
        loginFrameHeight number = 350
    """,
    "CallResult": "call PhoneCall?",
    "HangupResult": "calls PhoneCall*!",
    "SupervisorHangupResult": "calls PhoneCall*!",
    "SuperviseCallResult": "call PhoneCall!",
    "MuteToggleResult": """
        isMuted bool!
        call PhoneCall?
        isGlobal bool?
    """,
    "HoldToggleResult": """
        isThirdPartyOnHold bool?
        isCustomerOnHold bool?
        calls PhoneCall*|map:PhoneCall?
        isCallMerged bool?
    """,
    "RecordingToggleResult": """
        isRecordingPaused bool!
        contactId text?
        initialContactId text?
        instanceId text?
        region text?
    """,
    "ParticipantResult": """
        initialCallHasEnded bool!
        callInfo CallInfo!
        callAttributes PhoneCallAttributes?
        phoneNumber text?
        callId text?
        contact Contact?
        connectionId text?
    """,
    "ActiveCallsResult": "activeCalls PhoneCall* = []",
    "ContactsResult": """
        contacts Contact* = []
        contactTypes ContactType* = []
    """,
    "PhoneContactsResult": """
        contacts Contact* = []
        contactTypes ContactType* = []
    """,
    "AudioDevicesResult": "audioDevices any* = []",
    "AgentConfigResult": """
        phones text|Phone* = ['SOFT_PHONE']
        selectedPhone Phone = {'type': 'SOFT_PHONE'}
        speakerDeviceId text =
        microphoneDeviceId text =
        hidDeviceInfo HidDevice?
    """,  # the last one is ours: the server keeps the headset, too (B3)
    "SignedRecordingUrlResult": """
        success bool!
        url text?
        duration number?
        callId text?
    """,
    "StateChangeResult": """
        newVendorStateInfo AgentVendorStatusInfo!
        oldVendorStateInfo AgentVendorStatusInfo?
    """,
    "ShowStorageAccessResult": """
        success bool = False
        showLogin bool = False
        loginFrameHeight number = 350
    """,
    "Phone": """
        type PhoneType!
        number text?
    """,
    "AgentConfig": """
        selectedPhone Phone!
        speakerDeviceId text?
        microphoneDeviceId text?
        hidDeviceInfo HidDevice?
    """,
    "HidDevice": """
        productId number?
        vendorId number?
    """,
    "DialOptions": """
        isCallback bool = False
        isConsultCall bool = False
    """,
    "AgentWork": """
        workItemId text?
        workId text?
        workEvent WorkEvent!
    """,
    "AgentStatusInfo": """
        statusId text!
        statusApiName text?
        statusName text?
    """,
    "AgentVendorStatusInfo": """
        statusId text?
        statusType text?
        statusName text?
    """,
    "SupervisedCallInfo": """
        callId text!
        voiceCallId text?
        callType text?
        from text?
        to text?
        supervisorName text?
        isBargedIn bool?
        connectionId text?
    """,
    "AudioStats": """
        callId text?
        stats AudioStatsElement*?
        isAudioStatsCompleted bool?
    """,
    "AudioStatsElement": """
        inputChannelStats StatsInfo?
        outputChannelStats StatsInfo?
    """,
    "StatsInfo": """
        statsCount number = 0
        packetsCount number = 0
        packetsLost number = 0
        jitterBufferMillis number = 0
        roundTripTimeMillis number = 0
    """,
    "ContactsFilter": """
        contains text?
        limit number = 50
        offset number = 0
        types ContactsFilterType* = []
    """,
    "ACWInfo": """
        agentWorkId text?
        workItemId text?
    """,
}

ENUMERATIONS = {
    "CallType": "Inbound Outbound Callback AddParticipant Transfer InternalCall DialedCallback"
    " Consult",
    "CallSubtype": "PSTN WebRTC",
    "DialerType": "OutboundPreview None",
    "CallState": "ringing connected transferring transferred ended",
    "ParticipantType": "Agent Initial_Caller Third_Party Supervisor",
    "ContactType": "PhoneBook Queue PhoneNumber Agent Flow",
    "ContactListType": "Transfer Conference All",
    "ContactsFilterType": "AGENT QUEUE CONTACT DIRECTORY FLOW AVAILABLE",
    "AgentAvailability": "AVAILABLE BUSY OFFLINE",
    "AgentStatus": "Online Offline AfterCallWork",
    "PhoneType": "DESK_PHONE SOFT_PHONE",
    "HangupReason": "error ended",
    "HangupStatus": "MissedCallAgent DeclinedByAgent FailedConnectAgent FailedConnectCustomer"
    " CallbackMissedOrRejected",
    "RemoveParticipantVariant": "ALWAYS NEVER ALWAYS_EXCEPT_ON_HOLD",
    "WorkEvent": "ASSIGNED ACCEPTED DECLINED COMPLETED CLOSED PAUSED UNPAUSED",
    "LogLevel": "ERROR INFO",
    "LogSource": "SYSTEM PARTNER",
    "DialOption": "isCallback=true isConsultCall",
    "AgentConfigType": "SHOW_AGENT_SETTINGS PHONES SELECTED_PHONE",
    "InfoType": "CAN_NOT_ACCEPT_THE_CALL",
    "SharedErrorType": "CUSTOM_ERROR GENERIC_ERROR AUTHENTICATION_ERROR INVALID_AGENT_STATUS"
    " CAN_NOT_GET_AGENT_STATUS CAN_NOT_SET_AGENT_STATUS LOGIN_REQUIRED CAN_NOT_LOG_IN"
    " CAN_NOT_LOG_OUT INVALID_STATE_CHANGE_RESULT INVALID_STORAGE_ACCESS_RESULT INVALID_ACW_INFO",
    "VoiceErrorType": "CAN_NOT_DECLINE_THE_CALL CAN_NOT_END_THE_CALL CAN_NOT_HOLD_CALL"
    " CAN_NOT_RESUME_CALL CAN_NOT_MUTE_CALL CAN_NOT_UNMUTE_CALL CAN_NOT_TOGGLE_MUTE"
    " CAN_NOT_TOGGLE_HOLD CAN_NOT_TOGGLE_RECORD INVALID_PARTICIPANT INVALID_PARAMS"
    " CAN_NOT_GET_PHONE_CONTACTS CAN_NOT_SWAP_PARTICIPANTS CAN_NOT_CONFERENCE INVALID_DESTINATION"
    " INVALID_PHONE_NUMBER CAN_NOT_HANGUP_PARTICIPANT CAN_NOT_ADD_PARTICIPANT"
    " CAN_NOT_CONNECT_PARTICIPANT CAN_NOT_START_THE_CALL CAN_NOT_PAUSE_RECORDING"
    " CAN_NOT_RESUME_RECORDING CAN_NOT_SET_AGENT_CONFIG CAN_NOT_SET_CAPABILITIES"
    " CAN_NOT_UPDATE_PHONE_NUMBER CAN_NOT_GET_SIGNED_RECORDING_URL CAN_NOT_SUPERVISE_CALL"
    " CAN_NOT_DISCONNECT_SUPERVISOR CAN_NOT_BARGE_IN_SUPERVISOR CAN_NOT_BARGE_IN_CALL AGENT_ERROR"
    " MICROPHONE_NOT_SHARED UNSUPPORTED_BROWSER USER_BUSY_ERROR WEBRTC_ERROR"
    " CAN_NOT_GET_AUDIO_DEVICES CAN_NOT_UPDATE_CALL",
    "SharedMessageType": "SETUP_CONNECTOR CONNECTOR_READY LOG TELEPHONY_EVENT_DISPATCHED"
    " SET_AGENT_STATUS GET_AGENT_STATUS LOGOUT MESSAGE DOWNLOAD_VENDOR_LOGS AGENT_WORK_EVENT"
    " GET_CONTACTS",
    "VoiceMessageType": "ACCEPT_CALL DECLINE_CALL END_CALL MUTE UNMUTE HOLD RESUME DIAL"
    " SEND_DIGITS GET_PHONE_CONTACTS SWAP_PARTICIPANTS ADD_PARTICIPANT CONFERENCE PAUSE_RECORDING"
    " RESUME_RECORDING SUPERVISE_CALL SUPERVISOR_BARGE_IN SUPERVISOR_DISCONNECT SET_AGENT_CONFIG"
    " GET_SIGNED_RECORDING_URL WRAP_UP_CALL AGENT_AVAILABLE GET_AUDIO_DEVICES",
    "SharedEventType": "ERROR WARNING INFO LOGIN_STARTED LOGIN_RESULT LOGOUT_RESULT SHOW_LOGIN"
    " SET_AGENT_STATUS_RESULT GET_AGENT_STATUS_RESULT MESSAGE SET_AGENT_STATUS GET_AGENT_STATUS"
    " STATE_CHANGE REMOTE_CONTROLLER SHOW_STORAGE_ACCESS STORAGE_ACCESS_RESULT"
    " GET_CONTACTS_RESULT AFTER_CONVERSATION_WORK_STARTED AFTER_CONVERSATION_WORK_ENDED",
    "VoiceEventType": "QUEUED_CALL_STARTED CALL_STARTED CALL_CONNECTED CALL_FAILED MUTE_TOGGLE"
    " HOLD_TOGGLE PHONE_CONTACTS PARTICIPANT_ADDED PARTICIPANT_CONNECTED PARTICIPANT_REMOVED"
    " RECORDING_TOGGLE PARTICIPANTS_SWAPPED PARTICIPANTS_CONFERENCED SIGNED_RECORDING_URL"
    " UPDATE_AUDIO_STATS UPDATE_AUDIO_STATS_COMPLETED SUPERVISOR_BARGED_IN"
    " SUPERVISOR_CALL_STARTED SUPERVISOR_CALL_CONNECTED SUPERVISOR_HANGUP CALL_BARGED_IN"
    " WRAP_UP_ENDED AFTER_CALL_WORK_STARTED AGENT_CONFIG_UPDATED AGENT_ERROR HANGUP"
    " SOFTPHONE_ERROR SHOW_TRANSFER_VIEW GET_AUDIO_DEVICES AUDIO_STATS CALL_UPDATED",
}

NAMED_OTHERWISE = {
    "AgentStatus.ACW": "AfterCallWork",
    "HangupReason.PHONE_CALL_ERROR": "error",
    "HangupReason.PHONE_CALL_ENDED": "ended",
    "HangupStatus.MISSED_AGENT": "MissedCallAgent",
    "HangupStatus.DECLINED": "DeclinedByAgent",
    "DialOption.CALLBACK": "isCallback=true",
    "DialOption.CONSULT": "isConsultCall",
}

_KINDS: dict[Any, str] = {
    str: "text",
    bool: "bool",
    int: "number",
    float: "number",
    datetime: "time",
    Any: "any",
}


def kind_of(declared: Any) -> str:
    if declared in _KINDS:
        return _KINDS[declared]
    arguments = typing.get_args(declared)
    if typing.get_origin(declared) is tuple:
        return kind_of(arguments[0]) + "*"
    if typing.get_origin(declared) is Mapping:
        return "map:" + kind_of(arguments[1])
    if arguments:
        present = [kind_of(one) for one in arguments if one is not type(None)]
        return "|".join(present) + ("?" if len(present) < len(arguments) else "")
    return declared.__name__


def line_of(field: Field[Any], wire_name: str) -> str:
    line = f"{wire_name} {kind_of(field.type)}"
    if field.default is MISSING and field.default_factory is MISSING:
        return line + "!"
    default = field.default if field.default_factory is MISSING else field.default_factory()
    return line if default is None else f"{line} = {wire.to_wire(default)}".rstrip()


def test_there_are_exactly_the_vendor_s_classes() -> None:
    assert {cls.__name__ for cls in VENDOR_CLASSES} == set(CLASSES)


@pytest.mark.parametrize("name", CLASSES)
def test_fields_and_defaults(name: str) -> None:
    cls: Any = getattr(entities, name)
    names = [field.wire_name for field in wire.wire_fields(cls)]
    lines = [line_of(field, name) for field, name in zip(fields(cls), names, strict=True)]
    expected = [" ".join(line.split()) for line in CLASSES[name].strip().splitlines()]
    assert sorted(lines) == sorted(expected)


def test_there_are_exactly_the_vendor_s_enumerations() -> None:
    ours = {
        value.__name__
        for value in vars(entities.constants).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
    }
    assert ours == set(ENUMERATIONS)


@pytest.mark.parametrize("name", ENUMERATIONS)
def test_values_of_enumerations(name: str) -> None:
    assert [member.value for member in getattr(entities, name)] == ENUMERATIONS[name].split()


@pytest.mark.parametrize("path", NAMED_OTHERWISE)
def test_keys_that_differ_from_their_values(path: str) -> None:
    enumeration, member = path.split(".")
    assert getattr(entities, enumeration)[member].value == NAMED_OTHERWISE[path]


@pytest.mark.parametrize("cls", VENDOR_CLASSES, ids=lambda cls: cls.__name__)
def test_classes_are_frozen_and_slotted(cls: type[Any]) -> None:
    assert cls.__dataclass_params__.frozen
    assert "__slots__" in vars(cls)
    assert not hasattr(object.__new__(cls), "__dict__")
