"""Outbound calls: by dial pad, by contact, and calls that fail."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.demo_server import DemoServer, wait_until
from tests.support.remote_page import RemotePage
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

ADA = "ada@demo.example"
NUMBER = "+14155550177"
MakePage = Callable[[], Page]


@pytest.fixture
def ada(server: DemoServer, new_page: MakePage) -> SoftphonePage:
    softphone = SoftphonePage(new_page(), server.url, ADA).open()
    softphone.become("Available")
    return softphone


def test_a_call_by_dial_pad(server: DemoServer, new_page: MakePage, ada: SoftphonePage) -> None:
    remote = RemotePage(new_page(), server.url).open()

    ada.dial(NUMBER)
    ada.expect_call("ringing")
    started = ada.event("CALL_STARTED")
    assert started["callType"] == "Outbound"
    assert started["phoneNumber"] == NUMBER
    assert started["state"] == "ringing"

    remote.press("Customer Answers")
    ada.expect_call("connected")
    assert ada.event("CALL_CONNECTED")["callId"] == started["callId"]
    records = server.voice_calls(started["callId"])
    assert len(records) == 1, "Salesforce makes one VoiceCall of an outbound call"
    assert records[0]["callType"] == "Outbound"

    ada.press("End Call")
    ada.expect_no_call()
    assert ada.event("HANGUP")[0]["reason"] == "ended"
    ada.event("AFTER_CALL_WORK_STARTED")
    assert len(ada.events("CALL_STARTED")) == len(ada.events("CALL_CONNECTED")) == 1


def test_contacts_are_searched_page_by_page_and_called(
    server: DemoServer, ada: SoftphonePage
) -> None:
    ada.page.get_by_role("tab", name="Contacts").click()
    contacts = ada.page.get_by_role("list", name="Contacts").get_by_role("listitem")
    expect(contacts.first).to_be_visible()
    first_page = contacts.all_inner_texts()
    ada.press("Next Page")
    expect(contacts.first).not_to_have_text(first_page[0])
    filters = [message["filter"] for message in ada.sent("GET_PHONE_CONTACTS")]
    assert filters[-1]["offset"] == filters[-1]["limit"] > 0

    ada.page.get_by_label("Contact Type").select_option(label="Phone Book")
    wait_until(
        "only the phone book is shown",
        lambda: (
            {c["type"] for c in ada.events("PHONE_CONTACTS")[-1][1]["contacts"]} == {"PhoneBook"}
        ),
    )
    wanted = ada.events("PHONE_CONTACTS")[-1][1]["contacts"][0]
    ada.page.get_by_label("Search Contacts").fill(wanted["name"])
    wait_until(
        "the search finds the contact",
        lambda: (
            [c["name"] for c in ada.events("PHONE_CONTACTS")[-1][1]["contacts"]] == [wanted["name"]]
        ),
    )
    contacts.first.get_by_role("button").click()

    ada.expect_call("ringing")
    assert ada.event("CALL_STARTED")["contact"]["name"] == wanted["name"]
    assert ada.event("CALL_STARTED")["phoneNumber"] == wanted["phoneNumber"]


def test_a_number_that_the_switch_does_not_know(ada: SoftphonePage) -> None:
    ada.dial("12")

    assert ada.event("ERROR")["message"] == "INVALID_DESTINATION"
    assert ada.names()[-2:] == ["CALL_FAILED", "ERROR"]
    expect(ada.page.get_by_role("region", name="Notifications")).to_contain_text(
        "INVALID_DESTINATION"
    )
    ada.expect_no_call()
    assert ada.events("CALL_STARTED") == []


@pytest.mark.parametrize("fate", ["busy", "unreachable"])
def test_a_dialled_call_that_nobody_answers(
    server: DemoServer, ada: SoftphonePage, fate: str
) -> None:
    server.put("/demo/v1/pbx", {"nextDial": fate})

    ada.dial(NUMBER)

    ada.expect_no_call()
    (ended,) = ada.event("HANGUP")
    assert ended["reason"] == "error"
    assert ended["agentStatus"] == "FailedConnectCustomer"
    assert ended["closeCallOnError"] is False
    assert ada.events("AFTER_CALL_WORK_STARTED") == []
