"""What the telephony system tells an agent's page, the end of a session, and how a call sounds."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connector_py.call_model.voice_quality import mean_opinion_score
from connector_py.entities import (
    ACWInfo,
    AfterConversationWorkEnded,
    AfterConversationWorkStarted,
    AgentState,
    AgentStateChanged,
    AnswerCall,
    AudioStats,
    AudioStatsElement,
    AudioStatsReported,
    CallInfo,
    CallUpdated,
    Contact,
    Dial,
    EndCall,
    MessageReceived,
    SendMessage,
    StatsInfo,
    SuperviseCall,
    TransferViewRequested,
)
from server.entities import Secret, SecretKind, VoiceQuality, hash_secret
from server.errors import ConflictError, InvalidRequestError, NotFoundError
from server.event_bus import HintKind
from tests.support.center_verbs import done, talking
from tests.support.party_verbs import falls_silent
from tests.support.server_fakes import (
    ADA,
    BEN,
    TENANT_ID,
    CenterHouse,
    build_center,
    eventually,
)

NOBODY = replace(ADA, agent_id="nobody")


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


# ---- messages ------------------------------------------------------------------------------------


async def test_pages_are_told_each_thing_once(tmp_path: Path) -> None:
    info = ACWInfo(agent_work_id="0Bz1", work_item_id="0LQ1")
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.connects()
        await ben.connects()
        center = house.center
        await center.tell_page(ADA, {"type": "HELLO", "list": [1, None, "ü"]})
        await center.show_transfer_view(ADA, {"contactRequestId": "0Cr1"})
        await center.after_conversation_work(ADA, info, started=True)
        await center.after_conversation_work(ADA, info, started=False)
        assert await ada.listens() == [
            MessageReceived(message={"type": "HELLO", "list": [1, None, "ü"]}),
            TransferViewRequested(payload={"contactRequestId": "0Cr1"}),
            AfterConversationWorkStarted(acw_info=info),
            AfterConversationWorkEnded(acw_info=info),
        ]
        assert await ben.listens() == []


@pytest.mark.parametrize("message", ["x" * 32_769, "ü" * 16_385, object(), "\ud800", nested(900)])
async def test_messages_that_cannot_travel_are_refused(tmp_path: Path, message: Any) -> None:
    async with build_center(tmp_path) as house:
        with pytest.raises(InvalidRequestError) as caught:
            await house.center.tell_page(ADA, message)
        assert caught.value.field == "message"
        with pytest.raises(InvalidRequestError):
            await house.center.show_transfer_view(ADA, {"payload": message})


async def test_nobody_cannot_be_told_anything(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        for telling in (
            house.center.tell_page(NOBODY, "x"),
            house.center.show_transfer_view(NOBODY, {}),
            house.center.after_conversation_work(NOBODY, ACWInfo(agent_work_id="x"), started=True),
            house.center.sign_out(NOBODY),
        ):
            with pytest.raises(NotFoundError):
                await telling


# ---- what may be done with a call ----------------------------------------------------------------


async def test_controls_of_a_call_change_while_it_goes_on(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        info = CallInfo(end_call_disabled=True, render_contact_id="c1")
        await house.center.update_call_info(TENANT_ID, record.call_id, info)
        told = await ada.hears(CallUpdated)
        assert (told.call_info, told.participant_id, ada.causes[-1]) == (info, None, None)
        assert (await house.record(record.call_id)).call.call_info == info
        await ada.mirrors_the_server()


async def test_controls_of_one_party_change_alone(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        own = record.agents[0].participant_id
        info = CallInfo(mute_enabled=False)
        change = house.center.update_call_info
        await change(TENANT_ID, record.call_id, info, participant_id=own)
        after = await house.record(record.call_id)
        assert after.call.call_info == record.call.call_info
        assert after.agents[0].call_info == info
        for call_id, participant_id in (("nothing", None), (record.call_id, "nobody")):
            with pytest.raises(NotFoundError):
                await change(TENANT_ID, call_id, info, participant_id=participant_id)
        done(await ada.asks(EndCall(call_id=record.call_id)))
        with pytest.raises(ConflictError):
            await change(TENANT_ID, record.call_id, info)


# ---- the end of a session ------------------------------------------------------------------------


async def test_who_is_signed_out_is_offline_and_needs_a_code(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await house.store.run(
            lambda tx: tx.save_secret(
                Secret(
                    kind=SecretKind.SESSION,
                    secret_hash=hash_secret("s"),
                    agent=ADA,
                    expires_at=house.clock.now().replace(year=2030),
                )
            )
        )
        async with house.center.subscribe(ADA) as hints:
            await house.center.sign_out(ADA)
            kinds = [(await anext(hints)).kind, (await anext(hints)).kind]
        assert kinds == [HintKind.STREAM, HintKind.SIGNED_OUT]
        assert (await ada.hears(AgentStateChanged, 2)).state is AgentState.OFFLINE
        owner = await house.store.run(
            lambda tx: tx.secret_owner(SecretKind.SESSION, hash_secret("s"), now=house.clock.now())
        )
        assert owner is None


async def test_a_session_that_ends_during_a_call_leaves_the_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        await house.center.sign_out(ADA)
        assert (await ada.agent()).state is AgentState.ON_CALL
        assert not (await house.record(record.call_id)).is_over


async def has_session(house: CenterHouse, name: str, hours: float) -> None:
    """Let Ada have signed in, for so long."""
    session = Secret(
        kind=SecretKind.SESSION,
        secret_hash=hash_secret(name),
        agent=ADA,
        expires_at=house.clock.now() + timedelta(hours=hours),
    )
    await house.store.run(lambda tx: tx.save_secret(session))


async def comes_to_its_end(house: CenterHouse, ending: asyncio.Task[None]) -> None:
    """Let time pass until Ada is signed out, with all that belongs to it."""

    async def is_over() -> bool:
        await house.clock.advance(1)
        return ending.done()

    await eventually(is_over)
    await ending


async def test_a_session_ends_when_its_time_is_over(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await has_session(house, "first", 1)
        ending = asyncio.create_task(house.center.end_session_in_time(ADA))
        await has_session(house, "second", 2)
        await house.clock.advance(2 * 3600 - 1)
        await falls_silent(house)
        assert (await ada.agent()).state is AgentState.AVAILABLE

        async with house.center.subscribe(ADA) as hints:
            await comes_to_its_end(house, ending)
            kinds = [(await anext(hints)).kind, (await anext(hints)).kind]
        assert kinds == [HintKind.STREAM, HintKind.SIGNED_OUT]
        assert (await ada.agent()).state is AgentState.OFFLINE
        assert await house.store.run(lambda tx: tx.session_end(ADA)) is None


async def test_a_session_lasts_until_the_agent_is_off_the_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        await has_session(house, "s", 1)
        ending = asyncio.create_task(house.center.end_session_in_time(ADA))
        # Longer than an hour, so that the house is kept meanwhile.
        await house.clock.advance(2.5 * 3600)
        await falls_silent(house)
        assert not ending.done()
        assert (await ada.agent()).state is AgentState.ON_CALL
        done(await ada.asks(EndCall(call_id=record.call_id)))
        await comes_to_its_end(house, ending)
        assert (await ada.agent()).state is AgentState.OFFLINE
        await ada.mirrors_the_server()


async def test_a_session_that_is_gone_was_the_last(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        await has_session(house, "s", 1)
        ending = asyncio.create_task(house.center.end_session_in_time(ADA))
        await falls_silent(house)
        await house.store.run(lambda tx: tx.drop_secrets(ADA, *SecretKind))
        await house.clock.advance(2 * 3600)
        await falls_silent(house)
        assert not ending.done()
        done(await ada.asks(EndCall(call_id=record.call_id)))
        await comes_to_its_end(house, ending)
        assert (await ada.agent()).state is AgentState.OFFLINE


async def test_a_code_for_the_next_session_outlasts_this_one(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        await house.seat(ADA).goes_online()
        await has_session(house, "s", 0)
        code = Secret(
            kind=SecretKind.SIGN_IN_CODE,
            secret_hash=hash_secret("code"),
            agent=ADA,
            expires_at=house.clock.now() + timedelta(hours=1),
        )
        await house.store.run(lambda tx: tx.save_secret(code))

        ending = asyncio.create_task(house.center.end_session_in_time(ADA))
        await comes_to_its_end(house, ending)

        now = house.clock.now()
        owner = await house.store.run(
            lambda tx: tx.secret_owner(SecretKind.SIGN_IN_CODE, hash_secret("code"), now=now)
        )
        assert owner == ADA


async def test_who_waits_for_the_time_out_ends_with_it_and_nobody_listens_on(
    tmp_path: Path,
) -> None:
    """The end of the session ends the link, and with it the task that waits for it."""
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ben.goes_online()
        record = await talking(house, ben)
        await ada.connects()
        done(await ada.asks(SuperviseCall(call_id=record.call_id)))
        await has_session(house, "s", 0)
        async with house.center.subscribe(ADA) as hints:
            ending = asyncio.create_task(house.center.end_session_in_time(ADA))
            while (await anext(hints)).kind is not HintKind.SIGNED_OUT:
                pass
            ending.cancel()
        gone = await house.record_when(record.call_id, lambda one: one.agent(ADA.agent_id) is None)
        assert not gone.is_over


async def test_a_call_that_is_being_placed_keeps_the_session(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await has_session(house, "s", 0)
        placed = asyncio.Event()
        originate = house.pbx.originate

        async def takes_its_time(*args: Any, **more: Any) -> None:
            await placed.wait()
            await originate(*args, **more)

        house.pbx.originate = takes_its_time  # type: ignore[method-assign]
        asking = asyncio.create_task(ada.asks(Dial(contact=Contact(phone_number="+12025550188"))))

        async def is_reserved() -> bool:
            return ADA in house.center._desk.reserved

        await eventually(is_reserved)
        ending = asyncio.create_task(house.center.end_session_in_time(ADA))
        await falls_silent(house)
        placed.set()

        done(await asking)
        assert not ending.done()
        assert (await ada.agent()).state is AgentState.ON_CALL
        ending.cancel()


async def test_who_never_signed_in_has_no_session_that_could_end(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        ending = asyncio.create_task(house.center.end_session_in_time(ADA))
        await house.clock.advance(48 * 3600)
        await falls_silent(house)
        assert not ending.done()
        assert (await ada.agent()).state is AgentState.AVAILABLE
        ending.cancel()


# ---- how a call sounds ---------------------------------------------------------------------------


def sample(lost: float = 0, delay: float = 20) -> AudioStatsElement:
    info = StatsInfo(
        stats_count=1,
        packets_count=500,
        packets_lost=lost,
        jitter_buffer_millis=10,
        round_trip_time_millis=delay,
    )
    return AudioStatsElement(input_channel_stats=info, output_channel_stats=info)


async def test_measurements_are_passed_on_and_our_score_is_kept(tmp_path: Path) -> None:
    good, bad = sample(), sample(lost=100)
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        report = house.center.report_audio_stats
        first = await report(ADA, record.call_id, AudioStats(stats=(good,)))
        last = AudioStats(stats=(bad,), is_audio_stats_completed=True)
        score = await report(ADA, record.call_id, last)
        assert first == mean_opinion_score([good])
        assert score == mean_opinion_score([good, bad])
        assert first is not None
        assert score is not None
        assert 1 <= score < first <= 5
        told = [one for one in await ada.listens() if isinstance(one, AudioStatsReported)]
        assert [one.audio_stats.call_id for one in told] == [record.call_id] * 2
        assert [one.audio_stats.stats for one in told] == [(good,), (bad,)]
        assert told[-1].audio_stats.is_audio_stats_completed
        kept = await house.record(record.call_id)
        assert kept.voice_quality == (
            VoiceQuality(agent_id=ADA.agent_id, score=score, is_completed=True),
        )
        # What comes after the last ones does not count.
        assert await report(ADA, record.call_id, AudioStats(stats=(good,))) == score
        assert (await house.record(record.call_id)).voice_quality == kept.voice_quality
        assert [type(one) for one in await ada.listens()].count(AudioStatsReported) == 2
        await ada.mirrors_the_server()


async def test_nothing_is_measured_before_the_call_is_connected(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.customer_calls(wanted=ADA)
        await ada.rings()
        report = house.center.report_audio_stats
        assert await report(ADA, call_id, AudioStats(stats=(sample(),))) is None
        assert "audio_stats_reported" not in [one.name for one in await ada.listens()]
        done(await ada.asks(AnswerCall(call_id=call_id)))
        assert await report(ADA, call_id, AudioStats(stats=(sample(),))) is not None
        for key, other in ((BEN, call_id), (ADA, "nothing")):
            with pytest.raises(NotFoundError):
                await report(key, other, AudioStats(stats=(sample(),)))


async def test_a_call_without_samples_has_no_score(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        completed = AudioStats(is_audio_stats_completed=True)
        assert await house.center.report_audio_stats(ADA, record.call_id, completed) is None
        await ada.hears(AudioStatsReported)


async def test_a_message_that_no_text_can_hold_is_refused(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        for message in ("\ud800", {"text": "\udfff"}, "x" * 70_000, nested(5_000)):
            reply = await ada.asks(SendMessage(message=message))
            assert reply.error is not None
            assert reply.error.code == "invalid_request"
        assert house.pbx.messages == ()
