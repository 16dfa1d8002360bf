"""The agent's calls, for all vendor methods: found by Salesforce's ids, changed by commands."""

from collections.abc import Mapping, Sequence
from typing import cast

from connector_py.api.awaited import Awaited
from connector_py.api.call_events import calls_after
from connector_py.api.call_finder import (
    CallArgument,
    find_call,
    names_anybody,
    own_calls,
)
from connector_py.api.mirror import Mirror
from connector_py.api.requests import Requests
from connector_py.api.views import (
    hold_toggle,
    is_ringing,
    is_supervised,
    main_call_of,
    phone_call_of,
    phone_calls_of,
)
from connector_py.call_model import Call, CallRegistry
from connector_py.entities import HoldToggleResult, PhoneCall
from connector_py.errors import CallNotFoundError, ParticipantNotFoundError


class AgentCalls:
    """What the groups of vendor methods share.

    Args:
        mirror: Calls and agent as the server says they are.
        requests: Sends commands.
    """

    def __init__(self, *, mirror: Mirror, requests: Requests) -> None:
        self.requests = requests
        self._mirror = mirror
        self._hung_up: tuple[PhoneCall, ...] = ()

    @property
    def registry(self) -> CallRegistry:
        """The active calls now."""
        return self._mirror.registry

    @property
    def agent_id(self) -> str | None:
        """The agent's id; None before the first snapshot."""
        return self._mirror.agent_id

    def find(self, argument: CallArgument) -> Call:
        """Return the call that an argument means.

        Raises:
            CallNotFoundError: No active call fits.
            ValidationError: The participant's type is none.
        """
        return find_call(self.registry, argument, self.agent_id)

    def find_own(self, argument: CallArgument) -> Call:
        """As `find`, but a call that is only listened to is not the agent's.

        Raises:
            CallNotFoundError: No active call of the agent fits.
            ValidationError: The participant's type is none.
        """
        found = self.find(argument)
        if is_supervised(found, self.agent_id):
            raise CallNotFoundError(found.call_id)
        return found

    def find_ringing(self, argument: CallArgument) -> Call:
        """As `find_own`; without an argument the call that rings at the agent comes first.

        Raises:
            CallNotFoundError: No active call of the agent fits.
            ValidationError: The participant's type is none.
        """
        if not names_anybody(argument):
            for call in own_calls(self.registry, self.agent_id):
                if is_ringing(call, self.agent_id):
                    return call
        return self.find_own(argument)

    def get(self, call_id: str) -> Call:
        """Return a call by the server's id.

        Raises:
            CallNotFoundError: It is over.
        """
        return self.registry.get(call_id)

    def main_call(self, call_id: str) -> PhoneCall:
        """Return what stands for a whole call.

        Raises:
            CallNotFoundError: It is over, or there is nobody to show.
        """
        phone = main_call_of(self.get(call_id), self.agent_id)
        if phone is None:
            raise CallNotFoundError(call_id)
        return phone

    def party_call(self, call: Call, participant_id: str) -> PhoneCall:
        """Return what stands for one party.

        Raises:
            ParticipantNotFoundError: It is not shown.
        """
        phone = phone_call_of(call, participant_id, self.agent_id)
        if phone is None:
            raise ParticipantNotFoundError(call.call_id, participant_id)
        return phone

    def hold_toggle(self, awaited: Awaited | None) -> HoldToggleResult:
        """Return who is on hold, as it was right after a command's effect.

        What came later is told after the result, and calls and parties that Salesforce has not
        heard of yet must not be in it.

        Args:
            awaited: The command; None when it was so already.
        """
        effect = awaited and awaited.effect
        if effect is None:
            return hold_toggle(self.registry, self.agent_id)
        now, then = self.registry, effect.registry
        own_id = None if effect.after is None else effect.after.call_id
        calls = [
            (then if call.call_id == own_id else now).get(call.call_id).snapshot
            for call in now
            if then.find(call.call_id)
        ]
        return hold_toggle(CallRegistry.of(calls), self.agent_id)

    def line(self, wire_id: str | None) -> PhoneCall | None:
        """Return what Salesforce knows by an id as it is now, or None when it is over."""
        calls = own_calls(self.registry, self.agent_id)
        shown = (one for call in calls for one in phone_calls_of(call, self.agent_id))
        return next((one for one in shown if one.call_id == wire_id), None)

    def tell_after_result(self, event_type: str, payload: object) -> None:
        """Tell something that the base connector does not make of a method's result."""
        self._mirror.tell_after_result(event_type, payload)

    def also_ended(self, calls: Sequence[PhoneCall]) -> None:
        """Tell of parties that left with a call, after the result that names only the call."""
        self._mirror.also_ended(calls)

    def hung_up(self, calls: Sequence[PhoneCall]) -> None:
        """The agent ended a call: Salesforce must get its HANGUP.

        The base connector makes PARTICIPANT_REMOVED of it, and that of the first one only, when
        another call is there by the time it asks for the active calls.
        """
        self._hung_up = tuple(calls)

    def active_calls_asked(self) -> None:
        """The base connector asks, as it does right after `endCall`."""
        calls, self._hung_up = self._hung_up, ()
        if self.registry:
            self.also_ended(calls)


def calls_that_ended(awaited: Awaited, call_id: str) -> tuple[PhoneCall, ...]:
    """Return the calls that a command ended.

    Raises:
        CallNotFoundError: It did nothing: the call was over before.
    """
    if awaited.effect is None:
        raise CallNotFoundError(call_id)
    return calls_after(awaited.effect)


def text_in(result: object, key: str) -> str:
    """Return a text of a reply's result; empty when there is none."""
    if not isinstance(result, Mapping):
        return ""
    return str(cast("Mapping[str, object]", result).get(key) or "")
