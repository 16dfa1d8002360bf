from dataclasses import replace

import pytest

from connector_py.call_model import Call, answering_type, to_phone_calls
from connector_py.entities import (
    CallEnded,
    CallInfo,
    CallSnapshot,
    CallType,
    Contact,
    ParticipantState,
    ParticipantType,
    PhoneCall,
    PhoneCallAttributes,
    RecordingState,
)
from tests.support.builders import (
    START,
    at,
    make_agent_participant,
    make_call_snapshot,
    make_connected_call_snapshot,
    make_customer,
    make_outbound_call_snapshot,
    make_third_party,
    with_participant,
)

CONNECTED, RINGING, ENDED = (
    ParticipantState.CONNECTED,
    ParticipantState.RINGING,
    ParticipantState.ENDED,
)


def only(call: CallSnapshot, agent_id: str | None = "ada") -> PhoneCall:
    (phone_call,) = to_phone_calls(call, agent_id=agent_id)
    return phone_call


def test_a_ringing_inbound_call_in_full() -> None:
    call = make_call_snapshot(
        voice_call_id="0LQ1", parent_call_id="call-0", queue_id="q1", queue_name="Sales"
    )
    contact = Contact(id="customer-1", phone_number="+12025550143", name="Carla Customer")
    assert only(call) == PhoneCall(
        call_id="call-1",
        connection_id="call-1",
        call_type=CallType.INBOUND,
        contact=contact,
        to_contact=contact,
        state="ringing",
        phone_number="+12025550143",
        call_attributes=PhoneCallAttributes(
            voice_call_id="0LQ1",
            participant_type=ParticipantType.INITIAL_CALLER,
            parent_id="call-0",
            is_on_hold=False,
        ),
        call_info=CallInfo(
            call_state_timestamp=START, is_on_hold=False, queue_id="q1", queue_name="Sales"
        ),
    )


@pytest.mark.parametrize(
    ("call", "state", "since"),
    [
        (make_call_snapshot(), "ringing", START),
        (make_connected_call_snapshot(), "connected", at(10)),
        (make_outbound_call_snapshot(), "ringing", START),
        (
            with_participant(
                make_outbound_call_snapshot(), "customer-1", state=CONNECTED, state_since=at(7)
            ),
            "connected",
            at(7),
        ),
        (make_call_snapshot(participants=(make_customer(),)), "ringing", START),
        (
            with_participant(
                make_connected_call_snapshot(ended_at=at(60)),
                "customer-1",
                state=ENDED,
                state_since=at(60),
            ),
            "ended",
            at(60),
        ),
    ],
)
def test_state_and_since_when(call: CallSnapshot, state: str, since: object) -> None:
    phone_call = only(call)
    assert phone_call.state == state
    assert phone_call.call_info is not None
    assert phone_call.call_info.call_state_timestamp == since


def test_the_view_is_one_agent_s() -> None:
    call = make_connected_call_snapshot()
    assert only(call, "ben").state == "ringing"
    assert only(call, None).state == "connected"


def test_flags_come_from_the_live_state() -> None:
    call = make_connected_call_snapshot(
        recording=RecordingState.PAUSED, call_info=CallInfo(hold_enabled=False, is_muted=True)
    )
    info = only(call).call_info
    assert info is not None
    assert (info.is_on_hold, info.is_muted, info.is_recording_paused) == (False, False, True)
    assert not info.hold_enabled
    held = with_participant(call, "customer-1", is_on_hold=True)
    phone_call = only(with_participant(held, "agent-1", is_muted=True))
    assert phone_call.call_info is not None
    assert phone_call.call_attributes is not None
    assert (phone_call.call_info.is_on_hold, phone_call.call_info.is_muted) == (True, True)
    assert phone_call.call_attributes.is_on_hold


def test_the_queue_may_come_from_either() -> None:
    info = CallInfo(queue_id="q0", queue_name="All", queue_timestamp=at(1))
    call = make_call_snapshot(call_info=info)
    assert only(call).call_info == replace(info, call_state_timestamp=START, is_on_hold=False)
    shown = only(replace(call, queue_id="q1", queue_name="Sales", queued_at=at(2))).call_info
    assert shown is not None
    assert (shown.queue_id, shown.queue_name, shown.queue_timestamp) == ("q1", "Sales", at(2))


@pytest.mark.parametrize(
    ("state", "shown"), [(RINGING, "transferring"), (CONNECTED, "transferred")]
)
def test_a_third_party(state: ParticipantState, shown: str) -> None:
    third = make_third_party(state=state, state_since=at(30), agent_id="ben")
    call = make_connected_call_snapshot()
    _, phone_call = to_phone_calls(
        replace(call, participants=(*call.participants, third)), agent_id="ada"
    )
    assert (phone_call.call_id, phone_call.connection_id) == ("third-1", "third-1")
    assert phone_call.call_type is CallType.ADD_PARTICIPANT
    assert phone_call.state == shown
    assert phone_call.contact == Contact(id="ben", phone_number="+12025550199", name="Theo Third")
    assert phone_call.call_info is not None
    assert phone_call.call_info.call_state_timestamp == at(30)


@pytest.mark.parametrize(("state", "shown"), [(RINGING, "ringing"), (CONNECTED, "connected")])
def test_a_supervisor(state: ParticipantState, shown: str) -> None:
    supervisor = make_third_party(participant_type=ParticipantType.SUPERVISOR, state=state)
    call = make_call_snapshot()
    phone_calls = to_phone_calls(
        replace(call, participants=(*call.participants, supervisor)), agent_id="ada"
    )
    assert phone_calls[1].state == shown
    assert phone_calls[1].call_type is CallType.INBOUND


def test_who_left_is_not_shown_while_the_call_goes_on() -> None:
    third = make_third_party(state=ENDED, state_since=at(30))
    call = make_connected_call_snapshot()
    call = replace(call, participants=(*call.participants, third))
    assert [one.call_id for one in to_phone_calls(call, agent_id="ada")] == ["call-1"]


def test_a_call_that_is_over_shows_the_customer_and_who_left_with_it() -> None:
    call = make_connected_call_snapshot()
    early = make_third_party(state=ENDED, state_since=at(30))
    late = make_third_party(participant_id="third-2", state=CONNECTED, state_since=at(40))
    call = with_participant(call, "customer-1", state=ENDED, state_since=at(50))
    call = replace(call, participants=(*call.participants, early, late))
    over = Call(call).apply(CallEnded(call_id="call-1", at=at(60))).snapshot
    shown = to_phone_calls(over, agent_id="ada")
    assert [(one.call_id, one.state) for one in shown] == [
        ("call-1", "ended"),
        ("third-2", "ended"),
    ]


def test_who_answers_last() -> None:
    customers = {call_type for call_type in CallType if answering_type(call_type) != "Agent"}
    assert customers == {
        CallType.OUTBOUND,
        CallType.DIALED_CALLBACK,
        CallType.INTERNAL_CALL,
        CallType.CONSULT,
    }
    assert answering_type(CallType.OUTBOUND) is ParticipantType.INITIAL_CALLER


def test_agents_are_not_shown() -> None:
    call = make_call_snapshot(participants=(make_agent_participant(),))
    assert to_phone_calls(call, agent_id="ada") == ()
