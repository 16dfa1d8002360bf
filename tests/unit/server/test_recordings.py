"""Addresses of recordings: who made them, how long they are good, and what they lead to."""

import wave
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from connector_py.entities import (
    CallSnapshot,
    CallType,
    EndCall,
    RecordingState,
    RefusalCode,
    SignRecordingUrl,
)
from server.app.recordings import open_recordings, simulate_recording
from server.contact_center.recording_hosts import RecordingHosts, https_host_of
from server.contact_center.recordings import LIFE, Recordings, seconds_of
from server.entities import CallRecord, Routing
from server.errors import NotFoundError
from server.settings import load_settings
from tests.support.center_verbs import done, refused, talking
from tests.support.server_fakes import (
    ADA,
    BEN,
    START,
    TENANT_ID,
    CenterHouse,
    SequentialIds,
    build_center,
)

ORIGIN = "https://voice.example.com"
KEY = b"a key of this test"


def make_record(**fields: object) -> CallRecord:
    call = CallSnapshot(
        call_id="call-1",
        call_type=CallType.INBOUND,
        participants=(),
        started_at=START,
        ended_at=START + timedelta(seconds=90),
        recording=RecordingState.RECORDING,
    )
    record = CallRecord(
        tenant_id=TENANT_ID, call=call, from_number="", to_number="", routing=Routing.ANSWERED
    )
    return replace(record, **fields)  # type: ignore[arg-type]


def recordings(folder: Path, **fields: object) -> Recordings:
    return Recordings(folder, key=KEY, origin=ORIGIN, **fields)  # type: ignore[arg-type]


def write(folder: Path, name: str = "call-1.wav", tenant_id: str = TENANT_ID) -> Path:
    path = folder / tenant_id / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"sound")
    return path


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


# ---- addresses -----------------------------------------------------------------------------------


def test_an_address_leads_to_the_file_while_it_is_good(tmp_path: Path) -> None:
    kept = recordings(tmp_path)
    path = write(tmp_path)
    address = kept.address(make_record(), ADA, START, seconds=0)
    assert address.startswith(f"{ORIGIN}/api/v1/recordings/call-1?")
    assert KEY.decode() not in address
    assert timedelta(minutes=5) >= LIFE
    last = START + LIFE - timedelta(seconds=1)
    for now in (START, last):
        file = kept.open("call-1", query_of(address), now)
        assert (file.path, file.content_type) == (path, "audio/wav")
    with pytest.raises(NotFoundError):
        kept.open("call-1", query_of(address), START + LIFE)


def test_a_long_recording_can_be_heard_to_its_end(tmp_path: Path) -> None:
    kept = recordings(tmp_path)
    write(tmp_path)
    address = kept.address(make_record(), ADA, START, seconds=3600)
    kept.open("call-1", query_of(address), START + timedelta(minutes=64))
    with pytest.raises(NotFoundError):
        kept.open("call-1", query_of(address), START + timedelta(minutes=65))


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": "0" * 64},
        {"signature": ""},
        {"signature": "ü"},
        {"expires": "99999999999"},
        {"expires": "9" * 5000},
        {"expires": "-1"},
        {"expires": "²"},
        {"organization": "00D000000000002AAA"},
        {"agent": BEN.agent_id},
        {"agent": ""},
    ],
)
def test_an_address_that_was_changed_leads_nowhere(tmp_path: Path, changes: dict[str, str]) -> None:
    kept = recordings(tmp_path)
    write(tmp_path)
    write(tmp_path, tenant_id="00D000000000002AAA")
    query = query_of(kept.address(make_record(), ADA, START, seconds=0)) | changes
    with pytest.raises(NotFoundError):
        kept.open("call-1", query, START)


def test_an_address_says_for_whom_it_was_made(tmp_path: Path) -> None:
    kept = recordings(tmp_path)
    write(tmp_path)
    for agent_id in (ADA.agent_id, BEN.agent_id, "ada@test.example&agent=x\n2"):
        address = kept.address(make_record(), replace(ADA, agent_id=agent_id), START, seconds=0)
        query = query_of(address)
        assert query["agent"] == agent_id
        assert kept.open("call-1", query, START).content_type == "audio/wav"
        del query["agent"]
        with pytest.raises(NotFoundError):
            kept.open("call-1", query, START)


def test_an_address_is_for_one_call_of_one_server(tmp_path: Path) -> None:
    kept = recordings(tmp_path)
    write(tmp_path, "call-2.wav")
    query = query_of(kept.address(make_record(), ADA, START, seconds=0))
    with pytest.raises(NotFoundError):
        kept.open("call-2", query, START)
    write(tmp_path)
    stranger = Recordings(tmp_path, key=b"other", origin=ORIGIN)
    with pytest.raises(NotFoundError):
        stranger.open("call-1", query, START)
    with pytest.raises(NotFoundError):
        kept.open("call-1", {}, START)


@pytest.mark.parametrize("call_id", ["../call-1", "a/b", "..", "", "a" * 256])
def test_no_call_id_leads_out_of_the_folder(tmp_path: Path, call_id: str) -> None:
    kept = recordings(tmp_path / "kept")
    (tmp_path / "call-1.wav").write_bytes(b"secret")
    call = replace(make_record().call, call_id=call_id)
    record = make_record(call=call)
    assert kept.of_call(record) is None
    query = query_of(kept.address(record, ADA, START, seconds=0))
    with pytest.raises(NotFoundError):
        kept.open(call_id, query, START)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("call-1.mp3", "audio/mpeg"), ("call-1.ogg", "audio/ogg"), ("call-1.m4a", "audio/mp4")],
)
def test_recordings_of_other_kinds(tmp_path: Path, name: str, content_type: str) -> None:
    kept = recordings(tmp_path)
    write(tmp_path, name)
    file = kept.of_call(make_record())
    assert file is not None
    assert file.content_type == content_type
    assert seconds_of(file) is None


# ---- simulated ones ------------------------------------------------------------------------------


@pytest.mark.parametrize(("length", "expected"), [(0, 1), (12, 12), (90, 60)])
def test_a_simulated_recording_is_as_long_as_the_call(
    tmp_path: Path, length: int, expected: int
) -> None:
    kept = recordings(tmp_path, make=simulate_recording)
    call = replace(make_record().call, ended_at=START + timedelta(seconds=length + 30))
    record = make_record(call=call, answered_at=START + timedelta(seconds=30))
    file = kept.of_call(record)
    assert file is not None
    assert seconds_of(file) == expected
    with wave.open(str(file.path), "rb") as opened:
        assert (opened.getframerate(), opened.getnchannels()) == (8000, 1)
        frames = opened.readframes(8000)
    assert any(frames)
    assert [one.name for one in file.path.parent.iterdir()] == ["call-1.wav"]


def test_nothing_is_simulated_where_nothing_was_recorded(tmp_path: Path) -> None:
    kept = recordings(tmp_path, make=simulate_recording)
    never = replace(make_record().call, recording=RecordingState.OFF)
    going_on = replace(make_record().call, ended_at=None)
    for call in (never, going_on):
        assert kept.of_call(make_record(call=call)) is None
    assert recordings(tmp_path).of_call(make_record()) is None
    broken = write(tmp_path)
    file = recordings(tmp_path).of_call(make_record())
    assert file is not None
    assert file.path == broken
    assert seconds_of(file) is None


# ---- the command ---------------------------------------------------------------------------------


async def recorded(house: CenterHouse) -> CallRecord:
    ada = house.seat(ADA)
    record = await talking(house, ada)
    await house.clock.advance(12)
    done(await ada.asks(EndCall(call_id=record.call_id)))
    return await house.record(record.call_id)


async def test_the_call_is_found_by_whatever_salesforce_says(tmp_path: Path) -> None:
    kept = recordings(tmp_path / "kept", make=simulate_recording)
    async with build_center(tmp_path, recordings=kept) as house:
        record = await recorded(house)
        ada, key, voice_call_id = house.seat(ADA), record.call_id, record.call.voice_call_id
        assert voice_call_id is not None
        address = kept.address(record, ADA, START, seconds=0)
        for command, call_id in (
            (SignRecordingUrl(vendor_call_key=key), voice_call_id),
            (SignRecordingUrl(call_id=voice_call_id), voice_call_id),
            (SignRecordingUrl(recording_url=address), voice_call_id),
            (SignRecordingUrl(vendor_call_key="x", call_id=voice_call_id), voice_call_id),
        ):
            result = done(await ada.asks(command))
            assert (result["success"], result["callId"]) == (True, call_id)
            assert result["duration"] == 12
            query = query_of(result["url"])
            assert kept.open(key, query, house.clock.now()).content_type == "audio/wav"


async def test_each_address_is_a_new_one(tmp_path: Path) -> None:
    kept = recordings(tmp_path / "kept", make=simulate_recording)
    async with build_center(tmp_path, recordings=kept) as house:
        record = await recorded(house)
        ada, sign = house.seat(ADA), SignRecordingUrl(vendor_call_key=record.call_id)
        first = done(await ada.asks(sign))["url"]
        await house.clock.advance(60)
        assert done(await ada.asks(sign))["url"] != first


async def test_why_there_is_no_address(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        sign = SignRecordingUrl(vendor_call_key=record.call_id)
        assert refused(await ada.asks(sign)).code == "invalid_state"
        done(await ada.asks(EndCall(call_id=record.call_id)))
        # This server keeps no recordings.
        error = refused(await ada.asks(sign))
        assert (error.code, error.message) == ("call_not_found", "The call has no recording")
        for nothing in (
            SignRecordingUrl(vendor_call_key="x"),
            SignRecordingUrl(recording_url="https://elsewhere.example/x"),
        ):
            assert refused(await ada.asks(nothing)).code == "call_not_found"
        for wrong in (
            SignRecordingUrl(),
            SignRecordingUrl(recording_url="https://[bad"),
            SignRecordingUrl(recording_url="https://[bad", call_id=record.call_id),
        ):
            assert refused(await ada.asks(wrong)).code == "invalid_request"


async def test_a_recording_kept_elsewhere_has_the_address_that_was_published(
    tmp_path: Path,
) -> None:
    kept = recordings(tmp_path / "kept", hosts=RecordingHosts(("recordings.example.com",)))
    async with build_center(tmp_path, recordings=kept) as house:
        record = await recorded(house)
        ada, sign = house.seat(ADA), SignRecordingUrl(vendor_call_key=record.call_id)
        assert refused(await ada.asks(sign)).code == "call_not_found"
        url = "https://recordings.example.com/1"
        await house.center.publish_recording(
            TENANT_ID, record.call_id, recording_url=url, seconds=70
        )
        result = done(await ada.asks(sign))
        assert (result["url"], result["duration"]) == (url, 70)
        # One of ours gets a new address; its length is known although the file does not say.
        write(tmp_path / "kept", f"{record.call_id}.mp3")
        await house.center.publish_recording(
            TENANT_ID,
            record.call_id,
            recording_url=f"{ORIGIN}/api/v1/recordings/{record.call_id}",
            seconds=80,
        )
        result = done(await ada.asks(sign))
        assert "signature=" in result["url"]
        assert result["duration"] == 80


# ---- hosts of others -----------------------------------------------------------------------------

HOSTS = RecordingHosts(("rec.example", "*.acme.example"))


@pytest.mark.parametrize(
    ("url", "is_allowed"),
    [
        ("https://rec.example/1.wav?x=y#z", True),
        ("https://REC.example.:8443", True),
        ("https://a.acme.example/1", True),
        ("https://a.b.acme.example/1", True),
        ("https://acme.example/1", False),
        ("https://evilacme.example/1", False),
        ("https://rec.example.evil.example/1", False),
        ("https://other.example/?rec.example", False),
        ("https://sub.rec.example/1", False),
    ],
)
async def test_addresses_of_named_hosts_are_handed_out(
    tmp_path: Path, url: str, is_allowed: bool
) -> None:
    async with build_center(tmp_path, recordings=recordings(tmp_path, hosts=HOSTS)) as house:
        record = await recorded(house)
        ada = house.seat(ADA)
        # Of a voicemail, which is no call here, and of a call.
        await house.center.publish_recording(
            TENANT_ID, record.call_id, recording_url=url, seconds=70
        )
        for command in (
            SignRecordingUrl(recording_url=url, call_id="0LQ1"),
            SignRecordingUrl(recording_url=url, vendor_call_key=record.call_id),
        ):
            reply = await ada.asks(command)
            if is_allowed:
                assert done(reply)["url"] == url
            else:
                error = refused(reply)
                assert error.code is RefusalCode.NOT_SUPPORTED
                assert "recording_hosts (SCV_RECORDING_HOSTS)" in error.message


@pytest.mark.parametrize(
    "url",
    [
        "https://rec.example@other.example/1",
        "https://other.example\\@rec.example/1",
        "https://other.example\t.rec.example/1",
        "https://rec.example\n/1",
        "https://r%65c.example/1",
        "https://r\uff45c.example/1",
        "https://[::1]/1",
        "https:///1",
        "https://rec.example:x/1",
    ],
)
async def test_a_host_that_is_not_plain_is_none(tmp_path: Path, url: str) -> None:
    assert https_host_of(url) is None
    anywhere = recordings(tmp_path, hosts=RecordingHosts(None))
    async with build_center(tmp_path, recordings=anywhere) as house:
        ada = house.seat(ADA)
        await ada.connects()
        foreign = SignRecordingUrl(recording_url=url, call_id="0LQ1")
        assert refused(await ada.asks(foreign)).code in ("not_supported", "invalid_request")


async def test_hosts_are_named_by_the_operator_and_any_in_the_demo(tmp_path: Path) -> None:
    chosen = load_settings(demo=False, data_dir=tmp_path, recording_hosts=("rec.example",))
    demo = load_settings(demo=True, data_dir=tmp_path)
    for settings, hosts in ((chosen, ["rec.example"]), (demo, ["rec.example", "any.example"])):
        kept = open_recordings(settings, SequentialIds())
        found = [host for host in ("rec.example", "any.example") if kept.hosts.allow(host)]
        assert found == hosts
