"""More than two on a call: adding, swapping and conferencing (connector-api.md 1.3)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from connector_py.api.agent_calls import AgentCalls, calls_that_ended, text_in
from connector_py.api.awaited import Awaited
from connector_py.api.call_finder import CallArgument, find_party, ids_in, own_calls, wish
from connector_py.api.views import (
    is_merged,
    main_call_of,
    participant_result,
    phone_calls_of,
)
from connector_py.call_model import Call
from connector_py.entities import (
    AddParticipant,
    CallInfo,
    CallState,
    Conference,
    Contact,
    ContactType,
    HoldToggleResult,
    ParticipantAdded,
    ParticipantResult,
    PhoneCallAttributes,
    Swap,
    VoiceEventType,
    from_wire,
    to_wire,
)
from connector_py.errors import ParticipantNotFoundError

_WITHIN = frozenset({ContactType.AGENT, ContactType.QUEUE, ContactType.FLOW})
"""Destinations inside the contact center."""


class PartyMethods:
    """The vendor methods for conferences and transfers.

    Args:
        calls: The agent's calls.
    """

    def __init__(self, calls: AgentCalls) -> None:
        self._calls = calls

    async def add_participant(
        self,
        contact: Mapping[str, Any],
        call: CallArgument = None,
        is_blind_transfer: object = False,
    ) -> ParticipantResult:
        """Bring somebody into the call, or hand it over to them. Vendor method `addParticipant`.

        Without a call a blind transfer passes on the agent's contact request (guide chapter 9,
        "Let Agents Control the Callback Experience").

        Args:
            contact: Whom.
            call: The call.
            is_blind_transfer: Whether the agent leaves at the same moment.

        Raises:
            ValidationError: The contact does not fit.
            CallNotFoundError: There is no such call.
            CommandRefusedError: The switch does not know whom to call, or cannot.
        """
        whom = from_wire(Contact, contact, path="contact")
        is_blind = bool(is_blind_transfer)
        doing = f"{wish('add', call)} {is_blind} {to_wire(whom)}"
        first = self._calls.requests.repeated(doing)
        if first is not None and is_blind:
            # The agent has left by now; without a call it would be a contact request.
            return await asyncio.shield(first)
        if first is not None and first.done() and (again := self._added_again(first.result())):
            return again
        if is_blind and not own_calls(self._calls.registry, self._calls.agent_id):
            return await self._pass_on_contact_request(whom, doing)
        found = self._calls.find_own(call)
        command = AddParticipant(contact=whom, call_id=found.call_id, is_blind_transfer=is_blind)

        async def add() -> ParticipantResult:
            now = self._calls.get(found.call_id)
            awaited, result = await self._calls.requests.send(command)
            if is_blind:
                self._hang_up_others(awaited, now, named=ids_in(call))
                return self._handed_over(whom, now)
            return self._added(awaited, result, found.call_id)

        return await self._calls.requests.in_turn(found.call_id, doing, add, is_remembered=True)

    async def swap(
        self, call_to_hold: CallArgument = None, call_to_resume: CallArgument = None
    ) -> HoldToggleResult:
        """Hold one party and take another off hold. Vendor method `swap`.

        Raises:
            CallNotFoundError: The call is over.
            ParticipantNotFoundError: One of them is not there, or both are the same.
        """
        agent_id = self._calls.agent_id
        found = self._calls.find(call_to_hold)
        hold_id = find_party(found, call_to_hold, agent_id).participant_id
        resume_id = find_party(found, call_to_resume, agent_id).participant_id
        if self._calls.find(call_to_resume).call_id != found.call_id or hold_id == resume_id:
            raise ParticipantNotFoundError(found.call_id, "to swap with")
        command = Swap(
            call_id=found.call_id, hold_participant_id=hold_id, resume_participant_id=resume_id
        )

        async def swap() -> HoldToggleResult:
            now = self._calls.get(found.call_id)
            is_held = now.participant(hold_id).is_on_hold
            if is_held and not now.participant(resume_id).is_on_hold:
                return self._calls.hold_toggle(None)
            awaited, _ = await self._calls.requests.send(command)
            return self._calls.hold_toggle(awaited)

        doing = f"swap {hold_id} {resume_id}"
        return await self._calls.requests.in_turn(found.call_id, doing, swap)

    async def conference(self, calls: Sequence[CallArgument] | None = None) -> HoldToggleResult:
        """Let everybody talk with everybody. Vendor method `conference`.

        Raises:
            CallNotFoundError: The call is over.
            ParticipantNotFoundError: The calls do not belong together.
        """
        call_id = self._common_call(calls or ()).call_id

        async def conference() -> HoldToggleResult:
            if is_merged(self._calls.get(call_id), self._calls.agent_id):
                return self._calls.hold_toggle(None)
            awaited, _ = await self._calls.requests.send(Conference(call_id=call_id))
            return self._calls.hold_toggle(awaited)

        return await self._calls.requests.in_turn(call_id, Conference.name, conference)

    # ------------------------------------------------------------------------- helpers

    def _common_call(self, calls: Sequence[CallArgument]) -> Call:
        if not calls:
            return self._calls.find({"callAttributes": {"participantType": "Third_Party"}})
        found = [self._calls.find(one) for one in calls]
        if any(one.call_id != found[0].call_id for one in found):
            raise ParticipantNotFoundError(found[0].call_id, "to conference with")
        return found[0]

    def _added(self, awaited: Awaited, result: object, call_id: str) -> ParticipantResult:
        effect = awaited.effect
        if effect and effect.after and isinstance(effect.notification, ParticipantAdded):
            call, who = effect.after, effect.notification.participant.participant_id
        else:
            call, who = self._calls.get(call_id), text_in(result, "participantId")
        added = participant_result(self._calls.party_call(call, who))
        if added is None:
            raise ParticipantNotFoundError(call_id, who)
        return added

    def _added_again(self, first: ParticipantResult) -> ParticipantResult | None:
        """Return whom a double click added, as they are now; None when they have left."""
        now = self._calls.line(first.call_id)
        result = now and participant_result(now)
        if now is None or result is None:
            return None
        if now.state == CallState.TRANSFERRED:
            # The base connector makes PARTICIPANT_ADDED of it again.
            self._calls.tell_after_result(VoiceEventType.PARTICIPANT_CONNECTED, result)
        return result

    def _hang_up_others(self, awaited: Awaited, left: Call, *, named: Sequence[str]) -> None:
        """Tell of everybody on a call that was handed over but whom Salesforce named.

        The base connector hangs up the one whom Salesforce named, and nobody else.

        Raises:
            CallNotFoundError: The agent is still on the call; the base connector would tell
                Salesforce otherwise (weakness B9).
        """
        agent_id = self._calls.agent_id
        known = {one.participant_id for one in left.snapshot.participants}
        own = left.agent(agent_id)
        ended = calls_that_ended(awaited, left.call_id)
        last = (awaited.effect and awaited.effect.before) or left
        # Who was brought in just now is known to Salesforce by the call's own id.
        new = {
            one.participant_id
            for one in last.snapshot.participants
            if one.participant_id not in known and own and one.added_by == own.participant_id
        }
        there = {one.call_id for one in phone_calls_of(last, agent_id)} - new
        hung_up = there & set(named) or {left.call_key_of(agent_id)}
        self._calls.also_ended([one for one in ended if one.call_id in there - hung_up])

    def _handed_over(self, whom: Contact, left: Call) -> ParticipantResult:
        """Return the new party under the id of the call that the agent left."""
        phone = main_call_of(left, self._calls.agent_id)
        info, attributes = phone and phone.call_info, phone and phone.call_attributes
        return ParticipantResult(
            initial_call_has_ended=True,
            call_info=replace(info or CallInfo(), is_external_transfer=_is_outside(whom)),
            call_attributes=replace(
                attributes or PhoneCallAttributes(), initial_call_has_ended=True
            ),
            phone_number=whom.phone_number,
            call_id=left.call_key_of(self._calls.agent_id),
            contact=whom,
        )

    async def _pass_on_contact_request(self, whom: Contact, doing: str) -> ParticipantResult:
        command = AddParticipant(contact=whom, is_blind_transfer=True)

        async def pass_on() -> ParticipantResult:
            _, result = await self._calls.requests.send(command)
            return ParticipantResult(
                initial_call_has_ended=True,
                call_info=CallInfo(is_external_transfer=_is_outside(whom)),
                call_attributes=PhoneCallAttributes(initial_call_has_ended=True),
                phone_number=whom.phone_number,
                call_id=text_in(result, "contactRequestId") or None,
                contact=whom,
            )

        return await self._calls.requests.in_turn(
            "contact-request", doing, pass_on, is_remembered=True
        )


def _is_outside(whom: Contact) -> bool:
    return whom.phone_number is not None and whom.type not in _WITHIN
