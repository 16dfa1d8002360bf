"""Calls over the link, from ring to wrap-up, with the real application."""

import asyncio
import json
from pathlib import Path
from typing import Any

from websockets.frames import Frame, Opcode

from connector_py.entities import (
    AgentState,
    AgentStatus,
    AnswerCall,
    CloseCode,
    CommandFrame,
    EndCall,
    EndWrapUp,
    Hello,
    Hold,
    LogOut,
    RefusalCode,
    Resume,
    SearchContacts,
    SendDigits,
    SetAgentStatus,
    encode_frame,
)
from server.api.services import LinkTimes
from tests.support.patience import PATIENCE
from tests.support.running_app import Link, RunningApp, close_code, eventually, running_app

ONLINE = SetAgentStatus(agent_status=AgentStatus.ONLINE)
ADA = "ada@demo.example"


async def ring(running: RunningApp, link: Link) -> Any:
    """Make the agent available, let somebody call, and return the ringing call."""
    assert (await link.command(ONLINE)).error is None
    answer = await running.http.post(
        "/demo/v1/inbound-calls", json={"from": "+12025550123", "userName": ADA}
    )
    call_id = answer.json()["callId"]
    while True:
        started = await link.next("notification", "call_started", seconds=10)
        if started.notification.call.call_id == call_id:
            return started.notification.call


def customer_of(call: Any) -> str:
    (customer,) = [p for p in call.participants if p.participant_type.value == "Initial_Caller"]
    return str(customer.participant_id)


async def test_a_call_from_ring_to_wrap_up(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running, running.link() as link:
        call = await ring(running, link)
        customer = customer_of(call)
        for command, name in (
            (AnswerCall(call_id=call.call_id), "participant_connected"),
            (Hold(call_id=call.call_id, participant_id=customer), "participant_held"),
            (Resume(call_id=call.call_id, participant_id=customer), "participant_resumed"),
            (EndCall(call_id=call.call_id), "call_ended"),
        ):
            reply = await link.command(command)
            assert reply.error is None, reply
            frame = await link.next("notification", name)
            assert frame.offset <= reply.offset
            assert frame.cause == reply.id
        await link.next("notification", "wrap_up_started")
        assert (await link.command(EndWrapUp(call_id=call.call_id))).error is None
        await link.next("notification", "wrap_up_ended")
        overview = (await running.http.get("/demo/v1/overview")).json()
        assert overview["calls"] == []
        metrics = (await running.http.get("/metrics")).text
        assert 'scv_commands_total{name="hold",outcome="ok"} 1.0' in metrics
        assert 'scv_calls_ended_total{end="agent",type="inbound"} 1.0' in metrics
        assert "scv_link_connections 1.0" in metrics


async def test_salesforce_holds_the_record_of_the_call(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running, running.link() as link:
        call = await ring(running, link)
        path = f"/salesforce-simulator/ui/voiceCalls?vendorCallKey={call.call_id}"
        (record,) = (await running.http.get(path)).json()["voiceCalls"]
        assert call.voice_call_id
        assert call.voice_call_id in str(record)
        metrics = (await running.http.get("/metrics")).text
        assert 'scv_salesforce_requests_total{operation="create_voice_call"' in metrics


async def test_the_same_key_gets_the_same_reply_and_acts_once(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running, running.link() as link:
        call = await ring(running, link)
        answer = AnswerCall(call_id=call.call_id)
        first = await link.command(answer, key="once")
        again = await link.command(answer, key="once")
        assert first == again
        other = await link.command(EndCall(call_id=call.call_id), key="once")
        assert other.error is not None
        assert other.error.code == RefusalCode.KEY_REUSED


async def test_a_page_that_comes_back_gets_what_it_missed_or_a_snapshot(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        async with running.link() as link:
            call = await ring(running, link)
            welcome = link.welcome
        async with running.link(epoch=welcome.epoch, offset=welcome.offset) as link:
            assert link.welcome.calls is None
            started = await link.next("notification", "call_started")
            assert started.offset > welcome.offset
            assert started.notification.call.call_id == call.call_id
        async with running.link(epoch="another", offset=10_000) as link:
            (seen,) = link.welcome.calls
            assert seen.call_id == call.call_id
            assert link.welcome.agent.state is AgentState.ON_CALL


async def test_a_command_goes_on_when_the_page_is_gone(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        async with running.link() as link:
            call = await ring(running, link)
            await link.send(CommandFrame(id="last", command=AnswerCall(call_id=call.call_id)))

        async def is_answered() -> bool:
            (seen,) = (await running.http.get("/demo/v1/overview")).json()["calls"]
            agents = [p for p in seen["participants"] if p["participantType"] == "Agent"]
            return bool(agents) and agents[0]["state"] == "connected"

        await eventually("the call is answered", is_answered)


async def test_nothing_of_one_agent_reaches_another(tmp_path: Path) -> None:
    async with (
        running_app(tmp_path) as running,
        running.link() as ada,
        running.link("ben@demo.example", instance_id="ben") as ben,
    ):
        call = await ring(running, ada)
        refused = await ben.command(AnswerCall(call_id=call.call_id))
        assert refused.error is not None
        assert refused.error.code == RefusalCode.CALL_NOT_FOUND
        await ada.command(AnswerCall(call_id=call.call_id))
        await ada.command(SendDigits(call_id=call.call_id, digits="42#"))
        await ada.command(EndCall(call_id=call.call_id))
        assert (await ben.command(ONLINE)).error is None
        changed = await ben.next("notification", "agent_state_changed")
        assert changed.offset == 1  # nothing else was ever in ben's stream


async def test_logging_out_ends_the_sign_in(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running, running.link() as link:
        unused = await running.ticket()
        assert (await link.command(LogOut())).error is None
        assert (await close_code(link.socket))[0] == int(CloseCode.SIGN_IN_REQUIRED)

        # The tickets were void before the reply went out.
        async with running.socket() as socket:
            await socket.send(encode_frame(Hello(ticket=unused, instance_id="x")))
            assert (await close_code(socket))[0] == int(CloseCode.SIGN_IN_REQUIRED)


async def test_a_reader_that_stalls_is_cut_off_and_others_go_on(tmp_path: Path) -> None:
    times = LinkTimes(queue_bytes=4096, stalled_seconds=0.2)
    async with (
        running_app(tmp_path, link_times=times) as running,
        running.link("ben@demo.example", instance_id="ben") as ben,
        running.link() as slow,
    ):
        # Nobody reads: the buffers of both ends fill, then the queue, then time runs out.
        slow.socket.transport.pause_reading()
        for index in range(2000):
            frame = CommandFrame(id=f"k{index}", command=SearchContacts())
            slow.socket.transport.write(client_frame(encode_frame(frame)))

        async def is_cut_off() -> bool:
            return 'reason="too_slow"' in (await running.http.get("/metrics")).text

        await eventually("the slow one is cut off", is_cut_off, seconds=20)
        overview = (await running.http.get("/demo/v1/overview")).json()
        assert [agent["connected"] for agent in overview["agents"]] == [False, True]
        assert (await ben.command(ONLINE)).error is None

        async def only_ben_is_held() -> bool:
            return running.open_sockets == 1

        await eventually("its socket is let go", only_ben_is_held)
        slow.socket.transport.abort()


def client_frame(text: str) -> bytes:
    """Return a masked text frame, as a browser sends it."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=True)


async def test_the_live_view_follows_what_happens(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running, running.socket("/demo/v1/live") as live:
        first = json.loads(await live.recv())
        assert first["type"] == "overview"
        assert [agent["userName"] for agent in first["agents"]] == [ADA, "ben@demo.example"]
        async with running.link():
            async with asyncio.timeout(PATIENCE):
                while not json.loads(await live.recv())["agents"][0]["connected"]:
                    pass
            await running.http.post("/demo/v1/inbound-calls", json={"from": "+12025550123"})
            async with asyncio.timeout(PATIENCE):
                while not (seen := json.loads(await live.recv()))["calls"]:
                    pass
            assert seen["calls"][0]["fromNumber"] == "+12025550123"
