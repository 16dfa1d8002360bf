"""Calls between two agents by the phone book, and private consultations."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.demo_server import wait_until
from tests.support.floor import ADA, BEN, MARIA, THEO, THEO_SHOWN, Floor

pytestmark = pytest.mark.e2e


def ada_calls_ben(floor: Floor) -> str:
    """Let Ada choose Ben in the phone book; returns the call's id while it rings."""
    floor.free(floor.ada, floor.ben)
    floor.ada.call_contact("Ben Agent")
    floor.ben.expect_call("ringing")
    return str(floor.ben.event("CALL_STARTED")["callId"])


def kind(payload: dict[str, Any]) -> tuple[str, str]:
    return payload["callType"], payload["callAttributes"]["participantType"]


# ------------------------------------------------------------------------------ internal calls


def test_both_agents_get_their_call(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben

    call_id = ada_calls_ben(floor)

    ada.expect_call("ringing")
    own, other = ada.event("CALL_STARTED"), ben.event("CALL_STARTED")
    assert own["callId"] == other["callId"] == call_id
    assert kind(own) == ("InternalCall", "Initial_Caller")
    assert kind(other) == ("InternalCall", "Agent")
    ada.expect_card("Ben Agent", "ringing")
    ben.expect_card("Ada Agent", "ringing")
    expect(ada.page.get_by_role("button", name="Accept", exact=True)).to_be_hidden()
    ben.press("Accept")
    for phone in (ada, ben):
        phone.expect_call("connected")
        assert phone.event("CALL_CONNECTED")["callId"] == call_id
    ben.press("Hold")
    ben.expect_call("held")
    ben.press("Resume")
    ben.expect_call("connected")
    ben.press("End Call")
    for phone in (ada, ben):
        phone.expect_no_call()
        phone.event("AFTER_CALL_WORK_STARTED")
        assert len(phone.events("HANGUP")) == 1
    (record,) = floor.server.voice_calls(call_id)
    assert record["callType"] == "InternalCall"


def test_an_agent_declines_a_colleague(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    ada_calls_ben(floor)

    ben.press("Decline")

    ben.expect_no_call()
    ada.expect_no_call()
    assert ben.event("HANGUP")["agentStatus"] == "DeclinedByAgent"
    (ended,) = ada.event("HANGUP")
    assert ended["reason"] == "error"
    assert ada.events("AFTER_CALL_WORK_STARTED") == ben.events("AFTER_CALL_WORK_STARTED") == []


def test_a_colleague_who_is_offline_cannot_be_called(floor: Floor) -> None:
    ada, _ = floor.ada, floor.ben
    floor.free(ada)

    ada.call_contact("Ben Agent")

    ada.event("CALL_FAILED")
    ada.event("ERROR")
    ada.expect_no_call()
    floor.expect_state(ADA, "available")


def test_a_transfer_of_an_internal_call_is_a_transfer(floor: Floor) -> None:
    ada, ben, remote = floor.ada, floor.ben, floor.remote
    call_id = ada_calls_ben(floor)
    ben.press("Accept")
    ben.expect_call("connected")

    ben.add_participant(THEO)
    ben.expect_party(THEO_SHOWN, "ringing")
    remote.answers("Third party")
    ben.expect_party(THEO_SHOWN, "connected")
    ben.expect_party("Ada Agent", "held")
    ben.merge()
    ben.expect_party("Ada Agent", "connected")
    ben.press("End Call")

    ben.expect_no_call()
    ada.expect_card(THEO_SHOWN, "connected")
    assert floor.call()["callId"] == call_id
    ada.press("End Call")
    ada.expect_no_call()
    remote.expect_no_call()


def test_an_internal_call_after_a_reload_of_both(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    call_id = ada_calls_ben(floor)
    ben.press("Accept")
    ben.expect_call("connected")

    for phone in (ada, ben):
        phone.reload()
        phone.expect_call("connected")
        assert phone.event("CALL_CONNECTED")["callId"] == call_id

    ada.press("End Call")
    for phone in (ada, ben):
        phone.expect_no_call()


# ------------------------------------------------------------------------------------ consult


def consulting(floor: Floor) -> tuple[str, str]:
    """Ada consults Ben while Maria waits; returns the call's id and that of the consultation."""
    ada, ben = floor.ada, floor.ben
    floor.free(ben)
    call_id = floor.talks(ada)
    ada.consult("Ben Agent", "Agents")
    ada.expect_party("Ben Agent", "ringing")
    ada.expect_party(MARIA, "held")
    ben.expect_call("ringing")
    consult = ada.event("CALL_STARTED", count=2)
    assert kind(consult) == ("Consult", "Initial_Caller")
    assert consult["callAttributes"]["isConsultCall"] is True
    ben.press("Accept")
    ben.expect_call("connected")
    ada.expect_party("Ben Agent", "connected")
    return call_id, consult["callId"]


def test_a_consultation_is_private_and_ends_alone(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    call_id, consult_id = consulting(floor)
    assert ben.event("CALL_STARTED")["callId"] == consult_id
    expect(ada.party("Ben Agent")).to_contain_text("private consult")
    ben.expect_party("Ada Agent", "connected")
    ben.expect_party(MARIA, "held")

    ada.end_consult("Ben Agent")

    ben.expect_no_call()
    ada.expect_parties(0)
    ada.expect_card(MARIA, "held")
    ada.press("Resume")
    ada.expect_call("connected")
    assert floor.call()["callId"] == call_id


def test_a_consultation_becomes_a_conference(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    call_id, _ = consulting(floor)

    ada.merge()

    ada.expect_party(MARIA, "connected")
    expect(ada.party("Ben Agent")).not_to_contain_text("private consult")
    ben.expect_parties(2)
    ada.press("End Call")
    ada.expect_no_call()
    ben.expect_card(MARIA, "connected")
    assert floor.call()["callId"] == call_id


def test_swap_between_the_customer_and_who_is_consulted(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    consulting(floor)

    ada.swap()
    ada.expect_party(MARIA, "connected")
    ada.expect_party("Ben Agent", "held")
    ada.swap()
    ada.expect_party(MARIA, "held")
    ada.expect_party("Ben Agent", "connected")
    ben.press("End Call")

    ben.expect_no_call()
    ada.expect_parties(0)
    ada.expect_card(MARIA, "held")


def test_the_record_of_a_consultation(floor: Floor) -> None:
    call_id, consult_id = consulting(floor)

    wait_until("its VoiceCall", lambda: floor.server.voice_calls(consult_id))
    record = floor.record(consult_id)
    assert record["callType"] == "Consult"
    assert floor.agent(BEN)["state"] == "on_call"
    assert floor.record(call_id)["callType"] == "Inbound"
