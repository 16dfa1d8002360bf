"""What belongs to the record of a call reaches the simulated Salesforce."""

from pathlib import Path
from typing import Any

from tests.support.demo_desk import CUSTOMER, DemoDesk, blamed, demo_desk
from tests.support.running_app import eventually

URL = "https://recordings.example/call.wav"


async def recorded(demo: DemoDesk, call_id: str, name: str) -> Any:
    """Wait until a part of the record is there, and return it."""

    async def is_there() -> bool:
        record = await demo.record(call_id)
        return record is not None and bool(record[name])

    await eventually(f"{name} of the record", is_there, seconds=10)
    return (await demo.record(call_id))[name]


async def test_a_transcript_of_every_speaker(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        path = f"calls/{call.call_id}/transcripts"
        senders = ("END_USER", "HUMAN_AGENT", "SUPERVISOR", "VIRTUAL_AGENT")
        for sender in senders:
            await demo.done(path, {"content": f"I am\n{sender}", "senderType": sender})

        async def is_complete() -> bool:
            return len((await demo.record(call.call_id) or {}).get("transcript", ())) == 4

        await eventually("four entries", is_complete, seconds=10)
        transcript = (await demo.record(call.call_id))["transcript"]
        assert [entry["senderType"] for entry in transcript] == list(senders)
        assert [entry["content"] for entry in transcript] == [f"I am\n{one}" for one in senders]
        for body, field in (
            ({"senderType": "END_USER"}, "content"),
            ({"content": " ", "senderType": "END_USER"}, "content"),
            ({"content": "x" * 5000, "senderType": "END_USER"}, "content"),
            ({"content": "hello"}, "senderType"),
            ({"content": "hello", "senderType": "ROBOT"}, "senderType"),
        ):
            assert blamed(await demo.post(path, body)) == (400, field)
        unknown = {"content": "hello", "senderType": "END_USER"}
        assert (await demo.post("calls/none/transcripts", unknown)).status_code == 404


async def test_conversation_events(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        path = f"calls/{call.call_id}/conversation-events"
        event = {"type": "IntelligenceSignal__Category", "value": "Complaint", "score": 900}
        right = {"service": "DemoService", "persist": True, "events": [event]}
        await demo.done(path, right)
        (batch,) = await recorded(demo, call.call_id, "conversationEvents")
        assert (batch["service"], batch["persist"]) == ("DemoService", True)
        (seen,) = batch["events"]
        assert seen | event == seen
        for wrong, field in (
            ({"service": None}, "service"),
            ({"persist": "yes"}, "persist"),
            ({"events": []}, "events"),
            ({"events": event}, "events"),
            ({"events": ["x"]}, "events"),
        ):
            assert blamed(await demo.post(path, {**right, **wrong})) == (400, field), wrong
        nonsense = {**right, "events": [{"type": "Mood", "value": "x"}]}
        assert (await demo.post(path, nonsense)).status_code == 400


async def test_a_recording_is_published_after_the_call(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        await demo.at_desk("end_call", callId=call.call_id)
        path = f"calls/{call.call_id}/recording"
        await demo.done(path, {"recordingUrl": URL, "seconds": 60, "holdSeconds": 5})
        recording = await recorded(demo, call.call_id, "recording")
        assert (recording["location"], recording["seconds"]) == (URL, 60)
        assert recording["holdSeconds"] == 5
        for body, field in (
            ({"seconds": 60}, "recordingUrl"),
            ({"recordingUrl": URL}, "seconds"),
            ({"recordingUrl": URL, "seconds": -1}, "seconds"),
            ({"recordingUrl": URL, "seconds": 1, "holdSeconds": "x"}, "holdSeconds"),
            ({"recordingUrl": "no address", "seconds": 1}, "recordingUrl"),
        ):
            assert blamed(await demo.post(path, body)) == (400, field), body


async def test_a_voicemail_becomes_a_record(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        right = {
            "caller": CUSTOMER,
            "dialedNumber": "+12025550199",
            "recordingUrl": URL,
            "seconds": 12,
            "transcript": "Please call me back.",
        }
        made = await demo.done("voicemails", right)
        recording = await recorded(demo, made["callId"], "recording")
        assert recording["location"] == URL
        (said,) = await recorded(demo, made["callId"], "transcript")
        assert said["content"] == right["transcript"]
        (item,) = await recorded(demo, made["callId"], "workItems")
        assert item["type"] == "Voicemail"
        for name in ("caller", "dialedNumber", "recordingUrl", "seconds"):
            assert blamed(await demo.post("voicemails", {**right, name: None})) == (400, name)
