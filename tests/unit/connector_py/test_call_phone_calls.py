from dataclasses import replace
from typing import Any

import pytest

from connector_py.call_model import Call, answering_type, to_phone_calls
from connector_py.entities import (
    CallEnded,
    CallInfo,
    CallSnapshot,
    CallType,
    Contact,
    ContactType,
    ParticipantState,
    ParticipantType,
    PhoneCall,
    PhoneCallAttributes,
    RecordingState,
    RemoveParticipantVariant,
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
def test_a_supervisor_sees_one_call_for_all(state: ParticipantState, shown: str) -> None:
    call = supervised_call(state=state, state_since=at(20))
    phone_call = only(call, "sue")
    assert (phone_call.call_id, phone_call.connection_id) == ("call-1", "sup-1")
    assert (phone_call.state, phone_call.call_type) == (shown, CallType.INBOUND)
    assert phone_call.phone_number == "+12025550143"
    assert phone_call.call_attributes is not None
    assert phone_call.call_attributes.participant_type is ParticipantType.SUPERVISOR
    assert not phone_call.call_attributes.has_supervisor_barged_in
    assert phone_call.call_info is not None
    assert phone_call.call_info.is_bargeable


def test_nobody_else_sees_a_supervisor() -> None:
    assert [one.call_id for one in to_phone_calls(supervised_call(), agent_id="ada")] == ["call-1"]


def test_a_supervisor_who_barged_in_cannot_again() -> None:
    phone_call = only(supervised_call(state=CONNECTED, has_barged_in=True), "sue")
    assert phone_call.call_attributes is not None
    assert phone_call.call_attributes.has_supervisor_barged_in
    assert phone_call.call_info is not None
    assert not phone_call.call_info.is_bargeable


def supervised_call(**fields: Any) -> CallSnapshot:
    call = make_connected_call_snapshot()
    supervisor = make_third_party(
        participant_id="sup-1",
        participant_type=ParticipantType.SUPERVISOR,
        agent_id="sue",
        phone_number=None,
        **fields,
    )
    return replace(call, participants=(*call.participants, supervisor))


def transferred_call(**fields: Any) -> CallSnapshot:
    """Ada's call, to which agent Ben was added."""
    call = make_connected_call_snapshot(voice_call_id="0LQ1")
    defaults: dict[str, Any] = {
        "participant_id": "leg-1",
        "agent_id": "ben",
        "state": CONNECTED,
        "state_since": at(30),
        "added_by": "agent-1",
        "contact_type": ContactType.AGENT,
        "contact_id": "ben",
        "phone_number": None,
        "voice_call_id": "0LQ2",
    }
    added = make_third_party(**(defaults | fields))
    return replace(call, participants=(*call.participants, added))


def test_an_added_agent_sees_the_customer_as_a_transfer() -> None:
    customer, ada = to_phone_calls(transferred_call(), agent_id="ben")
    assert (customer.call_id, customer.call_type) == ("leg-1", CallType.TRANSFER)
    assert customer.state == "connected"
    assert customer.phone_number == "+12025550143"
    assert customer.call_attributes is not None
    assert customer.call_attributes.participant_type is ParticipantType.INITIAL_CALLER
    assert customer.call_attributes.voice_call_id == "0LQ2"
    assert customer.call_attributes.parent_id == "call-1"
    assert (ada.call_id, ada.call_type) == ("agent-1", CallType.ADD_PARTICIPANT)
    assert ada.call_attributes is not None
    assert ada.call_attributes.participant_type is ParticipantType.THIRD_PARTY


def test_who_added_an_agent_sees_a_third_party_under_the_same_id() -> None:
    customer, ben = to_phone_calls(transferred_call(), agent_id="ada")
    assert (customer.call_id, ben.call_id) == ("call-1", "leg-1")
    assert customer.call_attributes is not None
    assert customer.call_attributes.voice_call_id == "0LQ1"
    assert ben.state == "transferred"
    assert ben.call_info is not None
    assert ben.call_info.is_external_transfer is False


def test_a_number_that_was_added_is_an_external_transfer() -> None:
    call = make_connected_call_snapshot()
    call = replace(call, participants=(*call.participants, make_third_party()))
    info = to_phone_calls(call, agent_id="ada")[1].call_info
    assert info is not None
    assert info.is_external_transfer is True


@pytest.mark.parametrize("wish", [True, False])
def test_an_external_transfer_is_told_as_wished(wish: bool) -> None:
    call = transferred_call(call_info=CallInfo(is_external_transfer=wish))
    _, ben = to_phone_calls(call, agent_id="ada")
    assert ben.call_info is not None
    assert ben.call_info.is_external_transfer is wish


def test_when_the_customer_left_the_others_say_so() -> None:
    call = with_participant(transferred_call(), "customer-1", state=ENDED, state_since=at(40))
    (ben,) = to_phone_calls(call, agent_id="ada")
    assert ben.call_id == "leg-1"
    assert ben.call_attributes is not None
    assert ben.call_attributes.initial_call_has_ended is True
    assert Call(call).is_connected("ada")
    assert Call(call).is_connected("ben")


def test_a_consult_is_a_call_of_its_own_for_who_began_it() -> None:
    call = transferred_call(is_consult=True, state=RINGING)
    _, consult = to_phone_calls(call, agent_id="ada")
    assert (consult.call_id, consult.call_type, consult.state) == (
        "leg-1",
        CallType.CONSULT,
        "ringing",
    )
    assert consult.call_attributes is not None
    assert consult.call_attributes.participant_type is ParticipantType.INITIAL_CALLER
    assert consult.call_attributes.is_consult_call
    assert consult.call_attributes.parent_id == "call-1"


def test_a_consult_does_not_borrow_the_voice_call_of_the_first_call() -> None:
    """Salesforce creates the VoiceCall of a consult itself, when it hears of one without."""
    call = transferred_call(is_consult=True, state=RINGING, voice_call_id=None)
    _, consult = to_phone_calls(call, agent_id="ada")
    assert consult.call_attributes is not None
    assert consult.call_attributes.voice_call_id is None
    customer = to_phone_calls(call, agent_id="ben")[0]
    assert (customer.call_type, customer.state) == (CallType.CONSULT, "ringing")


def test_an_internal_call_has_one_id_and_two_roles() -> None:
    caller = make_agent_participant(state=CONNECTED)
    called = make_customer(participant_id="leg-1", agent_id="ben", phone_number=None)
    call = make_call_snapshot(
        call_type=CallType.INTERNAL_CALL, participants=(called, caller), voice_call_id="0LQ1"
    )
    seen = {who: only(call, who) for who in ("ada", "ben")}
    roles = {
        who: phone_call.call_attributes.participant_type
        for who, phone_call in seen.items()
        if phone_call.call_attributes is not None
    }
    assert roles == {"ada": ParticipantType.INITIAL_CALLER, "ben": ParticipantType.AGENT}
    assert {phone_call.call_id for phone_call in seen.values()} == {"call-1"}
    assert {phone_call.call_type for phone_call in seen.values()} == {CallType.INTERNAL_CALL}
    assert {phone_call.state for phone_call in seen.values()} == {"connected"}


def test_mute_is_the_agent_s_for_the_customer_and_their_own_for_a_third_party() -> None:
    call = with_participant(transferred_call(is_muted=True), "agent-1", is_muted=True)
    customer, ben = to_phone_calls(call, agent_id="ada")
    ada = to_phone_calls(with_participant(call, "agent-1", is_muted=False), agent_id="ada")
    infos = [one.call_info for one in (customer, ben, *ada)]
    assert [info.is_muted for info in infos if info is not None] == [True, True, False, True]


def test_a_desk_phone_is_each_agent_s_own() -> None:
    call = with_participant(transferred_call(), "agent-1", is_softphone=False)
    info = {who: to_phone_calls(call, agent_id=who)[0].call_info for who in ("ada", "ben")}
    assert info["ada"] is not None
    assert info["ben"] is not None
    assert (info["ada"].is_softphone_call, info["ben"].is_softphone_call) == (False, True)


def test_a_third_party_may_have_controls_of_its_own() -> None:
    own = CallInfo(remove_participant_variant=RemoveParticipantVariant.NEVER)
    customer, ben = to_phone_calls(transferred_call(call_info=own), agent_id="ada")
    infos = [one.call_info for one in (customer, ben)]
    variants = [info.remove_participant_variant for info in infos if info is not None]
    assert variants == ["ALWAYS", "NEVER"]


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
