"""Supervisors: listening in, barging in, leaving (connector-api.md 1.6, guide chapter 10)."""

from collections.abc import Mapping
from typing import Any

from connector_py.api.agent_calls import AgentCalls, calls_that_ended
from connector_py.api.call_finder import CallArgument, ids_in, supervised_call
from connector_py.api.views import is_supervised, main_call_of
from connector_py.call_model import Call
from connector_py.entities import (
    BargeIn,
    StopSupervising,
    SuperviseCall,
    SuperviseCallResult,
    SupervisorHangupResult,
    from_wire,
)
from connector_py.errors import CallNotFoundError


class SupervisionMethods:
    """The vendor methods of a supervisor.

    Args:
        calls: The agent's calls, the supervised one among them.
    """

    def __init__(self, calls: AgentCalls) -> None:
        self._calls = calls

    async def supervise_call(self, call: Mapping[str, Any] | None = None) -> SuperviseCallResult:
        """Listen in to a call of another agent. Vendor method `superviseCall`.

        Args:
            call: A `SupervisedCallInfo`; its `callId` is the vendorCallKey of that agent's
                VoiceCall.

        Raises:
            ValidationError: It does not name the call.
            CommandRefusedError: There is no such call, or the agent may not listen.
        """
        named = (call or {}).get("callId") or None
        command = from_wire(SuperviseCall, {"callId": named}, path="call")

        async def supervise() -> SuperviseCallResult:
            known = self._calls.registry.find(command.call_id)
            if known is not None and is_supervised(known, self._calls.agent_id):
                return SuperviseCallResult(call=self._calls.main_call(known.call_id))
            awaited, _ = await self._calls.requests.send(command)
            after = awaited.effect.after if awaited.effect else self._supervised(None)
            phone = main_call_of(after, self._calls.agent_id)
            if phone is None:
                raise CallNotFoundError(command.call_id)
            return SuperviseCallResult(call=phone)

        return await self._calls.requests.in_turn(command.call_id, command.name, supervise)

    async def supervisor_disconnect(self, call: CallArgument = None) -> SupervisorHangupResult:
        """Stop listening. Vendor method `supervisorDisconnect`.

        Called when: the supervisor leaves, with the call; and by the base connector itself,
        without anything, before the supervisor takes a call. Then nothing to leave is no
        failure: it would cost the supervisor the call.

        Raises:
            CallNotFoundError: The call that is named is not listened to.
        """
        found = self._supervised(call)
        if found is None:
            return SupervisorHangupResult(calls=())
        call_id = found.call_id

        async def leave() -> SupervisorHangupResult:
            awaited, _ = await self._calls.requests.send(StopSupervising(call_id=call_id))
            return SupervisorHangupResult(calls=calls_that_ended(awaited, call_id))

        return await self._calls.requests.in_turn(call_id, StopSupervising.name, leave)

    async def supervisor_barge_in(self, call: CallArgument = None) -> SuperviseCallResult:
        """Be heard by everybody. Vendor method `supervisorBargeIn`.

        Raises:
            CallNotFoundError: The call is not listened to.
        """
        found = self._supervised(call)
        if found is None:
            raise CallNotFoundError("that is listened to")
        call_id = found.call_id

        async def barge_in() -> SuperviseCallResult:
            own = self._calls.get(call_id).agent(self._calls.agent_id)
            if own is None or not own.has_barged_in:
                await self._calls.requests.send(BargeIn(call_id=call_id))
            return SuperviseCallResult(call=self._calls.main_call(call_id))

        return await self._calls.requests.in_turn(call_id, BargeIn.name, barge_in)

    def _supervised(self, argument: CallArgument) -> Call | None:
        """Return the call that is meant; None when none is named and none is listened to.

        Raises:
            CallNotFoundError: Another one is named.
        """
        found = supervised_call(self._calls.registry, self._calls.agent_id)
        named = ids_in(argument)
        if not named:
            return found
        known = self._calls.find(argument)
        if not is_supervised(known, self._calls.agent_id):
            raise CallNotFoundError(named[0])
        return known
