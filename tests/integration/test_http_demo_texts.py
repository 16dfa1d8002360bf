"""Halves of surrogate pairs, which JSON can spell and nothing can store, are refused everywhere."""

import json
from pathlib import Path
from typing import Any

from connector_py.entities import SendMessage
from tests.support.demo_desk import ADA, BEN, blamed, demo_desk

HALF = "a\ud800"
URL = "https://recordings.example/call.wav"


async def test_texts_that_are_no_text_are_refused_by_their_field(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        call = await demo.talk()
        event = {"type": "IntelligenceSignal__Category", "value": "Complaint", "score": 900}
        at_call = f"calls/{call.call_id}"
        events = {"service": "DemoService"}
        mail = {"caller": "+12025550101", "dialedNumber": "+12025550199", "seconds": 3}
        cases: tuple[tuple[str, dict[str, Any], str], ...] = (
            (f"{at_call}/transcripts", {"senderType": "END_USER", "content": HALF}, "content"),
            (f"{at_call}/conversation-events", {**events, "events": [{"type": HALF}]}, "events"),
            (
                f"{at_call}/conversation-events",
                {**events, "events": [{**event, "startTime": HALF}]},
                "events",
            ),
            (f"{at_call}/recording", {"recordingUrl": URL + HALF, "seconds": 3}, "recordingUrl"),
            ("voicemails", {**mail, "recordingUrl": URL + HALF}, "recordingUrl"),
            ("voicemails", {**mail, "recordingUrl": URL, "transcript": HALF}, "transcript"),
            (f"agents/{ADA}/message", {"message": {"list": [HALF]}}, "message"),
            (f"agents/{ADA}/transfer-view", {"contactRequestId": HALF}, "contactRequestId"),
            ("inbound-calls", {"from": "+1202", "additionalFields": {HALF: 1}}, "additionalFields"),
        )
        for path, body, field in cases:
            answer = await demo.running.http.post(
                f"/demo/v1/{path}",
                content=json.dumps(body),
                headers={"Content-Type": "application/json"},
            )
            assert blamed(answer) == (400, field), path
        answer = await demo.running.http.put(
            "/demo/v1/settings",
            content=json.dumps({"queueWaitSeconds": {HALF: 1}}),
            headers={"Content-Type": "application/json"},
        )
        assert blamed(answer) == (400, "queueWaitSeconds")


async def test_what_a_page_said_is_shown_whatever_it_is(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        await demo.link.command(SendMessage(message="Zoë"))
        await demo.link.command(SendMessage(message=HALF))
        answer = await demo.running.http.get(f"/demo/v1/agents/{ADA}/messages")
        assert answer.status_code == 200
        assert {"message": "Zoë"} in answer.json()
        assert await demo.get(f"agents/{BEN}/messages") == []
