"""Answering, refusing, ending and placing calls, and tones (connector-api.md 1.3)."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connector_py.api.agent_calls import AgentCalls, calls_that_ended, text_in
from connector_py.api.awaited import Awaited
from connector_py.api.call_finder import (
    CallArgument,
    is_on_hold,
    own_calls,
    party_to_remove,
    supervised_call,
    wish,
)
from connector_py.api.views import ended, main_call_of, parties_of
from connector_py.call_model import Call, answering_type, is_own_consult
from connector_py.entities import (
    AnswerCall,
    CallEnded,
    CallResult,
    CallState,
    Contact,
    DeclineCall,
    Dial,
    EndCall,
    HangupReason,
    HangupResult,
    HangupStatus,
    ParticipantAdded,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    PhoneCall,
    RemoveParticipant,
    SendDigits,
    StopSupervising,
    VoiceEventType,
    from_wire,
    to_wire,
)
from connector_py.errors import (
    CallNotFoundError,
    ParticipantNotFoundError,
    UnknownTransitionError,
    ValidationError,
)

_DIGITS = re.compile(r"[0-9A-Da-d*#,]{1,64}")


class CallMethods:
    """The vendor methods that begin and end calls.

    Args:
        calls: The agent's calls.
    """

    def __init__(self, calls: AgentCalls) -> None:
        self._calls = calls

    async def accept_call(self, call: CallArgument = None) -> CallResult:
        """Answer the call. Vendor method `acceptCall`.

        A call that the agent listens to ends first: nobody hears two calls.

        Raises:
            CallNotFoundError: It rings no more.
            UnknownTransitionError: It is the agent's own call that rings at somebody else.
        """
        call_id = self._calls.find_ringing(call).call_id

        async def accept() -> CallResult:
            if self._is_answered(self._calls.get(call_id)):
                return CallResult(call=self._calls.main_call(call_id))
            await self._stop_supervising()
            awaited, _ = await self._calls.requests.send(AnswerCall(call_id=call_id))
            now = self._calls.main_call(call_id)
            # As it was when the agent answered: what came later is told after the result.
            after = awaited.effect and awaited.effect.after
            return CallResult(call=main_call_of(after or None, self._calls.agent_id) or now)

        return await self._calls.requests.in_turn(call_id, "accept", accept)

    async def decline_call(self, call: CallArgument = None) -> CallResult:
        """Refuse the call that rings. Vendor method `declineCall`.

        Raises:
            CallNotFoundError: It rings no more.
        """
        doing = wish(DeclineCall.name, call)
        declined = self._calls.requests.repeated(doing)
        if declined is not None:
            return await asyncio.shield(declined)
        call_id = self._calls.find_ringing(call).call_id

        async def decline() -> CallResult:
            awaited, _ = await self._calls.requests.send(DeclineCall(call_id=call_id))
            first, *others = calls_that_ended(awaited, call_id)
            self._calls.also_ended(others)
            return CallResult(call=_declined(first))

        return await self._calls.requests.in_turn(call_id, doing, decline, is_remembered=True)

    async def end_call(
        self, call: CallArgument = None, agent_status: str | None = None
    ) -> HangupResult:
        """Hang up for the agent, or for one party while others stay. Vendor method `endCall`.

        Args:
            call: The party, or the agent by role, or nothing (weakness B26).
            agent_status: Salesforce's wish for afterwards.

        Raises:
            CallNotFoundError: The call is over, or only listened to: that is for
                `supervisorDisconnect`, as Salesforce would close the other agent's call.
            ParticipantNotFoundError: The party is not there; the call goes on.
        """
        doing = wish("end", call)
        first = self._calls.requests.repeated(doing)
        if first is not None:
            # By now the same names may mean those who are still there.
            return await asyncio.shield(first)
        found = self._calls.find_own(call)
        status = str(agent_status) if agent_status else None
        party_to_remove(found, call, self._calls.agent_id)  # Raises when nobody fits.

        async def end() -> HangupResult:
            now = self._calls.get(found.call_id)
            party = party_to_remove(now, call, self._calls.agent_id)
            if party is not None:
                calls = await self._remove(now, party)
            else:
                calls = await self._hang_up(now, status)
            if self._calls.registry.find(found.call_id) is None:
                self._calls.hung_up(calls)
            else:
                # Of a call that goes on the base connector tells the first one only.
                self._calls.also_ended(calls[1:])
            return HangupResult(calls=calls)

        return await self._calls.requests.in_turn(found.call_id, doing, end, is_remembered=True)

    async def dial(
        self, contact: Mapping[str, Any], options: Mapping[str, Any] | None = None
    ) -> CallResult:
        """Call somebody. Vendor method `dial`.

        A consult stays within the agent's call; to Salesforce it is a call of its own.

        Raises:
            ValidationError: The contact does not fit.
            CommandRefusedError: The switch does not know whom to call, or the agent cannot call.
        """
        whom = from_wire(Contact, contact, path="contact")
        how = options or {}
        # The base connector leaves an empty text where it means false.
        command = Dial(
            contact=whom,
            is_callback=bool(how.get("isCallback")),
            is_consult_call=bool(how.get("isConsultCall")),
        )
        calls = own_calls(self._calls.registry, self._calls.agent_id)
        lane = calls[0].call_id if command.is_consult_call and calls else "dial"
        doing = str(to_wire(command))
        first = self._calls.requests.repeated(doing)
        if first is not None and first.done() and (again := self._placed_again(first.result())):
            return again

        async def place() -> CallResult:
            awaited, result = await self._calls.requests.send(command)
            if command.is_consult_call:
                return CallResult(call=self._consult(awaited))
            return CallResult(call=self._placed(awaited, result))

        return await self._calls.requests.in_turn(lane, doing, place, is_remembered=True)

    async def send_digits(self, digits: object) -> None:
        """Send DTMF tones on the call that the agent talks on. Vendor method `sendDigits`.

        Raises:
            ValidationError: Something in it is no tone. The text is not repeated: digits may be
                a card's number.
            CallNotFoundError: No call is connected.
        """
        if not isinstance(digits, str) or _DIGITS.fullmatch(digits) is None:
            raise ValidationError("digits", "…", "0-9, *, #, A-D or a comma")
        agent_id = self._calls.agent_id
        calls = own_calls(self._calls.registry, agent_id)
        connected = [call for call in calls if call.is_connected(agent_id)]
        if not connected:
            raise CallNotFoundError("connected")
        talking = [call for call in connected if not is_on_hold(call, agent_id)]
        call_id = (talking or connected)[0].call_id
        command = SendDigits(call_id=call_id, digits=digits.upper())

        async def send() -> None:
            await self._calls.requests.send(command)

        # The same digit twice is two presses.
        await self._calls.requests.in_turn(call_id, None, send)

    # ------------------------------------------------------------------------- helpers

    def _is_answered(self, call: Call) -> bool:
        own = call.agent(self._calls.agent_id)
        if own is None or own.state is not ParticipantState.CONNECTED:
            return False
        is_placed = answering_type(call.snapshot.call_type) is ParticipantType.INITIAL_CALLER
        is_mine = own.participant_type is ParticipantType.AGENT
        if is_placed and is_mine and not call.is_connected(self._calls.agent_id):
            # Salesforce would be told that it is connected.
            raise UnknownTransitionError("call", "ringing at somebody else", "accept")
        return True

    async def _stop_supervising(self) -> None:
        supervised = supervised_call(self._calls.registry, self._calls.agent_id)
        if supervised is not None:
            await self._calls.requests.tell(StopSupervising(call_id=supervised.call_id))

    async def _hang_up(self, call: Call, agent_status: str | None) -> tuple[PhoneCall, ...]:
        command = from_wire(EndCall, {"callId": call.call_id, "agentStatus": agent_status})
        awaited, _ = await self._calls.requests.send(command)
        return calls_that_ended(awaited, call.call_id)

    async def _remove(self, call: Call, party: ParticipantSnapshot) -> tuple[PhoneCall, ...]:
        call_id, who = call.call_id, party.participant_id
        shown = self._calls.party_call(call, who)
        command = RemoveParticipant(call_id=call_id, participant_id=who)
        awaited, _ = await self._calls.requests.send(command)
        effect = awaited.effect
        if effect is not None and isinstance(effect.notification, CallEnded):
            return calls_that_ended(awaited, call_id)
        if effect is None and self._is_there(call_id, who):
            raise ParticipantNotFoundError(call_id, who)
        return (ended(shown),)

    def _is_there(self, call_id: str, participant_id: str) -> bool:
        call = self._calls.registry.find(call_id)
        there = () if call is None else parties_of(call, self._calls.agent_id)
        return any(one.participant_id == participant_id for one in there)

    def _placed(self, awaited: Awaited, result: object) -> PhoneCall:
        after = awaited.effect and awaited.effect.after
        phone = main_call_of(after, self._calls.agent_id) if after else None
        return phone or self._calls.main_call(text_in(result, "callId"))

    def _placed_again(self, first: CallResult) -> CallResult | None:
        """Return what a double click placed, as it is now; None when that is over."""
        now = self._calls.line(first.call and first.call.call_id)
        if now is None:
            return None
        result = CallResult(call=now)
        if now.state == CallState.CONNECTED:
            # The base connector makes CALL_STARTED of it again.
            self._calls.tell_after_result(VoiceEventType.CALL_CONNECTED, result)
        return result

    def _consult(self, awaited: Awaited) -> PhoneCall:
        """Return the consult; one that the stream told of before is the agent's last one."""
        effect, agent_id = awaited.effect, self._calls.agent_id
        if effect and effect.after and isinstance(effect.notification, ParticipantAdded):
            who = effect.notification.participant.participant_id
            return self._calls.party_call(effect.after, who)
        for call in own_calls(self._calls.registry, agent_id):
            for one in reversed(parties_of(call, agent_id)):
                if is_own_consult(call, one, agent_id):
                    return self._calls.party_call(call, one.participant_id)
        raise CallNotFoundError("of the consult")


def _declined(call: PhoneCall) -> PhoneCall:
    if call.agent_status is not None:
        return call
    # Known only from a snapshot, which does not say why the call is gone: this is why.
    return replace(
        call,
        reason=HangupReason.PHONE_CALL_ERROR.value,
        agent_status=HangupStatus.DECLINED.value,
        close_call_on_error=False,
    )
