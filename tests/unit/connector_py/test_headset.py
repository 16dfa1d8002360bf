"""A headset and the agent's calls: what is pressed happens, and the lamps follow."""

from typing import Any

import pytest

from connector_py.api.headset import HeadsetControl
from connector_py.api.headset_actions import HeadsetActions
from connector_py.api.headset_reports import ConnectedHeadset
from connector_py.api.mirror import Mirror
from connector_py.api.requests import Requests
from connector_py.entities import (
    AgentConfigChanged,
    AgentConfigResult,
    AgentSnapshot,
    AnswerCall,
    CallEnded,
    CallSnapshot,
    CallStarted,
    DeclineCall,
    EndCall,
    HangupReason,
    HidDevice,
    LogLevel,
    Mute,
    ParticipantConnected,
    ParticipantMuted,
    ParticipantState,
    ParticipantType,
    ParticipantUnmuted,
    RefusalCode,
    StopSupervising,
    Unmute,
    VoiceCapabilitiesResult,
)
from tests.support.api_fakes import (
    CountingIds,
    FakeLink,
    FixedClock,
    RecordingLog,
    RecordingPublisher,
    settled,
)
from tests.support.builders import (
    at,
    make_agent_participant,
    make_agent_snapshot,
    make_call_snapshot,
    make_connected_call_snapshot,
    make_customer,
    make_outbound_call_snapshot,
    with_participant,
)
from tests.support.headsets import (
    GENERIC,
    FakeHeadset,
    collection,
    generic_headset,
    item,
    jabra,
    plantronics,
)

ANSWERED = ParticipantConnected(call_id="call-1", participant_id="agent-1", at=at(5))
ENDED = CallEnded(call_id="call-1", reason=HangupReason.PHONE_CALL_ENDED, at=at(9))
MUTED = ParticipantMuted(call_id="call-1", participant_id="agent-1")
UNMUTED = ParticipantUnmuted(call_id="call-1", participant_id="agent-1")
IDLE, RINGING, TALKING, TALKING_MUTED = "0000", "0400", "0100", "0300"
"""The lamps of the usual headset."""


def with_headset(device: HidDevice | None = GENERIC, *, is_supported: bool = True) -> AgentSnapshot:
    return make_agent_snapshot(
        agent_config=AgentConfigResult(hid_device_info=device),
        voice_capabilities=VoiceCapabilitiesResult(is_hid_supported=is_supported),
    )


class Desk:
    """An agent with a headset; the connector around both."""

    def __init__(self) -> None:
        self.link, self.headset = FakeLink(), FakeHeadset()
        self.publisher, self.log = RecordingPublisher(), RecordingLog()
        self.mirror = Mirror(publisher=self.publisher, clock=FixedClock(), log=self.log)
        ids = CountingIds()
        requests = Requests(link=self.link, mirror=self.mirror, ids=ids, clock=FixedClock())
        actions = HeadsetActions(
            link=self.link, ids=ids, requests=requests, publisher=self.publisher, log=self.log
        )
        self.control = HeadsetControl(
            port=self.headset,
            mirror=self.mirror,
            actions=actions,
            publisher=self.publisher,
            log=self.log,
        )
        self.link.listen(self.mirror)
        self.mirror.watch(self.control.refresh)
        self.headset.belongs_to(self.control)

    def starts(self, *calls: CallSnapshot, agent: AgentSnapshot | None = None) -> "Desk":
        self.link.resyncs(*calls, agent=agent or with_headset())
        return self

    def with_plugged_in(self, headset: ConnectedHeadset | None = None) -> "Desk":
        self.headset.is_plugged_in(headset)
        return self

    async def presses(self, *reports: int) -> None:
        self.headset.says(*reports)
        await settled()

    @property
    def lamps(self) -> str:
        return self.headset.sent[-1][1]


def desk(*calls: CallSnapshot, headset: ConnectedHeadset | None = None) -> Desk:
    """A desk with a usual headset plugged in."""
    return Desk().starts(*calls).with_plugged_in(headset)


# ------------------------------------------------------------------------ which headset


def test_the_chosen_headset_is_opened_after_a_reload() -> None:
    made = Desk().starts()
    assert made.headset.open_wishes == [GENERIC]
    assert not made.control.is_open
    made.headset.is_plugged_in()
    assert made.control.is_open
    assert made.headset.open_wishes == [GENERIC]


def test_another_choice_opens_another_headset_and_darkens_the_first() -> None:
    made = desk(make_connected_call_snapshot())
    assert made.lamps == TALKING
    other = HidDevice(vendor_id=0x0B0E, product_id=0x0305)
    made.link.delivers(AgentConfigChanged(agent_config=AgentConfigResult(hid_device_info=other)))
    assert made.lamps == IDLE
    assert not made.control.is_open
    assert made.headset.open_wishes == [GENERIC, other]


@pytest.mark.parametrize("device", [None, HidDevice(), HidDevice(vendor_id=1)])
def test_no_choice_closes_it(device: HidDevice | None) -> None:
    made = desk()
    made.link.delivers(AgentConfigChanged(agent_config=AgentConfigResult(hid_device_info=device)))
    assert made.headset.times_closed == 1
    assert not made.control.is_open
    made.headset.is_plugged_in()
    assert not made.control.is_open


def test_without_the_capability_no_headset_is_opened() -> None:
    made = Desk().starts(agent=with_headset(is_supported=False))
    assert made.headset.open_wishes == []


def test_the_headset_is_let_go_with_the_agent() -> None:
    made = desk()
    made.mirror.forget()
    assert made.headset.times_closed == 1
    assert not made.control.is_open


def test_a_headset_without_known_buttons_is_said() -> None:
    made = Desk().starts().with_plugged_in(generic_headset([]))
    assert not made.control.is_open
    assert made.log.fields_of("headset_without_known_buttons") == [
        {"vendorId": 0x1234, "productId": 0x5678}
    ]
    made.headset.says(1)


# -------------------------------------------------------------------------------- lamps


def test_lamps_follow_the_call() -> None:
    made = desk()
    assert made.lamps == IDLE
    made.link.delivers(CallStarted(call=make_call_snapshot()))
    assert made.lamps == RINGING
    made.link.delivers(ANSWERED)
    assert made.lamps == TALKING
    made.link.delivers(MUTED)
    assert made.lamps == TALKING_MUTED
    made.link.delivers(UNMUTED)
    assert made.lamps == TALKING
    made.link.delivers(ENDED)
    assert made.lamps == IDLE
    assert [report_id for report_id, _ in made.headset.sent] == [9] * 6


def test_a_headset_that_is_plugged_in_during_a_call_shows_it() -> None:
    assert desk(make_connected_call_snapshot()).headset.sent == [(9, TALKING)]
    assert desk(make_outbound_call_snapshot()).headset.sent == [(9, TALKING)]


def test_what_did_not_change_is_not_sent_again() -> None:
    made = desk(make_connected_call_snapshot())
    made.link.resyncs(make_connected_call_snapshot())
    assert len(made.headset.sent) == 1


def test_a_call_at_the_desk_phone_is_none_of_the_headset() -> None:
    agent = make_agent_participant(is_softphone=False)
    assert desk(make_call_snapshot(participants=(make_customer(), agent))).lamps == IDLE


# ------------------------------------------------------------------------------- buttons


async def test_the_hook_accepts_a_call_and_salesforce_hears_of_it() -> None:
    made = desk(make_call_snapshot())
    made.link.answers(AnswerCall, ANSWERED)
    await made.presses(0b001)
    assert made.link.requests == [AnswerCall(call_id="call-1")]
    assert made.publisher.types == ["CALL_CONNECTED"]
    assert made.lamps == TALKING


async def test_the_hook_ends_a_call() -> None:
    made = desk(make_connected_call_snapshot())
    made.link.answers(EndCall, ENDED)
    await made.presses(0b001)
    assert made.link.requests == [], "it only repeats what the lamp told it"
    await made.presses(0b000)
    assert made.link.requests == [EndCall(call_id="call-1")]
    assert made.publisher.types == ["HANGUP"]


async def test_drop_declines_a_call_that_rings_and_ends_one_that_does_not() -> None:
    made = desk(make_call_snapshot())
    made.link.answers(DeclineCall, ENDED)
    await made.presses(0b100, 0)
    assert made.link.requests == [DeclineCall(call_id="call-1")]
    assert made.publisher.types == ["HANGUP"]
    made = desk(make_outbound_call_snapshot())
    made.link.answers(EndCall, ENDED)
    await made.presses(0b101)
    assert made.link.requests == [EndCall(call_id="call-1")]


async def test_the_mute_button_mutes_and_unmutes() -> None:
    made = desk(make_connected_call_snapshot())
    made.link.answers(Mute, MUTED)
    made.link.answers(Unmute, UNMUTED)
    await made.presses(0b011, 0b001)
    assert made.lamps == TALKING_MUTED
    await made.presses(0b011, 0b001)
    assert made.link.requests == [Mute(call_id="call-1"), Unmute(call_id="call-1")]
    assert made.publisher.types == ["MUTE_TOGGLE", "MUTE_TOGGLE"]
    assert made.lamps == TALKING


async def test_a_mute_switch_that_repeats_what_is_so_changes_nothing() -> None:
    layout = [collection({8: [item(0x0B0020, 0x0B002F)]})]
    made = desk(make_connected_call_snapshot(), headset=generic_headset(layout))
    made.link.answers(Mute, MUTED)
    await made.presses(0b10)
    assert made.link.requests == [Mute(call_id="call-1")]
    made.link.delivers(UNMUTED)
    await made.presses(0b00)
    assert made.link.requests == [Mute(call_id="call-1")]


async def test_buttons_without_a_call_do_nothing_and_the_lamps_are_put_right() -> None:
    made = desk()
    await made.presses(0b001, 0b011, 0b000, 0b100)
    assert made.link.requests == []
    signals = [fields["signal"] for fields in made.log.fields_of("headset_without_effect")]
    assert signals == ["off_hook", "mute_toggle", "drop"]
    assert [lamps for _, lamps in made.headset.sent] == [IDLE] * 4


async def test_a_second_call_is_accepted_and_the_answered_one_ended() -> None:
    second = make_call_snapshot(call_id="call-2")
    made = desk(make_connected_call_snapshot(), second)
    made.link.answers(EndCall, ENDED)
    await made.presses(0b001)
    assert made.link.requests == [], "the headset's answer to its lamp is no press"
    await made.presses(0b000)
    assert made.link.requests == [EndCall(call_id="call-1")]


async def test_the_call_that_is_not_on_hold_is_meant() -> None:
    held = with_participant(make_connected_call_snapshot(), "customer-1", is_on_hold=True)
    talking = make_connected_call_snapshot(call_id="call-2")
    for calls in ((held, talking), (talking, held)):
        made = desk(*calls)
        made.link.answers(Mute, MUTED)
        made.headset.says(0b011)
        await settled()
        assert made.link.requests == [Mute(call_id="call-2")]


async def test_a_supervisor_leaves_with_the_hook() -> None:
    supervisor = make_agent_participant(
        participant_type=ParticipantType.SUPERVISOR, state=ParticipantState.CONNECTED
    )
    other = make_agent_participant(
        participant_id="agent-2", agent_id="ben", state=ParticipantState.CONNECTED
    )
    made = desk(make_call_snapshot(participants=(make_customer(), other, supervisor)))
    assert made.lamps == TALKING
    made.link.answers(StopSupervising)
    await made.presses(0b001, 0b000)
    assert made.link.requests == [StopSupervising(call_id="call-1")]


async def test_a_double_press_sends_one_command() -> None:
    made = desk(make_call_snapshot(), headset=jabra())
    gate = made.link.answers_late(AnswerCall, ANSWERED)
    await made.presses(1, 0, 1, 0, 1, 0, 1, 0)
    gate.set()
    await settled()
    assert made.link.requests == [AnswerCall(call_id="call-1")]


# ---------------------------------------------------------------------------- known models


async def test_the_plantronics_with_lamps_from_ringing_to_the_end() -> None:
    made = desk(make_call_snapshot(), headset=plantronics(with_lamps=True))
    assert made.lamps == "04"
    made.link.answers(AnswerCall, ANSWERED)
    made.link.answers(Mute, MUTED)
    made.link.answers(EndCall, ENDED)
    await made.presses(2)
    assert made.lamps == "01"
    await made.presses(2, 3, 2)
    assert made.lamps == "03"
    await made.presses(0)
    assert made.lamps == "00"
    await made.presses(0)
    assert [command.name for command in made.link.requests] == ["answer_call", "mute", "end_call"]
    assert made.publisher.types == ["CALL_CONNECTED", "MUTE_TOGGLE", "HANGUP"]


@pytest.mark.parametrize("press", [2, 0])
async def test_the_plantronics_without_lamps_has_one_button_for_both(press: int) -> None:
    made = desk(make_call_snapshot(), headset=plantronics())
    made.link.answers(AnswerCall, ANSWERED)
    made.link.answers(EndCall, ENDED)
    await made.presses(press)
    await made.presses(press)
    assert made.link.requests == [AnswerCall(call_id="call-1"), EndCall(call_id="call-1")]


async def test_the_jabra() -> None:
    made = desk(make_call_snapshot(), headset=jabra())
    made.link.answers(AnswerCall, ANSWERED)
    made.link.answers(EndCall, ENDED)
    await made.presses(1, 0, 1, 0)
    await made.presses(1, 0, 1, 0)
    assert made.link.requests == [AnswerCall(call_id="call-1"), EndCall(call_id="call-1")]


# ------------------------------------------------------------------------------ failures


@pytest.mark.parametrize(
    ("call", "reports", "command", "event_type"),
    [
        (make_call_snapshot(), [0b001], AnswerCall, "CALL_CONNECTED"),
        (make_call_snapshot(), [0b100], DeclineCall, "HANGUP"),
        (make_connected_call_snapshot(), [0b001, 0], EndCall, "HANGUP"),
        (make_connected_call_snapshot(), [0b011], Mute, "MUTE_TOGGLE"),
    ],
)
async def test_a_refusal_goes_to_salesforce_and_the_lamps_are_put_right(
    call: CallSnapshot, reports: list[int], command: Any, event_type: str
) -> None:
    made = desk(call)
    before = list(made.headset.sent)
    made.link.answers(command, refuses=RefusalCode.INVALID_STATE)
    await made.presses(*reports)
    ((heard, error),) = made.publisher.errors
    assert (heard, getattr(error, "code", None)) == (event_type, RefusalCode.INVALID_STATE)
    assert made.publisher.events == []
    assert made.headset.sent == before * 2
    assert made.log.fields_of("headset_action_failed") == [
        {"command": command.name, "code": RefusalCode.INVALID_STATE}
    ]


async def test_a_lost_headset_is_told_forgotten_and_taken_back() -> None:
    made = desk(make_connected_call_snapshot())
    made.headset.is_pulled_out()
    assert not made.control.is_open
    ((event_type, error),) = made.publisher.errors
    assert event_type == "SOFTPHONE_ERROR"
    assert getattr(error, "error_type", None) == "GENERIC_ERROR"
    assert [(level, event) for level, event, _ in made.log.entries][-1] == (
        LogLevel.ERROR,
        "headset_lost",
    )
    made.link.delivers(MUTED)
    assert made.headset.sent == [(9, TALKING)], "nobody is there to send to"
    await made.presses(0b001, 0b000)
    assert made.link.requests == []
    made.headset.is_plugged_in()
    assert made.lamps == TALKING_MUTED
    made.headset.is_pulled_out()
    made.headset.is_pulled_out()
    assert len(made.publisher.errors) == 2


def test_a_headset_that_cannot_be_opened_is_logged() -> None:
    made = Desk().starts()
    made.control.failed("unsupported", "this browser has no WebHID")
    assert made.log.fields_of("headset_failed") == [
        {"code": "unsupported", "reason": "this browser has no WebHID"}
    ]
    ((event_type, error),) = made.publisher.errors
    assert event_type == "SOFTPHONE_ERROR"
    assert error.error_type == "UNSUPPORTED_BROWSER"


@pytest.mark.parametrize("code", ["not_granted", "broken"])
def test_a_headset_that_is_not_there_says_nothing_of_the_browser(code: str) -> None:
    made = Desk().starts()
    made.control.failed(code, "not now")
    assert made.log.fields_of("headset_failed") == [{"code": code, "reason": "not now"}]
    assert made.publisher.errors == []
