"""The invented switch of docs/examples/example_adapter.py, for as long as a test runs."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from docs.examples.example_adapter import Refused

NOW = "2026-03-02T09:00:00+00:00"
TENANT = "00D000000000001AAA"
FLAGS = {
    "hold": ("held", True, "held"),
    "resume": ("held", False, "resumed"),
    "mute": ("muted", True, "muted"),
    "unmute": ("muted", False, "unmuted"),
}
RECORDING = {
    "pause": ("paused", "recording_paused"),
    "record": ("recording", "recording_resumed"),
}


def part(part_id: str, state: str, *, agent: str | None = None, number: str | None = None) -> Any:
    return {
        "id": part_id,
        "agent": agent,
        "number": number,
        "state": state,
        "since": NOW,
        "held": False,
        "muted": False,
    }


class ExampleSwitch:
    """Reports what it does before it answers, or after it."""

    def __init__(self, *, reports_late: bool = False) -> None:
        self.calls: dict[str, Any] = {}
        self.messages: list[Any] = []
        self._reports_late = reports_late
        self._on_report: Callable[[Mapping[str, Any]], None] = _nobody_hears

    # ---- the outside world -------------------------------------------------------------------

    async def customer_calls(self) -> None:
        parts = [part("customer-1", "connected", number="+12025550100")]
        self._report("arrived", self._new("call-1", "Inbound", parts, TENANT))

    async def customer_answers(self, call_id: str) -> None:
        call = self.calls[call_id]
        call["parts"][0]["state"] = "connected"
        self._report("customer_answered", call, part=call["parts"][0]["id"])

    async def customer_hangs_up(self, call_id: str) -> None:
        self._report("over", self.calls.pop(call_id), by="customer")

    async def dial_fails(self, call_id: str, reason: str) -> None:
        self._report("failed", self.calls.pop(call_id), reason=reason)

    # ---- requests ----------------------------------------------------------------------------

    async def subscribe(
        self, on_report: Callable[[Mapping[str, Any]], None]
    ) -> Sequence[Mapping[str, Any]]:
        self._on_report = on_report
        return deepcopy(list(self.calls.values()))

    async def unsubscribe(self) -> None:
        self._on_report = _nobody_hears

    async def request(self, verb: str, fields: Mapping[str, Any]) -> None:
        await asyncio.sleep(0)
        if verb == "message":
            self.messages.append(fields["message"])
        elif verb == "dial":
            self._dial(fields)
        else:
            self._change(verb, fields)

    def _dial(self, fields: Mapping[str, Any]) -> None:
        if len(fields["number"] or "") < 3:
            raise Refused("no_destination")
        parts = [
            part("customer-1", "ringing", number=fields["number"]),
            part(fields["part"], "connected", agent=fields["agent"]),
        ]
        call = self._new(fields["call"], "Outbound", parts, fields["tenant"])
        self._report("dialled", call)

    def _change(self, verb: str, fields: Mapping[str, Any]) -> None:
        call = self.calls.get(fields["call"])
        if call is None:
            raise Refused("no_call")
        if verb == "offer":
            call["parts"].append(part(fields["part"], "ringing", agent=fields["agent"]))
            self._report("rings", call, part=fields["part"])
        elif verb == "hang_up":
            by = "switch" if fields["part"] is None else "agent"
            self._report("over", self.calls.pop(call["id"]), by=by)
        elif verb in RECORDING:
            call["recording"], kind = RECORDING[verb]
            self._report(kind, call)
        else:
            self._change_part(verb, call, fields["part"])

    def _change_part(self, verb: str, call: Any, part_id: str) -> None:
        found = next((one for one in call["parts"] if one["id"] == part_id), None)
        if found is None:
            raise Refused("no_part")
        if verb == "withdraw":
            if found["state"] != "ringing":
                raise Refused("not_ringing")
            call["parts"].remove(found)
            self._report("withdrawn", call, part=part_id, agent=found["agent"])
        elif verb == "answer":
            found["state"] = "connected"
            self._report("agent_answered", call, part=part_id)
        elif found["state"] != "connected":
            raise Refused("not_connected")
        elif verb in FLAGS:
            flag, value, kind = FLAGS[verb]
            found[flag] = value
            self._report(kind, call, part=part_id)

    def _new(self, call_id: str, kind: str, parts: list[Any], tenant: str) -> Any:
        self.calls[call_id] = {
            "id": call_id,
            "tenant": tenant,
            "type": kind,
            "from": "+12025550100",
            "to": "+12025550199",
            "started": NOW,
            "recording": "recording",
            "parts": parts,
        }
        return self.calls[call_id]

    def _report(self, kind: str, call: Any, **more: Any) -> None:
        report = {"kind": kind, "at": NOW, "call": deepcopy(call), **more}
        if self._reports_late:
            asyncio.get_running_loop().call_soon(lambda: self._on_report(report))
        else:
            self._on_report(report)


def _nobody_hears(report: Mapping[str, Any]) -> None: ...
