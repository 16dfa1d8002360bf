"""Participants of a call in the softphone, by the protocol alone: a scripted connector."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.demo_server import DemoServer
from tests.support.scripted_connector import (
    ScriptedConnector,
    call,
    open_scripted,
    third_party,
)
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

ADA = "ada@demo.example"
MARIA, BEN, CARL = "Maria Customer", "Ben Agent", "Carl Expert"
MakePage = Callable[[], Page]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    running = DemoServer(tmp_path_factory.mktemp("data")).start()
    yield running
    running.stop()


class Talk:
    """Ada on a call with Maria."""

    def __init__(self, page: Page, url: str) -> None:
        self.ada: SoftphonePage
        self.line: ScriptedConnector
        self.ada, self.line = open_scripted(page, url, ADA)
        self.line.event("CALL_STARTED", call("c1", MARIA))
        self.line.event("CALL_CONNECTED", call("c1", MARIA, state="connected"))
        self.ada.expect_card(MARIA, "connected")

    def ben_joins(self) -> None:
        self.line.event("PARTICIPANT_ADDED", third_party("p1", BEN))
        self.line.event("HOLD_TOGGLE", held("c1", MARIA))
        self.line.event("PARTICIPANT_CONNECTED", third_party("p1", BEN))
        self.ada.expect_party(BEN, "connected")


def held(call_id: str, name: str, *, is_held: bool = True) -> dict[str, object]:
    """Return a HoldToggleResult with one call."""
    info = {"isOnHold": is_held}
    changed = call(call_id, name, state="connected", callInfo=info, callAttributes=info)
    return {"isCustomerOnHold": is_held, "isThirdPartyOnHold": False, "calls": {call_id: changed}}


@pytest.fixture
def talk(demo: DemoServer, new_page: MakePage) -> Talk:
    return Talk(new_page(), demo.url)


def test_an_added_party_has_a_row_and_controls_of_its_own(talk: Talk) -> None:
    talk.ada.expect_parties(0)
    talk.line.event("PARTICIPANT_ADDED", third_party("p1", BEN))
    talk.ada.expect_party(BEN, "ringing")
    talk.line.event("HOLD_TOGGLE", held("c1", MARIA))
    talk.line.event("PARTICIPANT_CONNECTED", third_party("p1", BEN))

    talk.ada.expect_parties(2)
    talk.ada.expect_party(MARIA, "held")
    talk.ada.expect_party(BEN, "connected")
    expect(talk.ada.call).to_have_count(1)
    talk.ada.resume(MARIA)
    assert talk.ada.message("RESUME")["call"]["callId"] == "c1"
    talk.ada.hold(BEN)
    assert talk.ada.message("HOLD")["call"]["callId"] == "p1"
    talk.ada.mute(BEN)
    assert talk.ada.message("MUTE")["call"]["callId"] == "p1"
    talk.line.event("MUTE_TOGGLE", {"isMuted": True, "isGlobal": False, "call": call("p1", BEN)})
    talk.ada.unmute(BEN)
    assert talk.ada.message("UNMUTE")["call"]["callId"] == "p1"
    talk.ada.expect_no_flag("Muted")


def test_the_agents_own_mute_names_nobody_on_a_multi_party_call(talk: Talk) -> None:
    shared = {"isMultiParty": True}
    talk.line.event("CALL_UPDATED", {"call": call("c1", MARIA, state="connected", callInfo=shared)})
    talk.ben_joins()

    talk.ada.press("Mute")
    assert "call" not in talk.ada.message("MUTE")
    talk.line.event("MUTE_TOGGLE", {"isMuted": True, "isGlobal": True})
    talk.ada.expect_flag("Muted")
    talk.ada.mute(MARIA)
    assert talk.ada.message("MUTE", count=2)["call"]["callId"] == "c1"


def test_merge_sends_all_who_talk_and_ends_the_holds(talk: Talk) -> None:
    talk.ben_joins()
    expect(talk.ada.page.get_by_test_id("call-state-text")).to_have_text("2 participants")

    talk.ada.merge()
    calls = talk.ada.message("CONFERENCE")["calls"]
    assert [one["callId"] for one in calls] == ["c1", "p1"]
    assert all("local" not in one for one in calls), "nothing of this page's own travels"
    talk.line.event("HOLD_TOGGLE", {**held("c1", MARIA, is_held=False), "isCallMerged": True})

    expect(talk.ada.page.get_by_test_id("call-state-text")).to_have_text("Conference")
    talk.ada.expect_party(MARIA, "connected")
    expect(talk.ada.page.get_by_role("button", name="Merge", exact=True)).to_be_disabled()


def test_a_merge_without_a_list_of_calls_goes_by_the_flags(talk: Talk) -> None:
    talk.ben_joins()

    flags = {"isCustomerOnHold": False, "isThirdPartyOnHold": False, "isCallMerged": True}
    talk.line.event("HOLD_TOGGLE", flags)

    talk.ada.expect_party(MARIA, "connected")
    talk.ada.expect_party(BEN, "connected")


def test_swap_says_who_is_held_and_who_talks(talk: Talk) -> None:
    talk.ben_joins()

    talk.ada.swap()

    message = talk.ada.message("SWAP_PARTICIPANTS")
    assert message["callToHold"]["callId"] == "p1"
    assert message["callToResume"]["callId"] == "c1"


def test_remove_follows_the_variant_of_each_party(talk: Talk) -> None:
    talk.ben_joins()
    never = {"removeParticipantVariant": "NEVER"}
    talk.line.event("PARTICIPANT_CONNECTED", third_party("p2", CARL, callInfo=never))
    expect(talk.ada.page.get_by_role("button", name=f"Remove {CARL}")).to_be_disabled()
    unless_held = {"removeParticipantVariant": "ALWAYS_EXCEPT_ON_HOLD"}
    changed = call("c1", MARIA, state="connected", callInfo={"isOnHold": True, **unless_held})
    talk.line.event("CALL_UPDATED", {"call": changed})
    expect(talk.ada.page.get_by_role("button", name=f"Remove {MARIA}")).to_be_disabled()

    talk.ada.remove(BEN)
    removal = talk.ada.message("END_CALL")["call"]
    assert (removal["callId"], removal["callAttributes"]["participantType"]) == (
        "p1",
        "Third_Party",
    )
    talk.line.event("PARTICIPANT_REMOVED", {"callId": "p1", "connectionId": "p1"})
    expect(talk.ada.party(BEN)).to_have_count(0)
    talk.ada.expect_parties(2)


def test_the_agent_leaves_by_the_agents_own_role(talk: Talk) -> None:
    talk.ben_joins()

    talk.ada.press("End Call")

    attributes = talk.ada.message("END_CALL")["call"]["callAttributes"]
    assert attributes["participantType"] == "Agent"
    talk.line.event("HANGUP", [call("c1", MARIA, state="ended", reason="ended")])
    talk.ada.expect_no_call()


@pytest.mark.parametrize(
    "news", [{"initialCallHasEnded": True}, third_party("p1", BEN, initialCallHasEnded=True)]
)
def test_the_customer_leaves_and_the_others_stay(talk: Talk, news: dict[str, object]) -> None:
    """The base connector names nobody when a customer leaves; its replay names the party."""
    talk.ben_joins()

    talk.line.event("PARTICIPANT_CONNECTED", news)

    talk.ada.expect_parties(0)
    talk.ada.expect_card(BEN, "connected")
    expect(talk.ada.call).not_to_contain_text(MARIA)
    talk.ada.expect_no_flag("On hold")
    talk.ada.press("Hold")
    assert talk.ada.message("HOLD")["call"]["callId"] == "p1", "who is left is put on hold"
    talk.line.event("HANGUP", call("p1", BEN, state="ended", reason="ended"))
    talk.ada.expect_no_call()


def test_a_removed_customer_is_gone_but_not_the_call(talk: Talk) -> None:
    talk.ben_joins()
    talk.ada.remove(MARIA)
    assert talk.ada.message("END_CALL")["call"]["callAttributes"]["participantType"] == (
        "Initial_Caller"
    )

    talk.line.event("PARTICIPANT_REMOVED", call("c1", MARIA, state="ended", reason="ended"))

    talk.ada.expect_card(BEN, "connected")
    expect(talk.ada.call).not_to_contain_text(MARIA)


def test_leaving_while_a_callback_waits_ends_the_whole_conversation(talk: Talk) -> None:
    """With another call left the base connector says PARTICIPANT_REMOVED, not HANGUP."""
    talk.ben_joins()
    talk.line.event("QUEUED_CALL_STARTED", call("q1", "Quinn", callType="Callback"))
    talk.ada.card(MARIA).get_by_role("button", name="End Call").click()

    talk.line.event("PARTICIPANT_REMOVED", call("c1", MARIA, state="ended", reason="ended"))

    expect(talk.ada.call).to_have_count(1)
    talk.ada.expect_card("Quinn", "ringing")


def test_a_consult_is_private_until_it_is_merged(talk: Talk) -> None:
    attributes = {"parentId": "c1", "isConsultCall": True}
    consult = {"callType": "Consult", "callAttributes": attributes}
    talk.line.event("CALL_STARTED", call("k1", CARL, **consult))
    talk.ada.expect_party(CARL, "ringing")
    talk.line.event("HOLD_TOGGLE", held("c1", MARIA))
    talk.line.event("CALL_CONNECTED", call("k1", CARL, state="connected", **consult))
    expect(talk.ada.party(CARL)).to_contain_text("private consult")
    expect(talk.ada.call).to_have_count(1)

    talk.ada.merge()
    assert {one["callId"] for one in talk.ada.message("CONFERENCE")["calls"]} == {"c1", "k1"}
    talk.line.event("HOLD_TOGGLE", {**held("c1", MARIA, is_held=False), "isCallMerged": True})

    expect(talk.ada.party(CARL)).not_to_contain_text("private consult")
    talk.ada.remove(CARL)


def test_a_consult_ends_and_the_customer_stays(talk: Talk) -> None:
    attributes = {"parentId": "c1", "isConsultCall": True}
    consult = call("k1", CARL, state="connected", callType="Consult", callAttributes=attributes)
    talk.line.event("CALL_CONNECTED", consult)

    talk.ada.end_consult(CARL)

    assert talk.ada.message("END_CALL")["call"]["callId"] == "k1"
    talk.line.event("PARTICIPANT_REMOVED", {"callId": "k1", "connectionId": "k1"})
    talk.ada.expect_parties(0)
    talk.ada.expect_card(MARIA, "connected")


def test_the_one_who_is_consulted_gets_a_call_to_answer(
    demo: DemoServer, new_page: MakePage
) -> None:
    ada, line = open_scripted(new_page(), demo.url, ADA)
    attributes = {"parentId": "elsewhere", "isConsultCall": True}

    line.event("CALL_STARTED", call("k1", MARIA, callType="Consult", callAttributes=attributes))

    ada.press("Accept")
    assert ada.message("ACCEPT_CALL")["call"]["callId"] == "k1"


def test_seven_others_fill_the_call(talk: Talk) -> None:
    for number in range(1, 7):
        talk.line.event("PARTICIPANT_CONNECTED", third_party(f"p{number}", f"Guest {number}"))

    talk.ada.expect_parties(7)
    talk.ada.open_transfer_view()
    talk.line.event("PHONE_CONTACTS", {"contacts": [{"id": "1", "name": CARL, "type": "Agent"}]})
    talk.ada.page.get_by_test_id("destination").filter(has_text=CARL).click()
    expect(talk.ada.page.get_by_role("button", name="Add", exact=True)).to_be_disabled()
    expect(talk.ada.page.get_by_role("button", name="Blind Transfer")).to_be_enabled()


def test_somebody_who_is_not_reached_is_said(talk: Talk) -> None:
    talk.line.event("PARTICIPANT_ADDED", third_party("p1", BEN))

    talk.line.event("PARTICIPANT_REMOVED", {"callId": "p1", "reason": "error"})

    talk.ada.expect_notice("be reached.")
    talk.ada.expect_card(MARIA, "connected")


def test_a_supervisor_who_barges_in_is_named(talk: Talk) -> None:
    barged = {"callId": "c1", "supervisorName": "Eva Supervisor", "isBargedIn": True}
    talk.line.event("CALL_BARGED_IN", barged)

    talk.ada.expect_flag("Supervisor Eva Supervisor is on the call")
    talk.ada.expect_notice("Eva Supervisor")
