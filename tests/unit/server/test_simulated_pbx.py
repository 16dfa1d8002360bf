"""What the simulated switch can do beyond the rules of every adapter: its verbs and its memory."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from connector_py.entities import (
    CallInfo,
    CallType,
    ContactType,
    DialerType,
    ParticipantSnapshot,
    ParticipantState,
    RecordingState,
)
from server.entities import DialFailure, SwitchCall
from server.pbx import (
    CallOver,
    CallTemplate,
    ControlChanged,
    Destination,
    DialFailed,
    EndedBy,
    NextDial,
    PartyAdded,
    PartyLeft,
    PbxEvent,
    SimulatedPbx,
    SwitchError,
    UnknownDestinationError,
    UnknownParticipantError,
)
from server.store import StoreError
from tests.support.server_fakes import (
    ADA,
    BEN,
    CENTER,
    CUSTOMER,
    TENANT_ID,
    FakeClock,
    SequentialIds,
)

NUMBER = Destination(number="+1 (202) 555-0123")
QUEUE = Destination(contact_id="queue-1", contact_type=ContactType.QUEUE, is_routed=True)
HELD_MUTED_PAUSED = CallInfo(is_on_hold=True, is_muted=True, is_recording_paused=True)


@dataclass
class PlainMemory:
    """Keeps calls as they are; `is_broken` fails every write, `is_slow` lets others go first.

    Implements `SwitchMemory`.
    """

    calls: dict[str, SwitchCall] = field(default_factory=dict)
    is_broken: bool = False
    is_slow: bool = False

    async def load(self) -> Sequence[SwitchCall]:
        return list(self.calls.values())

    async def save(self, call: SwitchCall) -> None:
        self._check()
        if self.is_slow:
            await asyncio.sleep(0.01)
        self.calls[call.call.call_id] = call

    async def forget(self, call_id: str) -> bool:
        self._check()
        return self.calls.pop(call_id, None) is not None

    async def knows_contact(self, tenant_id: str, contact_id: str) -> bool:
        return contact_id == "phone-book-1"

    def _check(self) -> None:
        if self.is_broken:
            raise StoreError("The disk is full")


@dataclass
class House:
    """A simulated switch and what it said."""

    pbx: SimulatedPbx
    memory: PlainMemory
    clock: FakeClock
    heard: list[PbxEvent] = field(default_factory=list)
    template: CallTemplate = field(default_factory=CallTemplate)

    async def template_of(self, tenant_id: str) -> CallTemplate:
        assert tenant_id == TENANT_ID
        return self.template

    def kinds(self) -> list[str]:
        """Return what was heard since the last time, in short."""
        told = [
            type(one.notification if isinstance(one, ControlChanged) else one).__name__
            for one in self.heard
        ]
        self.heard.clear()
        return told

    def last(self) -> PbxEvent:
        return self.heard[-1]

    def part(self, participant_id: str) -> ParticipantSnapshot:
        [call] = self.pbx.active_calls()
        [part] = [one for one in call.call.participants if one.participant_id == participant_id]
        return part

    async def waits(self, seconds: float) -> None:
        """Let time pass, and what is due happen."""
        for moment in (0, seconds, 0):
            await self.clock.advance(moment)
            await asyncio.sleep(0)

    async def calls_in(self) -> tuple[str, str]:
        """Return the call and its customer's part."""
        call_id = await self.pbx.customer_calls(TENANT_ID, from_number=CUSTOMER, to_number=CENTER)
        [call] = self.pbx.active_calls()
        return call_id, call.call.participants[0].participant_id

    async def talks(self) -> tuple[str, str]:
        """Return the call and its customer's part; Ada's part is "ada"."""
        call_id, customer = await self.calls_in()
        await self.pbx.offer(call_id, ADA, participant_id="ada")
        await self.pbx.answer(call_id, "ada")
        return call_id, customer

    async def adds(self, call_id: str, destination: Destination, party: str = "leg") -> None:
        await self.pbx.add_party(
            call_id, participant_id=party, added_by="ada", destination=destination
        )

    async def dials(self, call_type: CallType = CallType.OUTBOUND) -> str:
        """Let Ada call; return the other side's part of the call "d1"."""
        destination = QUEUE if call_type is CallType.INTERNAL_CALL else NUMBER
        await self.pbx.originate(
            ADA, call_id="d1", participant_id="ada", destination=destination, call_type=call_type
        )
        [call] = self.pbx.active_calls()
        return call.call.participants[0].participant_id


@pytest.fixture
async def house() -> AsyncIterator[House]:
    memory, clock = PlainMemory(), FakeClock()
    house = House(pbx=None, memory=memory, clock=clock)  # type: ignore[arg-type]
    house.pbx = SimulatedPbx(
        memory, clock=clock, ids=SequentialIds(), template_of=house.template_of
    )
    house.pbx.listen(house.heard.append)
    await house.pbx.start()
    yield house
    await house.pbx.stop()


# ---- how calls begin ---------------------------------------------------------------------------


async def test_a_call_that_comes_in_begins_as_the_template_says(house: House) -> None:
    house.template = CallTemplate(
        call_info=HELD_MUTED_PAUSED, dialer_type=DialerType.OUTBOUND_PREVIEW
    )
    call_id, customer = await house.calls_in()
    [switch_call] = house.pbx.active_calls()
    assert switch_call.call.call_info == HELD_MUTED_PAUSED
    assert switch_call.call.dialer_type is DialerType.OUTBOUND_PREVIEW
    assert switch_call.call.recording is RecordingState.PAUSED
    assert house.part(customer).is_on_hold
    await house.pbx.offer(call_id, ADA, participant_id="ada")
    assert not house.part("ada").is_muted
    await house.pbx.answer(call_id, "ada")
    assert house.part("ada").is_muted
    assert house.kinds()[-2:] == ["AgentAnswered", "ParticipantMuted"]


async def test_what_the_verb_says_counts_more_than_the_orgs_template(house: House) -> None:
    house.template = CallTemplate(call_info=HELD_MUTED_PAUSED)
    await house.pbx.customer_calls(
        TENANT_ID,
        from_number=CUSTOMER,
        to_number=CENTER,
        template=CallTemplate(is_auto_merge_on=True),
    )
    [switch_call] = house.pbx.active_calls()
    assert switch_call.call.is_auto_merge_on
    assert switch_call.call.recording is RecordingState.RECORDING
    assert not switch_call.call.participants[0].is_on_hold


async def test_an_agents_own_call_begins_as_the_template_says(house: House) -> None:
    house.template = CallTemplate(call_info=HELD_MUTED_PAUSED)
    customer = await house.dials()
    [switch_call] = house.pbx.active_calls()
    assert switch_call.call.recording is RecordingState.PAUSED
    assert house.part("ada").is_muted
    assert not house.part(customer).is_on_hold
    await house.pbx.customer_answers("d1")
    assert house.part(customer).is_on_hold
    assert house.kinds() == ["DialStarted", "CustomerAnswered", "ParticipantHeld"]


async def test_nobody_begins_on_hold_where_calls_merge_by_themselves(house: House) -> None:
    house.template = CallTemplate(call_info=CallInfo(is_on_hold=True), is_auto_merge_on=True)
    customer = await house.dials()
    await house.pbx.customer_answers("d1")
    assert not house.part(customer).is_on_hold
    await house.adds("d1", NUMBER)
    assert house.kinds() == ["DialStarted", "CustomerAnswered", "PartyAdded"]
    with pytest.raises(SwitchError, match="merges by itself"):
        await house.pbx.hold("d1", customer)
    await house.pbx.hang_up("d1")
    _, customer = await house.calls_in()
    assert not house.part(customer).is_on_hold


async def test_whoever_is_added_begins_as_the_template_says(house: House) -> None:
    call_id, _ = await house.talks()
    house.template = CallTemplate(added_call_info=HELD_MUTED_PAUSED)
    await house.adds(call_id, NUMBER, "outside")
    await house.adds(call_id, QUEUE, "leg")
    house.template = CallTemplate()
    await house.pbx.offer(call_id, BEN, participant_id="leg")
    house.kinds()
    assert not house.part("outside").is_muted
    await house.pbx.party_answers(call_id, "outside")
    await house.pbx.answer(call_id, "leg")
    begun = ["ParticipantMuted", "ParticipantHeld"]
    assert house.kinds() == ["PartyAnswered", *begun, "AgentAnswered", *begun]
    assert house.part("leg").is_muted
    assert house.part("outside").is_on_hold
    [switch_call] = house.pbx.active_calls()
    assert switch_call.call.recording is RecordingState.RECORDING


async def test_nobody_is_held_who_takes_over_from_who_asked_for_them(house: House) -> None:
    call_id, _ = await house.talks()
    house.template = CallTemplate(added_call_info=CallInfo(is_on_hold=True))
    await house.pbx.add_party(
        call_id, participant_id="leg", added_by="ada", destination=QUEUE, is_blind=True
    )
    await house.pbx.offer(call_id, BEN, participant_id="leg")
    await house.pbx.answer(call_id, "leg")
    assert not house.part("leg").is_on_hold


async def test_tones_are_known_until_the_call_is_over(house: House) -> None:
    call_id, _ = await house.talks()
    await house.pbx.send_digits(call_id, "ada", "12")
    await house.pbx.send_digits(call_id, "ada", "3#")
    assert house.pbx.digits_of(call_id) == {"ada": "123#"}
    assert "123#" not in repr(house.memory.calls)
    await house.pbx.hang_up(call_id)
    assert house.pbx.digits_of(call_id) == {}


# ---- callbacks ---------------------------------------------------------------------------------


async def test_a_callback_knows_whom_to_call_and_why(house: House) -> None:
    call_id = await house.pbx.customer_wants_callback(
        TENANT_ID,
        phone_number="+1 (202) 555-0123",
        wanted_agent_id=BEN.agent_id,
        initial_call_id="call-0",
    )
    [switch_call] = house.pbx.active_calls()
    assert switch_call.call.call_id == call_id
    assert switch_call.call.call_type is CallType.CALLBACK
    assert switch_call.call.initial_call_id == "call-0"
    assert switch_call.wanted_agent_id == BEN.agent_id
    assert switch_call.to_number == "+12025550123"
    [customer] = switch_call.call.participants
    assert customer.phone_number == "+12025550123"


async def test_a_callback_needs_a_number(house: House) -> None:
    with pytest.raises(UnknownDestinationError):
        await house.pbx.customer_wants_callback(TENANT_ID, phone_number="Ann")
    assert not house.pbx.active_calls()


async def test_the_customer_of_a_callback_rings_only_after_an_agent_answered(house: House) -> None:
    house.pbx.set_next_dial(NextDial.UNREACHABLE, ring_seconds=3)
    call_id = await house.pbx.customer_wants_callback(TENANT_ID, phone_number=CUSTOMER)
    await house.waits(100)
    with pytest.raises(SwitchError, match="does not ring"):
        await house.pbx.customer_answers(call_id)
    for agent in (ADA, BEN):
        await house.pbx.offer(call_id, agent, participant_id=agent.agent_id)
        if agent is ADA:
            await house.pbx.withdraw_offer(call_id, agent)
    await house.pbx.answer(call_id, BEN.agent_id)
    await house.waits(2)
    assert house.pbx.active_calls()
    await house.waits(1)
    failed = house.last()
    assert isinstance(failed, DialFailed)
    assert failed.failure is DialFailure.UNREACHABLE


async def test_a_customer_is_called_back_once(house: House) -> None:
    call_id = await house.pbx.customer_wants_callback(TENANT_ID, phone_number=CUSTOMER)
    await house.pbx.offer(call_id, ADA, participant_id="ada")
    house.pbx.set_next_dial(NextDial.BUSY, ring_seconds=10)
    await house.pbx.answer(call_id, "ada")
    await house.adds(call_id, QUEUE)
    await house.pbx.offer(call_id, BEN, participant_id="leg")
    await house.waits(9)
    house.pbx.set_next_dial(NextDial.UNREACHABLE)
    await house.pbx.answer(call_id, "leg")
    assert house.pbx.next_dial is NextDial.UNREACHABLE, "the second answer calls nobody"
    await house.waits(1)
    left = house.last()
    assert isinstance(left, PartyLeft)
    assert left.failure is DialFailure.BUSY


async def test_a_customer_may_want_no_callback_any_more(house: House) -> None:
    call_id = await house.pbx.customer_wants_callback(TENANT_ID, phone_number=CUSTOMER)
    await house.pbx.customer_hangs_up(call_id)
    over = house.last()
    assert isinstance(over, CallOver)
    assert over.ended_by is EndedBy.CUSTOMER


# ---- phones outside ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "failure", "seconds"),
    [
        (NextDial.BUSY, DialFailure.BUSY, 0),
        (NextDial.UNREACHABLE, DialFailure.UNREACHABLE, 0),
        (NextDial.RING, DialFailure.NO_ANSWER, 60),
    ],
)
async def test_the_next_dial_counts_for_an_added_party(
    house: House, outcome: NextDial, failure: DialFailure, seconds: float
) -> None:
    call_id, _ = await house.talks()
    house.pbx.set_next_dial(outcome)
    await house.adds(call_id, QUEUE, "queue")
    assert house.pbx.next_dial is outcome
    await house.adds(call_id, NUMBER)
    assert house.pbx.next_dial is NextDial.RING
    assert house.part("leg").phone_number == "+12025550123"
    if seconds:
        await house.waits(seconds - 1)
        assert house.part("leg").state is ParticipantState.RINGING
    await house.waits(1)
    left = house.last()
    assert isinstance(left, PartyLeft)
    assert (left.participant_id, left.failure) == ("leg", failure)
    assert house.part("queue").state is ParticipantState.RINGING


async def test_each_phone_that_rings_has_its_own_time(house: House) -> None:
    call_id, _ = await house.talks()
    for party, seconds in (("late", 20), ("soon", 10), ("answers", 5)):
        house.pbx.set_next_dial(NextDial.RING, ring_seconds=seconds)
        await house.adds(call_id, NUMBER, party)
    await house.pbx.party_answers(call_id, "answers")
    house.kinds()
    await house.waits(12)
    assert [one.participant_id for one in house.heard if isinstance(one, PartyLeft)] == ["soon"]
    await house.pbx.stop()
    await house.pbx.start()
    await house.waits(8)
    assert house.kinds() == ["PartyLeft", "PartyLeft"]
    assert house.part("answers").state is ParticipantState.CONNECTED


async def test_a_phone_book_entry_is_called_without_a_number(house: House) -> None:
    call_id, _ = await house.talks()
    entry = Destination(
        contact_id="phone-book-1", contact_type=ContactType.PHONEBOOK, name="Front desk"
    )
    await house.adds(call_id, entry)
    added = house.part("leg")
    assert (added.name, added.contact_type, added.contact_id) == (
        "Front desk",
        ContactType.PHONEBOOK,
        "phone-book-1",
    )
    with pytest.raises(UnknownDestinationError):
        await house.adds(call_id, Destination(contact_id="nobody"), "leg-2")


async def test_who_does_not_take_the_call_is_busy(house: House) -> None:
    call_id, _ = await house.talks()
    await house.adds(call_id, NUMBER)
    await house.pbx.party_hangs_up(call_id, "leg")
    left = house.last()
    assert isinstance(left, PartyLeft)
    assert left.failure is DialFailure.BUSY
    with pytest.raises(UnknownParticipantError):
        await house.pbx.party_hangs_up(call_id, "leg")


async def test_a_customer_who_is_not_reached_leaves_the_others(house: House) -> None:
    customer = await house.dials()
    await house.adds("d1", NUMBER)
    assert house.kinds() == ["DialStarted", "PartyAdded"], "nobody holds a phone that rings"
    await house.pbx.party_answers("d1", "leg")
    await house.waits(61)
    left = house.last()
    assert isinstance(left, PartyLeft)
    assert (left.participant_id, left.failure) == (customer, DialFailure.NO_ANSWER)
    with pytest.raises(UnknownParticipantError, match="customer has left"):
        await house.pbx.customer_answers("d1")


async def test_verbs_move_nobody_but_phones_outside(house: House) -> None:
    call_id, customer = await house.talks()
    await house.adds(call_id, QUEUE, "queue")
    heard = len(house.heard)
    for verb in (house.pbx.party_answers, house.pbx.party_hangs_up):
        for party in ("ada", "queue", "nobody"):
            with pytest.raises(SwitchError):
                await verb(call_id, party)
    with pytest.raises(SwitchError, match="does not ring"):
        await house.pbx.party_answers(call_id, customer)
    assert len(house.heard) == heard


# ---- between agents ----------------------------------------------------------------------------


async def test_an_internal_call_is_no_customers(house: House) -> None:
    called = await house.dials(CallType.INTERNAL_CALL)
    for verb in (house.pbx.customer_answers, house.pbx.customer_hangs_up):
        with pytest.raises(SwitchError):
            await verb("d1")
    await house.pbx.offer("d1", BEN, participant_id=called)
    await house.pbx.answer("d1", called)
    with pytest.raises(SwitchError):
        await house.pbx.customer_hangs_up("d1")
    assert house.kinds() == ["DialStarted", "AgentRinging", "AgentAnswered"]


async def test_the_called_agent_holds_the_one_who_called(house: House) -> None:
    called = await house.dials(CallType.INTERNAL_CALL)
    await house.pbx.offer("d1", BEN, participant_id=called)
    await house.pbx.answer("d1", called)
    await house.pbx.add_party("d1", participant_id="leg", added_by=called, destination=NUMBER)
    assert house.part("ada").is_on_hold
    assert not house.part(called).is_on_hold
    await house.pbx.party_answers("d1", "leg")
    await house.pbx.hang_up("d1", called)
    assert not house.part("ada").is_on_hold


async def test_who_stays_can_still_talk_when_the_last_agent_leaves(house: House) -> None:
    call_id, customer = await house.talks()
    for party in ("leg", "queue"):
        await house.adds(call_id, NUMBER if party == "leg" else QUEUE, party)
    await house.pbx.party_answers(call_id, "leg")
    await house.pbx.offer(call_id, BEN, participant_id="queue")
    await house.pbx.answer(call_id, "queue")
    await house.pbx.hang_up(call_id, "ada")
    await house.pbx.hold(call_id, customer)
    house.kinds()
    await house.pbx.hang_up(call_id, "queue")
    assert house.kinds() == ["PartyLeft", "ParticipantsConferenced"]
    assert not house.part(customer).is_on_hold


# ---- the memory --------------------------------------------------------------------------------


async def test_what_cannot_be_written_down_did_not_happen(house: House) -> None:
    call_id, customer = await house.talks()
    before, heard = house.pbx.active_calls(), len(house.heard)
    house.memory.is_broken = True
    for asking in (
        house.adds(call_id, NUMBER),
        house.pbx.add_party(
            call_id, participant_id="leg", added_by="ada", destination=QUEUE, is_blind=True
        ),
        house.pbx.hold(call_id, customer),
        house.pbx.hang_up(call_id),
    ):
        with pytest.raises(StoreError):
            await asking
    assert house.pbx.active_calls() == before
    assert len(house.heard) == heard
    house.memory.is_broken = False
    await house.adds(call_id, NUMBER)
    assert isinstance(house.last(), PartyAdded)


async def test_a_phone_is_given_up_when_the_memory_works_again(house: House) -> None:
    await house.dials()
    house.memory.is_broken = True
    await house.waits(70)
    assert house.pbx.active_calls()
    house.memory.is_broken = False
    await house.waits(1)
    assert isinstance(house.last(), DialFailed)
    assert not house.memory.calls


async def test_changes_of_one_call_follow_each_other(house: House) -> None:
    call_id, customer = await house.talks()
    house.memory.is_slow = True
    await asyncio.gather(
        house.pbx.mute(call_id, "ada"),
        house.pbx.hold(call_id, customer),
        house.adds(call_id, NUMBER, "leg-1"),
        house.adds(call_id, NUMBER, "leg-2"),
    )
    assert house.part("ada").is_muted
    assert house.part(customer).is_on_hold
    assert house.part("leg-1").state is house.part("leg-2").state is ParticipantState.RINGING
    assert house.memory.calls[call_id] in house.pbx.active_calls()


async def test_a_phone_that_is_answered_while_it_is_given_up_stays_answered(house: House) -> None:
    customer = await house.dials()
    await house.waits(59)
    house.memory.is_slow = True
    answering = asyncio.create_task(house.pbx.customer_answers("d1"))
    await house.waits(10)
    await answering
    await house.waits(1)
    assert house.part(customer).state is ParticipantState.CONNECTED


async def test_a_stopped_switch_does_nothing_more(house: House) -> None:
    await house.dials()
    for party in ("leg-1", "leg-2"):
        await house.adds("d1", NUMBER, party)
    await house.pbx.stop()
    house.kinds()
    await house.waits(100)
    assert not house.kinds()


async def test_a_blind_transfer_is_written_at_once(house: House) -> None:
    call_id, _ = await house.talks()
    seen: list[tuple[int, int]] = []

    def hear(event: PbxEvent) -> None:
        [shown] = house.pbx.active_calls()
        seen.append((alive(house.memory.calls[call_id]), alive(shown)))

    house.pbx.listen(hear)
    await house.pbx.add_party(
        call_id, participant_id="leg", added_by="ada", destination=QUEUE, is_blind=True
    )
    assert seen == [(2, 3), (2, 2)], "all is written before anything is told, step by step"


def alive(switch_call: SwitchCall) -> int:
    parts = switch_call.call.participants
    return len([one for one in parts if one.state is not ParticipantState.ENDED])
