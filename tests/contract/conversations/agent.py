"""Start-up, status, settings, contacts, recordings, messages (connector-api.md 1.2, 1.4, 1.5)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from connector_py.entities import (
    AgentStatusInfo,
    WrapUpEnded,
    to_wire,
)
from tests.contract.conversations.scenes import (
    ADA,
    CONNECTED,
    CUSTOM_ERROR,
    RINGING,
    error,
    message,
    refusing,
    refusing_with_label,
    salesforce_call,
)
from tests.support.builders import make_contact
from tests.support.scripted_server import (
    ABSENT,
    AgentsBrowser,
    Answer,
    Conversation,
    DecidesStorage,
    Say,
    SignsIn,
)

AVAILABLE = {"statusId": "0N5", "statusName": "Available", "statusApiName": "Available"}


def conversations() -> Iterator[Conversation]:
    """All of them."""
    yield from _starting()
    yield from _signing_in()
    yield from _audio_devices()
    yield from _setting_the_status()
    yield from _setting_the_configuration()
    yield from _contacts()
    yield from _recordings()
    yield from _logging_out()
    yield from _quiet_messages()


def _starting() -> Iterator[Conversation]:
    yield Conversation(
        name="CONNECTOR_READY holds phones, capabilities and the call in progress",
        agent=ADA,
        calls=(CONNECTED,),
        ready={
            "agentConfig": {"PHONES": ["SOFT_PHONE"], "SELECTED_PHONE": {"type": "SOFT_PHONE"}},
            "capabilities": {
                "DEBUG_ENABLED": True,
                "CONTACT_SEARCH": True,
                "VENDOR_PROVIDED_AVAILABILITY": True,
                "VENDOR_PROVIDED_QUEUE_WAIT_TIME": False,
                "TRANSFER_TO_OMNI_FLOW": False,
                "PENDING_STATUS_CHANGE": True,
                "SFDC_PENDING_STATE": False,
                "AUTO_ACCEPT_ENABLED": False,
                "MUTE": True,
                "RECORD": True,
                "MERGE": True,
                "SWAP": True,
                "BLIND_TRANSFER": True,
                "SIGNED_RECORDING_URL": True,
                "SUPERVISOR_LISTEN_IN": True,
                "SUPERVISOR_BARGE_IN": True,
                "MOS": False,
                "PHONEBOOK": True,
                "HAS_GET_EXTERNAL_SPEAKER": False,
                "HAS_SET_EXTERNAL_SPEAKER": False,
                "HAS_GET_EXTERNAL_MICROPHONE": False,
                "HAS_SET_EXTERNAL_MICROPHONE": False,
                "CAN_CONSULT": True,
                "DIAL_PAD": False,
                "HAS_HID_SUPPORT": False,
                "PHONEBOOK_DISABLE": False,
            },
            "callInProgress": {"callId": "call-1", "state": "connected"},
        },
    )
    yield Conversation(
        name="an agent who is not signed in gets the login page",
        agent=ADA,
        is_signed_in=False,
        starts_with=(("SHOW_LOGIN", {"loginFrameHeight": 350}),),
    )
    yield Conversation(
        name="a configuration that does not say who the agent is",
        agent=ADA,
        config={"userName": None},
        starts_with=(error("INVALID_PARAMS"),),
    )
    statuses = (
        '{"0": {"statusName": "Offline", "hasChannels": "false", "isOffline": "true", '
        '"statusId": "0"}, "0N5": {"statusName": "Available", "hasChannels": "true", '
        '"isOffline": "false", "statusId": "0N5"}}'
    )
    yield Conversation(
        name="the presence statuses go to the server",
        agent=ADA,
        config={"userPresenceStatuses": statuses},
        asked=(
            (
                "report_presence_statuses",
                {
                    "statuses": [
                        {
                            "statusId": "0",
                            "statusName": "Offline",
                            "hasChannels": False,
                            "isOffline": True,
                        },
                        {
                            "statusId": "0N5",
                            "statusName": "Available",
                            "hasChannels": True,
                            "isOffline": False,
                        },
                    ]
                },
            ),
        ),
    )
    yield Conversation(
        name="presence statuses that cannot be read stop nothing",
        agent=ADA,
        config={"userPresenceStatuses": "{"},
        ready={"callInProgress": None},
        asked=(),
    )


def _signing_in() -> Iterator[Conversation]:
    login = ("SHOW_LOGIN", {"loginFrameHeight": 350, "isSilentLogin": ABSENT})
    signed_in = SignsIn(hears=(("LOGIN_RESULT", {"success": True}),))
    yield Conversation(
        name="LOGIN_RESULT when the agent has signed in on the login page",
        agent=ADA,
        is_signed_in=False,
        starts_with=(login,),
        steps=(signed_in,),
    )
    yield Conversation(
        name="an agent who is signed in without a login page",
        agent=ADA,
        is_signed_in=False,
        is_sign_in_silent=True,
        starts_with=(("SHOW_LOGIN", {"isSilentLogin": True}),),
        steps=(signed_in,),
    )
    asks = ("SHOW_STORAGE_ACCESS", {"success": True})
    for name, is_granted in (("allows", True), ("does not allow", False)):
        decided = {"success": True, "showLogin": True, "loginFrameHeight": 350}
        yield Conversation(
            name=f"STORAGE_ACCESS_RESULT when the agent {name} the sign-in to be kept",
            agent=ADA,
            is_signed_in=False,
            browser=AgentsBrowser(keeps_sign_in=False),
            starts_with=(asks,),
            steps=(
                DecidesStorage(
                    is_granted=is_granted, hears=(("STORAGE_ACCESS_RESULT", decided), login)
                ),
            ),
        )


def _audio_devices() -> Iterator[Conversation]:
    said = message("GET_AUDIO_DEVICES")
    microphone = {"deviceId": "m1", "kind": "audioinput", "label": "Microphone"}
    speaker = {"deviceId": "s1", "kind": "audiooutput", "label": "Speaker"}
    for name, devices in (("works", (microphone, speaker)), ("without any", ())):
        yield Conversation(
            name=f"GET_AUDIO_DEVICES {name}",
            agent=ADA,
            browser=AgentsBrowser(devices=devices),
            steps=(Say(message=said, hears=(("GET_AUDIO_DEVICES", {"audioDevices": devices}),)),),
            asked=(),
        )
    yield Conversation(
        name="GET_AUDIO_DEVICES when the agent does not share the microphone",
        agent=ADA,
        browser=AgentsBrowser(devices=(microphone,), shares_microphone=False),
        steps=(
            Say(
                message=said,
                hears=(error("CAN_NOT_GET_AUDIO_DEVICES"), error("MICROPHONE_NOT_SHARED")),
            ),
        ),
        asked=(),
    )


def _setting_the_status() -> Iterator[Conversation]:
    said = message(
        "SET_AGENT_STATUS", agentStatus="Online", statusInfo=AVAILABLE, enqueueNextState=False
    )
    for is_needed in (True, False):
        yield Conversation(
            name=f"SET_AGENT_STATUS works, sync needed: {is_needed}",
            agent=ADA,
            answers={"set_agent_status": Answer(result={"isStatusSyncNeeded": is_needed})},
            steps=(
                Say(
                    message=said,
                    hears=(
                        (
                            "SET_AGENT_STATUS_RESULT",
                            {"success": True, "isStatusSyncNeeded": is_needed},
                        ),
                    ),
                ),
            ),
            asked=(
                (
                    "set_agent_status",
                    {"agentStatus": "Online", "statusInfo": AVAILABLE, "enqueueNextState": False},
                ),
            ),
        )
    failed = ("SET_AGENT_STATUS_RESULT", {"success": False})
    for name, change, answer, hears in (
        (
            "an unknown status",
            {},
            refusing("invalid_agent_status"),
            (failed, error("INVALID_AGENT_STATUS")),
        ),
        (
            "a failure",
            {},
            refusing("internal"),
            (failed, error("CAN_NOT_SET_AGENT_STATUS")),
        ),
        (
            "a failure without statusInfo",
            {"statusInfo": None},
            refusing("internal"),
            (error("CAN_NOT_SET_AGENT_STATUS"),),
        ),
        # By itself the base connector would tell no {"success": false} then (weakness B29).
        (
            "a label",
            {},
            refusing_with_label(),
            (failed, error("CAN_NOT_SET_AGENT_STATUS"), CUSTOM_ERROR),
        ),
        (
            "a word that is no status",
            {"agentStatus": "Gone"},
            Answer(),
            (failed, error("INVALID_AGENT_STATUS")),
        ),
    ):
        yield Conversation(
            name=f"SET_AGENT_STATUS with {name}",
            agent=ADA,
            answers={"set_agent_status": answer},
            steps=(Say(message={**said, **change}, hears=hears),),
        )
    status = AgentStatusInfo(status_id="0N5", status_name="Available")
    yield Conversation(
        name="GET_AGENT_STATUS",
        agent=replace(ADA, status_info=status),
        steps=(
            Say(
                message=message("GET_AGENT_STATUS"),
                hears=(
                    (
                        "GET_AGENT_STATUS_RESULT",
                        {"statusId": "0N5", "statusType": "available", "statusName": "Available"},
                    ),
                ),
            ),
        ),
    )


def _setting_the_configuration() -> Iterator[Conversation]:
    config = {"selectedPhone": {"type": "DESK_PHONE", "number": "+12025550111"}}
    yield Conversation(
        name="SET_AGENT_CONFIG works",
        agent=ADA,
        steps=(
            Say(
                message=message("SET_AGENT_CONFIG", config={**config, "speakerDeviceId": "s1"}),
                hears=(("AGENT_CONFIG_UPDATED", {"success": True, "isSystemEvent": False}),),
            ),
        ),
        asked=(("set_agent_config", {"agentConfig": {**config, "speakerDeviceId": "s1"}}),),
    )
    yield Conversation(
        name="SET_AGENT_CONFIG of the system",
        agent=ADA,
        steps=(
            Say(
                message=message("SET_AGENT_CONFIG", config={**config, "isSystemEvent": True}),
                hears=(("AGENT_CONFIG_UPDATED", {"success": True, "isSystemEvent": True}),),
            ),
        ),
    )
    for name, said, answer, hears in (
        (
            "a number that is none",
            config,
            refusing("invalid_phone_number"),
            error("CAN_NOT_UPDATE_PHONE_NUMBER"),
        ),
        ("a failure", config, refusing("internal"), error("CAN_NOT_SET_AGENT_CONFIG")),
        ("a label", config, refusing_with_label(), CUSTOM_ERROR),
        ("no phone", {}, Answer(), error("CAN_NOT_SET_AGENT_CONFIG")),
    ):
        yield Conversation(
            name=f"SET_AGENT_CONFIG with {name}",
            agent=ADA,
            answers={"set_agent_config": answer},
            steps=(Say(message=message("SET_AGENT_CONFIG", config=said), hears=(hears,)),),
        )


def _contacts() -> Iterator[Conversation]:
    page = {
        "contacts": to_wire([make_contact()]),
        "contactTypes": ["PhoneNumber", "Agent"],
        "total": 1,
    }
    found = {
        "contacts": [{"id": "contact-1", "type": "PhoneNumber", "phoneNumber": "+12025550143"}],
        "contactTypes": ["PhoneNumber", "Agent"],
    }
    wanted = {"contains": "Car", "limit": 50, "offset": 50, "types": ["AGENT", "CONTACT"]}
    phone = message("GET_PHONE_CONTACTS", filter=wanted)
    shared = message("GET_CONTACTS", filter=wanted, workItemId="0WI1")
    for said, event_type in ((phone, "PHONE_CONTACTS"), (shared, "GET_CONTACTS_RESULT")):
        kind = said["type"]
        yield Conversation(
            name=f"{kind} works",
            agent=ADA,
            answers={"search_contacts": Answer(result=page)},
            steps=(Say(message=said, hears=((event_type, found),)),),
            asked=(("search_contacts", wanted),),
        )
        yield Conversation(
            name=f"{kind} without a filter",
            agent=ADA,
            answers={"search_contacts": Answer(result=page)},
            steps=(Say(message=message(kind), hears=((event_type, found),)),),
            asked=(("search_contacts", {"limit": 50, "offset": 0}),),
        )
        yield Conversation(
            name=f"{kind} refused with a label",
            agent=ADA,
            answers={"search_contacts": refusing_with_label()},
            steps=(Say(message=said, hears=(CUSTOM_ERROR,)),),
        )
    yield Conversation(
        name="GET_PHONE_CONTACTS is refused",
        agent=ADA,
        answers={"search_contacts": refusing("invalid_request")},
        steps=(Say(message=phone, hears=(error("CAN_NOT_GET_PHONE_CONTACTS"),)),),
    )
    yield Conversation(
        name="GET_CONTACTS is refused, always in the form of a custom error (weakness B14)",
        agent=ADA,
        answers={"search_contacts": refusing("invalid_request")},
        steps=(Say(message=shared, hears=(("ERROR", {"customError": {"labelName": ABSENT}}),)),),
    )


def _recordings() -> Iterator[Conversation]:
    said = message(
        "GET_SIGNED_RECORDING_URL",
        recordingUrl="https://media.example/1.wav",
        vendorCallKey="call-1",
        callId="0LQ1",
    )
    result = {"success": True, "url": "https://x.example/1?s=1", "duration": 12, "callId": "0LQ1"}
    yield Conversation(
        name="GET_SIGNED_RECORDING_URL works",
        agent=ADA,
        answers={"sign_recording_url": Answer(result=result)},
        steps=(Say(message=said, hears=(("SIGNED_RECORDING_URL", result),)),),
        asked=(
            (
                "sign_recording_url",
                {
                    "recordingUrl": "https://media.example/1.wav",
                    "vendorCallKey": "call-1",
                    "callId": "0LQ1",
                },
            ),
        ),
    )
    for name, answer, also in (
        ("is refused", refusing("call_not_found"), ()),
        ("is refused with a label", refusing_with_label(), (CUSTOM_ERROR,)),
        ("gets an answer that is none", Answer(result={"success": True}), ()),
    ):
        yield Conversation(
            name=f"GET_SIGNED_RECORDING_URL {name}",
            agent=ADA,
            answers={"sign_recording_url": answer},
            steps=(Say(message=said, hears=(("SIGNED_RECORDING_URL", {"success": False}), *also)),),
        )


def _logging_out() -> Iterator[Conversation]:
    yield Conversation(
        name="LOGOUT works",
        agent=ADA,
        steps=(
            Say(
                message=message("LOGOUT"),
                hears=(("LOGOUT_RESULT", {"success": True, "loginFrameHeight": 350}),),
            ),
        ),
        asked=(("log_out", {}),),
    )
    yield Conversation(
        name="LOGOUT is refused",
        agent=ADA,
        answers={"log_out": refusing("invalid_state")},
        steps=(Say(message=message("LOGOUT"), hears=(error("CAN_NOT_LOG_OUT"),)),),
    )
    yield Conversation(
        name="LOGOUT is refused with a label",
        agent=ADA,
        answers={"log_out": refusing_with_label()},
        steps=(Say(message=message("LOGOUT"), hears=(CUSTOM_ERROR,)),),
    )


def _quiet_messages() -> Iterator[Conversation]:
    """Without an event, and never failing, whatever the server says (weakness B7)."""
    work = {"workItemId": "0WI1", "workId": "0CR1", "workEvent": "CLOSED"}
    quiet: list[tuple[Mapping[str, Any], str | None, Mapping[str, Any]]] = [
        (message("MESSAGE", message={"a": [1]}), "send_message", {"message": {"a": [1]}}),
        (message("WRAP_UP_CALL", call=salesforce_call()), "end_wrap_up", {"callId": "call-1"}),
        (message("AGENT_WORK_EVENT", agentWork=work), "report_agent_work", {"agentWork": work}),
        (message("DOWNLOAD_VENDOR_LOGS"), None, {}),
        (message("LOG", logLevel="INFO", logMessage="hello", payload={}), None, {}),
    ]
    for said, command, args in quiet:
        kind = said["type"]
        yield Conversation(
            name=f"{kind} works",
            agent=ADA,
            steps=(Say(message=said),),
            asked=() if command is None else ((command, args),),
        )
        if command is not None:
            yield Conversation(
                name=f"{kind} is refused",
                agent=ADA,
                answers={command: refusing("internal")},
                steps=(Say(message=said),),
            )
    yield Conversation(
        name="WRAP_UP_CALL ends with WRAP_UP_ENDED",
        agent=replace(ADA, wrap_up_call_id="call-1"),
        answers={"end_wrap_up": Answer(causes=(WrapUpEnded(call_id="call-1"),))},
        steps=(
            Say(
                message=message("WRAP_UP_CALL", call=salesforce_call()),
                hears=(("WRAP_UP_ENDED", {"callId": "call-1", "callStatus": "ended"}),),
            ),
        ),
    )
    yield Conversation(
        name="ACCEPT_CALL of an outbound call is none of the vendor's (weakness B17)",
        agent=ADA,
        calls=(RINGING,),
        steps=(Say(message=message("ACCEPT_CALL", call=salesforce_call(callType="Outbound"))),),
        asked=(),
    )
