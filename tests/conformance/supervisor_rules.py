"""Rules of every adapter for supervisors who listen in."""

import pytest

from connector_py.entities import ParticipantState, ParticipantType, SupervisorBargedIn
from server.entities import AgentKey
from server.pbx import (
    AgentAnswered,
    AgentWithdrawn,
    CallOver,
    DialStarted,
    EndedBy,
    PartyAdded,
    PartyLeft,
    SwitchError,
    UnknownParticipantError,
)
from tests.conformance.bench import AGENT, NUMBER, STRANGER, SUPERVISOR, Bench


async def listens(bench: Bench, *, is_ringing: bool = False) -> tuple[str, str]:
    """Let SUPERVISOR listen to a call; return the call and the agent's part."""
    call_id, agent_part, _ = await bench.talks()
    await bench.pbx.listen_in(call_id, SUPERVISOR, participant_id="super-1", is_ringing=is_ringing)
    await bench.hears(PartyAdded)
    return call_id, agent_part


async def cannot(bench: Bench) -> None:
    """A switch without supervisors refuses both commands."""
    call_id, agent_part, _ = await bench.talks()
    for asking in (
        bench.pbx.listen_in(call_id, SUPERVISOR, participant_id="super-1", is_ringing=False),
        bench.pbx.barge_in(call_id, agent_part),
    ):
        with pytest.raises(SwitchError):
            await asking
    assert not [event for event in bench.heard if isinstance(event, PartyAdded)]


class SupervisorRules:
    """Part of `PbxConformance`."""

    @pytest.mark.parametrize("is_ringing", [True, False])
    async def test_a_supervisor_listens_in(self, bench: Bench, is_ringing: bool) -> None:
        if not bench.can_supervise:
            return await cannot(bench)
        call_id, _ = await listens(bench, is_ringing=is_ringing)
        supervisor = (await bench.hears(PartyAdded)).participant
        assert supervisor in bench.call(call_id).call.participants
        assert supervisor.participant_id == "super-1"
        assert supervisor.participant_type is ParticipantType.SUPERVISOR
        assert supervisor.agent_id == SUPERVISOR.agent_id
        state = ParticipantState.RINGING if is_ringing else ParticipantState.CONNECTED
        assert supervisor.state is state
        if is_ringing:
            await bench.pbx.answer(call_id, "super-1")
            assert (await bench.hears(AgentAnswered, 2)).participant_id == "super-1"
        await bench.pbx.listen_in(
            call_id, SUPERVISOR, participant_id="super-1", is_ringing=is_ringing
        )
        assert await bench.is_quiet()

    async def test_a_supervisor_barges_in_once(self, bench: Bench) -> None:
        if not bench.can_supervise:
            return await cannot(bench)
        call_id, agent_part = await listens(bench, is_ringing=True)
        with pytest.raises(SwitchError):
            await bench.pbx.barge_in(call_id, "super-1")
        await bench.pbx.answer(call_id, "super-1")
        await bench.hears(AgentAnswered, 2)
        await bench.pbx.barge_in(call_id, "super-1")
        assert (await bench.hears_control(SupervisorBargedIn)).participant_id == "super-1"
        assert bench.part(call_id, "super-1").has_barged_in
        await bench.pbx.barge_in(call_id, "super-1")
        assert await bench.is_quiet()
        with pytest.raises(SwitchError):
            await bench.pbx.barge_in(call_id, agent_part)
        with pytest.raises(UnknownParticipantError):
            await bench.pbx.barge_in(call_id, "nobody")

    @pytest.mark.parametrize("is_ringing", [True, False])
    async def test_a_supervisor_leaves(self, bench: Bench, is_ringing: bool) -> None:
        if not bench.can_supervise:
            return await cannot(bench)
        call_id, agent_part = await listens(bench, is_ringing=is_ringing)
        await bench.pbx.hang_up(call_id, "super-1")
        assert (await bench.hears(PartyLeft)).participant_id == "super-1"
        await bench.pbx.hang_up(call_id, agent_part)
        assert (await bench.hears(CallOver)).ended_by is EndedBy.AGENT

    async def test_a_supervisor_who_listens_places_a_call(self, bench: Bench) -> None:
        if not bench.can_supervise:
            return await cannot(bench)
        call_id, _ = await listens(bench)
        await bench.pbx.originate(
            SUPERVISOR, call_id="own", participant_id="part-2", destination=NUMBER
        )
        assert (await bench.hears(DialStarted)).call_id == "own"
        await bench.pbx.hang_up(call_id, "super-1")
        assert (await bench.hears(PartyLeft)).participant_id == "super-1"

    async def test_supervisors_keep_no_call_alive(self, bench: Bench) -> None:
        if not bench.can_supervise:
            return await cannot(bench)
        call_id, agent_part = await listens(bench)
        await bench.pbx.barge_in(call_id, "super-1")
        await bench.hears_control(SupervisorBargedIn)
        await bench.pbx.hang_up(call_id, agent_part)
        await bench.hears(CallOver)
        assert not [event for event in bench.heard if isinstance(event, PartyLeft)]
        assert not bench.pbx.active_calls()

    async def test_who_cannot_listen_in(self, bench: Bench) -> None:
        call_id, _ = await bench.rings()
        heard = len(bench.heard)
        for supervisor in (SUPERVISOR, STRANGER, AGENT):
            await self._is_refused(bench, call_id, supervisor)
        await bench.pbx.answer(call_id, "part-1")
        await bench.hears(AgentAnswered)
        for supervisor in (STRANGER, AGENT):
            await self._is_refused(bench, call_id, supervisor)
        assert len(bench.heard) == heard + 1

    async def test_a_supervisor_was_offered_nothing(self, bench: Bench) -> None:
        if not bench.can_supervise:
            return await cannot(bench)
        call_id, _ = await listens(bench, is_ringing=True)
        with pytest.raises(SwitchError):
            await bench.pbx.withdraw_offer(call_id, SUPERVISOR)
        with pytest.raises(SwitchError):
            await bench.pbx.offer(call_id, SUPERVISOR, participant_id="part-2")
        assert not [event for event in bench.heard if isinstance(event, AgentWithdrawn)]

    async def _is_refused(self, bench: Bench, call_id: str, supervisor: AgentKey) -> None:
        with pytest.raises(SwitchError):
            await bench.pbx.listen_in(
                call_id, supervisor, participant_id="super-1", is_ringing=False
            )
