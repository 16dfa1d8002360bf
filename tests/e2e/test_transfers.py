"""Transfers through the pages: to agents, queues, flows and numbers, and what becomes of them."""

import pytest
from playwright.sync_api import expect

from tests.support.demo_server import wait_until
from tests.support.floor import MARIA, THEO, THEO_SHOWN, Floor

pytestmark = pytest.mark.e2e


def warm_to_ben(floor: Floor) -> tuple[str, str]:
    """Ada talks with Maria and Ben; returns the call's id and that of Ben's leg."""
    floor.free(floor.ben)
    call_id = floor.talks(floor.ada)
    floor.ada.add_participant("Ben Agent", "Agents")
    floor.ben.expect_call("ringing")
    leg_id = floor.ben.event("CALL_STARTED")["callId"]
    floor.ben.press("Accept")
    floor.ben.expect_call("connected")
    floor.ada.expect_party("Ben Agent", "connected")
    return call_id, leg_id


def with_theo(floor: Floor) -> str:
    """Ada talks with Theo while Maria waits on hold; returns the call's id."""
    call_id = floor.talks(floor.ada)
    floor.ada.add_participant(THEO)
    floor.ada.expect_party(THEO_SHOWN, "ringing")
    floor.remote.answers("Third party")
    floor.ada.expect_party(THEO_SHOWN, "connected")
    floor.ada.expect_party(MARIA, "held")
    return call_id


# ------------------------------------------------------------------------------- to an agent


def test_a_warm_transfer_to_an_agent(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    floor.free(ben)
    call_id = floor.talks(ada)

    ada.add_participant("Ben Agent", "Agents")

    ada.expect_party("Ben Agent", "ringing")
    ada.expect_party(MARIA, "held")
    added = ada.event("PARTICIPANT_ADDED")
    assert added["callAttributes"]["participantType"] == "Third_Party"
    ben.expect_call("ringing")
    transfer = ben.event("CALL_STARTED")
    assert transfer["callType"] == "Transfer"
    assert transfer["callId"] == added["callId"] != call_id
    record = floor.record(transfer["callId"])
    assert record["voiceCallId"] == transfer["callAttributes"]["voiceCallId"]
    assert record["callType"] == "Transfer"
    assert record["parentCall"]["vendorCallKey"] == call_id

    ben.press("Accept")
    ben.expect_call("connected")
    joined = ada.event("PARTICIPANT_CONNECTED")
    assert (joined["callId"], joined["initialCallHasEnded"]) == (transfer["callId"], False)
    ada.merge()
    ada.expect_party(MARIA, "connected")
    ada.press("End Call")

    ada.expect_no_call()
    ada.event("AFTER_CALL_WORK_STARTED")
    ben.expect_card(MARIA, "connected")
    assert ben.events("HANGUP") == []
    floor.demo(f"calls/{call_id}/customer-leaves")
    ben.expect_no_call()
    assert [one["callId"] for one in ben.event("HANGUP")] == [transfer["callId"]]
    assert ben.event("AFTER_CALL_WORK_STARTED")["callId"] == transfer["callId"]
    assert len(ada.events("HANGUP")) == 1


def test_a_transfer_that_the_agent_declines_gives_the_customer_back(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    floor.free(ben)
    floor.talks(ada)
    ada.add_participant("Ben Agent", "Agents")
    ben.expect_call("ringing")

    ben.press("Decline")

    ben.expect_no_call()
    assert ben.event("HANGUP")["agentStatus"] == "DeclinedByAgent"
    assert ada.event("PARTICIPANT_REMOVED")["reason"] == "error"
    ada.expect_notice("Ben Agent")
    ada.expect_parties(0)
    ada.expect_call("held")
    ada.press("Resume")
    ada.expect_call("connected")


def test_a_blind_transfer_to_an_agent(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    floor.free(ben)
    call_id = floor.talks(ada)

    ada.blind_transfer("Ben Agent", "Agents")

    ada.expect_no_call()
    ada.event("AFTER_CALL_WORK_STARTED")
    ben.expect_call("ringing")
    ben.press("Accept")
    ben.expect_card(MARIA, "connected")
    started = ben.event("CALL_STARTED")
    assert started["callType"] == "Transfer"
    assert floor.record(started["callId"])["parentCall"]["vendorCallKey"] == call_id
    assert len(ada.events("HANGUP")) == 1
    ben.press("Hold")
    ben.expect_call("held")
    ben.press("End Call")
    ben.expect_no_call()
    floor.remote.expect_no_call()


# ------------------------------------------------------------------------- to queue and flow


def test_a_transfer_to_a_queue_rings_at_whoever_becomes_free(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    call_id = floor.talks(ada)
    ada.add_participant("Support", "Queues")
    ada.expect_party("Support", "ringing")
    expect(floor.remote.party("Support")).to_contain_text("waits for an agent")

    ben.become("Available")

    ben.expect_call("ringing")
    started = ben.event("CALL_STARTED")
    assert started["callInfo"]["queueName"] == "Support"
    assert floor.record(started["callId"])["parentCall"]["vendorCallKey"] == call_id
    ben.press("Accept")
    ben.expect_call("connected")
    ada.event("PARTICIPANT_CONNECTED")
    ada.press("End Call")
    ada.expect_no_call()
    ben.expect_card(MARIA, "connected")


@pytest.mark.parametrize("flow", ["Route_To_Ben", "Route_To_Support"])
def test_a_transfer_to_a_flow_goes_where_the_flow_says(floor: Floor, flow: str) -> None:
    ada, ben = floor.ada, floor.ben
    floor.free(ben)
    call_id = floor.talks(ada)

    ada.blind_transfer(flow, "Flows")

    ada.expect_no_call()
    ben.expect_call("ringing")
    started = ben.event("CALL_STARTED")
    record = floor.record(started["callId"])
    assert record["callType"] == "Transfer"
    assert record["parentCall"]["vendorCallKey"] == call_id
    assert flow in str(record["pendingServiceRouting"])
    ben.press("Accept")
    ben.expect_card(MARIA, "connected")


# ---------------------------------------------------------------------------------- to a number


def test_somebody_outside_joins_and_leaves(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.talks(ada)
    ada.add_participant(THEO)
    ada.expect_party(THEO_SHOWN, "ringing")
    remote.answers("Third party")
    ada.expect_party(THEO_SHOWN, "connected")
    joined = ada.event("PARTICIPANT_CONNECTED")
    assert joined["phoneNumber"] == THEO

    remote.leaves("Third party")

    left = ada.event("PARTICIPANT_REMOVED")
    assert left["callId"] == joined["callId"]
    assert left["reason"] != "error"
    ada.expect_parties(0)
    ada.expect_card(MARIA, "held")
    ada.press("Resume")
    ada.expect_call("connected")


def test_a_blind_transfer_to_a_number_leaves_both_to_themselves(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.talks(ada)

    ada.blind_transfer(THEO)

    ada.expect_no_call()
    expect(remote.party("Third party")).to_have_attribute("data-state", "ringing")
    remote.answers("Third party")
    expect(remote.party("Third party")).to_have_attribute("data-state", "connected")
    expect(remote.party("Customer")).not_to_contain_text("on hold")
    remote.leaves("Third party")
    remote.expect_no_call()
    assert len(ada.events("HANGUP")) == 1


@pytest.mark.parametrize("outcome", ["busy", "unreachable"])
def test_a_number_that_is_not_reached(floor: Floor, outcome: str) -> None:
    ada = floor.ada
    floor.talks(ada)
    floor.server.put("/demo/v1/pbx", {"nextDial": outcome})

    ada.add_participant(THEO)

    assert ada.event("PARTICIPANT_REMOVED")["reason"] == "error"
    ada.expect_notice(THEO_SHOWN)
    ada.expect_parties(0)
    ada.expect_card(MARIA, "held")


def test_click_to_dial_on_a_call_transfers(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    floor.free(ben)
    floor.talks(ada)

    ada.call_contact("Ben Agent")

    expect(ada.transfer_view).to_be_visible()
    ada.press("Add")
    ben.expect_call("ringing")
    assert ben.event("CALL_STARTED")["callType"] == "Transfer"
    ada.expect_party("Ben Agent", "ringing")


# -------------------------------------------------------------------------- the customer leaves


def test_the_customer_leaves_while_the_transfer_is_under_way(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.talks(ada)
    ada.add_participant(THEO)
    ada.expect_party(THEO_SHOWN, "ringing")

    remote.leaves("Customer")

    # The base connector says so with the party that is left (connector-api.md 3.1).
    assert ada.event("PARTICIPANT_ADDED", count=2)["initialCallHasEnded"] is True
    expect(ada.call).not_to_contain_text(MARIA)
    ada.expect_card(THEO_SHOWN, "ringing")
    remote.answers("Third party")
    ada.event("PARTICIPANT_CONNECTED")
    ada.expect_card(THEO_SHOWN, "connected")
    assert ada.events("HANGUP") == []
    ada.press("End Call")
    ada.expect_no_call()
    remote.expect_no_call()
    ada.event("AFTER_CALL_WORK_STARTED")


def test_the_customer_leaves_after_the_transfer(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    call_id, leg_id = warm_to_ben(floor)

    floor.demo(f"calls/{call_id}/customer-leaves")

    assert ada.event("PARTICIPANT_CONNECTED", count=2)["initialCallHasEnded"] is True
    ada.expect_card("Ben Agent", "connected")
    expect(ada.call).not_to_contain_text(MARIA)
    ben.expect_card("Ada Agent", "connected")
    ben.press("End Call")
    ben.expect_no_call()
    ada.expect_no_call()
    for phone, key in ((ada, call_id), (ben, leg_id)):
        assert phone.event("AFTER_CALL_WORK_STARTED")["callId"] == key
        assert len(phone.events("HANGUP")) == 1


# ------------------------------------------------------------------------------------- remove


def test_a_party_is_removed(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    call_id = with_theo(floor)

    ada.remove(THEO_SHOWN)

    ada.expect_parties(0)
    ada.expect_card(MARIA, "held")
    expect(remote.party("Third party")).to_have_count(0)
    assert floor.call()["callId"] == call_id


def test_the_customer_is_removed_and_the_others_stay(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    with_theo(floor)

    ada.remove(MARIA)

    ada.expect_parties(0)
    ada.expect_card(THEO_SHOWN, "connected")
    expect(remote.party("Customer")).to_have_count(0)
    remote.expect_call("Third party")


def test_a_party_that_may_never_be_removed(floor: Floor) -> None:
    floor.change_settings(thirdPartyCallInfo={"removeParticipantVariant": "NEVER"})
    with_theo(floor)

    remove = floor.ada.page.get_by_role("button", name=f"Remove {THEO_SHOWN}")
    expect(remove).to_be_disabled()


def test_a_party_that_may_be_removed_except_on_hold(floor: Floor) -> None:
    floor.change_settings(thirdPartyCallInfo={"removeParticipantVariant": "ALWAYS_EXCEPT_ON_HOLD"})
    ada = floor.ada
    with_theo(floor)
    remove = ada.page.get_by_role("button", name=f"Remove {THEO_SHOWN}")
    ada.hold(THEO_SHOWN)
    ada.expect_party(THEO_SHOWN, "held")
    expect(remove).to_be_disabled()

    ada.resume(THEO_SHOWN)
    ada.expect_party(THEO_SHOWN, "connected")
    remove.click()

    ada.expect_parties(0)


# --------------------------------------------------------------------------- swap, conference


def test_swap_and_conference(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    with_theo(floor)

    ada.swap()
    ada.expect_party(MARIA, "connected")
    ada.expect_party(THEO_SHOWN, "held")
    expect(remote.party("Third party")).to_contain_text("on hold")
    toggle = ada.events("HOLD_TOGGLE")[-1][1]
    assert (toggle["isCustomerOnHold"], toggle["isThirdPartyOnHold"]) == (False, True)

    ada.merge()
    ada.expect_party(THEO_SHOWN, "connected")
    expect(remote.party("Third party")).not_to_contain_text("on hold")
    toggle = ada.events("HOLD_TOGGLE")[-1][1]
    assert toggle["isCallMerged"] is True


def test_swap_and_the_rest_after_a_reload(floor: Floor) -> None:
    ada = floor.ada
    with_theo(floor)

    ada.reload()

    ada.expect_parties(2)
    ada.expect_party(MARIA, "held")
    ada.swap()
    ada.expect_party(MARIA, "connected")
    ada.expect_party(THEO_SHOWN, "held")
    ada.merge()
    ada.expect_party(THEO_SHOWN, "connected")
    ada.hold(MARIA)
    ada.expect_party(MARIA, "held")
    ada.remove(THEO_SHOWN)
    ada.expect_parties(0)
    ada.press("End Call")
    ada.expect_no_call()
    assert ada.events("ERROR", "INFO") == []


def test_a_transferred_agent_after_a_reload(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    _, leg_id = warm_to_ben(floor)

    ben.reload()

    ben.expect_parties(2)
    assert ben.event("CALL_CONNECTED")["callId"] == leg_id
    ada.press("End Call")
    ada.expect_no_call()
    ben.expect_parties(0)
    ben.expect_card(MARIA, "connected")
    ben.press("End Call")
    ben.expect_no_call()


# ----------------------------------------------------------------------- each party, seven slots


def test_each_party_is_held_and_muted_alone(floor: Floor) -> None:
    floor.change_settings(
        callInfo={"isMultiParty": True}, thirdPartyCallInfo={"isMultiParty": True}
    )
    ada, remote = floor.ada, floor.remote
    with_theo(floor)

    ada.resume(MARIA)
    ada.expect_party(MARIA, "connected")
    ada.expect_party(THEO_SHOWN, "connected")
    ada.mute(THEO_SHOWN)
    expect(remote.party("Third party")).to_contain_text("muted")
    expect(remote.party("Customer")).not_to_contain_text("muted")
    ada.mute(MARIA)
    expect(remote.party("Customer")).to_contain_text("muted")
    ada.unmute(THEO_SHOWN)
    expect(remote.party("Third party")).not_to_contain_text("muted")
    ada.hold(THEO_SHOWN)
    ada.expect_party(THEO_SHOWN, "held")
    ada.expect_party(MARIA, "connected")


def test_seven_others_and_no_more(floor: Floor) -> None:
    floor.change_settings(isAutoMergeOn=True)
    ada = floor.ada
    call_id = floor.talks(ada)
    for number in range(1, 7):
        ada.add_participant(f"+1415555020{number}")
        ada.event("PARTICIPANT_ADDED", count=number)
        leg_id = ada.events("PARTICIPANT_ADDED")[-1][1]["callId"]
        floor.demo(f"calls/{call_id}/participants/{leg_id}/answers")
        ada.event("PARTICIPANT_CONNECTED", count=number)

    ada.expect_parties(7)
    assert {one.get("isOnHold", False) for one in floor.call()["participants"]} == {False}
    ada.choose_destination("+14155550207")
    expect(ada.page.get_by_role("button", name="Add", exact=True)).to_be_disabled()
    ada.page.keyboard.press("Escape")
    ada.press("End Call")
    ada.expect_no_call()


def test_figures_of_a_transferred_call_stand_in_both_records(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    call_id, leg_id = warm_to_ben(floor)
    ada.press("End Call")
    ada.expect_no_call()
    ben.press("End Call")
    ben.expect_no_call()

    for key in (call_id, leg_id):
        wait_until(
            f"the VoiceCall of {key} is completed",
            lambda key=key: floor.record(key)["callDisposition"] == "completed",
        )
    children = floor.record(call_id)["childCalls"]
    assert [one["vendorCallKey"] for one in children] == [leg_id]
