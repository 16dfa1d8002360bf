"""What Salesforce's names for calls and parties mean (connector-api.md, weakness B26)."""

from dataclasses import replace
from typing import Any

import pytest

from connector_py.api.call_finder import (
    find_call,
    find_party,
    names_anybody,
    names_third_party,
    party_to_remove,
)
from connector_py.call_model import Call, CallRegistry
from connector_py.entities import ParticipantState
from connector_py.errors import CallNotFoundError, ParticipantNotFoundError, ValidationError
from tests.support.builders import make_call_snapshot, make_supervised_call_snapshot
from tests.support.parties import call_with, talking, third

SUPERVISED = replace(make_supervised_call_snapshot(), call_id="call-0")
TWO = CallRegistry.of([SUPERVISED, call_with(), replace(talking, call_id="call-2")])


def role(name: str) -> dict[str, Any]:
    return {"callAttributes": {"participantType": name}}


@pytest.mark.parametrize(
    ("named", "call_id"),
    [
        ({"callId": "call-1"}, "call-1"),
        ({"callId": "call-2"}, "call-2"),
        ({"connectionId": "call-2"}, "call-2"),
        ({"callId": "third-1"}, "call-1"),
        ({"callId": "sup-1"}, "call-0"),
        ({"callId": "nobody", "connectionId": "call-2"}, "call-2"),
        (role("Third_Party"), "call-1"),
        (role("Initial_Caller"), "call-1"),
        (role("Agent"), "call-1"),
        (role("agent"), "call-1"),
        (role("Supervisor"), "call-0"),
        ({"callAttributes": None}, "call-1"),
        ({}, "call-1"),
        (None, "call-1"),
    ],
)
def test_a_call_is_found(named: Any, call_id: str) -> None:
    assert find_call(TWO, named, "ada").call_id == call_id


@pytest.mark.parametrize("named", [{"callId": "nobody"}, {"callId": "nobody", **role("Agent")}])
def test_an_id_that_nobody_has_is_never_another_call(named: Any) -> None:
    with pytest.raises(CallNotFoundError):
        find_call(TWO, named, "ada")


@pytest.mark.parametrize("named", [None, role("Agent"), role("Third_Party"), role("Supervisor")])
def test_without_calls_none_is_found(named: Any) -> None:
    with pytest.raises(CallNotFoundError):
        find_call(CallRegistry(), named, "ada")


def test_a_call_that_is_listened_to_is_nobody_s_but_the_supervisor_s() -> None:
    only = CallRegistry.of([SUPERVISED])
    for named in (None, role("Agent"), role("Initial_Caller"), role("Third_Party")):
        with pytest.raises(CallNotFoundError):
            find_call(only, named, "ada")
    assert find_call(only, {"callId": "call-0"}, "ada").call_id == "call-0"


@pytest.mark.parametrize("find", [find_party, party_to_remove, names_third_party])
def test_a_role_that_is_none(find: Any) -> None:
    with pytest.raises(ValidationError):
        find(Call(call_with()), role("Neighbour"), "ada")
    with pytest.raises(ValidationError):
        names_anybody(role("Neighbour"))


@pytest.mark.parametrize(
    ("named", "participant_id"),
    [
        ({"callId": "call-1"}, "customer-1"),
        ({"callId": "customer-1"}, "customer-1"),
        ({"callId": "agent-1"}, "customer-1"),
        ({"callId": "third-2"}, "third-2"),
        ({"callId": "call-1", **role("Third_Party")}, "third-1"),
        ({"callId": "third-2", **role("Third_Party")}, "third-2"),
        ({"callId": "third-2", **role("Initial_Caller")}, "third-2"),
        (role("Third_Party"), "third-1"),
        (role("Initial_Caller"), "customer-1"),
        (role("Agent"), "customer-1"),
        (None, "customer-1"),
    ],
)
def test_a_party_is_found(named: Any, participant_id: str) -> None:
    call = Call(call_with(third(), third(participant_id="third-2", is_consult=True)))
    assert find_party(call, named, "ada").participant_id == participant_id


@pytest.mark.parametrize("named", [{"callId": "third-2"}, role("Supervisor")])
def test_who_is_gone_or_only_listens_is_not_found(named: Any) -> None:
    gone = third(participant_id="third-2", state=ParticipantState.ENDED)
    with pytest.raises(ParticipantNotFoundError):
        find_party(Call(call_with(third(), gone)), named, "ada")


def test_a_call_that_still_rings_is_ended_as_a_whole() -> None:
    assert party_to_remove(Call(make_call_snapshot()), {"callId": "call-1"}, "ada") is None


@pytest.mark.parametrize(
    ("named", "whether"),
    [
        (None, False),
        ({}, False),
        (role("Agent"), False),
        ({"callId": "call-1"}, True),
        (role("Initial_Caller"), True),
        ({"callId": "call-1", **role("Agent")}, False),
    ],
)
def test_whether_a_party_is_named_at_all(named: Any, whether: bool) -> None:
    assert names_anybody(named) is whether
