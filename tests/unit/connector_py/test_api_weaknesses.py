"""The base connector's weaknesses (connector-api.md, B1 to B30), as far as this layer meets them.

Each test shows what Salesforce gets all the same. Those of the handshake and of the bridge have
their tests beside the bridge.
"""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from connector_py.api import MethodFailed
from connector_py.api.failures import QUIET_METHODS
from connector_py.entities import (
    COMMANDS,
    ActionFailed,
    AddParticipant,
    AgentConfigChanged,
    AgentConfigResult,
    AgentSnapshot,
    AnswerCall,
    AudioStats,
    AudioStatsElement,
    AudioStatsReported,
    CallEnded,
    CallSnapshot,
    CallStarted,
    EndCall,
    HidDevice,
    Hold,
    HoldToggleResult,
    MuteToggleResult,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantsSwapped,
    ParticipantState,
    RecordingState,
    RecordingToggleResult,
    Resume,
    SearchContacts,
    SendDigits,
    SetAgentConfig,
    SetAgentStatus,
    StatsInfo,
    Swap,
    from_wire,
    to_wire,
)
from connector_py.errors import CommandRefusedError, CommandTimeoutError, CustomError
from connector_py.errors import ValidationError as Misfit
from tests.support.api_fakes import open_page
from tests.support.builders import (
    at,
    make_agent_participant,
    make_agent_snapshot,
    make_call_snapshot,
    make_outbound_call_snapshot,
    make_supervised_call_snapshot,
)
from tests.support.parties import (
    CALL,
    CUSTOMER,
    ME,
    NOW,
    THIRD,
    THIRD_CALL,
    call_with,
    held,
    talking,
    third,
)


async def test_b02_shared_capabilities_are_checked_before_the_base_gets_them() -> None:
    wire = to_wire(make_agent_snapshot())
    wire["sharedCapabilities"]["hasContactSearch"] = "yes"
    with pytest.raises(Misfit):
        from_wire(AgentSnapshot, wire)


async def test_b03_devices_and_headset_go_to_the_server_and_come_back() -> None:
    """The base connector passes none of them to Salesforce."""
    page = await open_page()
    kept = AgentConfigResult(
        speaker_device_id="s1", microphone_device_id="m1", hid_device_info=HidDevice(product_id=1)
    )
    page.link.answers(SetAgentConfig, AgentConfigChanged(agent_config=kept))
    config = {
        "selectedPhone": {"type": "SOFT_PHONE"},
        "speakerDeviceId": "s1",
        "microphoneDeviceId": "m1",
        "hidDeviceInfo": {"productId": 1},
    }
    await page.asks("setAgentConfig", config)
    (command,) = page.link.requests
    assert to_wire(command)["agentConfig"] == config
    assert await page.asks("getAgentConfig") == kept


@pytest.mark.parametrize("method", sorted(QUIET_METHODS))
@pytest.mark.parametrize("arguments", [[], [None], [{"callId": "x"}], ["x", "y", "z"]])
async def test_b07_unguarded_methods_never_fail(method: str, arguments: list[Any]) -> None:
    page = await open_page()
    assert await page.asks(method, *arguments) is None


async def test_b07_the_replay_never_fails() -> None:
    page = await open_page()
    page.link.goes_down()
    assert (await page.asks("getActiveCalls")).active_calls == ()


@pytest.mark.parametrize(
    ("method", "result_class"),
    [
        ("hold", HoldToggleResult),
        ("resume", HoldToggleResult),
        ("mute", MuteToggleResult),
        ("unmute", MuteToggleResult),
        ("pauseRecording", RecordingToggleResult),
        ("resumeRecording", RecordingToggleResult),
        ("swap", HoldToggleResult),
        ("conference", HoldToggleResult),
    ],
)
async def test_b08_a_toggle_that_works_always_has_a_result(method: str, result_class: type) -> None:
    """With none the base connector would leave Salesforce waiting for ever."""
    call = replace(call_with(third(is_on_hold=True)), recording=RecordingState.RECORDING)
    page = await open_page(call)
    for command in COMMANDS.values():
        page.link.answers(command)
    given: dict[str, list[Any]] = {
        "swap": [CALL, THIRD_CALL],
        "conference": [[CALL, THIRD_CALL]],
    }
    assert type(await page.asks(method, *given.get(method, [CALL]))) is result_class


async def test_b09_a_blind_transfer_that_did_not_happen_never_looks_like_one() -> None:
    """Any failure keeps the base connector from HANGUP; a wrong result would not."""
    page = await open_page(talking)
    page.link.answers(AddParticipant, result={"participantId": "third-1"})
    contact = {"phoneNumber": "+12025550199"}
    told = await page.is_told("addParticipant", contact, CALL, True)
    assert told == "CAN_NOT_ADD_PARTICIPANT"
    assert await page.sees_calls() == [("call-1", "connected")]


@pytest.mark.parametrize(
    "call",
    [
        call_with(),
        call_with(third(state=ParticipantState.RINGING)),
        call_with(third(is_consult=True)),
        call_with(third(is_consult=True, state=ParticipantState.RINGING)),
    ],
)
async def test_b10_when_the_customer_leaves_there_is_a_call_for_the_base_to_go_on_with(
    call: CallSnapshot,
) -> None:
    page = await open_page(call)
    page.link.delivers(ParticipantLeft(**CUSTOMER, at=NOW))
    assert page.publisher.types == ["PARTICIPANT_REMOVED"]
    active = (await page.asks("getActiveCalls")).active_calls
    assert [one.call_type.value for one in active] == ["AddParticipant"]


async def test_b10_without_such_a_call_the_customer_hangs_up() -> None:
    ben = make_agent_participant(agent_id="ben", state=ParticipantState.CONNECTED)
    guest = third(participant_id="guest-1", added_by="agent-1")
    nobody_of_mine = replace(talking, participants=(talking.participants[0], ben, guest))
    page = await open_page(nobody_of_mine, replace(talking, call_id="call-2"))
    page.link.delivers(ParticipantLeft(**CUSTOMER, at=NOW))
    assert page.publisher.types == ["HANGUP"]


async def test_b11_supervision_ends_before_the_call_connects() -> None:
    """Else the base connector ends it itself, and tells of it in another shape."""
    page = await open_page(make_supervised_call_snapshot(), make_call_snapshot(call_id="call-2"))
    page.link.delivers(CallEnded(call_id="call-1", at=NOW))
    page.link.delivers(ParticipantConnected(call_id="call-2", participant_id="agent-1", at=NOW))
    assert page.publisher.types == ["SUPERVISOR_HANGUP", "CALL_CONNECTED"]


async def test_b12_after_a_swap_nobody_is_together_whatever_the_base_drops() -> None:
    page = await open_page(call_with())
    swapped = ParticipantsSwapped(
        call_id="call-1", held_id="third-1", resumed_id="customer-1", at=NOW
    )
    page.link.answers(Swap, swapped)
    assert (await page.asks("swap", THIRD_CALL, CALL)).is_call_merged is False
    other = await open_page(call_with())
    other.link.delivers(swapped)
    ((_, told),) = other.publisher.events
    assert told.is_call_merged is False


@pytest.mark.parametrize(
    "call",
    [
        make_call_snapshot(),
        call_with(),
        call_with(third(name=None, phone_number=None, state=ParticipantState.RINGING)),
        make_supervised_call_snapshot(),
    ],
)
async def test_b13_every_replayed_call_has_a_contact_and_attributes(call: CallSnapshot) -> None:
    page = await open_page(call)
    for one in (await page.asks("getActiveCalls")).active_calls:
        assert one.contact is not None
        assert one.call_attributes is not None


@pytest.mark.parametrize("code", ["internal", "switch_failed", "invalid_request"])
async def test_b14_a_search_that_fails_says_why(code: str) -> None:
    """GET_CONTACTS tells nothing but the message."""
    page = await open_page()
    page.link.answers(SearchContacts, fails=CommandRefusedError(code, "The phone book is away"))
    with pytest.raises(MethodFailed) as failed:
        await page.asks("getContacts", {}, "0WI1")
    assert failed.value.message == "The phone book is away"


async def test_b15_audio_devices_are_answered_whichever_object_is_asked() -> None:
    page = await open_page()
    page.audio.devices = [{"deviceId": "m1"}]
    assert (await page.asks("getAudioDevices")).audio_devices == ({"deviceId": "m1"},)


async def test_b16_why_a_call_was_not_accepted_is_in_the_log() -> None:
    """Salesforce gets an INFO with an empty reason."""
    page = await open_page(make_call_snapshot())
    page.link.answers(AnswerCall, refuses="switch_failed")
    assert await page.is_told("acceptCall", CALL) == "CAN_NOT_ACCEPT_THE_CALL"
    fields = {"method": "acceptCall", "code": "switch_failed"}
    assert page.log.fields_of("method_failed") == [fields]


async def test_b17_an_outbound_call_connects_without_being_accepted() -> None:
    page = await open_page()
    page.link.delivers(CallStarted(call=make_outbound_call_snapshot()))
    page.link.delivers(ParticipantConnected(**CUSTOMER, at=NOW))
    assert page.publisher.types == ["CALL_STARTED", "CALL_CONNECTED"]
    assert page.link.requests == []


@pytest.mark.parametrize(
    ("method", "arguments", "constant"),
    [
        (
            "endCall",
            [{"callAttributes": {"participantType": "preInitial_Callerpost"}}],
            "CAN_NOT_END_THE_CALL",
        ),
        ("getPhoneContacts", [{"types": ["AGENT", "BOGUS"]}], "CAN_NOT_GET_PHONE_CONTACTS"),
        ("setAgentStatus", ["VeryOnline"], "INVALID_AGENT_STATUS"),
        (
            "setAgentConfig",
            [{"selectedPhone": {"type": "MY_SOFT_PHONE_2"}}],
            "CAN_NOT_SET_AGENT_CONFIG",
        ),
        ("dial", [{"type": "PhoneBooks"}], "CAN_NOT_START_THE_CALL"),
    ],
)
async def test_b18_a_value_that_only_contains_a_right_one_is_wrong(
    method: str, arguments: list[Any], constant: str
) -> None:
    page = await open_page(talking)
    assert await page.is_told(method, *arguments) == constant
    assert page.link.requests == []


async def test_b19_a_failure_is_a_sentence() -> None:
    """The base connector logs `{}` for an error object; this is what the bridge hands it."""
    page = await open_page(talking)
    page.link.answers(EndCall, fails=CommandTimeoutError("the server did not answer in time"))
    with pytest.raises(MethodFailed) as failed:
        await page.asks("endCall", CALL)
    assert failed.value.message == "the server did not answer in time"


@pytest.mark.parametrize("digits", ["4111111111111111", "4111-1111"])
async def test_b20_digits_are_nowhere_but_in_their_command(digits: str) -> None:
    page = await open_page(talking)
    page.link.answers(SendDigits, refuses="switch_failed")
    with pytest.raises(MethodFailed) as failed:
        await page.asks("sendDigits", digits)
    assert "1111" not in failed.value.message
    assert "1111" not in str(page.log.entries)


async def test_b21_the_log_that_is_downloaded_names_nobody() -> None:
    page = await open_page()
    line = '2026-03-02T09:00:00.000Z|INFO|SYSTEM|{"contact":{"name":"Carla","phoneNumber":"+1202"}}'
    await page.asks("downloadLogs", [line])
    assert "Carla" not in str(page.log.downloads)


async def test_b22_a_failure_that_publish_error_would_drop_is_the_agents() -> None:
    page = await open_page()
    page.link.delivers(ActionFailed(event_type="SET_AGENT_STATUS", code="internal", message="no"))
    assert [event_type for event_type, _ in page.publisher.errors] == ["AGENT_ERROR"]


async def test_b23_results_come_in_the_order_of_the_clicks() -> None:
    page = await open_page(talking)
    slow = page.link.answers_late(Hold, ParticipantHeld(**CUSTOMER, at=NOW))
    page.link.answers(Resume, ParticipantResumed(**CUSTOMER, at=NOW))
    hold = await page.starts_asking("hold", CALL)
    again = await page.starts_asking("hold", CALL)
    resume = await page.starts_asking("resume", CALL)
    assert len(page.link.requests) == 1
    slow.set()
    results = await asyncio.gather(hold, again, resume)
    assert [result.is_customer_on_hold for result in results] == [True, True, False]
    assert len(page.link.requests) == 2


async def test_b24_two_connectors_share_nothing() -> None:
    first, second = await open_page(talking), await open_page()
    first.link.delivers(ParticipantMuted(**ME))
    assert await second.sees_calls() == []
    assert second.publisher.events == []


async def test_b25_measurements_reach_the_base_as_they_are() -> None:
    """Its score is Salesforce's own; ours is kept on the server."""
    page = await open_page(talking)
    element = AudioStatsElement(input_channel_stats=StatsInfo(packets_count=100, packets_lost=50))
    stats = AudioStats(stats=(element,), is_audio_stats_completed=True)
    page.link.delivers(AudioStatsReported(call_id="call-1", audio_stats=stats))
    assert page.publisher.events == [("UPDATE_AUDIO_STATS", replace(stats, call_id="call-1"))]


@pytest.mark.parametrize("role", ["Agent", "Initial_Caller"])
async def test_b26_a_role_alone_names_the_call(role: str) -> None:
    page = await open_page(talking)
    page.link.answers(EndCall, CallEnded(call_id="call-1", at=at(30)))
    await page.asks("endCall", {"callAttributes": {"participantType": role}})
    assert page.link.requests == [EndCall(call_id="call-1")]


async def test_b26_a_role_alone_names_a_third_party() -> None:
    page = await open_page(call_with(of=held))
    page.link.answers(Hold, ParticipantHeld(**THIRD, at=NOW))
    await page.asks("hold", {"callAttributes": {"participantType": "Third_Party"}})
    assert page.link.requests == [Hold(call_id="call-1", participant_id="third-1")]


async def test_b29_a_status_with_a_text_of_its_own_still_fails_by_its_constant() -> None:
    """A CustomError would leave Salesforce waiting; the text is told beside."""
    page = await open_page()
    refusal = CommandRefusedError("invalid_state", "no", namespace="acme", label_name="tooLate")
    page.link.answers(SetAgentStatus, fails=refusal)
    assert await page.is_told("setAgentStatus", "Online") == "CAN_NOT_SET_AGENT_STATUS"
    ((event_type, error),) = page.publisher.errors
    assert event_type == "AGENT_ERROR"
    assert isinstance(error, CustomError)
    assert error.label_name == "tooLate"
