"""The active calls that Salesforce replays when the page is loaded anew (connector-api.md 4.6)."""

from dataclasses import replace

import pytest

from connector_py.entities import (
    CallInfo,
    CallSnapshot,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    PhoneCall,
    Swap,
)
from tests.support.api_fakes import open_page
from tests.support.builders import (
    make_agent_participant,
    make_call_snapshot,
    make_outbound_call_snapshot,
    make_supervised_call_snapshot,
    with_participant,
)
from tests.support.parties import call_with, talking, third

RINGING, ENDED = ParticipantState.RINGING, ParticipantState.ENDED

# what goes on, and id, type, state and role of what is replayed
REPLAYS: list[tuple[str, CallSnapshot, list[tuple[str, str, str, str]]]] = [
    (
        "rings at the agent",
        make_call_snapshot(),
        [("call-1", "Inbound", "ringing", "Initial_Caller")],
    ),
    (
        "rings at the customer",
        make_outbound_call_snapshot(),
        [("call-1", "Outbound", "ringing", "Initial_Caller")],
    ),
    ("connected", talking, [("call-1", "Inbound", "connected", "Initial_Caller")]),
    (
        "a third party rings",
        call_with(third(state=RINGING)),
        [
            ("call-1", "Inbound", "connected", "Initial_Caller"),
            ("third-1", "AddParticipant", "transferring", "Third_Party"),
        ],
    ),
    (
        "a third party talks",
        call_with(),
        [
            ("call-1", "Inbound", "connected", "Initial_Caller"),
            ("third-1", "AddParticipant", "transferred", "Third_Party"),
        ],
    ),
    (
        "a consult rings",
        call_with(third(state=RINGING, is_consult=True)),
        [
            ("call-1", "Inbound", "connected", "Initial_Caller"),
            ("third-1", "Consult", "ringing", "Initial_Caller"),
        ],
    ),
    (
        "a consult talks",
        call_with(third(is_consult=True)),
        [
            ("call-1", "Inbound", "connected", "Initial_Caller"),
            ("third-1", "Consult", "connected", "Initial_Caller"),
        ],
    ),
    (
        "the customer left",
        with_participant(call_with(), "customer-1", state=ENDED),
        [("third-1", "AddParticipant", "transferred", "Third_Party")],
    ),
    (
        "a supervisor's phone rings",
        make_supervised_call_snapshot(state=RINGING),
        [("call-1", "Inbound", "ringing", "Supervisor")],
    ),
    (
        "a supervisor listens",
        make_supervised_call_snapshot(),
        [("call-1", "Inbound", "connected", "Supervisor")],
    ),
]


def role_of(call: PhoneCall) -> str:
    assert call.call_attributes is not None
    return str(call.call_attributes.participant_type)


@pytest.mark.parametrize(
    ("call", "replayed"), [row[1:] for row in REPLAYS], ids=[row[0] for row in REPLAYS]
)
async def test_each_state_is_replayed_as_it_is(
    call: CallSnapshot, replayed: list[tuple[str, str, str, str]]
) -> None:
    page = await open_page(call)
    calls = (await page.asks("getActiveCalls")).active_calls
    assert [(one.call_id, one.call_type, one.state, role_of(one)) for one in calls] == replayed


@pytest.mark.parametrize("call", [row[1] for row in REPLAYS], ids=[row[0] for row in REPLAYS])
async def test_whatever_is_replayed_has_what_the_base_connector_looks_at(
    call: CallSnapshot,
) -> None:
    """Weakness B13: without contact and callAttributes it stops in the middle."""
    page = await open_page(call)
    for one in (await page.asks("getActiveCalls")).active_calls:
        assert one.contact is not None
        assert one.call_attributes is not None
        assert one.call_info is not None
        assert one.call_info.is_replayable is True
        assert one.connection_id


@pytest.mark.parametrize(("customer", "has_ended"), [(ENDED, True), (None, False)])
async def test_a_third_party_says_whether_the_customer_left(
    customer: ParticipantState | None, has_ended: bool
) -> None:
    call = call_with()
    if customer is not None:
        call = with_participant(call, "customer-1", state=customer)
    page = await open_page(call)
    replayed = (await page.asks("getActiveCalls")).active_calls[-1]
    assert replayed.call_attributes.initial_call_has_ended is has_ended


async def test_a_supervisor_who_barged_in_is_replayed_as_such() -> None:
    page = await open_page(make_supervised_call_snapshot(has_barged_in=True))
    (call,) = (await page.asks("getActiveCalls")).active_calls
    assert call.call_attributes.has_supervisor_barged_in
    assert call.call_info.is_bargeable is False


async def test_a_call_that_must_not_be_replayed_says_so_for_everybody_on_it() -> None:
    call = replace(call_with(), call_info=CallInfo(is_replayable=False))
    page = await open_page(call)
    calls = (await page.asks("getActiveCalls")).active_calls
    assert [one.call_info.is_replayable for one in calls] == [False, False]


@pytest.mark.parametrize("of_call", [True, False])
@pytest.mark.parametrize("of_party", [True, False])
async def test_who_was_added_is_replayed_when_both_they_and_the_call_may_be(
    of_call: bool, of_party: bool
) -> None:
    added = third(call_info=CallInfo(is_replayable=of_party))
    page = await open_page(replace(call_with(added), call_info=CallInfo(is_replayable=of_call)))
    main, other = (await page.asks("getActiveCalls")).active_calls
    assert main.call_info.is_replayable is of_call
    assert other.call_info.is_replayable is (of_call and of_party)


async def test_who_left_is_not_replayed() -> None:
    page = await open_page(call_with(third(), third(participant_id="third-2", state=ENDED)))
    assert await page.sees_calls() == [("call-1", "connected"), ("third-1", "transferred")]


async def test_seven_others_are_replayed_in_the_order_in_which_they_came() -> None:
    added = [third(participant_id=f"third-{number}") for number in range(1, 7)]
    page = await open_page(call_with(*added))
    calls = await page.sees_calls()
    assert [call_id for call_id, _ in calls] == ["call-1", *(one.participant_id for one in added)]


async def test_what_was_replayed_can_be_named_again_after_a_reload() -> None:
    page = await open_page(call_with())
    replayed = {one.call_id: one for one in (await page.asks("getActiveCalls")).active_calls}
    named = [
        {"callId": one.call_id, "callAttributes": {"participantType": role_of(one)}}
        for one in (replayed["third-1"], replayed["call-1"])
    ]
    page.link.answers(Swap, refuses="switch_failed")
    await page.is_told("swap", *named)
    assert page.link.requests == [
        Swap(call_id="call-1", hold_participant_id="third-1", resume_participant_id="customer-1")
    ]


async def test_several_calls_are_replayed_one_after_the_other() -> None:
    own = replace(talking, call_id="call-2")
    page = await open_page(make_supervised_call_snapshot(), own, no_part_of_mine())
    calls = await page.sees_calls()
    assert [call_id for call_id, _ in calls] == ["call-1", "call-2", "call-3"]


def no_part_of_mine() -> CallSnapshot:
    """A call that waits for an agent: nobody of this page's agent is on it."""
    ben: ParticipantSnapshot = make_agent_participant(
        participant_id="ben-1", agent_id="ben", participant_type=ParticipantType.AGENT
    )
    call = make_call_snapshot(call_id="call-3")
    return replace(call, participants=(call.participants[0], ben))
