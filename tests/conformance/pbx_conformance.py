"""The conformance kit: rules of `server/pbx/base.py` that every adapter must keep.

An adapter's test makes a subclass of `PbxConformance` whose fixture `bench` gives the adapter and
the outside world: somebody who calls, answers and hangs up. The rules themselves are in
`call_rules.py`, `party_rules.py` and `supervisor_rules.py`.
"""

from collections.abc import AsyncIterator

import pytest

from tests.conformance.bench import AGENT, Bench, OutsideWorld, as_shown, as_told
from tests.conformance.call_rules import CallRules
from tests.conformance.party_rules import PartyRules
from tests.conformance.supervisor_rules import SupervisorRules

__all__ = ["AGENT", "Bench", "OutsideWorld", "PbxConformance"]


class PbxConformance(CallRules, PartyRules, SupervisorRules):
    """The kit; pytest collects it through subclasses named `Test…`."""

    @pytest.fixture(autouse=True)
    async def events_tell_what_the_calls_show(self, bench: Bench) -> AsyncIterator[None]:
        """After each test the calls are what the events alone lead to."""
        yield
        assert await bench.is_quiet()
        shown = as_shown([one.call for one in bench.pbx.active_calls()])
        assert as_told(bench.heard) == shown
