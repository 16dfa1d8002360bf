"""Verbs for tests of agent features, beside those of `CenterHouse` and `Seat`."""

from dataclasses import replace
from typing import Any

from connector_py.entities import AnswerCall, LinkError, Reply
from server.entities import AgentKey, CallRecord, TenantSettings
from tests.support.server_fakes import TENANT_ID, CenterHouse, Seat, seed_tenant

CAT = AgentKey(tenant_id=TENANT_ID, agent_id="005cat")


async def talking(house: CenterHouse, seat: Seat) -> CallRecord:
    """Bring an agent online and on a call that came in."""
    await seat.goes_online()
    await seat.listens()
    rung = seat.names().count("call_started")
    call_id = await house.customer_calls(wanted=seat.key)
    await seat.rings(rung + 1)
    done(await seat.asks(AnswerCall(call_id=call_id)))
    return await house.record(call_id)


async def hire(house: CenterHouse, key: AgentKey = CAT) -> Seat:
    """Add one more agent."""
    await seed_tenant(house.store, key.tenant_id, key)
    return house.seat(key)


async def choose(house: CenterHouse, **changes: Any) -> TenantSettings:
    """Change some of the org's settings."""
    before = await house.center.tenant_settings(TENANT_ID)
    after = replace(before, **changes)
    await house.center.change_tenant_settings(TENANT_ID, after)
    return after


async def voice(house: CenterHouse, **flags: bool) -> None:
    """Switch capabilities for voice on or off."""
    before = await house.center.tenant_settings(TENANT_ID)
    await choose(house, voice_capabilities=replace(before.voice_capabilities, **flags))


async def shared(house: CenterHouse, **flags: bool) -> None:
    """Switch capabilities for every channel on or off."""
    before = await house.center.tenant_settings(TENANT_ID)
    await choose(house, shared_capabilities=replace(before.shared_capabilities, **flags))


def done(reply: Reply) -> Any:
    """Return the result of a command that was not refused."""
    assert reply.error is None, reply.error
    return reply.result


def refused(reply: Reply) -> LinkError:
    """Return why a command was refused."""
    assert reply.error is not None, "it was not refused"
    return reply.error


def customer_id(record: CallRecord) -> str:
    assert record.customer is not None
    return record.customer.participant_id


def part_of(record: CallRecord, key: AgentKey) -> Any:
    """Return an agent's part in a call, alive."""
    part = record.agent(key.agent_id)
    assert part is not None
    return part
