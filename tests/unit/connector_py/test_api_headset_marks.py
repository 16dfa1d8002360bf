"""Calls say that a headset controls them, while one is open (guide chapter 16)."""

import pytest

from connector_py.api import ConnectorApi
from connector_py.api.headset_marks import with_headset_marks
from connector_py.entities import (
    AgentConfigResult,
    CallStarted,
    GenericResult,
    MessageReceived,
    ParticipantHeld,
    VoiceCapabilitiesResult,
)
from tests.support.api_fakes import CONFIG, CountingIds, FakeLink, FixedClock, RecordingLog
from tests.support.api_fakes import RecordingPublisher as Ear
from tests.support.builders import make_agent_snapshot, make_call_snapshot
from tests.support.headsets import GENERIC, FakeHeadset
from tests.support.parties import CUSTOMER, NOW, call_with

AGENT = make_agent_snapshot(
    agent_config=AgentConfigResult(hid_device_info=GENERIC),
    voice_capabilities=VoiceCapabilitiesResult(is_hid_supported=True),
)


class Desk:
    """A page with a headset beside it."""

    def __init__(self) -> None:
        self.link, self.headset, self.ear = FakeLink(), FakeHeadset(), Ear()
        self.link.has(call_with(), agent=AGENT)
        self.api = ConnectorApi(
            link=self.link,
            publisher=self.ear,
            clock=FixedClock(),
            ids=CountingIds(),
            log=RecordingLog(),
            headset=self.headset,
        )
        self.headset.belongs_to(self.api.headset)

    async def marks(self) -> list[bool]:
        """Whether each active call says that a headset controls it."""
        found = await self.api.dispatch("getActiveCalls", [])
        return [call.call_info.is_hid_call for call in found.active_calls]


@pytest.fixture
async def desk() -> Desk:
    made = Desk()
    await made.api.dispatch("init", [CONFIG])
    return made


async def test_results_are_marked_while_a_headset_is_open(desk: Desk) -> None:
    assert await desk.marks() == [False, False]
    desk.headset.is_plugged_in()
    assert await desk.marks() == [True, True]
    desk.headset.is_pulled_out()
    assert await desk.marks() == [False, False]


async def test_events_are_marked_too(desk: Desk) -> None:
    desk.link.delivers(CallStarted(call=make_call_snapshot(call_id="call-2")))
    desk.headset.is_plugged_in()
    desk.link.delivers(CallStarted(call=make_call_snapshot(call_id="call-3")))
    started = [payload.call for _, payload in desk.ear.events]
    assert [call.call_info.is_hid_call for call in started] == [False, True]


async def test_every_call_of_a_map_is_marked(desk: Desk) -> None:
    desk.headset.is_plugged_in()
    held = {"call_id": "call-1", "participant_id": "third-1"}
    desk.link.delivers(ParticipantHeld(**held, at=NOW))
    ((_, hold),) = desk.ear.events
    assert [call.call_info.is_hid_call for call in hold.calls.values()] == [True, True]


async def test_a_message_of_the_page_is_left_alone(desk: Desk) -> None:
    desk.headset.is_plugged_in()
    desk.link.delivers(MessageReceived(message={"a": [1]}))
    assert desk.ear.events == [("MESSAGE", {"a": [1]})]


def test_what_holds_no_call_stays_as_it_is() -> None:
    result = GenericResult(success=True)
    assert with_headset_marks(result) is result
    assert with_headset_marks(None) is None
    held = ParticipantHeld(**CUSTOMER, at=NOW)
    assert with_headset_marks(held) is held
