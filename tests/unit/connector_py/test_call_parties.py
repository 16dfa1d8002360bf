"""Calls with more than two parties: who joins, leaves, is swapped, conferenced and supervised."""

from dataclasses import replace
from typing import Any

import pytest

from connector_py.call_model import Call, CallRegistry, differences
from connector_py.entities import (
    AudioStats,
    AudioStatsReported,
    CallInfo,
    CallSnapshot,
    CallStarted,
    CallUpdated,
    Notification,
    ParticipantConnected,
    ParticipantLeft,
    ParticipantOffered,
    ParticipantsConferenced,
    ParticipantSnapshot,
    ParticipantsSwapped,
    ParticipantState,
    ParticipantType,
    PhoneSwitched,
    SupervisorBargedIn,
)
from connector_py.errors import ParticipantNotFoundError, UnknownTransitionError
from tests.support.builders import (
    at,
    make_connected_call_snapshot,
    make_third_party,
    with_participant,
)

CALL: dict[str, Any] = {"call_id": "call-1"}
THIRD: dict[str, Any] = {**CALL, "participant_id": "third-1"}
NOW = at(100)


def call_with(*added: ParticipantSnapshot) -> Call:
    call = make_connected_call_snapshot()
    return Call(replace(call, participants=(*call.participants, *added)))


def third(**fields: Any) -> ParticipantSnapshot:
    return make_third_party(**({"state": ParticipantState.CONNECTED} | fields))


def supervisor(**fields: Any) -> ParticipantSnapshot:
    defaults: dict[str, Any] = {
        "participant_id": "third-1",
        "participant_type": ParticipantType.SUPERVISOR,
        "agent_id": "sue",
        "name": "Sue Supervisor",
    }
    return third(**(defaults | fields))


def party(call: Call, participant_id: str = "third-1") -> ParticipantSnapshot:
    return call.participant(participant_id)


def test_a_waiting_party_is_offered_to_one_agent_after_the_other() -> None:
    call = call_with(third(state=ParticipantState.RINGING, name="Support"))
    offered = ParticipantOffered(**THIRD, at=NOW, agent_id="ben", agent_name="Ben Agent")
    asked = call.apply(offered)
    assert (party(asked).agent_id, party(asked).name) == ("ben", "Ben Agent")
    waiting = asked.apply(ParticipantOffered(**THIRD, at=NOW))
    assert party(waiting).agent_id is None
    assert party(waiting).state is ParticipantState.RINGING


def test_who_is_on_the_call_is_offered_to_nobody() -> None:
    with pytest.raises(UnknownTransitionError):
        call_with(third()).apply(ParticipantOffered(**THIRD, at=NOW, agent_id="ben"))


def test_a_swap_is_one_step() -> None:
    call = call_with(third())
    call = Call(with_participant(call.snapshot, "customer-1", is_on_hold=True))
    swapped = call.apply(
        ParticipantsSwapped(**CALL, held_id="third-1", resumed_id="customer-1", at=NOW)
    )
    assert [one.is_on_hold for one in swapped.snapshot.participants] == [False, False, True]


@pytest.mark.parametrize(
    ("held_id", "resumed_id"), [("customer-1", "third-1"), ("third-1", "third-1")]
)
def test_a_swap_that_does_not_fit_changes_nothing(held_id: str, resumed_id: str) -> None:
    call = call_with(third())
    with pytest.raises(UnknownTransitionError):
        call.apply(ParticipantsSwapped(**CALL, held_id=held_id, resumed_id=resumed_id, at=NOW))


def test_a_conference_takes_everybody_off_hold_and_ends_consults() -> None:
    call = call_with(third(is_consult=True))
    call = Call(with_participant(call.snapshot, "customer-1", is_on_hold=True))
    together = call.apply(ParticipantsConferenced(**CALL, at=NOW))
    assert not any(one.is_on_hold or one.is_consult for one in together.snapshot.participants)


def test_when_the_customer_leaves_a_consult_becomes_the_call() -> None:
    left = call_with(third(is_consult=True)).apply(
        ParticipantLeft(**CALL, participant_id="customer-1", at=NOW)
    )
    assert not party(left).is_consult
    assert left.is_connected("ada")


def test_when_a_third_party_leaves_another_stays_a_consult() -> None:
    call = call_with(third(), third(participant_id="third-2", is_consult=True))
    assert party(call.apply(ParticipantLeft(**THIRD, at=NOW)), "third-2").is_consult


def test_a_supervisor_barges_in_once() -> None:
    barged_in = SupervisorBargedIn(**THIRD, at=NOW, supervisor_name="Sue")
    call = call_with(supervisor()).apply(barged_in)
    assert party(call).has_barged_in
    with pytest.raises(UnknownTransitionError):
        call.apply(barged_in)


@pytest.mark.parametrize("who", [third(), supervisor(state=ParticipantState.RINGING)])
def test_only_a_supervisor_who_listens_barges_in(who: ParticipantSnapshot) -> None:
    with pytest.raises(UnknownTransitionError):
        call_with(who).apply(SupervisorBargedIn(**THIRD, at=NOW))


def test_an_agent_goes_on_at_the_desk_phone() -> None:
    switched = PhoneSwitched(**CALL, participant_id="agent-1", is_softphone=False)
    assert not party(call_with().apply(switched), "agent-1").is_softphone


def test_nobody_who_left_changes_phones() -> None:
    call = call_with(third(state=ParticipantState.ENDED))
    with pytest.raises(UnknownTransitionError):
        call.apply(PhoneSwitched(**THIRD, is_softphone=False))


def test_facts_of_one_party() -> None:
    info = CallInfo(hold_enabled=False)
    call = call_with(third()).apply(CallUpdated(**THIRD, voice_call_id="0LQ2", call_info=info))
    assert (party(call).voice_call_id, party(call).call_info) == ("0LQ2", info)
    assert call.snapshot.voice_call_id is None
    again = call.apply(CallUpdated(**THIRD))
    assert again == call
    with pytest.raises(ParticipantNotFoundError):
        call.apply(CallUpdated(**CALL, participant_id="nobody"))


def test_measurements_change_nothing() -> None:
    call = call_with()
    assert call.apply(AudioStatsReported(**CALL, audio_stats=AudioStats())) == call


def test_supervisors_are_no_parties() -> None:
    call = call_with(supervisor(participant_id="sup-1"), third(state=ParticipantState.ENDED))
    assert [one.participant_id for one in call.parties] == ["customer-1", "agent-1"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"state": ParticipantState.RINGING}, {"state": ParticipantState.CONNECTED}),
        ({"state": ParticipantState.RINGING}, {"state": ParticipantState.RINGING, "agent_id": "b"}),
        (
            {"state": ParticipantState.RINGING, "agent_id": "b"},
            {"state": ParticipantState.RINGING, "agent_id": None},
        ),
        ({"is_consult": True}, {"is_consult": False}),
        ({"is_on_hold": False}, {"is_on_hold": True}),
        ({}, {"voice_call_id": "0LQ2"}),
        ({}, {"is_softphone": False}),
        ({}, {"call_info": CallInfo(mute_enabled=False)}),
    ],
)
def test_a_snapshot_leads_where_notifications_would_have(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    before, after = call_with(third(**old)).snapshot, call_with(third(**new)).snapshot
    missed = differences([before], [after], NOW)
    assert missed
    assert fold([before], missed) == [after]


def test_a_supervisor_s_snapshot() -> None:
    before = call_with(supervisor()).snapshot
    after = call_with(supervisor(has_barged_in=True)).snapshot
    barged_in = SupervisorBargedIn(**THIRD, at=NOW, supervisor_name="Sue Supervisor")
    assert differences([before], [after], NOW) == [barged_in]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (third(), third(is_consult=True)),
        (supervisor(has_barged_in=True), supervisor()),
        (third(agent_id="ben"), third(agent_id="cleo")),
    ],
)
def test_what_cannot_have_happened_ends_the_call_and_starts_it_anew(
    old: ParticipantSnapshot, new: ParticipantSnapshot
) -> None:
    before, after = call_with(old).snapshot, call_with(new).snapshot
    missed = differences([before], [after], NOW)
    assert [one.name for one in missed][:2] == ["call_ended", "call_started"]
    assert fold([before], missed) == [after]


@pytest.mark.parametrize("kind", [ParticipantType.THIRD_PARTY, ParticipantType.SUPERVISOR])
def test_a_call_that_an_agent_was_added_to_rings_at_them_first(kind: ParticipantType) -> None:
    call = call_with(third(participant_type=kind, agent_id="ben")).snapshot
    started, connected = differences([], [call], NOW, agent_id="ben")
    assert isinstance(started, CallStarted)
    assert Call(started.call).agent("ben") == replace(
        party(Call(call)), state=ParticipantState.RINGING, state_since=call.started_at
    )
    assert connected == ParticipantConnected(**THIRD, at=party(Call(call)).state_since)


def fold(calls: list[CallSnapshot], missed: list[Notification]) -> list[CallSnapshot]:
    registry = CallRegistry.of(calls)
    for notification in missed:
        registry = registry.apply(notification)
    return list(registry.snapshots)
