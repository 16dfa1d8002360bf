"""The example of docs/switch-adapter.md keeps the rules of every adapter."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from docs.examples.example_adapter import ExamplePbx
from server.entities import DialFailure
from server.pbx import DialFailed, PageMessage, Pbx, SwitchError
from tests.conformance.bench import as_shown, as_told
from tests.conformance.pbx_conformance import AGENT, Bench, PbxConformance
from tests.support.example_switch import ExampleSwitch

DOCS = Path(__file__).resolve().parents[2] / "docs"


class TestExamplePbx(PbxConformance):
    @pytest.fixture
    async def bench(self) -> AsyncIterator[Bench]:
        switch = ExampleSwitch()
        pbx = ExamplePbx(switch)
        bench = Bench(pbx=pbx, world=switch, can_supervise=False, can_auto_merge=False)
        pbx.listen(bench.heard.append)
        await pbx.start()
        yield bench
        await pbx.stop()


class TestExamplePbxWithLateReports(PbxConformance):
    @pytest.fixture
    async def bench(self) -> AsyncIterator[Bench]:
        switch = ExampleSwitch(reports_late=True)
        pbx = ExamplePbx(switch)
        bench = Bench(pbx=pbx, world=switch, can_supervise=False, can_auto_merge=False)
        pbx.listen(bench.heard.append)
        await pbx.start()
        yield bench
        await pbx.stop()


@pytest.mark.parametrize("failure", DialFailure)
async def test_a_customer_who_is_not_reached(failure: DialFailure) -> None:
    switch, heard = ExampleSwitch(), []
    pbx: Pbx = ExamplePbx(switch)
    bench = Bench(pbx=pbx, world=switch, heard=heard)
    pbx.listen(heard.append)
    await pbx.start()
    await bench.originates()
    await switch.is_not_reached("d0001", "customer-1", failure.value)
    assert (await bench.hears(DialFailed)).failure is failure
    assert not pbx.active_calls()


async def test_messages_and_refusals_pass() -> None:
    switch = ExampleSwitch()
    pbx = ExamplePbx(switch)
    await pbx.start()
    await pbx.take_message(AGENT, {"a": 1})
    assert switch.messages == [{"a": 1}]
    with pytest.raises(SwitchError, match="no_call"):
        await pbx.hang_up("nothing")


async def test_what_the_switch_says_to_a_page_is_reported() -> None:
    switch, heard = ExampleSwitch(), []
    pbx = ExamplePbx(switch)
    pbx.listen(heard.append)
    await pbx.start()
    switch.says(AGENT.tenant_id, AGENT.agent_id, {"a": 1})
    [report] = heard
    assert isinstance(report, PageMessage)
    assert (report.agent, report.message) == (AGENT, {"a": 1})
    assert as_shown([one.call for one in pbx.active_calls()]) == as_told(heard) == []


async def test_a_stopped_adapter_says_nothing() -> None:
    switch, heard = ExampleSwitch(), []
    pbx = ExamplePbx(switch)
    pbx.listen(heard.append)
    await pbx.start()
    await pbx.stop()
    await switch.customer_calls()
    assert not heard
    await pbx.start()
    assert len(pbx.active_calls()) == 1


def test_the_page_shows_the_bench_that_runs_here() -> None:
    page = (DOCS / "switch-adapter.md").read_text()
    [shown] = [block for block in page.split("```") if "class TestExamplePbx" in block]
    assert shown.removeprefix("python\n").strip() in Path(__file__).read_text()
