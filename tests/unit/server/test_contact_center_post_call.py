"""What the telephony system knows of a conversation goes to Salesforce by the outbox."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connector_py.entities import EndCall, ParticipantSnapshot, ParticipantState, ParticipantType
from server.entities import CallRecord, OutboxEntry, OutboxKind, PublishedRecording
from server.errors import InvalidRequestError, NotFoundError
from server.salesforce import epoch_milliseconds
from tests.support.center_verbs import done, talking
from tests.support.server_fakes import ADA, TENANT_ID, CenterHouse, build_center

URL = "https://recordings.example.com/1"


async def entries(house: CenterHouse, call_id: str, kind: OutboxKind) -> list[OutboxEntry]:
    return [entry for entry in await house.outbox(call_id) if entry.kind is kind]


async def with_leg(house: CenterHouse, record: CallRecord, **fields: Any) -> None:
    """Add a party as if it had been there."""
    defaults: dict[str, Any] = {
        "participant_id": "leg-1",
        "participant_type": ParticipantType.THIRD_PARTY,
        "state": ParticipantState.CONNECTED,
        "state_since": record.call.started_at,
        "voice_call_id": "0LQleg",
    }
    leg = ParticipantSnapshot(**(defaults | fields))
    call = replace(record.call, participants=(*record.call.participants, leg))
    await house.store.run(lambda tx: tx.save_call(replace(record, call=call)))


# ---- transcripts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "participant"),
    [
        ("END_USER", "{key}END_USER"),
        ("SUPERVISOR", "{key}SUPERVISOR"),
        ("VIRTUAL_AGENT", "{key}VIRTUAL_AGENT"),
        ("HUMAN_AGENT", "005000000000001AAA"),
        ("EXTERNAL_USER", "me"),
    ],
)
async def test_who_said_what_is_told(tmp_path: Path, sender: str, participant: str) -> None:
    async with build_center(tmp_path) as house:
        record = await talking(house, house.seat(ADA))
        own_id = {"HUMAN_AGENT": "005000000000001AAA", "EXTERNAL_USER": "me"}.get(sender)
        message_id = await house.center.add_transcript(
            TENANT_ID, record.call_id, content="Good morning", sender=sender, own_id=own_id
        )
        [entry] = await entries(house, record.call_id, OutboxKind.ADD_TRANSCRIPT)
        now = epoch_milliseconds(house.clock.now())
        assert entry.payload == {
            "participantId": participant.format(key=record.call_id),
            "messageId": message_id,
            "startTime": now,
            "endTime": now,
            "content": "Good morning",
            "senderType": sender,
        }


async def test_a_transcript_belongs_to_the_first_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        record = await talking(house, house.seat(ADA))
        await with_leg(house, record)
        add = house.center.add_transcript
        for key in ("leg-1", "0LQleg", record.call.voice_call_id or ""):
            await add(TENANT_ID, key, content="Hello", sender="END_USER")
        found = await entries(house, record.call_id, OutboxKind.ADD_TRANSCRIPT)
        assert len(found) == 3


async def test_a_consult_has_a_transcript_of_its_own_until_it_is_merged(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        record = await talking(house, house.seat(ADA))
        await with_leg(house, record, is_consult=True)
        await house.center.add_transcript(TENANT_ID, "leg-1", content="Psst", sender="END_USER")
        [entry] = await entries(house, "leg-1", OutboxKind.ADD_TRANSCRIPT)
        assert entry.payload["participantId"] == "leg-1END_USER"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"content": "  "}, "content"),
        ({"sender": "SOMEBODY"}, "senderType"),
        ({"sender": "HUMAN_AGENT"}, "participantId"),
        ({"sender": "EXTERNAL_USER"}, "participantId"),
    ],
)
async def test_words_that_salesforce_would_not_take_are_refused(
    tmp_path: Path, fields: dict[str, str], field: str
) -> None:
    async with build_center(tmp_path) as house:
        record = await talking(house, house.seat(ADA))
        said = {"content": "Hello", "sender": "END_USER", **fields}
        with pytest.raises(InvalidRequestError) as caught:
            await house.center.add_transcript(TENANT_ID, record.call_id, **said)
        assert caught.value.field == field
        assert await entries(house, record.call_id, OutboxKind.ADD_TRANSCRIPT) == []


# ---- events --------------------------------------------------------------------------------------


async def test_events_are_told_and_happen_now_unless_they_say_when(tmp_path: Path) -> None:
    category = {"type": "IntelligenceSignal__Category", "value": "Angry", "score": 10}
    sentiment = {
        "type": "IntelligenceSignal__Sentiment",
        "value": "-12.5",
        "participant": "CUSTOMER",
        "startTime": 1_900_000_000_000,
    }
    async with build_center(tmp_path) as house:
        record = await talking(house, house.seat(ADA))
        send = house.center.send_conversation_events
        for _ in range(2):
            await send(
                TENANT_ID,
                record.call_id,
                service="Listener",
                events=[category, sentiment],
                persist=False,
            )
        found = await entries(house, record.call_id, OutboxKind.REALTIME_EVENTS)
        assert len(found) == 2
        now = epoch_milliseconds(house.clock.now())
        assert found[0].payload["service"] == "Listener"
        assert found[0].payload["persist"] is False
        assert [one["startTime"] for one in found[0].payload["events"]] == [now, 1_900_000_000_000]


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"type": "Other", "value": "x"}, "events[0].type"),
        ({"type": "IntelligenceSignal__Category", "value": ""}, "events[0].value"),
        ({"type": "IntelligenceSignal__Sentiment", "value": "1"}, "events[0].participant"),
    ],
)
async def test_events_that_salesforce_would_not_take_are_refused(
    tmp_path: Path, event: dict[str, Any], field: str
) -> None:
    async with build_center(tmp_path) as house:
        record = await talking(house, house.seat(ADA))
        send = house.center.send_conversation_events
        with pytest.raises(InvalidRequestError) as caught:
            await send(TENANT_ID, record.call_id, service="Listener", events=[event])
        assert caught.value.field == field
        with pytest.raises(NotFoundError):
            await send(TENANT_ID, "nothing", service="Listener", events=[event])


# ---- recordings ----------------------------------------------------------------------------------


async def test_a_recording_is_published_once(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        done(await ada.asks(EndCall(call_id=record.call_id)))
        for _ in range(2):
            await house.center.publish_recording(
                TENANT_ID, record.call_id, recording_url=URL, seconds=70, hold_seconds=10
            )
        update, told = await entries(house, record.call_id, OutboxKind.UPDATE_VOICE_CALL)
        assert "recordingLocation" not in update.payload
        assert told.payload["recordingLocation"] == URL
        assert told.payload["agentInteractionDuration"] == 60
        assert told.payload["totalHoldDuration"] == 10
        kept = await house.record(record.call_id)
        assert kept.recordings == (
            PublishedRecording(key=record.call_id, location=URL, seconds=70),
        )


async def test_each_voice_call_has_its_own_recording(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        record = await talking(house, house.seat(ADA))
        await with_leg(house, record)
        publish = house.center.publish_recording
        await publish(TENANT_ID, record.call_id, recording_url=URL, seconds=70)
        await publish(TENANT_ID, "0LQleg", recording_url=f"{URL}/leg", seconds=30)
        [told] = await entries(house, "leg-1", OutboxKind.UPDATE_VOICE_CALL)
        assert told.payload["recordingLocation"] == f"{URL}/leg"
        kept = await house.record(record.call_id)
        assert [one.location for one in kept.recordings] == [URL, f"{URL}/leg"]
        found = kept.recording_of("leg-1")
        assert found is not None
        assert found.seconds == 30


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recording_url": "no address"}, "recordingUrl"),
        ({"recording_url": f"https://x.example/{'a' * 1000}"}, "recordingUrl"),
        ({"seconds": -1}, "seconds"),
        ({"hold_seconds": 71}, "holdSeconds"),
    ],
)
async def test_recordings_that_make_no_sense_are_refused(
    tmp_path: Path, changes: dict[str, Any], field: str
) -> None:
    async with build_center(tmp_path) as house:
        record = await talking(house, house.seat(ADA))
        given = {"recording_url": URL, "seconds": 70, **changes}
        with pytest.raises(InvalidRequestError) as caught:
            await house.center.publish_recording(TENANT_ID, record.call_id, **given)
        assert caught.value.field == field
        assert (await house.record(record.call_id)).recordings == ()
        with pytest.raises(NotFoundError):
            await house.center.publish_recording(TENANT_ID, "nothing", recording_url=URL, seconds=1)


# ---- voicemails ----------------------------------------------------------------------------------


async def test_a_voicemail_goes_out_in_its_order(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        key = await house.center.take_voicemail(
            TENANT_ID,
            caller="+12025550100",
            dialed_number="+12025550199",
            recording_url=URL,
            seconds=31,
            transcript="Please call me back",
        )
        found = await house.outbox(key)
        assert [entry.kind for entry in found] == [
            OutboxKind.CREATE_VOICE_CALL,
            OutboxKind.ADD_TRANSCRIPT,
            OutboxKind.EXECUTE_FLOW,
            OutboxKind.UPDATE_VOICE_CALL,
        ]
        assert found[0].payload["callOrigin"] == "Voicemail"
        assert found[3].payload["totalRecordingDuration"] == 31


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"caller": "1" * 41}, "caller"),
        ({"dialed_number": " "}, "dialedNumber"),
        ({"recording_url": "nowhere"}, "recordingUrl"),
        ({"seconds": 90_000}, "seconds"),
    ],
)
async def test_a_voicemail_that_makes_no_sense_leaves_nothing(
    tmp_path: Path, changes: dict[str, Any], field: str
) -> None:
    async with build_center(tmp_path) as house:
        given = {
            "caller": "+12025550100",
            "dialed_number": "+12025550199",
            "recording_url": URL,
            "seconds": 31,
            **changes,
        }
        with pytest.raises(InvalidRequestError) as caught:
            await house.center.take_voicemail(TENANT_ID, **given)
        assert caught.value.field == field
        due = await house.store.run(lambda tx: tx.due(house.clock.now().replace(year=2030), 10))
        assert due == []
        with pytest.raises(NotFoundError):
            await house.center.take_voicemail("00D000000000009AAA", **given | {"seconds": 1})
