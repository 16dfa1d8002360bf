"""The invented switch of docs/examples/example_adapter.py, for as long as a test runs."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from docs.examples.example_adapter import ExamplePbx, Refused
from server.entities import AgentKey

NOW = "2026-03-02T09:00:00+00:00"
TENANT = "00D000000000001AAA"
CUSTOMER = {"number": "+12025550100"}
PLACED = ("Outbound", "DialedCallback", "InternalCall")
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
Json = Mapping[str, Any]


def part(part_id: str, role: str, state: str, **more: Any) -> Any:
    return {
        "id": part_id,
        "role": role,
        "agent": None,
        "number": None,
        "name": None,
        "contact": None,
        "contact_type": None,
        "routed": False,
        "state": state,
        "since": NOW,
        "held": False,
        "muted": False,
        "added_by": None,
        "consult": False,
        **more,
    }


def whom(fields: Json) -> dict[str, Any]:
    """Return a part's fields for a destination."""
    if not fields["routed"] and len(fields["number"] or "") < 3:
        raise Refused("no_destination")
    return {key: fields[key] for key in ("number", "name", "contact", "contact_type", "routed")}


def alive(call: Any) -> list[Any]:
    return [one for one in call["parts"] if one["state"] != "ended"]


def is_on_it(one: Any) -> bool:
    return one["state"] == "connected"


class ExampleSwitch:
    """Reports what it does before it answers, or after it."""

    def __init__(self, *, reports_late: bool = False) -> None:
        self.calls: dict[str, Any] = {}
        self.messages: list[Any] = []
        self._reports_late = reports_late
        self._on_report: Callable[[Json], None] = _nobody_hears

    # ---- the outside world -------------------------------------------------------------------

    async def customer_calls(self, *, is_auto_merge_on: bool = False) -> None:
        assert not is_auto_merge_on, "this switch cannot merge calls by itself"
        parts = [part("customer-1", "customer", "connected", **CUSTOMER)]
        self._report("arrived", self._new("call-1", "Inbound", parts, TENANT))

    async def customer_wants_callback(self) -> None:
        parts = [part("customer-1", "customer", "ringing", **CUSTOMER)]
        self._report("arrived", self._new("call-1", "Callback", parts, TENANT))

    async def answers(self, call_id: str, participant_id: str) -> None:
        call = self.calls[call_id]
        self._part(call, participant_id)["state"] = "connected"
        self._report("answered", call, part=participant_id)

    async def hangs_up(self, call_id: str, participant_id: str) -> None:
        call = self.calls[call_id]
        self._leaves(call, self._part(call, participant_id), by="customer")

    async def declines(self, call_id: str, agent: AgentKey) -> None:
        self._stops(self.calls[call_id], {"agent": agent.agent_id}, reason="declined")

    async def is_not_reached(
        self, call_id: str, participant_id: str, reason: str = "no_answer"
    ) -> None:
        call = self.calls[call_id]
        self._leaves(call, self._part(call, participant_id), by="switch", reason=reason)

    def says(self, tenant: str, agent: str, message: Any) -> None:
        report = {"kind": "message", "tenant": tenant, "agent": agent, "message": message}
        self._on_report(report)

    # ---- requests ----------------------------------------------------------------------------

    async def subscribe(self, on_report: Callable[[Json], None]) -> Sequence[Json]:
        self._on_report = on_report
        return deepcopy(list(self.calls.values()))

    async def unsubscribe(self) -> None:
        self._on_report = _nobody_hears

    async def request(self, verb: str, fields: Json) -> None:
        await asyncio.sleep(0)
        if verb == "message":
            self.messages.append(fields["message"])
            return
        if verb == "dial":
            self._dial(fields)
            return
        call = self.calls.get(fields["call"])
        if call is None or fields.get("tenant", call["tenant"]) != call["tenant"]:
            raise Refused("no_call")
        if verb in FLAGS:
            self._set_flag(verb, call, fields["part"])
        elif verb in RECORDING:
            self._set_recording(verb, call)
        else:
            getattr(self, f"_{verb}")(call, fields)

    def _dial(self, fields: Json) -> None:
        if fields["call"] in self.calls:
            raise Refused("unchanged")
        if fields["type"] not in PLACED:
            raise Refused("bad_type")
        parts = [
            part("customer-1", "customer", "ringing", **whom(fields)),
            part(fields["part"], "agent", "connected", agent=fields["agent"]),
        ]
        call = self._new(fields["call"], fields["type"], parts, fields["tenant"])
        self._report("dialled", call)

    def _offer(self, call: Any, fields: Json) -> None:
        own = next((one for one in alive(call) if one["agent"] == fields["agent"]), None)
        known = [one for one in call["parts"] if one["id"] == fields["part"]]
        if own in known or (own is not None and not known and own["role"] == "agent"):
            raise Refused("unchanged")
        if own is not None:
            raise Refused("agent_busy")
        if known:
            waiting = self._part(call, fields["part"])
            if not waiting["routed"] or waiting["agent"] is not None:
                raise Refused("not_waiting")
            waiting["agent"] = fields["agent"]
        else:
            is_taken = any(one["role"] != "customer" for one in alive(call))
            if call["type"] in PLACED or is_taken:
                raise Refused("not_waiting")
            call["parts"].append(part(fields["part"], "agent", "ringing", agent=fields["agent"]))
        self._report("rings", call, part=fields["part"])

    def _withdraw(self, call: Any, fields: Json) -> None:
        self._stops(call, fields)

    def _stops(self, call: Any, fields: Json, reason: str | None = None) -> None:
        own = next((one for one in alive(call) if one["agent"] == fields["agent"]), None)
        if own is None:
            raise Refused("unchanged")
        if is_on_it(own):
            raise Refused("not_ringing")
        if own["role"] == "agent":
            call["parts"].remove(own)
        own["agent"] = None
        self._report("withdrawn", call, part=own["id"], agent=fields["agent"], reason=reason)

    def _answer(self, call: Any, fields: Json) -> None:
        found = self._part(call, fields["part"])
        if is_on_it(found):
            raise Refused("unchanged")
        if found["agent"] is None:
            raise Refused("no_agent")
        found["state"] = "connected"
        self._report("answered", call, part=found["id"])

    def _add(self, call: Any, fields: Json) -> None:
        if any(one["id"] == fields["part"] for one in call["parts"]):
            raise Refused("unchanged")
        adder = self._connected(call, fields["added_by"])
        if adder["agent"] is None or (fields["consult"] and fields["blind"]):
            raise Refused("bad_request")
        new = part(
            fields["part"],
            "party",
            "ringing",
            added_by=adder["id"],
            consult=fields["consult"],
            **whom(fields),
        )
        main_role = "agent" if adder["role"] == "customer" else "customer"
        for one in alive(call):
            is_to_be_held = one["role"] == main_role and is_on_it(one) and not one["held"]
            if is_to_be_held and not fields["blind"]:
                self._set_flag("hold", call, one["id"])
        call["parts"].append(new)
        self._report("added", call, part=new["id"])
        if fields["blind"]:
            self._leaves(call, adder, by="agent")

    def _swap(self, call: Any, fields: Json) -> None:
        to_hold = self._connected(call, fields["hold"])
        to_resume = self._connected(call, fields["resume"])
        if to_hold["held"] and not to_resume["held"]:
            raise Refused("unchanged")
        if to_hold["held"] or not to_resume["held"]:
            raise Refused("cannot_swap")
        to_hold["held"], to_resume["held"] = True, False
        self._report("swapped", call, held=to_hold["id"], resumed=to_resume["id"])

    def _conference(self, call: Any, fields: Json) -> None:
        del fields
        if not any(one["held"] or one["consult"] for one in alive(call)):
            raise Refused("unchanged")
        for one in call["parts"]:
            one["held"] = one["consult"] = False
        self._report("conferenced", call)

    def _digits(self, call: Any, fields: Json) -> None:
        self._connected(call, fields["part"])

    def _hang_up(self, call: Any, fields: Json) -> None:
        if fields["part"] is None:
            self._report("over", self.calls.pop(call["id"]), by="switch")
            return
        left = [one["id"] for one in call["parts"] if one["state"] == "ended"]
        if fields["part"] in left:
            raise Refused("unchanged")
        self._leaves(call, self._part(call, fields["part"]), by="agent")

    # ---- inside ------------------------------------------------------------------------------

    def _set_flag(self, verb: str, call: Any, part_id: str) -> None:
        flag, value, kind = FLAGS[verb]
        found = self._connected(call, part_id)
        if found[flag] is value:
            raise Refused("unchanged")
        found[flag] = value
        self._report(kind, call, part=part_id)

    def _set_recording(self, verb: str, call: Any) -> None:
        value, kind = RECORDING[verb]
        if call["recording"] == value:
            raise Refused("unchanged")
        call["recording"] = value
        self._report(kind, call)

    def _leaves(self, call: Any, who: Any, *, by: str, reason: str | None = None) -> None:
        rest = [one for one in alive(call) if one is not who]
        if len(rest) < 2:
            is_dial = reason is not None and who["role"] == "customer"
            kind, why = ("failed", {"reason": reason}) if is_dial else ("over", {"by": by})
            self._report(kind, self.calls.pop(call["id"]), **why)
            return
        was_agent = who["agent"] is not None and is_on_it(who)
        who.update(state="ended", held=False, muted=False)
        if who["role"] == "customer":
            for one in call["parts"]:
                one["consult"] = False
        self._report("left", call, part=who["id"], reason=reason)
        was_transfer = any(one["added_by"] == who["id"] for one in rest)
        has_agent = any(one["agent"] is not None and is_on_it(one) for one in rest)
        is_apart = any(one["held"] or one["consult"] for one in rest)
        if was_agent and is_apart and (was_transfer or not has_agent):
            self._conference(call, {})

    def _part(self, call: Any, part_id: str) -> Any:
        for one in alive(call):
            if one["id"] == part_id:
                return one
        raise Refused("no_part")

    def _connected(self, call: Any, part_id: str) -> Any:
        found = self._part(call, part_id)
        if not is_on_it(found):
            raise Refused("not_connected")
        return found

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


class BusySwitch(ExampleSwitch):
    """Somebody calls and hangs up as soon as anybody listens."""

    async def subscribe(self, on_report: Callable[[Json], None]) -> Sequence[Json]:
        calls = await super().subscribe(on_report)
        self._visit = asyncio.create_task(self._customer_visits())
        return calls

    async def _customer_visits(self) -> None:
        await self.customer_calls()
        await self.hangs_up("call-1", "customer-1")


def make_pbx() -> ExamplePbx:
    """Make an adapter as the setting `pbx` wants it."""
    return ExamplePbx(BusySwitch())


def _nobody_hears(report: Json) -> None: ...
