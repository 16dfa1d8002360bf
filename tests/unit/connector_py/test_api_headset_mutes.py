"""Mute pressed again before the press before had its effect: the last press counts."""

import pytest

from connector_py.api.headset_actions import HeadsetActions
from connector_py.api.headset_reports import ConnectedHeadset
from connector_py.api.mirror import Mirror
from connector_py.api.requests import Requests
from connector_py.entities import (
    Mute,
    ParticipantMuted,
    ParticipantUnmuted,
    RefusalCode,
    Unmute,
)
from connector_py.errors import CommandTimeoutError
from tests.support.api_fakes import (
    CountingIds,
    FakeLink,
    FixedClock,
    RecordingLog,
    RecordingPublisher,
    settled,
)
from tests.support.builders import make_connected_call_snapshot, with_participant
from tests.support.headset_desk import HeadsetDesk
from tests.support.headsets import collection, generic_headset, item

CALL = make_connected_call_snapshot()
MUTED_CALL = with_participant(CALL, "agent-1", is_muted=True)
MUTE, UNMUTE = Mute(call_id="call-1"), Unmute(call_id="call-1")
MUTED = ParticipantMuted(call_id="call-1", participant_id="agent-1")
UNMUTED = ParticipantUnmuted(call_id="call-1", participant_id="agent-1")
TALKING, TALKING_MUTED = "0100", "0300"
"""The lamps of the usual headset."""
TOGGLE = (0b011, 0b001)
"""The usual headset's mute button, pressed and let go; the hook stays up."""


def with_switch() -> ConnectedHeadset:
    """A usual headset whose mute bit tells a position: 0b011 muted, 0b001 not."""
    inputs = [item(0x0B0020, 0x0B002F), item(count=6)]
    lamps = [item(0x080017, 0x080009, 0x080018), item(count=13)]
    return generic_headset([collection({8: inputs}, {9: lamps})])


def is_muted(desk: HeadsetDesk) -> bool:
    """What Salesforce heard last."""
    return desk.ear.events[-1][1].is_muted


def lamps(desk: HeadsetDesk) -> list[str]:
    return [data for _, data in desk.headset.sent]


async def test_a_switch_that_unmutes_and_mutes_again_leaves_the_agent_muted() -> None:
    desk = await HeadsetDesk(MUTED_CALL).opens(with_switch())
    gate = desk.link.answers_late(Unmute, UNMUTED)
    desk.link.answers(Mute, MUTED)
    await desk.presses(0b011)
    await desk.presses(0b001)
    await desk.presses(0b011)
    assert desk.link.requests == [UNMUTE], "one after the other"
    gate.set()
    await settled()
    assert desk.link.requests == [UNMUTE, MUTE]
    assert is_muted(desk)


@pytest.mark.parametrize("presses", [1, 2, 3, 4])
async def test_every_press_of_a_mute_button_toggles(presses: int) -> None:
    desk = await HeadsetDesk(MUTED_CALL).opens(generic_headset())
    gate = desk.link.answers_late(Unmute, UNMUTED)
    desk.link.answers(Mute, MUTED)
    await desk.presses(*TOGGLE * presses)
    gate.set()
    await settled()
    assert desk.link.requests == [UNMUTE, MUTE, UNMUTE, MUTE][:presses]
    assert is_muted(desk) is (presses % 2 == 0)
    assert lamps(desk)[-1] == (TALKING_MUTED if is_muted(desk) else TALKING)


async def test_the_lamp_waits_for_the_last_press() -> None:
    desk = await HeadsetDesk(MUTED_CALL).opens(with_switch())
    gate = desk.link.answers_late(Unmute, UNMUTED)
    last = desk.link.answers_late(Mute, MUTED)
    await desk.presses(0b011)
    before = lamps(desk)
    await desk.presses(0b001, 0b011)
    gate.set()
    await settled()
    assert not is_muted(desk)
    assert lamps(desk) == before, "a switch repeats its lamp: told now, it would unmute again"
    last.set()
    await settled()
    assert is_muted(desk)
    assert lamps(desk) == before


async def test_the_lamp_is_right_after_a_last_press_without_effect() -> None:
    desk = await HeadsetDesk(MUTED_CALL).opens(generic_headset())
    gate = desk.link.answers_late(Unmute, UNMUTED)
    desk.link.answers(Mute)
    await desk.presses(*TOGGLE * 2)
    gate.set()
    await settled()
    assert lamps(desk) == [TALKING_MUTED, TALKING]


async def test_a_press_that_failed_is_forgotten_and_the_lamp_put_right() -> None:
    desk = await HeadsetDesk(MUTED_CALL).opens(generic_headset())
    desk.link.answers(Unmute, refuses=RefusalCode.INVALID_STATE)
    await desk.presses(*TOGGLE)
    assert [heard for heard, _ in desk.ear.errors] == ["MUTE_TOGGLE"]
    assert lamps(desk) == [TALKING_MUTED] * 2
    desk.link.answers(Unmute, UNMUTED)
    await desk.presses(*TOGGLE)
    assert desk.link.requests == [UNMUTE, UNMUTE], "it is still muted"
    assert lamps(desk)[-1] == TALKING


async def test_a_mute_is_sent_even_when_nobody_answered_the_unmute_before() -> None:
    """It may have worked all the same."""
    desk = await HeadsetDesk(MUTED_CALL).opens(generic_headset())
    gate = desk.link.answers_late(Unmute, fails=CommandTimeoutError("no answer"))
    desk.link.answers(Mute)
    await desk.presses(*TOGGLE * 2)
    gate.set()
    await settled()
    assert desk.link.requests == [UNMUTE, MUTE]


async def test_a_failure_leaves_the_newer_press_as_it_is() -> None:
    desk = await HeadsetDesk(CALL).opens(generic_headset())
    desk.link.answers(Mute, refuses=RefusalCode.INVALID_STATE)
    gate = desk.link.answers_late(Unmute)
    await desk.presses(*TOGGLE * 2)
    assert desk.link.requests == [MUTE, UNMUTE]
    desk.link.answers(Mute, MUTED)
    await desk.presses(*TOGGLE)
    gate.set()
    await settled()
    assert desk.link.requests == [MUTE, UNMUTE, MUTE]
    assert is_muted(desk)
    assert lamps(desk)[-1] == TALKING_MUTED


async def test_a_press_for_one_call_does_not_count_for_another() -> None:
    held = with_participant(CALL, "customer-1", is_on_hold=True)
    desk = await HeadsetDesk(held).opens(generic_headset())
    gate = desk.link.answers_late(Mute)
    await desk.presses(*TOGGLE)
    second = make_connected_call_snapshot(call_id="call-2")
    desk.link.resyncs(held, second)
    await desk.presses(*TOGGLE)
    assert desk.link.requests == [MUTE, Mute(call_id="call-2")]
    gate.set()
    await settled()


async def test_presses_that_ask_for_the_same_are_sent_one_by_one() -> None:
    link, ids, ear, log = FakeLink(), CountingIds(), RecordingPublisher(), RecordingLog()
    mirror = Mirror(publisher=ear, clock=FixedClock(), log=log)
    requests = Requests(link=link, mirror=mirror, ids=ids, clock=FixedClock())
    actions = HeadsetActions(link=link, ids=ids, requests=requests, publisher=ear, log=log)
    link.answers(Mute)
    worked: list[bool | None] = []
    for _ in range(2):
        actions.start(
            MUTE,
            on_success=lambda: worked.append(actions.wished_mute("call-1")),
            on_failure=lambda: pytest.fail("it was refused"),
        )
    assert actions.wished_mute("call-1") is True
    await settled()
    assert link.requests == [MUTE, MUTE]
    assert worked == [True, None], "the second was under way when the first ended"
