"""The calls that are going on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from connector_py.call_model.call import Call, changes_a_call
from connector_py.entities import (
    CallSnapshot,
    CallStarted,
    Notification,
    ParticipantState,
    ParticipantType,
)
from connector_py.errors import CallNotFoundError, UnknownTransitionError


@dataclass(frozen=True, slots=True)
class CallRegistry:
    """Active calls by their id, in the order in which they started; itself it never changes.

    Build it with `CallRegistry()` or `CallRegistry.of(snapshots)`.
    """

    by_id: Mapping[str, Call] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, snapshots: Iterable[CallSnapshot]) -> "CallRegistry":
        """Return a registry of the calls that are not over."""
        calls = (Call(snapshot) for snapshot in snapshots)
        return _registry(call for call in calls if not call.is_over)

    @property
    def calls(self) -> tuple[Call, ...]:
        """All active calls."""
        return tuple(self.by_id.values())

    @property
    def snapshots(self) -> tuple[CallSnapshot, ...]:
        """All active calls as snapshots."""
        return tuple(call.snapshot for call in self.calls)

    def __len__(self) -> int:
        return len(self.by_id)

    def __iter__(self) -> Iterator[Call]:
        return iter(self.calls)

    def find(self, call_id: str) -> Call | None:
        """Return a call, or None."""
        return self.by_id.get(call_id)

    def get(self, call_id: str) -> Call:
        """Return a call.

        Raises:
            CallNotFoundError: No active call has this id.
        """
        call = self.by_id.get(call_id)
        if call is None:
            raise CallNotFoundError(call_id)
        return call

    def find_by_participant_type(self, participant_type: ParticipantType) -> Call | None:
        """Return the first call with somebody of this role who has not left, or None.

        Salesforce sometimes names only the role (connector-api.md, weakness B26).
        """
        for call in self.calls:
            parties = call.participants_of_type(participant_type)
            if any(party.state is not ParticipantState.ENDED for party in parties):
                return call
        return None

    def replace(self, snapshots: Iterable[CallSnapshot]) -> "CallRegistry":
        """Return a registry of other calls: what a welcome's snapshot says."""
        return CallRegistry.of(snapshots)

    def apply(self, notification: Notification) -> "CallRegistry":
        """Return the registry as the notification makes it.

        A call that ends leaves. Notifications about the agent change nothing here.

        Raises:
            CallNotFoundError: It is about a call that is not active.
            ParticipantNotFoundError: It is about somebody who is not on the call.
            UnknownTransitionError: The call cannot do that in its state, or a call starts twice.
        """
        if isinstance(notification, CallStarted):
            return self._start(Call(notification.call))
        if not changes_a_call(notification):
            return self
        call_id: str = getattr(notification, "call_id", "")
        changed = self.get(call_id).apply(notification)
        if changed.is_over:
            return _registry(call for call in self.calls if call.call_id != call_id)
        return _registry(changed if call.call_id == call_id else call for call in self.calls)

    def _start(self, call: Call) -> "CallRegistry":
        if call.is_over or call.call_id in self.by_id:
            state = "ended" if call.is_over else "active"
            raise UnknownTransitionError("call", state, CallStarted.name)
        return _registry((*self.calls, call))


def _registry(calls: Iterable[Call]) -> CallRegistry:
    return CallRegistry(MappingProxyType({call.call_id: call for call in calls}))
