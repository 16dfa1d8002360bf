from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.entities import AgentKey
from server.pbx import CallTemplate, SimulatedPbx, WithdrawReason
from server.store import open_store
from tests.conformance.pbx_conformance import AGENT, Bench, PbxConformance
from tests.support.server_fakes import CENTER, CUSTOMER, FakeClock, SequentialIds

LONGEST_RING = 61


@dataclass
class SimulatedWorld:
    pbx: SimulatedPbx
    clock: FakeClock

    async def customer_calls(self, *, is_auto_merge_on: bool = False) -> None:
        await self.pbx.customer_calls(
            AGENT.tenant_id,
            from_number=CUSTOMER,
            to_number=CENTER,
            template=CallTemplate(is_auto_merge_on=is_auto_merge_on),
        )

    async def customer_wants_callback(self) -> None:
        await self.pbx.customer_wants_callback(AGENT.tenant_id, phone_number=CUSTOMER)

    async def answers(self, call_id: str, participant_id: str) -> None:
        await self.pbx.party_answers(call_id, participant_id)

    async def hangs_up(self, call_id: str, participant_id: str) -> None:
        await self.pbx.party_hangs_up(call_id, participant_id)

    async def declines(self, call_id: str, agent: AgentKey) -> None:
        await self.pbx.agent_lets_go(call_id, agent, WithdrawReason.DECLINED)

    async def is_not_reached(self, call_id: str, participant_id: str) -> None:
        await self.clock.advance(LONGEST_RING)


class TestSimulatedPbx(PbxConformance):
    @pytest.fixture
    async def bench(self, tmp_path: Path) -> AsyncIterator[Bench]:
        ids, clock = SequentialIds(), FakeClock()
        store = await open_store(f"sqlite:///{tmp_path / 'switch.sqlite3'}", ids=ids)
        pbx = SimulatedPbx(store.switch_memory, clock=clock, ids=ids)
        bench = Bench(pbx=pbx, world=SimulatedWorld(pbx, clock))
        pbx.listen(bench.heard.append)
        await pbx.start()
        yield bench
        await pbx.stop()
        await store.close()
