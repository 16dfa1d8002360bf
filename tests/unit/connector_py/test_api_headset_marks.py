"""Calls say that a headset controls them, while one is open (guide chapter 16)."""

import pytest

from connector_py.api.headset_marks import with_headset_marks
from connector_py.entities import CallStarted, GenericResult, MessageReceived, ParticipantHeld
from tests.support.builders import make_call_snapshot
from tests.support.headset_desk import HeadsetDesk
from tests.support.headsets import generic_headset
from tests.support.parties import CUSTOMER, NOW, call_with


@pytest.fixture
async def desk() -> HeadsetDesk:
    return await HeadsetDesk(call_with()).opens()


async def marks(desk: HeadsetDesk) -> list[bool]:
    """Whether each active call says that a headset controls it."""
    found = await desk.api.dispatch("getActiveCalls", [])
    return [call.call_info.is_hid_call for call in found.active_calls]


async def test_results_are_marked_while_a_headset_is_open(desk: HeadsetDesk) -> None:
    assert await marks(desk) == [False, False]
    desk.headset.is_plugged_in()
    assert await marks(desk) == [True, True]
    desk.headset.is_pulled_out()
    assert await marks(desk) == [False, False]


async def test_a_headset_without_known_buttons_marks_nothing(desk: HeadsetDesk) -> None:
    desk.headset.is_plugged_in(generic_headset([]))
    assert await marks(desk) == [False, False]
    desk.headset.is_plugged_in()
    assert await marks(desk) == [True, True], "its other half has the buttons"
    desk.headset.is_plugged_in(generic_headset([]))
    assert await marks(desk) == [False, False]


async def test_events_are_marked_too(desk: HeadsetDesk) -> None:
    desk.link.delivers(CallStarted(call=make_call_snapshot(call_id="call-2")))
    desk.headset.is_plugged_in()
    desk.link.delivers(CallStarted(call=make_call_snapshot(call_id="call-3")))
    started = [payload.call for _, payload in desk.ear.events]
    assert [call.call_info.is_hid_call for call in started] == [False, True]


async def test_every_call_of_a_map_is_marked(desk: HeadsetDesk) -> None:
    desk.headset.is_plugged_in()
    held = {"call_id": "call-1", "participant_id": "third-1"}
    desk.link.delivers(ParticipantHeld(**held, at=NOW))
    ((_, hold),) = desk.ear.events
    assert [call.call_info.is_hid_call for call in hold.calls.values()] == [True, True]


async def test_a_message_of_the_page_is_left_alone(desk: HeadsetDesk) -> None:
    desk.headset.is_plugged_in()
    desk.link.delivers(MessageReceived(message={"a": [1]}))
    assert desk.ear.events == [("MESSAGE", {"a": [1]})]


def test_what_holds_no_call_stays_as_it_is() -> None:
    result = GenericResult(success=True)
    assert with_headset_marks(result) is result
    assert with_headset_marks(None) is None
    held = ParticipantHeld(**CUSTOMER, at=NOW)
    assert with_headset_marks(held) is held
