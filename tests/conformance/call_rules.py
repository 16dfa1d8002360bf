"""Rules of every adapter for calls of one agent and one customer."""

import pytest

from connector_py.entities import (
    CallType,
    ContactType,
    ParticipantHeld,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantState,
    ParticipantType,
    ParticipantUnmuted,
    RecordingPaused,
    RecordingResumed,
    RecordingState,
)
from server.pbx import (
    AgentAnswered,
    AgentRinging,
    AgentWithdrawn,
    CallArrived,
    CallOver,
    CustomerAnswered,
    Destination,
    DialFailed,
    DialStarted,
    EndedBy,
    SwitchError,
    UnknownCallError,
    UnknownDestinationError,
    UnknownParticipantError,
    WithdrawReason,
)
from tests.conformance.bench import (
    AGENT,
    COLLEAGUE,
    NOWHERE,
    NUMBER,
    STRANGER,
    Bench,
    customer_part,
)


class CallRules:
    """Part of `PbxConformance`."""

    async def test_a_call_arrives_with_its_customer_connected(self, bench: Bench) -> None:
        call_id = await bench.arrives()
        event = await bench.hears(CallArrived)
        assert event.tenant_id == AGENT.tenant_id
        assert event.switch_call == bench.call(call_id)
        [customer] = event.switch_call.call.participants
        assert customer.state is ParticipantState.CONNECTED
        assert event.switch_call.call.call_type is CallType.INBOUND
        assert event.switch_call.from_number
        assert event.switch_call.to_number

    async def test_an_offer_rings_once(self, bench: Bench) -> None:
        call_id, _ = await bench.rings()
        event = await bench.hears(AgentRinging)
        assert event.participant.agent_id == AGENT.agent_id
        assert event.participant.participant_type is ParticipantType.AGENT
        assert event.participant.state is ParticipantState.RINGING
        assert event.participant in bench.call(call_id).call.participants
        await bench.pbx.offer(call_id, AGENT, participant_id="part-2")
        assert await bench.is_quiet()

    async def test_an_offer_is_withdrawn_once(self, bench: Bench) -> None:
        call_id, part = await bench.rings()
        await bench.pbx.withdraw_offer(call_id, AGENT)
        event = await bench.hears(AgentWithdrawn)
        assert (event.participant_id, event.agent_id) == (part, AGENT.agent_id)
        assert len(bench.call(call_id).call.participants) == 1
        await bench.pbx.withdraw_offer(call_id, AGENT)
        assert await bench.is_quiet()
        await bench.pbx.offer(call_id, AGENT, participant_id="part-2")
        await bench.hears(AgentRinging, 2)

    async def test_an_agent_who_declines_at_the_phone(self, bench: Bench) -> None:
        if not bench.can_decline:
            return
        call_id, part = await bench.rings()
        await bench.world.declines(call_id, AGENT)
        event = await bench.hears(AgentWithdrawn)
        assert (event.participant_id, event.agent_id) == (part, AGENT.agent_id)
        assert event.reason in (None, WithdrawReason.DECLINED)
        assert len(bench.call(call_id).call.participants) == 1
        await bench.pbx.offer(call_id, COLLEAGUE, participant_id="part-2")
        await bench.hears(AgentRinging, 2)

    async def test_a_call_rings_at_one_agent_at_a_time(self, bench: Bench) -> None:
        call_id, _ = await bench.rings()
        heard = len(bench.heard)
        with pytest.raises(SwitchError):
            await bench.pbx.offer(call_id, COLLEAGUE, participant_id="part-2")
        assert await bench.is_quiet()
        assert len(bench.heard) == heard
        await bench.pbx.withdraw_offer(call_id, AGENT)
        await bench.hears(AgentWithdrawn)
        await bench.pbx.offer(call_id, COLLEAGUE, participant_id="part-2")
        assert (await bench.hears(AgentRinging, 2)).participant.agent_id == COLLEAGUE.agent_id

    async def test_an_agent_answers_once(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        event = await bench.hears(AgentAnswered)
        assert event.participant_id == agent_part
        states = {one.state for one in bench.call(call_id).call.participants}
        assert states == {ParticipantState.CONNECTED}
        await bench.pbx.answer(call_id, agent_part)
        assert await bench.is_quiet()
        with pytest.raises(SwitchError):
            await bench.pbx.withdraw_offer(call_id, AGENT)

    async def test_hold_and_retrieve(self, bench: Bench) -> None:
        call_id, _, customer = await bench.talks()
        for ask, kind, held in (
            (bench.pbx.hold, ParticipantHeld, True),
            (bench.pbx.retrieve, ParticipantResumed, False),
        ):
            await ask(call_id, customer)
            told = await bench.hears_control(kind)
            assert told.participant_id == customer
            assert bench.part(call_id, customer).is_on_hold is held
            await ask(call_id, customer)
            assert await bench.is_quiet()

    async def test_mute_and_unmute(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        for ask, kind, muted in (
            (bench.pbx.mute, ParticipantMuted, True),
            (bench.pbx.unmute, ParticipantUnmuted, False),
        ):
            await ask(call_id, agent_part)
            told = await bench.hears_control(kind)
            assert told.participant_id == agent_part
            assert bench.part(call_id, agent_part).is_muted is muted
            await ask(call_id, agent_part)
            assert await bench.is_quiet()

    async def test_recording_pauses_and_goes_on(self, bench: Bench) -> None:
        call_id, _, _ = await bench.talks()
        for ask, kind, state in (
            (bench.pbx.pause_recording, RecordingPaused, RecordingState.PAUSED),
            (bench.pbx.resume_recording, RecordingResumed, RecordingState.RECORDING),
        ):
            await ask(call_id)
            await bench.hears_control(kind)
            assert bench.call(call_id).call.recording is state
            await ask(call_id)
            assert await bench.is_quiet()

    async def test_digits_cause_no_event(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        await bench.pbx.send_digits(call_id, agent_part, "123*#A,")
        assert await bench.is_quiet()

    async def test_the_agent_hangs_up(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        await bench.pbx.hang_up(call_id, agent_part)
        assert (await bench.hears(CallOver)).ended_by is EndedBy.AGENT
        assert not bench.pbx.active_calls()

    async def test_the_customer_hangs_up(self, bench: Bench) -> None:
        call_id, _, customer = await bench.talks()
        await bench.world.hangs_up(call_id, customer)
        assert (await bench.hears(CallOver)).ended_by is EndedBy.CUSTOMER
        assert not bench.pbx.active_calls()

    async def test_a_dialled_call_rings_and_is_answered(self, bench: Bench) -> None:
        call_id = await bench.originates()
        event = await bench.hears(DialStarted)
        assert event.switch_call == bench.call(call_id)
        states = {one.participant_type: one.state for one in event.switch_call.call.participants}
        assert states == {
            ParticipantType.INITIAL_CALLER: ParticipantState.RINGING,
            ParticipantType.AGENT: ParticipantState.CONNECTED,
        }
        customer = customer_part(event.switch_call)
        await bench.world.answers(call_id, customer)
        assert (await bench.hears(CustomerAnswered)).participant_id == customer
        assert bench.part(call_id, customer).state is ParticipantState.CONNECTED

    async def test_a_dialled_customer_who_is_not_reached(self, bench: Bench) -> None:
        call_id = await bench.originates()
        await bench.world.is_not_reached(call_id, customer_part(bench.call(call_id)))
        await bench.hears(DialFailed)
        assert not bench.pbx.active_calls()

    async def test_a_call_placed_by_an_agent_is_of_the_type_asked_for(self, bench: Bench) -> None:
        call_id = await bench.originates(call_type=CallType.DIALED_CALLBACK)
        assert bench.call(call_id).call.call_type is CallType.DIALED_CALLBACK
        with pytest.raises(SwitchError):
            await bench.pbx.originate(
                AGENT,
                call_id="d2",
                participant_id="p",
                destination=NUMBER,
                call_type=CallType.INBOUND,
            )

    async def test_an_internal_call_waits_until_it_is_offered(self, bench: Bench) -> None:
        call_id = await bench.originates(
            call_type=CallType.INTERNAL_CALL,
            destination=Destination(
                contact_id=COLLEAGUE.agent_id, contact_type=ContactType.AGENT, is_routed=True
            ),
        )
        called = customer_part(bench.call(call_id))
        waits = bench.part(call_id, called)
        assert (waits.state, waits.agent_id) == (ParticipantState.RINGING, None)
        assert (waits.contact_id, waits.contact_type) == (COLLEAGUE.agent_id, ContactType.AGENT)
        await bench.pbx.offer(call_id, COLLEAGUE, participant_id=called)
        rings = (await bench.hears(AgentRinging)).participant
        assert (rings.participant_id, rings.agent_id) == (called, COLLEAGUE.agent_id)
        assert rings.participant_type is ParticipantType.INITIAL_CALLER
        assert rings.state is ParticipantState.RINGING
        await bench.pbx.answer(call_id, called)
        assert (await bench.hears(AgentAnswered)).participant_id == called
        await bench.pbx.hang_up(call_id, called)
        assert (await bench.hears(CallOver)).ended_by is EndedBy.AGENT

    async def test_the_customer_of_a_callback_is_called_when_an_agent_answered(
        self, bench: Bench
    ) -> None:
        await bench.world.customer_wants_callback()
        call_id = (await bench.hears(CallArrived)).call_id
        [customer] = bench.call(call_id).call.participants
        assert bench.call(call_id).call.call_type is CallType.CALLBACK
        assert customer.state is ParticipantState.RINGING
        assert customer.phone_number
        await bench.pbx.offer(call_id, AGENT, participant_id="part-1")
        await bench.hears(AgentRinging)
        await bench.pbx.answer(call_id, "part-1")
        await bench.hears(AgentAnswered)
        assert bench.part(call_id, customer.participant_id).state is ParticipantState.RINGING
        await bench.world.answers(call_id, customer.participant_id)
        answered = await bench.hears(CustomerAnswered)
        assert answered.participant_id == customer.participant_id

    async def test_the_customer_of_a_callback_is_not_reached(self, bench: Bench) -> None:
        await bench.world.customer_wants_callback()
        call_id = (await bench.hears(CallArrived)).call_id
        customer = customer_part(bench.call(call_id))
        await bench.pbx.offer(call_id, AGENT, participant_id="part-1")
        await bench.hears(AgentRinging)
        await bench.pbx.answer(call_id, "part-1")
        await bench.hears(AgentAnswered)
        await bench.world.is_not_reached(call_id, customer)
        await bench.hears(DialFailed)
        assert not bench.pbx.active_calls()

    async def test_only_a_call_that_waits_can_be_offered(self, bench: Bench) -> None:
        call_id, _, customer = await bench.talks()
        heard = len(bench.heard)
        for part in ("part-2", customer):
            with pytest.raises(SwitchError):
                await bench.pbx.offer(call_id, COLLEAGUE, participant_id=part)
        assert len(bench.heard) == heard

    async def test_only_an_agents_phone_is_answered_by_command(self, bench: Bench) -> None:
        call_id = await bench.originates()
        heard = len(bench.heard)
        with pytest.raises(SwitchError):
            await bench.pbx.answer(call_id, customer_part(bench.call(call_id)))
        assert len(bench.heard) == heard

    async def test_the_same_call_id_calls_once(self, bench: Bench) -> None:
        await bench.originates("d0001")
        await bench.originates("d0001")
        assert await bench.is_quiet()
        assert len(bench.pbx.active_calls()) == 1

    async def test_what_it_does_not_know_it_refuses(self, bench: Bench) -> None:
        call_id, _, _ = await bench.talks()
        heard = len(bench.heard)
        with pytest.raises(UnknownCallError):
            await bench.pbx.hold("nothing", "nobody")
        with pytest.raises(UnknownParticipantError):
            await bench.pbx.hold(call_id, "nobody")
        with pytest.raises(UnknownDestinationError):
            await bench.pbx.originate(AGENT, call_id="d2", participant_id="p", destination=NOWHERE)
        with pytest.raises(SwitchError):
            await bench.pbx.offer(call_id, STRANGER, participant_id="p")
        assert len(bench.heard) == heard

    async def test_nothing_can_be_done_with_a_call_that_is_over(self, bench: Bench) -> None:
        call_id, agent_part, customer = await bench.talks()
        await bench.pbx.hang_up(call_id)
        assert (await bench.hears(CallOver)).ended_by is EndedBy.SWITCH
        for asking in (
            bench.pbx.hold(call_id, customer),
            bench.pbx.answer(call_id, agent_part),
            bench.pbx.hang_up(call_id, agent_part),
            bench.pbx.pause_recording(call_id),
        ):
            with pytest.raises(UnknownCallError):
                await asking

    async def test_calls_go_on_while_nobody_listens(self, bench: Bench) -> None:
        call_id, _, customer = await bench.talks()
        await bench.pbx.hold(call_id, customer)
        await bench.hears_control(ParticipantHeld)
        before = bench.call(call_id)
        await bench.pbx.stop()
        await bench.pbx.start()
        assert bench.call(call_id) == before
