import pytest

from connector_py.call_model import AgentInput, AgentSession
from connector_py.entities import (
    AgentConfigChanged,
    AgentConfigResult,
    AgentState,
    AgentStateChanged,
    AgentStatusInfo,
    CallEnded,
    Phone,
    PhoneType,
    WrapUpEnded,
    WrapUpStarted,
)
from connector_py.errors import UnknownTransitionError
from tests.support.builders import at, make_agent_snapshot

ONLINE, BUSY, OFFLINE = AgentInput.SET_ONLINE, AgentInput.SET_BUSY, AgentInput.SET_OFFLINE
STARTED = AgentInput.CALL_STARTED
ENDED, WRAPPED = AgentInput.CALL_ENDED, AgentInput.CALL_ENDED_WITH_WRAP_UP
WRAP_UP_ENDED = AgentInput.WRAP_UP_ENDED


def session(state: AgentState = AgentState.OFFLINE) -> AgentSession:
    return AgentSession(make_agent_snapshot(state=state))


@pytest.mark.parametrize(
    ("inputs", "states"),
    [
        # guide chapter 12: log in, take a call, wrap up, close the tab
        ([ONLINE, STARTED, WRAPPED, ONLINE], "available on_call after_call_work available"),
        ([ONLINE, STARTED, WRAPPED, WRAP_UP_ENDED], "available on_call after_call_work available"),
        # declined: routable at once
        ([ONLINE, STARTED, ENDED], "available on_call available"),
        # set during the call: applies afterwards
        ([ONLINE, STARTED, BUSY, ENDED], "available on_call on_call busy"),
        ([ONLINE, STARTED, BUSY, ONLINE, ENDED], "available on_call on_call on_call available"),
        (
            [ONLINE, STARTED, OFFLINE, WRAPPED, WRAP_UP_ENDED],
            "available on_call on_call after_call_work offline",
        ),
        # a status set in wrap-up ends it and forgets the pending one
        (
            [ONLINE, STARTED, BUSY, WRAPPED, ONLINE, STARTED, ENDED],
            "available on_call on_call after_call_work available on_call available",
        ),
        # what the agent was before the call comes back after it
        ([BUSY, STARTED, ENDED], "busy on_call busy"),
        ([STARTED, WRAPPED, WRAP_UP_ENDED], "on_call after_call_work offline"),
        ([BUSY, STARTED, ONLINE, ENDED], "busy on_call on_call available"),
        # a call out of wrap-up keeps what is pending
        (
            [ONLINE, STARTED, BUSY, WRAPPED, STARTED, ENDED],
            "available on_call on_call after_call_work on_call busy",
        ),
        # pending only once
        (
            [BUSY, STARTED, ENDED, ONLINE, STARTED, ENDED],
            "busy on_call busy available on_call available",
        ),
    ],
)
def test_a_day_of_an_agent(inputs: list[AgentInput], states: str) -> None:
    now = session()
    seen = []
    for input in inputs:
        now = now.take(input)
        seen.append(now.agent.state.value)
    assert " ".join(seen) == states


def test_what_is_pending_is_visible() -> None:
    on_call = session(AgentState.ON_CALL).take(OFFLINE)
    assert on_call.pending is OFFLINE
    assert on_call.take(ENDED).pending is None


@pytest.mark.parametrize(
    ("state", "input"),
    [
        (AgentState.ON_CALL, STARTED),
        (AgentState.AVAILABLE, ENDED),
        (AgentState.AVAILABLE, WRAPPED),
        (AgentState.BUSY, WRAP_UP_ENDED),
    ],
)
def test_what_cannot_happen(state: AgentState, input: AgentInput) -> None:
    before = session(state)
    with pytest.raises(UnknownTransitionError):
        before.take(input)
    assert before == session(state)


def test_mirroring_the_state() -> None:
    info = AgentStatusInfo(status_id="0N5")
    online = session().apply(AgentStateChanged(state=AgentState.AVAILABLE, status_info=info))
    assert (online.agent.state, online.agent.status_info) == (AgentState.AVAILABLE, info)
    on_call = online.apply(AgentStateChanged(state=AgentState.ON_CALL))
    assert (on_call.agent.state, on_call.agent.status_info) == (AgentState.ON_CALL, info)


def test_mirroring_the_wrap_up() -> None:
    wrapping = session().apply(WrapUpStarted(call_id="c1"))
    assert wrapping.agent.wrap_up_call_id == "c1"
    with pytest.raises(UnknownTransitionError, match=r"wrap_up: 'wrap_up_ended'.*'c1'"):
        wrapping.apply(WrapUpEnded(call_id="c2"))
    assert wrapping.apply(WrapUpEnded(call_id="c1")) == session()


def test_mirroring_the_configuration() -> None:
    config = AgentConfigResult(selected_phone=Phone(type=PhoneType.DESK_PHONE, number="+12"))
    assert session().apply(AgentConfigChanged(agent_config=config)).agent.agent_config is config


def test_calls_are_not_the_session_s_business() -> None:
    assert session().apply(CallEnded(call_id="c1", at=at(1))) == session()
