"""Verbs for tests of calls with several parties, beside those of `center_verbs`."""

from typing import Any

from connector_py.call_model import to_phone_calls
from connector_py.entities import (
    AddParticipant,
    CallEnded,
    Contact,
    ContactType,
    HangupReason,
    HangupStatus,
    Notification,
    ParticipantSnapshot,
    PhoneCall,
)
from server.entities import AgentKey, CallRecord, OutboxKind
from tests.support.center_verbs import done
from tests.support.server_fakes import TENANT_ID, CenterHouse, Seat, eventually

SUPPORT = Contact(id="queue-support", type=ContactType.QUEUE, name="Support")
FLOW = Contact(id="acme__Route_To_Support", type=ContactType.FLOW)
THEO = Contact(phone_number="+1 202 555 0188", name="Theo", type=ContactType.PHONENUMBER)

_LONG_ENOUGH = 20

Ending = tuple[HangupReason, HangupStatus | None, bool | None]
ENDED: Ending = (HangupReason.PHONE_CALL_ENDED, None, None)


def failed(status: HangupStatus) -> Ending:
    """How a call ends that never connected (guide, "Handling Missed Calls and Call Errors")."""
    return HangupReason.PHONE_CALL_ERROR, status, False


def to_agent(key: AgentKey) -> Contact:
    """The phone book's entry of an agent."""
    return Contact(id=key.agent_id, type=ContactType.AGENT)


async def open_queue(house: CenterHouse) -> None:
    """Write the queue into the phone book."""
    await house.store.run(lambda tx: tx.save_contacts(TENANT_ID, [SUPPORT]))


async def adds(
    seat: Seat, call_id: str, contact: Contact, *, is_blind: bool = False, key: str | None = None
) -> str:
    """Let an agent bring somebody in; return the participant id."""
    command = AddParticipant(contact=contact, call_id=call_id, is_blind_transfer=is_blind)
    result = done(await seat.asks(command, key))
    return result["participantId"]


async def how_it_ended(seat: Seat, count: int = 1) -> Ending:
    """Wait for the end of a call at an agent."""
    end: CallEnded = await seat.hears(CallEnded, count)
    return end.reason, end.agent_status, end.close_call_on_error


def party(record: CallRecord, participant_id: str) -> ParticipantSnapshot:
    """Return somebody on the call, alive."""
    found = record.party(participant_id)
    assert found is not None
    return found


async def view(seat: Seat, call_id: str) -> list[PhoneCall]:
    """Return what Salesforce is shown of a call at an agent."""
    record = await seat.house.record(call_id)
    return list(to_phone_calls(record.call, agent_id=seat.key.agent_id))


async def heard(seat: Seat, kind: type[Notification]) -> list[Any]:
    """Return everything of a kind that an agent heard so far."""
    return [one for one in await seat.listens() if isinstance(one, kind)]


async def told_salesforce(house: CenterHouse, key: str) -> list[OutboxKind]:
    """Return what Salesforce is told about a VoiceCall, in order."""
    return [one.kind for one in await house.outbox(key)]


async def salesforce_is_asked(house: CenterHouse, count: int) -> None:
    """Wait until so many VoiceCalls were asked for; what waits for the answer waits by then."""

    async def is_asked() -> bool:
        return len(house.salesforce.asked) >= count

    await eventually(is_asked)


async def back(house: CenterHouse, *before: Seat) -> list[Seat]:
    """The agents' pages reconnect by themselves and say what they have heard."""
    seats: list[Seat] = []
    for one in before:
        seat = Seat(house, one.key, one.instance_id, one.epoch, one.offset)
        seat.heard, seat.causes = list(one.heard), list(one.causes)
        await seat.connects()
        seats.append(seat)
    return seats


async def falls_silent(house: CenterHouse) -> None:
    """Wait until nothing has changed for a while."""
    before: object = None
    quiet = 0

    async def is_quiet() -> bool:
        nonlocal before, quiet
        overview = await house.center.overview(TENANT_ID)
        quiet = quiet + 1 if overview == before else 0
        before = overview
        return quiet >= _LONG_ENOUGH

    await eventually(is_quiet)
