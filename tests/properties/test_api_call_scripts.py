"""Random scripts of calls, clicks and drops of the line: Salesforce hears each thing once."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from connector_py.api import ConnectorApi, MethodFailed
from connector_py.call_model import to_phone_calls
from connector_py.entities import Command, Notification
from connector_py.errors import CommandTimeoutError, LinkDownError
from tests.support.api_fakes import (
    CONFIG,
    CountingIds,
    FakeLink,
    FixedClock,
    RecordingLog,
    RecordingPublisher,
)
from tests.support.fake_switch import BUSY, FakeSwitch


class Fault(StrEnum):
    """What happens to a command on its way."""

    NONE = "none"
    UNREACHED = "unreached"
    SENT_AGAIN = "sent again after a snapshot"
    ANSWERED_AFTER_SNAPSHOT = "done unseen, answered after a snapshot"
    LATE_NEWS = "timed out, then its notifications come"
    SEEN_BUT_UNANSWERED = "its notifications come, then it times out"
    LOST = "done unseen, timed out, the line is down"


class Drama(StrEnum):
    """What happens at the switch by itself."""

    CALL = "customer calls"
    ANSWER = "customer answers"
    HANG_UP = "customer hangs up"
    MISS = "nobody answers"


TOGGLES = ("mute", "unmute", "hold", "resume", "pauseRecording", "resumeRecording")
METHODS = ("acceptCall", "declineCall", "endCall", *TOGGLES, "wrapUpCall", "dial", "dialBusy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something happens, or the agent clicks and something happens meanwhile."""

    method: str | None
    fault: Fault
    drama: Drama | None
    which: int
    is_line_down: bool = False
    is_answered: bool = False


steps = st.builds(
    Step,
    method=st.sampled_from([None, *METHODS]),
    fault=st.sampled_from([Fault.NONE, *Fault]),
    drama=st.none() | st.sampled_from(Drama),
    which=st.integers(0, 2),
    is_line_down=st.integers(0, 9).map(lambda number: number == 9),
    is_answered=st.booleans(),
)


class FaultyLink(FakeLink):
    """A line to the switch, with one fault for each command."""

    def __init__(self, switch: FakeSwitch) -> None:
        super().__init__()
        self.switch = switch
        self.fault = Fault.NONE
        self.drama: Drama | None = None
        self.which = 0
        self.late: list[tuple[Notification, str]] = []

    def happens(self) -> None:
        """What is due at the switch happens, once."""
        drama, self.drama = self.drama, None
        if drama is not None:
            self.plays(drama)

    def plays(self, drama: Drama) -> None:
        """Something happens; told when the line is up."""
        for notification in self._play(drama):
            if not self.is_down:
                self.delivers(notification)

    def comes_back(self) -> None:
        self.resyncs(*self.switch.registry.snapshots, agent=self.switch.session.agent)

    def call_id(self) -> str:
        """The call that a click is about; one that is over when there is none."""
        ids = [call.call_id for call in self.switch.registry] or ["call-0"]
        return ids[self.which % len(ids)]

    async def request(
        self, command: Command, *, command_id: str, time_limit: float | None = None
    ) -> Any:
        self.requests.append(command)
        await asyncio.sleep(0)
        fault, self.fault = self.fault, Fault.NONE
        if self.is_down or fault is Fault.UNREACHED:
            self.happens()
            raise LinkDownError("down")
        if fault is Fault.SENT_AGAIN:
            self.is_down = True
            self.happens()
            self.comes_back()
        unseen = {Fault.ANSWERED_AFTER_SNAPSHOT, Fault.LOST}
        self.is_down = fault in unseen
        try:
            self.happens()
            caused, result = self.switch.perform(command)
            self._tell(caused, command_id, fault)
        finally:
            if fault is Fault.ANSWERED_AFTER_SNAPSHOT:
                self.comes_back()
        if fault in {Fault.LATE_NEWS, Fault.LOST, Fault.SEEN_BUT_UNANSWERED}:
            raise CommandTimeoutError("too late")
        return result

    def _tell(self, caused: Sequence[Notification], command_id: str, fault: Fault) -> None:
        for notification in caused:
            if fault is Fault.LATE_NEWS:
                self.late.append((notification, command_id))
            elif not self.is_down:
                self.delivers(notification, cause=command_id)

    def tell_late_news(self) -> None:
        for notification, command_id in self.late:
            self.delivers(notification, cause=command_id)
        self.late.clear()

    def _play(self, drama: Drama) -> Sequence[Notification]:
        match drama:
            case Drama.CALL if len(self.switch.registry) < 2:
                return self.switch.customer_calls()
            case Drama.ANSWER:
                return self.switch.customer_answers(self.call_id())
            case Drama.HANG_UP:
                return self.switch.customer_hangs_up(self.call_id())
            case Drama.MISS:
                return self.switch.nobody_answers(self.call_id())
            case _:
                return ()


RESULT_EVENTS = {
    "acceptCall": "CALL_CONNECTED",
    "declineCall": "HANGUP",
    "endCall": "HANGUP",
    "dial": "CALL_STARTED",
}
"""What the base connector publishes out of a result (connector-api.md 1.3)."""


@dataclass(slots=True)
class Salesforce:
    """Clicks, and writes down what it hears of which call."""

    link: FaultyLink
    publisher: RecordingPublisher = field(default_factory=RecordingPublisher)
    heard: list[tuple[str, str]] = field(default_factory=list)
    api: ConnectorApi = field(init=False)

    def __post_init__(self) -> None:
        self.api = ConnectorApi(
            link=self.link,
            publisher=self.publisher,
            clock=FixedClock(),
            ids=CountingIds(),
            log=RecordingLog(),
        )

    async def clicks(self, method: str, call_id: str) -> None:
        argument: dict[str, Any] = {"callId": call_id}
        if method.startswith("dial"):
            number = BUSY if method == "dialBusy" else "+12025550143"
            method, argument = "dial", {"phoneNumber": number}
        try:
            result = await self.api.dispatch(method, [argument])
        except MethodFailed:
            result = None
        self.hears()  # what was published while the method ran
        if result is not None and method in RESULT_EVENTS:
            self._writes(RESULT_EVENTS[method], result)
        self.publisher.result_is_handed_over()
        self.hears()

    def hears(self) -> None:
        for event_type, payload in self.publisher.events:
            self._writes(event_type, payload)
        self.publisher.events.clear()

    def _writes(self, event_type: str, payload: Any) -> None:
        one = getattr(payload, "call", None)
        calls = [one] if one else getattr(payload, "calls", None) or ()
        if event_type in {"CALL_STARTED", "CALL_CONNECTED", "CALL_UPDATED", "HANGUP"}:
            self.heard += [(event_type, call.call_id) for call in calls]


async def play(script: list[Step]) -> None:
    switch = FakeSwitch()
    link = FaultyLink(switch)
    salesforce = Salesforce(link)
    await salesforce.api.dispatch("init", [CONFIG])
    for step in script:
        link.which, link.fault = step.which, Fault.NONE
        if not switch.registry:  # Clicks need a call; scripts without one would prove little.
            link.plays(Drama.CALL)
            if step.is_answered:
                await salesforce.clicks("acceptCall", link.call_id())
        link.fault = step.fault
        link.drama = step.drama
        link.is_down = step.is_line_down
        if step.method is None:
            link.happens()
            salesforce.hears()
        else:
            await salesforce.clicks(step.method, link.call_id())
        link.happens()
        link.tell_late_news()
        if link.is_down:
            link.comes_back()
        salesforce.hears()
        await check(salesforce, switch)


async def check(salesforce: Salesforce, switch: FakeSwitch) -> None:
    active = (await salesforce.api.dispatch("getActiveCalls", [])).active_calls
    expected = [to_phone_calls(call.snapshot, agent_id="ada") for call in switch.registry]
    assert active == tuple(call for calls in expected for call in calls)
    status = await salesforce.api.dispatch("getAgentStatus", [])
    assert status.status_type == switch.session.agent.state

    heard = Counter(salesforce.heard)
    started = {call_id for event, call_id in heard if event == "CALL_STARTED"}
    assert {call_id for _, call_id in heard} <= started
    for call_id in started:
        of_call = [event for event, of in salesforce.heard if of == call_id]
        is_active = switch.registry.find(call_id) is not None
        assert of_call[0] == "CALL_STARTED"
        assert of_call.count("CALL_STARTED") == 1
        assert of_call.count("HANGUP") == (0 if is_active else 1)
        assert is_active or of_call[-1] == "HANGUP"
    for call in switch.registry:
        assert call.call_id in started
        assert ("CALL_CONNECTED", call.call_id) in heard or not call.is_connected("ada")


@given(script=st.lists(steps, min_size=4, max_size=16))
@settings(max_examples=150, deadline=None)
def test_salesforce_hears_each_thing_once_whatever_the_line_does(script: list[Step]) -> None:
    asyncio.run(play(script))


async def test_a_whole_call_of_each_kind() -> None:
    """The same world without faults, so that the property does not pass by doing nothing."""

    def click(method: str) -> Step:
        return Step(method=method, fault=Fault.NONE, drama=None, which=0)

    def plays(drama: Drama) -> Step:
        return Step(method=None, fault=Fault.NONE, drama=drama, which=0)

    toggles = [click(method) for method in TOGGLES]
    inbound = [plays(Drama.CALL), click("acceptCall"), *toggles, click("endCall")]
    outbound = [click("wrapUpCall"), click("dial"), plays(Drama.ANSWER), plays(Drama.HANG_UP)]
    others = [plays(Drama.CALL), click("declineCall"), plays(Drama.CALL), plays(Drama.MISS)]
    await play([*inbound, *outbound, *others, click("dialBusy")])
