"""The 36 methods of the vendor's two classes, and what Salesforce is told when each one fails.

Both tables are written from the reference (connector-api.md 1.2 to 1.6), not from the code.
"""

from dataclasses import replace
from typing import Any

import pytest

from connector_py.api import METHOD_ERRORS
from connector_py.entities import CallSnapshot, ParticipantState
from connector_py.errors import LinkDownError
from tests.support.api_fakes import CONFIG, Page, open_page
from tests.support.builders import (
    make_call_snapshot,
    make_connected_call_snapshot,
    make_supervised_call_snapshot,
    make_third_party,
    with_participant,
)

VENDOR_CONNECTOR = """
    init getTelephonyConnector getSharedCapabilities setAgentStatus getAgentStatus logout
    handleMessage onAgentWorkEvent getContacts downloadLogs logMessageToVendor getAudioDevices
"""
TELEPHONY_CONNECTOR = """
    acceptCall declineCall endCall mute unmute hold resume dial sendDigits getPhoneContacts swap
    conference addParticipant pauseRecording resumeRecording getAgentConfig setAgentConfig
    getVoiceCapabilities getActiveCalls getSignedRecordingUrl wrapUpCall superviseCall
    supervisorDisconnect supervisorBargeIn
"""

CALL = {"callId": "call-1", "callAttributes": {"participantType": "Initial_Caller"}}
THIRD = {"callId": "third-1", "callAttributes": {"participantType": "Third_Party"}}
SUPERVISED = {"callId": "call-1", "callAttributes": {"participantType": "Supervisor"}}
CONTACT = {"phoneNumber": "+12025550143"}
PHONE = {"selectedPhone": {"type": "SOFT_PHONE"}}

# method, arguments, constant: the server refuses every command
REFUSED: list[tuple[str, list[Any], str]] = [
    ("acceptCall", [CALL], "CAN_NOT_ACCEPT_THE_CALL"),
    ("declineCall", [CALL], "CAN_NOT_DECLINE_THE_CALL"),
    ("endCall", [CALL, "Online"], "CAN_NOT_END_THE_CALL"),
    ("mute", [CALL], "CAN_NOT_MUTE_CALL"),
    ("unmute", [CALL], "CAN_NOT_UNMUTE_CALL"),
    ("hold", [CALL], "CAN_NOT_HOLD_CALL"),
    ("resume", [CALL], "CAN_NOT_RESUME_CALL"),
    ("dial", [CONTACT, {}], "CAN_NOT_START_THE_CALL"),
    ("sendDigits", ["1"], "GENERIC_ERROR"),
    ("pauseRecording", [CALL], "CAN_NOT_PAUSE_RECORDING"),
    ("resumeRecording", [CALL], "CAN_NOT_RESUME_RECORDING"),
    ("getPhoneContacts", [{}], "CAN_NOT_GET_PHONE_CONTACTS"),
    ("setAgentStatus", ["Online", {}, False], "CAN_NOT_SET_AGENT_STATUS"),
    ("setAgentConfig", [PHONE], "CAN_NOT_SET_AGENT_CONFIG"),
    ("logout", [], "CAN_NOT_LOG_OUT"),
    ("swap", [THIRD, CALL], "CAN_NOT_SWAP_PARTICIPANTS"),
    ("conference", [[CALL, THIRD]], "CAN_NOT_CONFERENCE"),
    ("addParticipant", [CONTACT, CALL, False], "CAN_NOT_ADD_PARTICIPANT"),
    ("addParticipant", [CONTACT, CALL, True], "CAN_NOT_ADD_PARTICIPANT"),
    (
        "getSignedRecordingUrl",
        ["https://a.example/r", "call-1", "0LQ1"],
        "CAN_NOT_GET_SIGNED_RECORDING_URL",
    ),
    ("superviseCall", [{"callId": "call-7"}], "CAN_NOT_SUPERVISE_CALL"),
    ("supervisorDisconnect", [SUPERVISED], "CAN_NOT_DISCONNECT_SUPERVISOR"),
    ("supervisorDisconnect", [], "CAN_NOT_DISCONNECT_SUPERVISOR"),
    ("supervisorBargeIn", [SUPERVISED], "CAN_NOT_BARGE_IN_SUPERVISOR"),
    ("getContacts", [{}, "0WI"], "GENERIC_ERROR"),
]
# before there is a connection, whatever the method needs of it
NOT_CONNECTED: list[tuple[str, list[Any], str]] = [
    ("init", [CONFIG], "CAN_NOT_LOG_IN"),
    ("init", [{}], "INVALID_PARAMS"),
    ("getAgentConfig", [], "CAN_NOT_LOG_IN"),
    ("getSharedCapabilities", [], "CAN_NOT_LOG_IN"),
    ("getVoiceCapabilities", [], "CAN_NOT_LOG_IN"),
    ("getAgentStatus", [], "CAN_NOT_GET_AGENT_STATUS"),
    ("setAgentConfig", [PHONE], "CAN_NOT_SET_AGENT_CONFIG"),
    ("acceptCall", [CALL], "CAN_NOT_ACCEPT_THE_CALL"),
    ("endCall", [CALL], "CAN_NOT_END_THE_CALL"),
    ("dial", [CONTACT], "CAN_NOT_START_THE_CALL"),
    ("logout", [], "CAN_NOT_LOG_OUT"),
    ("swap", [THIRD, CALL], "CAN_NOT_SWAP_PARTICIPANTS"),
    ("conference", [[CALL, THIRD]], "CAN_NOT_CONFERENCE"),
    ("addParticipant", [CONTACT, CALL, False], "CAN_NOT_ADD_PARTICIPANT"),
    ("superviseCall", [{"callId": "call-7"}], "CAN_NOT_SUPERVISE_CALL"),
    ("superviseCall", [], "CAN_NOT_SUPERVISE_CALL"),
    ("supervisorDisconnect", [SUPERVISED], "CAN_NOT_DISCONNECT_SUPERVISOR"),
    ("supervisorBargeIn", [], "CAN_NOT_BARGE_IN_SUPERVISOR"),
    ("getPhoneContacts", [{}], "CAN_NOT_GET_PHONE_CONTACTS"),
    ("getContacts", [{}], "GENERIC_ERROR"),
    ("getSignedRecordingUrl", ["url"], "CAN_NOT_GET_SIGNED_RECORDING_URL"),
    ("setAgentStatus", ["Online"], "CAN_NOT_SET_AGENT_STATUS"),
]
# the base connector has no guard, or no event, for a failure of these (weakness B7); or there is
# nothing that could fail
NEVER_FAIL: list[tuple[str, list[Any]]] = [
    ("getTelephonyConnector", []),
    ("getActiveCalls", []),
    ("wrapUpCall", [CALL]),
    ("handleMessage", [{"a": 1}]),
    ("onAgentWorkEvent", [{"workEvent": "CLOSED"}]),
    ("downloadLogs", [["line"]]),
    ("logMessageToVendor", ["INFO", "text", {}]),
    ("supervisorDisconnect", []),
    ("getAudioDevices", []),
]


def by_name(table: list[Any]) -> dict[str, Any]:
    return {"argvalues": table, "ids": [row[0] for row in table]}


def test_the_vendor_has_twelve_and_twenty_four_methods() -> None:
    assert (len(VENDOR_CONNECTOR.split()), len(TELEPHONY_CONNECTOR.split())) == (12, 24)


def test_every_method_of_the_vendor_is_there_and_no_other() -> None:
    names = {*VENDOR_CONNECTOR.split(), *TELEPHONY_CONNECTOR.split()}
    assert len(names) == 36
    assert set(Page().api.methods) == names
    assert set(METHOD_ERRORS) == names


def test_the_tables_name_every_method() -> None:
    tables = [*REFUSED, *NOT_CONNECTED, *NEVER_FAIL]
    assert {row[0] for row in tables} == {*VENDOR_CONNECTOR.split(), *TELEPHONY_CONNECTOR.split()}


HELD_AND_MUTED = with_participant(
    with_participant(make_connected_call_snapshot(), "customer-1", is_on_hold=True),
    "agent-1",
    is_muted=True,
)


def call_for(method: str) -> CallSnapshot:
    """A call on which the method has something to do."""
    if method in {"acceptCall", "declineCall"}:
        return make_call_snapshot()
    if method in {"swap", "conference"}:
        third = make_third_party(state=ParticipantState.CONNECTED)
        return replace(HELD_AND_MUTED, participants=(*HELD_AND_MUTED.participants, third))
    if method.startswith("supervisor"):
        return make_supervised_call_snapshot()
    return HELD_AND_MUTED if method in {"unmute", "resume"} else make_connected_call_snapshot()


@pytest.mark.parametrize(("method", "arguments", "constant"), **by_name(REFUSED))
async def test_a_method_that_the_server_refuses(
    method: str, arguments: list[Any], constant: str
) -> None:
    page = await open_page(call_for(method))
    assert await page.is_told(method, *arguments) == constant
    assert len(page.link.requests) == 1
    assert page.publisher.events == []


@pytest.mark.parametrize(("method", "arguments", "constant"), **by_name(REFUSED))
async def test_a_method_while_the_line_is_down(
    method: str, arguments: list[Any], constant: str
) -> None:
    page = await open_page(call_for(method))
    page.link.goes_down()
    assert await page.is_told(method, *arguments) == constant


@pytest.mark.parametrize(("method", "arguments", "constant"), **by_name(NOT_CONNECTED))
async def test_a_method_before_there_is_a_connection(
    method: str, arguments: list[Any], constant: str
) -> None:
    page = Page()
    page.link.refuses_to_open(LinkDownError("no server"))
    page.link.goes_down()
    assert await page.is_told(method, *arguments) == constant


async def test_audio_devices_that_the_browser_does_not_tell() -> None:
    page = Page()
    page.audio.fails(LinkDownError("not allowed"))
    assert await page.is_told("getAudioDevices") == "CAN_NOT_GET_AUDIO_DEVICES"


@pytest.mark.parametrize(("method", "arguments"), **by_name(NEVER_FAIL))
async def test_a_method_that_must_never_fail(method: str, arguments: list[Any]) -> None:
    refused = await open_page(make_connected_call_snapshot())
    await refused.asks(method, *arguments)
    page = Page()
    page.link.goes_down()
    await page.asks(method, *arguments)
    assert page.publisher.errors == refused.publisher.errors == []
