"""What a switch reports beside its calls does what the demo does through `ContactCenter`."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connector_py.entities import (
    ActionFailed,
    ACWInfo,
    AudioStats,
    AudioStatsElement,
    AudioStatsReported,
    CallEnded,
    CallInfo,
    MessageReceived,
    Notification,
    PresenceStatus,
    ReportPresenceStatuses,
    StatsInfo,
    VoiceEventType,
)
from server.api.metrics import Metrics
from server.app.call_figures import CallFigures
from server.contact_center import ContactCenter
from server.entities import CallRecord, OutboxEntry, OutboxKind
from server.pbx import (
    AgentReport,
    AgentStatusWanted,
    AudioMeasured,
    CallInfoChanged,
    CallOver,
    ContactRequestGiven,
    ConversationWorkChanged,
    DeskPhoneFailed,
    EndedBy,
    ErrorLabel,
    PageMessage,
    PbxListener,
    PbxReport,
    PreviewProposed,
    RecordingPublished,
    SignalsHeard,
    SimulatedPbx,
    SwitchError,
    TransferViewWanted,
    UnknownParticipantError,
    VoicemailLeft,
    WordsSpoken,
)
from server.salesforce import epoch_milliseconds
from tests.support.center_verbs import choose, done, talking
from tests.support.outages import BrokenStore, in_time
from tests.support.server_fakes import ADA, TENANT_ID, CenterHouse, Seat, build_center, eventually

AWAY = PresenceStatus(status_id="0N5000000000002", status_name="Away")
URL = "https://recordings.example.com/1"
WORK = ACWInfo(agent_work_id="0Bz1")
INFO = CallInfo(hold_enabled=False)
QUALITY = StatsInfo(
    stats_count=1,
    packets_count=500,
    packets_lost=10,
    jitter_buffer_millis=10,
    round_trip_time_millis=50,
)
STATS = AudioStats(
    stats=(AudioStatsElement(input_channel_stats=QUALITY, output_channel_stats=QUALITY),)
)
VOICEMAIL_SECONDS = 7
VOICEMAIL: dict[str, Any] = {
    "caller": "+12025550100",
    "dialed_number": "+12025550199",
    "recording_url": URL,
    "seconds": VOICEMAIL_SECONDS,
}
SIGNAL = {
    "service": "mood",
    "events": ({"type": "IntelligenceSignal__Category", "value": "Angry"},),
    "persist": True,
}


class TalkingPbx(SimulatedPbx):
    """Tells whatever a test wants to be told."""

    def listen(self, listener: PbxListener) -> None:
        self.tell = listener
        super().listen(listener)


def tells(house: CenterHouse, *reports: Any) -> None:
    assert isinstance(house.pbx, TalkingPbx)
    for report in reports:
        house.pbx.tell(report)


def of_ada(kind: Callable[..., PbxReport], **fields: Any) -> PbxReport:
    return kind(tenant_id=TENANT_ID, agent_id=ADA.agent_id, **fields)


def of_call(kind: Callable[..., PbxReport], record: CallRecord, **fields: Any) -> PbxReport:
    return kind(tenant_id=TENANT_ID, call_id=record.call_id, **fields)


Method = Callable[[ContactCenter, str], Awaitable[Any]]
SAME: dict[str, tuple[Method, Callable[[CallRecord], PbxReport]]] = {
    "page message": (
        lambda center, _: center.tell_page(ADA, {"a": 1}),
        lambda _: of_ada(PageMessage, message={"a": 1}),
    ),
    "agent status": (
        lambda center, _: center.request_agent_status(ADA, telephony_status="away"),
        lambda _: of_ada(AgentStatusWanted, telephony_status="away"),
    ),
    "audio statistics": (
        lambda center, call: center.report_audio_stats(ADA, call, STATS),
        lambda record: of_call(AudioMeasured, record, agent_id=ADA.agent_id, stats=STATS),
    ),
    "controls": (
        lambda center, call: center.update_call_info(TENANT_ID, call, INFO),
        lambda record: of_call(CallInfoChanged, record, call_info=INFO),
    ),
    "transfer view": (
        lambda center, _: center.show_transfer_view(ADA, {"contactRequestId": "0Cr1"}),
        lambda _: of_ada(TransferViewWanted, payload={"contactRequestId": "0Cr1"}),
    ),
    "work starts": (
        lambda center, _: center.after_conversation_work(ADA, WORK, started=True),
        lambda _: of_ada(ConversationWorkChanged, info=WORK, has_started=True),
    ),
    "work ends": (
        lambda center, _: center.after_conversation_work(ADA, WORK, started=False),
        lambda _: of_ada(ConversationWorkChanged, info=WORK, has_started=False),
    ),
    "recording": (
        lambda center, call: center.publish_recording(
            TENANT_ID, call, recording_url=URL, seconds=9, hold_seconds=2
        ),
        lambda record: of_call(
            RecordingPublished, record, recording_url=URL, seconds=9, hold_seconds=2
        ),
    ),
    "voicemail": (
        lambda center, _: center.take_voicemail(TENANT_ID, **VOICEMAIL),
        lambda _: VoicemailLeft(tenant_id=TENANT_ID, **VOICEMAIL),
    ),
    "transcript": (
        lambda center, call: center.add_transcript(
            TENANT_ID, call, content="Hello", sender="END_USER"
        ),
        lambda record: of_call(WordsSpoken, record, content="Hello", sender="END_USER"),
    ),
    "signals": (
        lambda center, call: center.send_conversation_events(TENANT_ID, call, **SIGNAL),
        lambda record: of_call(SignalsHeard, record, **SIGNAL),
    ),
    "contact request": (
        lambda center, _: center.add_contact_request(
            ADA, contact_request_id="0Cr1", phone_number="+12025550111", name="Maria"
        ),
        lambda _: of_ada(
            ContactRequestGiven,
            contact_request_id="0Cr1",
            phone_number="+12025550111",
            name="Maria",
        ),
    ),
    "preview": (
        lambda center, _: center.push_preview(ADA, "+12025550111", name="Maria"),
        lambda _: of_ada(PreviewProposed, phone_number="+12025550111", name="Maria"),
    ),
}

Seen = tuple[list[Notification], Any, CallRecord, list[Any], list[Any]]


async def seen(house: CenterHouse, ada: Seat, record: CallRecord) -> Seen:
    """Return everything that a report may change."""
    # Of a call only the first is due; a voicemail has a key of its own.
    orders: list[OutboxEntry] = await house.outbox(record.call_id)
    late = house.clock.now().replace(year=2100)
    orders += await house.store.run(lambda tx: tx.due(late, 100))
    return (
        list(await ada.listens()),
        await ada.agent(),
        await house.record(record.call_id),
        [(one.kind, one.payload) for one in orders],
        list(await house.store.run(lambda tx: tx.open_contact_requests(ADA))),
    )


async def prepared(house: CenterHouse) -> tuple[Seat, CallRecord]:
    ada = house.seat(ADA)
    record = await talking(house, ada)
    done(await ada.asks(ReportPresenceStatuses(statuses=(AWAY,))))
    return ada, record


@pytest.mark.parametrize("what", SAME)
async def test_a_report_does_what_the_method_does(tmp_path: Path, what: str) -> None:
    by_method, report_of = SAME[what]
    for name in ("method", "report"):
        (tmp_path / name).mkdir()
    async with build_center(tmp_path / "method") as house:
        ada, record = await prepared(house)
        before = await seen(house, ada, record)
        await by_method(house.center, record.call_id)
        wanted = await seen(house, ada, record)
        assert wanted != before
    async with build_center(tmp_path / "report", pbx_type=TalkingPbx) as house:
        ada, record = await prepared(house)
        tells(house, report_of(record))

        async def is_so() -> bool:
            return await seen(house, ada, record) == wanted

        await eventually(is_so)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SwitchError("The line is down"), "switch_failed"),
        (UnknownParticipantError("Nobody is there"), "invalid_participant"),
    ],
)
async def test_what_fails_at_the_desk_phone_is_told(
    tmp_path: Path, error: SwitchError, code: str
) -> None:
    async with build_center(tmp_path, pbx_type=TalkingPbx) as house:
        ada = house.seat(ADA)
        await ada.connects()
        tells(house, of_ada(DeskPhoneFailed, event_type=VoiceEventType.HOLD_TOGGLE, error=error))
        told = await ada.hears(ActionFailed)
        assert told == ActionFailed(event_type="HOLD_TOGGLE", code=code, message=error.message)


async def test_what_fails_at_the_desk_phone_may_have_a_text_of_its_own(tmp_path: Path) -> None:
    error = SwitchError("x", label=ErrorLabel(namespace="acme", name="notToday"))
    async with build_center(tmp_path, pbx_type=TalkingPbx) as house:
        ada = house.seat(ADA)
        await ada.connects()
        await choose(house, labels=("acme.notToday",))
        tells(house, of_ada(DeskPhoneFailed, event_type=VoiceEventType.HANGUP, error=error))
        told = await ada.hears(ActionFailed)
        assert (told.namespace, told.label_name) == ("acme", "notToday")


# ---- order ---------------------------------------------------------------------------------------


async def test_reports_of_a_call_are_in_its_order(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=TalkingPbx) as house:
        ada, record = await prepared(house)
        last = of_call(AudioMeasured, record, agent_id=ADA.agent_id, stats=STATS)
        over = CallOver(
            tenant_id=TENANT_ID,
            call_id=record.call_id,
            ended_by=EndedBy.CUSTOMER,
            at=house.clock.now(),
        )
        # Only of a call that goes on, and a recording after it too.
        tells(house, last, over, of_call(RecordingPublished, record, recording_url=URL, seconds=9))
        await house.record_when(record.call_id, lambda one: bool(one.recordings))
        names = [one.name for one in await ada.listens()]
        assert names.index(AudioStatsReported.name) < names.index(CallEnded.name)
        [entry] = [
            one
            for one in await house.outbox(record.call_id)
            if (one.payload or {}).get("recordingLocation")
        ]
        assert entry.kind is OutboxKind.UPDATE_VOICE_CALL


async def test_reports_wait_for_the_store_in_their_order(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=TalkingPbx) as house:
        ada = house.seat(ADA)
        await ada.connects()
        store = BrokenStore(house.store)
        store.is_down = True
        tells(house, *(of_ada(PageMessage, message=number) for number in range(3)))
        for _ in range(5):
            await house.clock.advance(1)
        assert store.failed
        store.is_down = False

        async def said() -> bool:
            told = [one for one in await ada.listens() if isinstance(one, MessageReceived)]
            return [one.message for one in told] == [0, 1, 2]

        await in_time(house, said)


async def moments(house: CenterHouse, record: CallRecord, **at: Any) -> tuple[int, int, Any]:
    """Report in an outage of 5 seconds; return when words, signals and a voicemail were."""
    voicemail = {**VOICEMAIL, "tenant_id": TENANT_ID}
    store = BrokenStore(house.store)
    store.is_down = True
    tells(
        house,
        of_call(WordsSpoken, record, content="Hello", sender="END_USER", **at),
        of_call(SignalsHeard, record, **SIGNAL, **at),
        VoicemailLeft(**voicemail, **at),
    )
    for _ in range(5):
        await house.clock.advance(1)
    assert store.failed
    store.is_down = False

    async def payloads() -> list[Any]:
        far = house.clock.now().replace(year=2100)
        orders: list[OutboxEntry] = await house.outbox(record.call_id)
        orders += await house.store.run(lambda tx: tx.due(far, 100))
        kept = {one.entry_id: one for one in orders}.values()
        words = [one for one in kept if one.kind is OutboxKind.ADD_TRANSCRIPT]
        signals = [one for one in kept if one.kind is OutboxKind.REALTIME_EVENTS]
        voicemails = [one for one in kept if (one.payload or {}).get("callOrigin") == "Voicemail"]
        found = [*words, *signals, *voicemails]
        return [one.payload for one in found] if len(found) == 3 else []

    said, heard, left = await in_time(house, payloads)
    return said["startTime"], heard["events"][0]["startTime"], left["startTime"]


async def test_words_have_the_moment_in_which_they_were_reported(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=TalkingPbx) as house:
        _, record = await prepared(house)
        now = house.clock.now()
        said, heard, left = await moments(house, record)
        assert (said, heard) == (epoch_milliseconds(now), epoch_milliseconds(now))
        assert datetime.fromisoformat(left) == now - timedelta(seconds=VOICEMAIL_SECONDS)


async def test_words_have_the_moment_that_the_switch_names(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=TalkingPbx) as house:
        _, record = await prepared(house)
        at = house.clock.now() - timedelta(seconds=30)
        said, heard, left = await moments(house, record, at=at)
        assert (said, heard) == (epoch_milliseconds(at), epoch_milliseconds(at))
        assert datetime.fromisoformat(left) == at - timedelta(seconds=VOICEMAIL_SECONDS)


async def test_a_moment_without_a_time_zone_does_not_fit(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=TalkingPbx) as house:
        voicemail = {**VOICEMAIL, "tenant_id": TENANT_ID}
        no_zone = VoicemailLeft(**voicemail, at=datetime(2026, 1, 1))
        tells(house, no_zone, VoicemailLeft(**voicemail))
        far = house.clock.now().replace(year=2100)

        async def calls() -> list[Any]:
            orders = await house.store.run(lambda tx: tx.due(far, 100))
            return [one for one in orders if one.kind is OutboxKind.CREATE_VOICE_CALL]

        [one] = await eventually(calls)
        started = house.clock.now() - timedelta(seconds=VOICEMAIL_SECONDS)
        assert datetime.fromisoformat(one.payload["startTime"]) == started


# ---- what does not fit ---------------------------------------------------------------------------

MISFITS: dict[str, Callable[[], PbxReport]] = {
    "nobody": lambda: replace(of_ada(PageMessage, message="x"), agent_id="nobody"),  # type: ignore[call-arg]
    "another org": lambda: replace(of_ada(PageMessage, message="x"), tenant_id="00D9"),
    "no text": lambda: of_ada(PageMessage, message=object()),
    "two statuses": lambda: of_ada(AgentStatusWanted, status_id="1", telephony_status="away"),
    "unknown status": lambda: of_ada(AgentStatusWanted, telephony_status="on the moon"),
    "unknown event": lambda: of_ada(
        DeskPhoneFailed, event_type="NO_SUCH_EVENT", error=SwitchError("no")
    ),
    "no work": lambda: of_ada(ConversationWorkChanged, info=None, has_started=True),
    "no number": lambda: of_ada(PreviewProposed, phone_number=" "),
    "endless recording": lambda: RecordingPublished(
        tenant_id=TENANT_ID, call_id="nothing", recording_url=URL, seconds=-1
    ),
    "no call": lambda: CallInfoChanged(tenant_id=TENANT_ID, call_id="nothing", call_info=INFO),
    "no org": lambda: VoicemailLeft(**VOICEMAIL, tenant_id="00D9"),
    "a kind of their own": lambda: of_ada(OddReport),
    "a kind of their own about a call": lambda: PbxReport(tenant_id=TENANT_ID, call_id="nothing"),
}


class OddReport(AgentReport):
    """A vendor's own, for which there is no rule."""


@pytest.mark.parametrize("misfit", MISFITS)
async def test_a_report_that_does_not_fit_holds_up_nothing(tmp_path: Path, misfit: str) -> None:
    async with build_center(tmp_path, pbx_type=TalkingPbx) as house:
        ada = house.seat(ADA)
        await ada.connects()
        tells(house, MISFITS[misfit](), of_ada(PageMessage, message="after"))
        assert (await ada.hears(MessageReceived)).message == "after"


async def test_what_is_told_wrongly_is_not_the_trouble_of_the_switch(tmp_path: Path) -> None:
    figures = CallFigures(Metrics())
    house_with_figures = build_center(tmp_path, pbx_type=TalkingPbx, overhear=figures.hear)
    async with house_with_figures as house:
        _, record = await prepared(house)
        ended_by: Any = "customer"
        over = CallOver(
            tenant_id=TENANT_ID,
            call_id=record.call_id,
            ended_by=ended_by,
            at=house.clock.now(),
        )
        tells(house, None, "no event", over)
        await house.record_when(record.call_id, lambda one: one.is_over)


async def test_a_report_that_does_not_fit_says_nothing_about_its_call(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=TalkingPbx) as house:
        ada, record = await prepared(house)
        house.pbx.active_calls = lambda: ()  # type: ignore[method-assign]
        odd = of_call(CallInfoChanged, record, call_info=INFO, participant_id="nobody")
        tells(house, odd, of_call(CallInfoChanged, record, call_info=INFO))
        after = await house.record_when(record.call_id, lambda one: one.call.call_info == INFO)
        assert not after.is_over
        await ada.mirrors_the_server()
