"""The desk phone, and what the telephony system tells an agent's page."""

from pathlib import Path

from connector_py.entities import COMMANDS, CloseCode, SendMessage
from server.api.demo_agents import ACTIONS
from tests.support.demo_desk import ADA, BEN, CUSTOMER, DemoDesk, blamed, demo_desk, parties
from tests.support.running_app import close_code, error_of

PHONE = f"agents/{ADA}/desk-phone"
STATS = {
    "packetsCount": 1000,
    "packetsLost": 5,
    "jitterBufferMillis": 30,
    "roundTripTimeMillis": 80,
}


async def test_a_call_at_the_desk_phone_from_ring_to_end(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        assert (await demo.heard("phone_switched")).is_softphone is False
        (customer,) = parties(await demo.call(), "Initial_Caller")
        about = {"callId": call.call_id, "participantId": customer["participantId"]}
        for action, name in (
            ("hold", "participant_held"),
            ("resume", "participant_resumed"),
            ("pause_recording", "recording_paused"),
            ("resume_recording", "recording_resumed"),
        ):
            await demo.at_desk(action, **about)
            assert (await demo.heard(name)).call_id == call.call_id
        await demo.at_desk("mute", callId=call.call_id)
        await demo.at_desk("unmute", callId=call.call_id)
        await demo.at_desk("send_digits", callId=call.call_id, digits="1#")
        await demo.at_desk("end_call", callId=call.call_id)
        assert (await demo.heard("call_ended")).agent_status is None
        assert (await demo.get("overview"))["calls"] == []


async def test_dialing_takes_a_number_or_a_contact(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        await demo.online()
        first = await demo.at_desk("dial", phoneNumber="+12025550177")
        (customer,) = parties(await demo.call(), "Initial_Caller")
        assert customer["phoneNumber"] == "+12025550177"
        await demo.at_desk("end_call", callId=first["result"]["callId"])
        nowhere = {"action": "dial", "contact": {"type": "PhoneNumber", "phoneNumber": "x"}}
        assert blamed(await demo.post(PHONE, nowhere)) == (400, "contact")


async def test_an_offer_is_missed_or_fails(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        for action, status in (
            ("missed_call", "MissedCallAgent"),
            ("call_error", "FailedConnectAgent"),
        ):
            call = await demo.ring()
            await demo.at_desk(action, callId=call.call_id)
            ended = await demo.heard("call_ended")
            assert (ended.call_id, ended.agent_status) == (call.call_id, status)
            await demo.done(f"calls/{call.call_id}/customer-leaves")
        gone = await demo.post(PHONE, {"action": "missed_call", "callId": call.call_id})
        assert blamed(gone) == (404, "callId")


async def test_a_supervisor_joins_at_the_desk_phone(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        for action, state in (("supervise_call", "ringing"), ("supervisor_joins", "connected")):
            await demo.at_desk(action, user=BEN, callId=call.call_id)
            (supervisor,) = parties(await demo.call(), "Supervisor")
            assert supervisor["state"] == state
        await demo.at_desk("barge_in", user=BEN, callId=call.call_id)
        (supervisor,) = parties(await demo.call(), "Supervisor")
        assert supervisor["hasBargedIn"] is True
        assert (await demo.heard("supervisor_barged_in")).supervisor_name == "Ben Agent"
        await demo.at_desk("stop_supervising", user=BEN, callId=call.call_id)
        (supervisor,) = parties(await demo.call(), "Supervisor")
        assert supervisor["state"] == "ended"


async def test_what_the_switch_refuses_has_the_commands_code(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        unknown = await demo.post(PHONE, {"action": "hold", "callId": "x", "participantId": "y"})
        assert error_of(unknown) == (404, "call_not_found")
        assert (await demo.heard("action_failed")).event_type == "HOLD_TOGGLE"
        call = await demo.talk()
        await demo.put("settings", {"voiceCapabilities": {"hasMute": False}})
        refused = await demo.post(PHONE, {"action": "mute", "callId": call.call_id})
        assert error_of(refused) == (409, "not_supported")


async def test_a_custom_label_stands_in_the_refusal(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        label = {"labels": ["c.noMute"], "error": {"label": "c.noMute"}}
        assert (await demo.put("settings", label)).status_code == 200
        refused = await demo.post(PHONE, {"action": "mute", "callId": call.call_id})
        assert refused.json()["error"]["message"].endswith("(c.noMute)")


async def test_desk_phone_requests_are_checked(tmp_path: Path) -> None:
    assert set(ACTIONS) - {"missed_call", "call_error", "supervisor_joins"} <= set(COMMANDS)
    async with demo_desk(tmp_path) as demo:
        for body, field in (
            ({}, "action"),
            ({"action": "log_out"}, "action"),
            ({"action": "answer_call"}, "callId"),
            ({"action": "missed_call"}, "callId"),
            ({"action": "hold", "callId": "x", "participantId": 7}, "participantId"),
            ({"action": "dial", "contact": {"type": "Robot"}}, "contact.type"),
            ({"action": "dial", "phoneNumber": []}, "phoneNumber"),
            (
                {"action": "dial", "phoneNumber": "+12025550177", "additionalFields": 1},
                "additionalFields",
            ),
        ):
            assert blamed(await demo.post(PHONE, body)) == (400, field), body
        nobody = await demo.post("agents/nobody/desk-phone", {"action": "dial"})
        assert blamed(nobody) == (404, "userName")


async def test_the_phone_is_chosen(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        phone = {"type": "DESK_PHONE", "number": "+12025550111"}
        assert (await demo.put(f"agents/{ADA}/phone", phone)).status_code == 200
        changed = await demo.heard("agent_config_changed")
        assert changed.agent_config.selected_phone.number == "+12025550111"
        seen = (await demo.get("overview"))["agents"]
        assert [a["selectedPhone"] for a in seen if a["userName"] == ADA] == [phone]
        for body, field in (
            ({"type": "DESK_PHONE", "number": "12"}, "number"),
            ({"type": "TIN_CAN"}, "type"),
            ({}, "type"),
        ):
            assert blamed(await demo.put(f"agents/{ADA}/phone", body)) == (400, field)


async def test_the_telephony_system_asks_for_a_status(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        path = f"agents/{ADA}/status"
        await demo.done(path, {"statusId": "0N5000000000002AAA"})
        asked = await demo.heard("agent_status_requested")
        assert asked.status_info.status_id == "0N5000000000002AAA"
        await demo.done(path, {"telephonyStatus": "busy"})
        asked = await demo.heard("agent_status_requested")
        assert asked.status_info.status_id == "0N5000000000003AAA"
        assert error_of(await demo.post(path, {"telephonyStatus": "gone"}))[0] == 404
        assert error_of(await demo.post(path, {})) == (400, "invalid_request")


async def test_messages_go_both_ways(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        for message in ("hello", {"a": [1]}, 0):
            await demo.done(f"agents/{ADA}/message", {"message": message})
            assert (await demo.heard("message_received")).message == message
        assert blamed(await demo.post(f"agents/{ADA}/message", {})) == (400, "message")
        assert await demo.get(f"agents/{ADA}/messages") == []
        await demo.link.command(SendMessage(message={"text": "hi"}))
        assert await demo.get(f"agents/{ADA}/messages") == [{"message": {"text": "hi"}}]
        assert await demo.get(f"agents/{BEN}/messages") == []


async def test_audio_statistics_give_a_score(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        path = f"agents/{ADA}/audio-stats"
        stats = {
            "isAudioStatsCompleted": False,
            "stats": [{"inputChannelStats": STATS, "outputChannelStats": STATS}],
        }
        told = await demo.done(path, {"callId": call.call_id, "audioStats": stats})
        assert 4.0 < told["mos"] < 4.6
        heard = await demo.heard("audio_stats_reported")
        assert heard.audio_stats.call_id == call.call_id
        for body, field in (
            ({"callId": call.call_id}, "audioStats"),
            ({"audioStats": {}}, "callId"),
            ({"callId": call.call_id, "audioStats": {"stats": 5}}, "audioStats.stats"),
        ):
            assert blamed(await demo.post(path, body)) == (400, field)
        unknown = await demo.post(path, {"callId": "x", "audioStats": {}})
        assert blamed(unknown) == (404, "callId")


async def test_transfer_view_and_conversation_work_reach_the_page(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        await demo.done(f"agents/{ADA}/transfer-view", {"contactRequestId": "0Qa1"})
        assert (await demo.heard("transfer_view_requested")).payload == {"contactRequestId": "0Qa1"}
        path = f"agents/{ADA}/after-conversation-work"
        await demo.done(path, {"agentWorkId": "0Bz1", "started": True})
        begun = await demo.heard("after_conversation_work_started")
        assert begun.acw_info.agent_work_id == "0Bz1"
        await demo.done(path, {"workItemId": "0LQ1", "started": False})
        assert (await demo.heard("after_conversation_work_ended")).acw_info.work_item_id == "0LQ1"
        assert blamed(await demo.post(path, {"started": True})) == (400, "agentWorkId")
        wrong = {"agentWorkId": "0Bz1", "started": "yes"}
        assert blamed(await demo.post(path, wrong)) == (400, "started")


async def test_log_out_ends_the_link(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        await demo.done(f"agents/{ADA}/log-out")
        code, _ = await close_code(demo.link.socket)
        assert str(code) == CloseCode.SIGN_IN_REQUIRED


async def test_controls_change_in_mid_call(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        path = f"agents/{ADA}/call-info"
        change = {"endCallDisabled": True, "removeParticipantVariant": "NEVER"}
        await demo.done(path, {"callId": call.call_id, "callInfo": {"muteEnabled": False}})
        await demo.done(path, {"callId": call.call_id, "callInfo": change})
        info = (await demo.call())["callInfo"]
        assert info | change == info
        assert info["muteEnabled"] is False, "what was not named stays as it was"
        third = await third_party(demo, call.call_id)
        body = {"callId": call.call_id, "participantId": third, "callInfo": {"holdEnabled": False}}
        await demo.done(path, body)
        (party,) = parties(await demo.call(), "Third_Party")
        assert party["callInfo"]["holdEnabled"] is False
        assert (await demo.call())["callInfo"]["holdEnabled"] is True
        for wrong, field in (
            ({"callInfo": {}}, "callId"),
            ({"callId": call.call_id}, "callInfo"),
            ({"callId": call.call_id, "callInfo": {"colour": 1}}, "callInfo.colour"),
            ({"callId": call.call_id, "callInfo": {"isMuted": "x"}}, "callInfo.isMuted"),
        ):
            assert blamed(await demo.post(path, wrong)) == (400, field)
        for wrong, field in (
            ({"callId": "x", "callInfo": {}}, "callId"),
            ({"callId": call.call_id, "participantId": "x", "callInfo": {}}, "participantId"),
        ):
            assert blamed(await demo.post(path, wrong)) == (404, field)


async def third_party(demo: DemoDesk, call_id: str) -> str:
    await demo.at_desk("add_participant", callId=call_id, phoneNumber=CUSTOMER)
    (party,) = parties(await demo.call(), "Third_Party")
    return str(party["participantId"])
