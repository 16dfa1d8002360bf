from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.pbx import SimulatedPbx
from server.store import open_store
from tests.conformance.pbx_conformance import AGENT, Bench, PbxConformance
from tests.support.server_fakes import CENTER, CUSTOMER, FakeClock, SequentialIds


@dataclass
class SimulatedWorld:
    pbx: SimulatedPbx

    async def customer_calls(self) -> None:
        await self.pbx.customer_calls(AGENT.tenant_id, from_number=CUSTOMER, to_number=CENTER)

    async def customer_answers(self, call_id: str) -> None:
        await self.pbx.customer_answers(call_id)

    async def customer_hangs_up(self, call_id: str) -> None:
        await self.pbx.customer_hangs_up(call_id)


class TestSimulatedPbx(PbxConformance):
    @pytest.fixture
    async def bench(self, tmp_path: Path) -> AsyncIterator[Bench]:
        ids = SequentialIds()
        store = await open_store(f"sqlite:///{tmp_path / 'switch.sqlite3'}", ids=ids)
        pbx = SimulatedPbx(store.switch_memory, clock=FakeClock(), ids=ids)
        bench = Bench(pbx=pbx, world=SimulatedWorld(pbx))
        pbx.listen(bench.heard.append)
        await pbx.start()
        yield bench
        await pbx.stop()
        await store.close()
