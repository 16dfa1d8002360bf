"""Recordings over HTTP: the address alone is the permission, and players ask for parts."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from connector_py.entities import (
    AgentStatus,
    AgentStatusInfo,
    AnswerCall,
    CallSnapshot,
    CallType,
    EndCall,
    RecordingState,
    SetAgentStatus,
    SignRecordingUrl,
)
from server.entities import AgentKey, CallRecord, Routing
from tests.support.running_app import ORGANIZATION, RunningApp, error_of, running_app

AGENT = AgentKey(tenant_id=ORGANIZATION, agent_id="005ada")
ONLINE = SetAgentStatus(
    agent_status=AgentStatus.ONLINE, status_info=AgentStatusInfo(status_id="0N5000000000001AAA")
)


async def recorded(running: RunningApp) -> str:
    """Play a call with the demo's first agent and return the address of its recording."""
    demo = running.services.demo
    assert demo is not None
    async with running.link() as link:
        assert (await link.command(ONLINE)).error is None
        call_id = await demo.pbx.customer_calls(
            ORGANIZATION, from_number="+12025550143", to_number="+12025550199"
        )
        await link.next("notification", "call_started")
        assert (await link.command(AnswerCall(call_id=call_id))).error is None
        assert (await link.command(EndCall(call_id=call_id))).error is None
        reply = await link.command(SignRecordingUrl(vendor_call_key=call_id))
        assert reply.error is None, reply.error
        return str(reply.result["url"])


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def test_a_recording_is_heard_at_its_address(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        url = await recorded(running)
        assert url.startswith(f"{running.url}/api/v1/recordings/")
        whole = await running.http.get(path_of(url))
        assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
        assert whole.content[:4] == b"RIFF"
        assert whole.headers["accept-ranges"] == "bytes"
        # The player is in Salesforce's page: a resource of another site.
        assert whole.headers["cross-origin-resource-policy"] == "cross-origin"
        part = await running.http.get(path_of(url), headers={"Range": "bytes=8-11"})
        assert (part.status_code, part.content) == (206, b"WAVE")
        assert part.headers["content-range"] == f"bytes 8-11/{len(whole.content)}"
        beyond = await running.http.get(path_of(url), headers={"Range": "bytes=99999999-"})
        assert beyond.status_code == 416


async def test_any_other_address_leads_nowhere(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        path = path_of(await recorded(running))
        bare = path.partition("?")[0]
        call_id = bare.rpartition("/")[2]
        for wrong in (
            bare,
            path.replace("signature=", "signature=0"),
            path.replace("agent=", "agent=x"),
            path.replace(call_id, "c0", 1),
            "/api/v1/recordings/..%2f..%2fscv.sqlite3?" + path.partition("?")[2],
        ):
            assert error_of(await running.http.get(wrong)) == (404, "not_found"), wrong
        assert error_of(await running.http.post(path)) == (404, "not_found")


async def test_the_key_is_for_this_server_alone_and_stays(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        path = path_of(await recorded(running))
    key = tmp_path / "data" / "recording.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_bytes()) >= 32
    async with running_app(tmp_path) as running:
        assert (await running.http.get(path)).status_code == 200
    key.unlink()
    async with running_app(tmp_path) as running:
        assert (await running.http.get(path)).status_code == 404


async def test_without_the_demo_nothing_is_simulated(tmp_path: Path) -> None:
    async with running_app(tmp_path, demo=False) as running:
        recordings = running.services.recordings
        assert recordings is not None
        folder = tmp_path / "data" / "recordings" / ORGANIZATION
        folder.mkdir(parents=True)
        record = over("c1")
        assert recordings.of_call(record) is None
        (folder / "c1.mp3").write_bytes(b"music")
        assert recordings.of_call(record) is not None
        address = recordings.address(record, AGENT, running.services.clock.now(), seconds=0)
        answer = await running.http.get(path_of(address))
        assert (answer.content, answer.headers["content-type"]) == (b"music", "audio/mpeg")
        late = running.services.clock.now() - timedelta(hours=1)
        old = recordings.address(record, AGENT, late, seconds=0)
        assert (await running.http.get(path_of(old))).status_code == 404


def over(call_id: str) -> CallRecord:
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    call = CallSnapshot(
        call_id=call_id,
        call_type=CallType.INBOUND,
        participants=(),
        started_at=now,
        ended_at=now,
        recording=RecordingState.RECORDING,
    )
    return CallRecord(
        tenant_id=ORGANIZATION, call=call, from_number="", to_number="", routing=Routing.ANSWERED
    )
