"""Flows, pending routings and work items of the simulated org."""

from pathlib import Path
from typing import Any

import pytest

from server.salesforce_simulator.errors import ApiError, FlowError
from tests.support.simulated_records import ADA, BEN, START, Org


@pytest.fixture
def org(tmp_path: Path) -> Any:
    org = Org(tmp_path)
    org.create()
    yield org
    org.close()


def refusal(org: Org, verb: str, *arguments: Any, **named: Any) -> tuple[int, str]:
    """Return status and text of a request that must be refused."""
    with pytest.raises(ApiError) as caught:
        getattr(org, verb)(*arguments, **named)
    return caught.value.status, caught.value.message


# ---- flows and pending routings ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("flow", "answer", "user", "queue"),
    [
        ("Route_To_Support", {"agent": None, "queue": "queue-support"}, None, "queue-support"),
        ("Route_To_Ben", {"agent": "agent-ben", "queue": None}, BEN, None),
    ],
)
def test_a_flow_answers_by_the_ids_of_the_telephony_system(
    org: Org, flow: str, answer: dict[str, Any], user: str | None, queue: str | None
) -> None:
    assert org.run_flow(flowDevName=flow) == answer
    routing = org.routing()
    assert routing is not None
    assert routing["id"].startswith("0JR")
    assert (routing["userName"], routing["queue"], routing["flow"]) == (user, queue, flow)
    assert routing["routingModel"] == "ExternalRouting"
    assert routing["createdAt"] == START


def test_a_call_has_one_pending_routing(org: Org) -> None:
    org.run_flow(flowDevName="Route_To_Support")
    first = org.routing()
    org.run_flow(flowDevName="Route_To_Ben")
    second = org.routing()
    assert first is not None
    assert second is not None
    assert (second["id"], second["flow"]) == (first["id"], "Route_To_Ben")


def test_an_agent_without_a_mapping_is_answered_by_name(tmp_path: Path) -> None:
    org = Org(tmp_path, users={})
    org.create()
    assert org.run_flow(flowDevName="Route_To_Ben") == {"agent": BEN, "queue": None}
    org.close()


CHANNELS = [
    {"name": "Sales", "target": {"queue": "queue-sales"}, "phoneNumbers": ["+18005550100"]},
    {"name": "Other", "target": {"queue": "queue-other"}, "phoneNumbers": ["*"]},
    {"name": "Ada", "target": {"agentUserName": ADA}},
]


@pytest.mark.parametrize(
    ("request_", "target"),
    [
        ({"dialedNumber": "+18005550100"}, "queue-sales"),
        ({"dialedNumber": "+18005550100", "flowDevName": "Ada"}, "queue-sales"),
        ({"dialedNumber": "+1999"}, "queue-other"),
        ({"dialedNumber": "+1999", "flowDevName": "Ada"}, "agent-ada"),
        ({"flowDevName": "Ada", "fallbackQueue": "Q"}, "agent-ada"),
        ({"flowDevName": "Gone", "fallbackQueue": "Q"}, "Q"),
    ],
)
def test_the_channel_comes_first_then_flow_then_fallback(
    org: Org, request_: dict[str, Any], target: str
) -> None:
    org.flows(CHANNELS)
    answer = org.run_flow(**request_)
    assert target in (answer["agent"], answer["queue"])


@pytest.mark.parametrize("request_", [{"flowDevName": "Gone"}, {"dialedNumber": "+1999"}])
def test_without_flow_and_fallback_the_call_fails(org: Org, request_: dict[str, Any]) -> None:
    org.flows([CHANNELS[0]])
    with pytest.raises(FlowError):
        org.run_flow(**request_)
    assert org.routing() is None


BROKEN_FLOWS: list[tuple[dict[str, Any], int, str]] = [
    ({}, 400, "dialedNumber is required without flowDevName"),
    ({"fallbackQueue": "Q"}, 400, "dialedNumber is required without flowDevName"),
    ({"flowDevName": ""}, 400, "flowDevName must be a text"),
    ({"dialedNumber": "1" * 41}, 400, "dialedNumber must have at most 40"),
    ({"flowDevName": "A", "flowInputParameters": "{}"}, 400, "flowInputParameters must be an obj"),
    ({"flowDevName": "A", "flowName": "A"}, 400, "flowName is not a field"),
    ({"flowDevName": "A", "callCenterApiName": "c"}, 400, "callCenterApiName is not a field"),
    ({"call": "nobody", "flowDevName": "Route_To_Ben"}, 404, "no such VoiceCall"),
]


@pytest.mark.parametrize(("request_", "status", "text"), BROKEN_FLOWS)
def test_a_broken_flow_request_is_refused(
    org: Org, request_: dict[str, Any], status: int, text: str
) -> None:
    found = refusal(org, "run_flow", **request_)
    assert found[0] == status
    assert text in found[1]
    assert org.routing() is None


def test_a_closed_call_is_not_routed(org: Org) -> None:
    org.update()
    assert refusal(org, "run_flow", flowDevName="Route_To_Ben")[0] == 409
    assert refusal(org, "route", routingTarget="agent-ben")[0] == 409


def test_clearing_removes_the_routing_and_may_be_repeated(org: Org) -> None:
    org.run_flow(flowDevName="Route_To_Ben")
    org.clear()
    assert org.routing() is None
    org.clear(org.found().voice_call_id)
    assert refusal(org, "clear", "nobody")[0] == 404
    assert refusal(org, "clear", reason="x") == (400, "reason is not a field of this request")


def test_the_end_of_a_call_clears_its_routing_but_an_active_update_does_not(org: Org) -> None:
    org.run_flow(flowDevName="Route_To_Ben")
    org.update(isActiveCall=True)
    assert org.routing() is not None
    org.update()
    assert org.routing() is None


def test_flows_are_kept_and_start_with_defaults(tmp_path: Path, org: Org) -> None:
    names = [flow["name"] for flow in org.flows()]
    assert names == ["Route_To_Support", "Route_To_Ben", "Route_Voicemail"]
    assert org.flows(CHANNELS) == CHANNELS
    later = Org(tmp_path)
    assert later.flows() == CHANNELS
    assert later.flows([]) == []
    assert org.flows() == []
    later.close()


@pytest.mark.parametrize(
    ("flows", "text"),
    [
        ({}, "body must be a list"),
        (["x"], "[0] must be an object"),
        ([{"name": "A"}], "[0].target is required"),
        ([{"name": "A", "target": {}}], "[0].target must have"),
        ([{"name": "A", "target": {"queue": "q", "agentUserName": ADA}}], "[0].target must have"),
        ([{"name": "A", "target": {"user": ADA}}], "[0].target.user is not a field"),
        ([CHANNELS[0], CHANNELS[0]], "[1].name comes twice"),
        ([{**CHANNELS[0], "phoneNumbers": []}], "[0].phoneNumbers must be a list"),
    ],
)
def test_broken_flows_are_refused_and_change_nothing(org: Org, flows: Any, text: str) -> None:
    status, message = refusal(org, "flows", flows)
    assert status == 400
    assert text in message
    assert len(org.flows()) == 3


# ---- voicemails --------------------------------------------------------------------------------


@pytest.fixture
def voicemail(org: Org) -> str:
    """A voicemail's VoiceCall; returns its key."""
    org.create(vendorCallKey="vm1", callOrigin="Voicemail")
    return "vm1"


def test_a_voicemail_becomes_work_of_the_least_busy_agent(org: Org, voicemail: str) -> None:
    org.work("create", {"type": "ContactRequest", "userName": ADA, "phoneNumber": "+1"})
    answer = org.run_flow(voicemail, dialedNumber="+18005550100")
    assert answer == {"agent": None, "queue": "queue-support"}
    (item,) = org.work("items", BEN)
    assert item["type"] == "Voicemail"
    assert item["status"] == "ASSIGNED"
    assert item["workItemId"] == item["voiceCallId"] == org.found(voicemail).voice_call_id
    assert item["workId"].startswith("0Bz")
    assert item["phoneNumber"] == "+14155550123"
    assert org.routing(voicemail) is None


def test_a_flow_for_a_voicemail_may_come_twice(org: Org, voicemail: str) -> None:
    org.run_flow(voicemail, dialedNumber="+1")
    org.run_flow(voicemail, dialedNumber="+1")
    assert len(org.work("items")) == 1


def test_a_voicemail_for_one_agent_goes_to_that_one(org: Org, voicemail: str) -> None:
    org.run_flow(voicemail, flowDevName="Route_To_Ben")
    assert [item["userName"] for item in org.work("items")] == [BEN]


def test_a_voicemail_waits_in_an_org_without_users(tmp_path: Path) -> None:
    org = Org(tmp_path, users={})
    org.create(callOrigin="Voicemail")
    org.run_flow(dialedNumber="+1")
    routing = org.routing()
    assert routing is not None
    assert routing["routingModel"] == "MostAvailable"
    assert org.work("items") == []
    org.close()


def test_an_update_can_make_a_call_a_voicemail(org: Org) -> None:
    org.update(isActiveCall=True, callOrigin="Voicemail")
    org.run_flow(dialedNumber="+1")
    assert len(org.work("items")) == 1


def test_a_declined_voicemail_goes_to_the_next_agent(org: Org, voicemail: str) -> None:
    org.run_flow(voicemail, dialedNumber="+1")
    (first,) = org.work("items")
    assert org.work("decline", first["workId"])["status"] == "DECLINED"
    assert org.work("decline", first["workId"])["status"] == "DECLINED"
    _, second = org.work("items")
    assert {first["userName"], second["userName"]} == {ADA, BEN}
    assert second["workItemId"] == first["workItemId"]
    org.work("decline", second["workId"])
    assert [item["status"] for item in org.work("items")] == ["DECLINED", "DECLINED"]


def test_accepting_makes_the_voice_call_the_agents(org: Org, voicemail: str) -> None:
    org.run_flow(voicemail, flowDevName="Route_To_Ben")
    item = org.work("accept", org.found(voicemail).voice_call_id)
    assert item["status"] == "ACCEPTED"
    assert org.work("accept", item["workId"]) == item
    assert org.found(voicemail).fields["ownerUserName"] == BEN


# ---- work items --------------------------------------------------------------------------------


def request_item(org: Org, **changes: Any) -> dict[str, Any]:
    body = {"type": "ContactRequest", "userName": ADA, "phoneNumber": "+1", "name": "Carla"}
    return org.work("create", {**body, **changes})


def test_a_contact_request_is_work_like_any_other(org: Org) -> None:
    made = request_item(org)
    assert made["workItemId"] == made["contactRequestId"]
    assert (made["phoneNumber"], made["name"], made["status"]) == ("+1", "Carla", "ASSIGNED")
    assert org.work("accept", made["workId"])["status"] == "ACCEPTED"
    assert org.work("close", made["workId"])["status"] == "CLOSED"
    assert org.work("close", made["workId"])["status"] == "CLOSED"
    assert org.work("items", BEN) == []


def test_a_contact_request_can_know_its_call(org: Org) -> None:
    made = request_item(org, voiceCallId="call1")
    assert made["voiceCallId"] == org.found().voice_call_id
    org.work("accept", made["workId"])
    assert "ownerUserName" not in org.found().fields


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({"type": "Chat"}, 400, "type must be one of"),
        ({"userName": "nobody"}, 400, "userName is not a user"),
        ({"type": "Voicemail"}, 400, "voiceCallId is required for a Voicemail"),
        ({"voiceCallId": "nobody"}, 404, "no such VoiceCall"),
        ({"color": "red"}, 400, "color is not a field"),
    ],
)
def test_broken_work_is_refused(org: Org, body: dict[str, Any], status: int, text: str) -> None:
    found = refusal(org, "work", "create", {"type": "ContactRequest", "userName": ADA, **body})
    assert found[0] == status
    assert text in found[1]
    assert org.work("items") == []


@pytest.mark.parametrize(
    ("steps", "verb"),
    [
        (["decline"], "accept"),
        (["accept", "close"], "accept"),
        (["accept"], "decline"),
        ([], "close"),
        (["decline"], "close"),
    ],
)
def test_a_step_out_of_turn_is_refused(org: Org, steps: list[str], verb: str) -> None:
    item_id = request_item(org)["workId"]
    for step in steps:
        org.work(step, item_id)
    assert refusal(org, "work", verb, item_id)[0] == 409


def test_unknown_work_is_not_found(org: Org) -> None:
    for verb in ("accept", "decline", "close"):
        assert refusal(org, "work", verb, "0Bznobody")[0] == 404
    assert refusal(org, "work", "transfer", "0Bznobody", {"userName": BEN})[0] == 404


@pytest.mark.parametrize("to", [{"userName": BEN}, {"queue": "queue-support"}])
def test_work_can_be_handed_on(org: Org, to: dict[str, str]) -> None:
    made = request_item(org)
    org.work("accept", made["workId"])
    new = org.work("transfer", made["workId"], to)
    assert (new["userName"], new["status"]) == (BEN, "ASSIGNED")
    assert new["contactRequestId"] == made["contactRequestId"]
    assert new["name"] == "Carla"
    assert [item["status"] for item in org.work("items")] == ["TRANSFERRED", "ASSIGNED"]
    assert refusal(org, "work", "transfer", made["workId"], to)[0] == 409


@pytest.mark.parametrize("body", [{}, {"userName": BEN, "queue": "q"}, {"userName": "nobody"}])
def test_work_is_handed_on_to_somebody(org: Org, body: dict[str, str]) -> None:
    made = request_item(org)
    assert refusal(org, "work", "transfer", made["workId"], body)[0] == 400
    assert [item["status"] for item in org.work("items")] == ["ASSIGNED"]


def test_work_outlives_the_process(tmp_path: Path, org: Org) -> None:
    made = request_item(org)
    later = Org(tmp_path)
    assert later.work("items") == [made]
    later.close()


# ---- unified routing ---------------------------------------------------------------------------


def test_a_routed_call_is_offered_to_its_agent(org: Org) -> None:
    org.route(routingTarget="agent-ben")
    org.route(routingTarget="agent-ben")
    (item,) = org.work("items", BEN)
    assert (item["type"], item["status"]) == ("VoiceCall", "ASSIGNED")
    assert org.routing() is not None
    org.work("accept", item["workId"])
    assert org.routing() is None
    assert refusal(org, "route", "nobody", routingTarget="x")[0] == 404
    assert refusal(org, "route")[1] == "routingTarget is required"


def test_a_call_routed_to_a_queue_waits(org: Org) -> None:
    org.route(routingTarget="00G000000000001")
    routing = org.routing()
    assert routing is not None
    assert routing["queue"] == "00G000000000001"
    assert org.work("items") == []


def test_a_callback_becomes_a_contact_request(org: Org) -> None:
    request_id = org.call_back(callbackNumber="+14155550123", isPreviewCallback=False)
    (item,) = org.work("items")
    assert item["contactRequestId"] == request_id
    assert item["phoneNumber"] == "+14155550123"
    assert item["type"] == "ContactRequest"
    assert refusal(org, "call_back")[1] == "callbackNumber is required"
    assert refusal(org, "call_back", "nobody", callbackNumber="1")[0] == 404


# ---- the whole record --------------------------------------------------------------------------


def test_a_record_shows_everything_that_belongs_to_it(org: Org) -> None:
    leg = org.transfer("leg1", queue="queue-support")
    org.say()
    org.run_flow("leg1", flowDevName="Route_To_Support")
    org.update(
        isActiveCall=True,
        recordingLocation="https://recordings.example/1.wav",
        agentInteractionDuration=50,
        totalHoldDuration=9,
    )
    shown, child = org.view("call1"), org.view("leg1")
    assert shown["vendorCallKey"] == "call1"
    assert [one["content"] for one in shown["transcript"]] == ["Hello"]
    assert shown["recording"] == {
        "location": "https://recordings.example/1.wav",
        "seconds": 59,
        "interactionSeconds": 50,
        "holdSeconds": 9,
    }
    assert shown["conversationEvents"] == shown["workItems"] == []
    assert shown["mos"] is None
    assert shown["parentCall"] is None
    assert [one["voiceCallId"] for one in shown["childCalls"]] == [leg.voice_call_id]
    assert shown["nextCall"] == shown["childCalls"][0]
    assert child["parentCall"] == child["previousCall"]
    assert child["parentCall"]["vendorCallKey"] == "call1"
    assert child["pendingServiceRouting"]["queue"] == "queue-support"
    assert child["transcript"] == shown["transcript"]
    assert child["recording"] is None


def test_the_length_of_a_recording_may_be_given(org: Org) -> None:
    org.update(
        recordingLocation="https://recordings.example/1.wav",
        totalRecordingDuration=42,
        agentInteractionDuration=1,
    )
    assert org.view()["recording"]["seconds"] == 42
