"""Random scripts of calls, clicks and drops of the line: Salesforce believes what is so.

Whatever happens, the events that are published and those that the base connector makes of results
add up to the calls as they are, nothing is told before its cause, nothing ends twice, and a double
click is one command.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from connector_py.api import ConnectorApi, MethodFailed
from connector_py.api.views import phone_calls_of
from connector_py.entities import Command, Notification, PhoneCall, to_wire
from connector_py.errors import CommandTimeoutError, LinkDownError
from tests.support.api_fakes import (
    CONFIG,
    CountingIds,
    FakeLink,
    FixedClock,
    RecordingLog,
    RecordingPublisher,
)
from tests.support.fake_switch import BUSY, OTHERS_CALL, UNKNOWN, FakeSwitch
from tests.support.fake_switch_controls import is_supervisor
from tests.support.salesforce_page import SalesforcePage, shown_of


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
    CALLBACK = "a callback is due"
    INTERNAL = "a colleague calls"
    TRANSFER = "a colleague transfers"
    CONSULT = "a colleague consults"
    ANSWER = "somebody answers"
    LEAVE = "somebody leaves"
    MISS = "nobody answers"
    GUEST = "a colleague adds somebody"
    SUPERVISE = "a supervisor comes"


STARTS = (Drama.CALL, Drama.CALLBACK, Drama.INTERNAL, Drama.TRANSFER, Drama.CONSULT)
TOGGLES = ("mute", "unmute", "hold", "resume", "pauseRecording", "resumeRecording")
METHODS = (
    *("acceptCall", "declineCall", "endCall", *TOGGLES, "wrapUpCall", "dial", "dial consult"),
    *("addParticipant", "addParticipant blind", "swap", "conference"),
    *("superviseCall", "supervisorBargeIn", "supervisorDisconnect"),
)
RESULT_EVENTS = {
    "addParticipant": "PARTICIPANT_ADDED",
    "superviseCall": "SUPERVISOR_CALL_CONNECTED",
    "supervisorBargeIn": "SUPERVISOR_BARGED_IN",
    "supervisorDisconnect": "SUPERVISOR_HANGUP",
    "swap": "PARTICIPANTS_SWAPPED",
    "conference": "PARTICIPANTS_CONFERENCED",
    "hold": "HOLD_TOGGLE",
    "resume": "HOLD_TOGGLE",
    "mute": "MUTE_TOGGLE",
    "unmute": "MUTE_TOGGLE",
    "pauseRecording": "RECORDING_TOGGLE",
    "resumeRecording": "RECORDING_TOGGLE",
}
"""What the base connector publishes out of a result, where there is one event for it."""
ONCE = ("endCall", "declineCall", "dial", "addParticipant")
"""Methods that would do something else when they are asked for a second time."""
NUMBERS = ("+12025550143", "+12025550144", BUSY, UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something happens, or the agent clicks and something happens meanwhile."""

    method: str | None
    fault: Fault = Fault.NONE
    drama: Drama | None = None
    """What happens before the command is done."""
    later: Drama | None = None
    """What happens after it was done and before its reply."""
    which: int = 0
    other: int = 0
    is_line_down: bool = False
    is_answered: bool = True
    is_double: bool = False
    is_again: bool = False
    """Whether the second click comes when the first was answered."""


rarely = st.integers(0, 9).map(lambda number: number == 9)
steps = st.builds(
    Step,
    method=st.sampled_from([None, None, *METHODS]),
    fault=st.sampled_from([Fault.NONE, Fault.NONE, Fault.NONE, *Fault]),
    drama=st.none() | st.sampled_from(Drama),
    later=st.none() | st.none() | st.sampled_from(Drama),
    which=st.integers(0, 3),
    other=st.integers(0, 3),
    is_line_down=rarely,
    is_answered=st.booleans(),
    is_double=rarely,
    is_again=rarely,
)


class FaultyLink(FakeLink):
    """A line to the switch, with one fault for each command."""

    def __init__(self, switch: FakeSwitch) -> None:
        super().__init__()
        self.switch = switch
        self.fault = Fault.NONE
        self.drama: Drama | None = None
        self.later: Drama | None = None
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
        """A call that goes on; one that is over when there is none."""
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
            self.drama, self.later = self.later, None
            if fault is not Fault.LATE_NEWS:
                self.happens()
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
        switch, call_id = self.switch, self.call_id()
        if drama in STARTS:
            return self._start(drama) if len(switch.own_calls()) < 2 else ()
        match drama:
            case Drama.ANSWER:
                return switch.somebody_answers(call_id, self.which)
            case Drama.LEAVE:
                return switch.somebody_leaves(call_id, self.which)
            case Drama.MISS:
                return switch.nobody_answers(call_id)
            case Drama.GUEST:
                return switch.colleague_adds(call_id)
            case _:
                return switch.supervisor_comes(call_id)

    def _start(self, drama: Drama) -> Sequence[Notification]:
        match drama:
            case Drama.CALLBACK:
                return self.switch.callback_is_due()
            case Drama.INTERNAL:
                return self.switch.colleague_calls()
            case Drama.TRANSFER | Drama.CONSULT:
                return self.switch.colleague_transfers(is_consult=drama is Drama.CONSULT)
            case _:
                return self.switch.customer_calls()


class Ear(RecordingPublisher):
    """Hears an event at once, or when the result before it was handed over."""

    def __init__(self, hear: Callable[[str, Any], None]) -> None:
        super().__init__()
        self._hear = hear

    def publish(self, event_type: str, payload: Any) -> None:
        if self.waiting:
            super().publish(event_type, payload)
        else:
            self._hear(str(event_type), payload)

    def result_is_handed_over(self) -> None:
        waiting = self.waiting.copy()
        self.waiting.clear()
        for event_type, payload in waiting:
            self._hear(event_type, payload)


@dataclass(slots=True)
class Salesforce:
    """Clicks, and believes what it is told."""

    link: FaultyLink
    publisher: Ear = field(init=False)
    page: SalesforcePage = field(default_factory=SalesforcePage)
    clock: FixedClock = field(default_factory=FixedClock)
    done: set[str] = field(default_factory=set[str])
    """Methods that worked, so that the property does not pass by doing nothing."""
    api: ConnectorApi = field(init=False)

    def __post_init__(self) -> None:
        self.publisher = Ear(self._hears)
        self.api = ConnectorApi(
            link=self.link,
            publisher=self.publisher,
            clock=self.clock,
            ids=CountingIds(),
            log=RecordingLog(),
        )

    def active(self) -> Sequence[PhoneCall]:
        """What the base connector hears when it asks; nothing is waited for."""
        asking = self.api.dispatch("getActiveCalls", [])
        try:
            asking.send(None)
        except StopIteration as answered:
            return answered.value.active_calls  # type: ignore[no-any-return]
        raise AssertionError("getActiveCalls waits")

    async def clicks(self, step: Step) -> None:
        method, *_ = str(step.method).split()
        args = self._arguments(step)
        is_ignored = method == "acceptCall" and args[0].get("callType") in {
            "Outbound",
            "DialedCallback",
        }
        if is_ignored:  # The base connector does nothing at all (weakness B17).
            return
        self.clock.passes(1)
        result = await self._asks(step, args)
        if result is not None and step.is_again and method in ONCE:
            await self._asks_again(step, args, result)

    async def _asks(self, step: Step, args: list[Any]) -> Any:
        method, *_ = str(step.method).split()
        sent = len(self.link.requests)
        clicks = [self.api.dispatch(method, args) for _ in range(2 if step.is_double else 1)]
        results = await asyncio.gather(*clicks, return_exceptions=True)
        asked = [repr(command) for command in self.link.requests[sent:]]
        assert len(set(asked)) == len(asked), "a double click is one command"
        failures = [one for one in results if isinstance(one, BaseException)]
        assert all(isinstance(one, MethodFailed) for one in failures), failures
        if not failures and results[0] is not None:
            self.done.add(str(step.method))
            self._base_tells(method, args, results[0])
        self.publisher.result_is_handed_over()
        return None if failures else results[0]

    async def _asks_again(self, step: Step, args: list[Any], first: Any) -> None:
        """The second click of a double click: nothing is asked for again, nobody else is meant."""
        method, *_ = str(step.method).split()
        is_placed = method == "dial" or (method == "addParticipant" and not args[2])
        placed = first.call.call_id if method == "dial" else getattr(first, "call_id", None)
        if is_placed and placed not in {one.call_id for one in self.active()}:
            return  # It is over meanwhile, and can be wished for anew.
        sent = len(self.link.requests)
        await self.api.dispatch(method, args)
        assert self.link.requests[sent:] == [], "a double click is one command"
        self.publisher.result_is_handed_over()

    def _hears(self, event_type: str, payload: Any) -> None:
        self.page.is_told(event_type, payload, self.active())

    def _arguments(self, step: Step) -> list[Any]:
        calls = [to_wire(call) for call in self.active()] or [{"callId": "call-0"}]
        named = calls[step.which % len(calls)]
        contact = {"phoneNumber": NUMBERS[step.which], "type": "PhoneNumber"}
        is_alike = step.other == 0
        given: dict[str, list[Any]] = {
            "dial": [contact, {"isCallback": step.other == 1}],
            "dial consult": [contact, {"isConsultCall": True}],
            "addParticipant": [contact, self._whole_call(step), False],
            "addParticipant blind": [contact, self._whole_call(step), True],
            "swap": [named, calls[step.other % len(calls)]],
            "conference": [calls if step.which == 3 else self._lines(step)],
            "superviseCall": [{"callId": OTHERS_CALL}],
            "supervisorDisconnect": [],
            "endCall": [{"callAttributes": {"participantType": "Agent"}} if is_alike else named],
            "mute": [None if is_alike else named],
            "unmute": [None if is_alike else named],
            "wrapUpCall": [{"callId": self.page.wrap_up}],
        }
        return given.get(str(step.method), [named])

    def _lines(self, step: Step) -> list[Any]:
        """All lines of one call, as Salesforce names them; the first one stands for the call."""
        views = [phone_calls_of(call, "ada") for call in self.link.switch.own_calls()]
        shown = [view for view in views if view] or [()]
        return [to_wire(line) for line in shown[step.other % len(shown)]]

    def _whole_call(self, step: Step) -> Any:
        return next(iter(self._lines(step)), {"callId": "call-0"})

    # ---- what the base connector makes of results (connector-api.md 1.3 to 1.6) -----------------

    def _base_tells(self, method: str, args: list[Any], result: Any) -> None:
        page, active = self.page, self.active()
        match method:
            case "acceptCall" | "dial":
                self._tells_call(method, result, active)
            case "declineCall":
                page.hangs_up([result.call])
            case "endCall" if not active:
                page.hangs_up(result.calls)
            case "endCall":
                page.party_ends(result.calls[0])
            case "addParticipant" if args[2]:
                # PARTICIPANT_ADDED names the call that HANGUP ends at once.
                page.call_is_left(args[1]["callId"], result.call_id)
            case _:
                page.is_told(RESULT_EVENTS[method], result, active)

    def _tells_call(self, method: str, result: Any, active: Sequence[PhoneCall]) -> None:
        call_type, state = result.call.call_type, result.call.state
        if method == "dial":
            is_queued = call_type == "DialedCallback"
            kind = "QUEUED_CALL_STARTED" if is_queued else "CALL_STARTED"
        else:
            kind = "CALL_STARTED" if call_type == "Callback" else "CALL_CONNECTED"
        if kind != "CALL_CONNECTED" or state == "connected":
            self.page.is_told(kind, result, active)


async def play(script: list[Step]) -> Salesforce:
    switch = FakeSwitch()
    link = FaultyLink(switch)
    salesforce = Salesforce(link)
    await salesforce.api.dispatch("init", [CONFIG])
    for step in script:
        link.which, link.fault = step.which, Fault.NONE
        if not switch.registry and step.method not in {"dial", "superviseCall"}:
            # Clicks need a call; scripts without one would prove little.
            link.plays(STARTS[step.other])
            if step.is_answered:
                await salesforce.clicks(Step(method="acceptCall", which=step.which))
        link.fault = step.fault
        link.drama, link.later = step.drama, step.later
        link.is_down = step.is_line_down
        if step.method is None:
            link.happens()
        else:
            await salesforce.clicks(step)
        link.tell_late_news()
        link.happens()
        if link.is_down:
            link.comes_back()
        await check(salesforce, switch)
    return salesforce


async def check(salesforce: Salesforce, switch: FakeSwitch) -> None:
    views = [phone_calls_of(call, "ada") for call in switch.registry]
    assert salesforce.active() == tuple(phone for view in views for phone in view)
    page, agent = salesforce.page, switch.session.agent
    own = switch.own_calls()
    shown = [phone for call in own for phone in phone_calls_of(call, "ada")]
    assert page.calls == {phone.call_id: shown_of(phone) for phone in shown}
    listened_to = [call for call in switch.registry if call not in own]
    assert page.supervised == {
        call.call_id: "barged_in" if part.has_barged_in else part.state.value
        for call in listened_to
        for part in call.snapshot.participants
        if part.agent_id == "ada" and is_supervisor(part)
    }
    if page.is_alone and own and own[0].is_connected("ada"):
        mine = own[0].agent("ada")
        assert mine is not None
        assert page.is_muted is mine.is_muted
        assert page.is_recording_paused is (own[0].snapshot.recording == "paused")
    status = await salesforce.api.dispatch("getAgentStatus", [])
    assert status.status_type == agent.state
    assert page.agent_state in (None, agent.state)
    assert (page.wrap_up is None) is (agent.wrap_up_call_id is None)


@given(script=st.lists(steps, min_size=4, max_size=16))
@settings(max_examples=300)
def test_salesforce_believes_what_is_so_whatever_the_line_does(script: list[Step]) -> None:
    asyncio.run(play(script))


def click(method: str, which: int = 0, other: int = 0) -> Step:
    return Step(method=method, which=which, other=other)


def plays(drama: Drama, which: int = 0) -> Step:
    return Step(method=None, drama=drama, which=which)


# Each script begins with a call that the agent accepts, but the last one.
WHOLE_CALLS: list[list[Step]] = [
    [
        *(click(method) for method in TOGGLES),
        click("endCall"),
        click("wrapUpCall"),
        click("dial"),
        plays(Drama.ANSWER),
        plays(Drama.LEAVE),
        click("dial", which=2),
    ],
    [
        click("addParticipant"),
        plays(Drama.ANSWER),
        click("swap", which=1, other=0),
        click("conference"),
        click("mute", which=1, other=1),
        click("hold", which=1),
        plays(Drama.SUPERVISE),
        plays(Drama.SUPERVISE),
        click("endCall", which=1, other=1),
        click("addParticipant blind"),
    ],
    [
        click("dial consult"),
        plays(Drama.ANSWER),
        plays(Drama.LEAVE),
        plays(Drama.LEAVE),
    ],
    [
        click("endCall"),
        plays(Drama.CALLBACK),
        click("acceptCall"),
        plays(Drama.ANSWER),
        click("endCall"),
        plays(Drama.TRANSFER),
        click("declineCall"),
    ],
    [
        click("superviseCall"),
        click("supervisorBargeIn"),
        click("supervisorDisconnect"),
    ],
]


async def test_whole_calls_of_each_kind() -> None:
    """The same world without faults, so that the property does not pass by doing nothing."""
    done: set[str] = set()
    for script in WHOLE_CALLS:
        done |= (await play(script)).done
    assert done == set(METHODS) - {"wrapUpCall"}  # It has no result.
