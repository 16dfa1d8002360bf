"""The outside world of the demo: callers, callbacks, dialers, third parties."""

import json
from pathlib import Path

import pytest

from connector_py.entities import AgentStatus, SetAgentStatus
from tests.support.demo_desk import ADA, BEN, CUSTOMER, DemoDesk, blamed, demo_desk, parties
from tests.support.running_app import Link, error_of, running_app

THIRD_PARTY = "+12025550177"
CAN_CONSULT = {"voiceCapabilities": {"canConsult": True}}


async def test_additional_fields_go_with_the_call(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.ring(additionalFields={"Priority__c": "High"}, dialer="progressive")
        assert json.loads(call.call_info.additional_fields) == {"Priority__c": "High"}
        assert call.call_info.mute_enabled, "the org's settings for new calls count as well"


async def test_a_call_begins_as_the_settings_say(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        await demo.put("settings", {"callInfo": {"isMuted": True, "showSwapButton": False}})
        call = await demo.talk()
        assert call.call_info.show_swap_button is False
        (agent,) = parties(await demo.call(), "Agent")
        assert agent["isMuted"] is True


LARGE = {"a": "x" * 20_000}
WRONG_CALLS = [
    ("inbound-calls", {"from": CUSTOMER, "dialer": "robot"}, "dialer"),
    ("inbound-calls", {"from": CUSTOMER, "additionalFields": "x"}, "additionalFields"),
    ("inbound-calls", {"from": CUSTOMER, "additionalFields": LARGE}, "additionalFields"),
    ("inbound-calls", {"from": CUSTOMER, "routing": "x"}, "routing"),
    ("inbound-calls", {"from": CUSTOMER, "routing": {}}, "routing.flowDevName"),
    ("inbound-calls", {"from": CUSTOMER, "routing": {"isUnified": 1}}, "isUnified"),
    ("callbacks", {}, "phoneNumber"),
    ("callbacks", {"phoneNumber": "nobody"}, "phoneNumber"),
    ("callbacks", {"phoneNumber": CUSTOMER, "userName": "nobody"}, "userName"),
    ("callbacks", {"phoneNumber": CUSTOMER, "initialCallId": 7}, "initialCallId"),
    ("callbacks", {"phoneNumber": CUSTOMER, "additionalFields": "x"}, "additionalFields"),
    ("previews", {"phoneNumber": CUSTOMER}, "userName"),
    ("previews", {"userName": ADA}, "phoneNumber"),
    ("contact-requests", {"userName": "nobody", "phoneNumber": CUSTOMER}, "userName"),
    ("contact-requests", {"userName": ADA}, "phoneNumber"),
]  # fmt: skip


async def test_wrong_fields_are_named_and_nothing_happens(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        for path, body, field in WRONG_CALLS:
            answer = await running.http.post(f"/demo/v1/{path}", json=body)
            status, name = blamed(answer)
            assert (status in (400, 404), name) == (True, field), (path, body)
        assert (await running.http.get("/demo/v1/overview")).json()["calls"] == []


async def test_a_callback_is_called_when_an_agent_accepts(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        first = await demo.talk()
        await demo.at_desk("end_call", callId=first.call_id)
        second = await demo.done(
            "callbacks",
            {"phoneNumber": "+1 (202) 555-0123", "userName": BEN, "initialCallId": first.call_id},
        )
        call = await demo.call()
        assert call["callId"] == second["callId"]
        assert (call["callType"], call["initialCallId"]) == ("Callback", first.call_id)
        (customer,) = parties(call, "Initial_Caller")
        assert (customer["phoneNumber"], customer["state"]) == (CUSTOMER, "ringing")


async def test_additional_fields_go_with_callbacks_and_dialed_calls(tmp_path: Path) -> None:
    fields = {"Priority__c": "High"}
    async with demo_desk(tmp_path) as demo:
        await demo.online()
        dialed = await demo.at_desk("dial", phoneNumber=THIRD_PARTY, additionalFields=fields)
        assert json.loads((await demo.call())["callInfo"]["additionalFields"]) == fields
        await demo.at_desk("end_call", callId=dialed["result"]["callId"])
        await demo.done("callbacks", {"phoneNumber": CUSTOMER, "additionalFields": fields})
        assert json.loads((await demo.call())["callInfo"]["additionalFields"]) == fields


async def test_the_voice_calls_that_salesforce_made_are_shown(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        await demo.online()
        await demo.at_desk("dial", phoneNumber=THIRD_PARTY)
        call = await demo.call()
        assert "voiceCallId" not in call
        body = {"vendorCallKey": call["callId"], "callType": "Outbound"}
        ui = "/salesforce-simulator/ui/voiceCalls"
        made = (await demo.running.http.post(ui, json=body)).json()
        assert (await demo.call())["voiceCallId"] == made["voiceCallId"]

        await demo.done(f"calls/{call['callId']}/customer-answers")
        assert (await demo.put("settings", CAN_CONSULT)).status_code == 200
        consult = await demo.at_desk("dial", phoneNumber=CUSTOMER, isConsultCall=True)
        key = consult["result"]["participantId"]
        body = {"vendorCallKey": key, "callType": "Consult"}
        made = (await demo.running.http.post(ui, json=body)).json()
        (added,) = parties(await demo.call(), "Third_Party")
        assert (added["participantId"], added["voiceCallId"]) == (key, made["voiceCallId"])


async def test_the_digits_that_the_switch_got_are_shown(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        await demo.at_desk("send_digits", callId=call.call_id, digits="42#")
        (agent,) = parties(await demo.call(), "Agent")
        assert agent["digits"] == "42#"


async def test_a_call_ends_for_all(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        await demo.at_desk("add_participant", callId=call.call_id, phoneNumber=THIRD_PARTY)
        await demo.done(f"calls/{call.call_id}/end")
        assert (await demo.heard("call_ended")).reason == "ended"
        assert (await demo.get("overview"))["calls"] == []
        assert (await demo.post(f"calls/{call.call_id}/end")).status_code == 404


async def test_a_contact_of_the_phone_book_is_brought_in(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        first = (await demo.get("phone-book"))[0]
        call = await demo.talk()
        contact = {"type": "PhoneBook", "id": first["contactId"]}
        await demo.at_desk("add_participant", callId=call.call_id, contact=contact)
        (added,) = parties(await demo.call(), "Third_Party")
        assert added["name"] == first["name"]
        assert added["phoneNumber"].startswith("+1202555")


async def test_a_preview_is_told_to_the_agents_page(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        body = {"phoneNumber": CUSTOMER, "userName": ADA, "name": "Carla Customer"}
        await demo.done("previews", body)
        told = await demo.heard("message_received")
        assert told.message == {
            "type": "PREVIEW_CALL",
            "phoneNumber": CUSTOMER,
            "name": "Carla Customer",
        }


async def test_a_contact_request_becomes_work_in_salesforce(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        body = {"phoneNumber": CUSTOMER, "userName": ADA.upper(), "name": "Carla Customer"}
        made = await demo.done("contact-requests", body)
        items = await demo.running.http.get(f"/salesforce-simulator/ui/workItems?user={ADA}")
        (item,) = items.json()
        assert item["workItemId"] == made["workItemId"]
        assert item["contactRequestId"] == made["contactRequestId"]
        wanted = ("ContactRequest", "ASSIGNED", CUSTOMER, "Carla Customer")
        assert (item["type"], item["status"], item["phoneNumber"], item["name"]) == wanted
        none = await demo.post("contact-requests", {**body, "phoneNumber": "1" * 50})
        assert error_of(none) == (400, "invalid_request")


async def test_third_parties_answer_and_leave(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        await demo.at_desk("add_participant", callId=call.call_id, phoneNumber=THIRD_PARTY)
        (third,) = parties(await demo.call(), "Third_Party")
        assert third["state"] == "ringing"
        path = f"calls/{call.call_id}/participants/{third['participantId']}"
        await demo.done(f"{path}/answers")
        (third,) = parties(await demo.call(), "Third_Party")
        assert third["state"] == "connected"
        assert error_of(await demo.post(f"{path}/answers")) == (409, "invalid_state")
        await demo.done(f"{path}/leaves")
        (third,) = parties(await demo.call(), "Third_Party")
        assert third["state"] == "ended"
        assert error_of(await demo.post(f"{path}/leaves"))[0] in (404, 409)


async def test_agents_do_not_leave_from_outside(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        (agent,) = parties(await demo.call(), "Agent")
        own = f"calls/{call.call_id}/participants/{agent['participantId']}/leaves"
        assert error_of(await demo.post(own)) == (409, "invalid_state")
        for path in (f"calls/{call.call_id}/participants/nobody", "calls/none/participants/nobody"):
            for verb in ("answers", "leaves"):
                assert error_of(await demo.post(f"{path}/{verb}")) == (404, "not_found")
        for path in ("calls/none/customer-answers", "calls/none/customer-leaves"):
            assert error_of(await demo.post(path)) == (404, "not_found")


@pytest.mark.parametrize("next_dial", ["busy", "unreachable"])
async def test_the_next_dialed_call_fails_as_chosen(tmp_path: Path, next_dial: str) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        assert (await demo.put("pbx", {"nextDial": next_dial})).json()["nextDial"] == next_dial
        await demo.at_desk("add_participant", callId=call.call_id, phoneNumber=THIRD_PARTY)
        assert (await demo.heard("participant_left")).call_id == call.call_id
        assert (await demo.get("pbx"))["nextDial"] == "ring"


async def test_the_queues_of_the_phone_book_are_listed(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        queues = await demo.get("queues")
        assert {"queueId": "queue-support", "queueName": "Support"} in queues


# ---- who gets the call ---------------------------------------------------------------------------


async def both_online(demo: DemoDesk, ben: Link) -> None:
    """Make Ada, for longer, and Ben available."""
    await demo.online()
    assert (await ben.command(SetAgentStatus(agent_status=AgentStatus.ONLINE))).error is None


async def test_a_named_agent_gets_the_call_before_others(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo, demo.running.link(BEN) as ben:
        await both_online(demo, ben)
        made = await demo.done("inbound-calls", {"from": CUSTOMER, "userName": BEN})
        call = (await ben.next("notification", "call_started", seconds=10)).notification.call
        assert call.call_id == made["callId"]


@pytest.mark.parametrize("is_unified", [False, True])
async def test_the_flow_says_who_gets_the_call(tmp_path: Path, is_unified: bool) -> None:
    async with demo_desk(tmp_path) as demo, demo.running.link(BEN) as ben:
        await both_online(demo, ben)
        routing = {"flowDevName": "Route_To_Ben", "isUnified": is_unified}
        made = await demo.done("inbound-calls", {"from": CUSTOMER, "routing": routing})
        call = (await ben.next("notification", "call_started", seconds=10)).notification.call
        assert call.call_id == made["callId"]
        assert call.voice_call_id, "a flow needs the VoiceCall"
        pending = (await demo.record(call.call_id))["pendingServiceRouting"]
        assert pending is not None
        await demo.at_desk("decline_call", user=BEN, callId=call.call_id)
        if is_unified:
            with pytest.raises(TimeoutError):
                await demo.link.next("notification", "call_started", seconds=1)
        else:
            assert (await demo.heard("call_started")).call.call_id == call.call_id


async def test_a_flow_is_found_by_the_dialed_number(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo, demo.running.link(BEN) as ben:
        await both_online(demo, ben)
        flow = {"name": "F", "target": {"agentUserName": BEN}, "phoneNumbers": ["+12025550111"]}
        await demo.running.http.put("/salesforce-simulator/ui/flows", json=[flow])
        routing = {"dialedNumber": "+12025550111"}
        made = await demo.done("inbound-calls", {"from": CUSTOMER, "routing": routing})
        call = (await ben.next("notification", "call_started", seconds=10)).notification.call
        assert call.call_id == made["callId"]


@pytest.mark.parametrize("queue", ["queue-support", None])
async def test_without_a_flow_the_fallback_queue_or_anybody(
    tmp_path: Path, queue: str | None
) -> None:
    async with demo_desk(tmp_path) as demo:
        await demo.online()
        routing = {"flowDevName": "No_Such_Flow", "fallbackQueue": queue, "isUnified": True}
        await demo.done("inbound-calls", {"from": CUSTOMER, "routing": routing})
        call = (await demo.heard("call_started")).call
        assert (call.queue_id, call.queue_name) == (queue, queue and "Support")
