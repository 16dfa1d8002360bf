"""A model of Salesforce's page: what it believes of the calls, after all that it was told.

It is told by `publishEvent`, or by the base connector out of a method's result; both follow
connector-api.md sections 1 and 3. It complains when something is told that cannot be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from connector_py.entities import CallInfo, CallType, ParticipantType, PhoneCall

ActiveCalls = Sequence[PhoneCall]
_WAITING = {"ringing": "transferring", "connected": "transferred"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One line of the page's list of calls."""

    call_type: str
    state: str
    is_on_hold: bool
    role: str
    parent_id: str | None = field(default=None, compare=False)


@dataclass(slots=True)
class SalesforcePage:
    """What the page shows, and the order in which it was told of each call."""

    calls: dict[str, Shown] = field(default_factory=dict[str, Shown])
    muted: set[str] = field(default_factory=set[str])
    """Third parties that are muted."""
    is_muted: bool = False
    is_recording_paused: bool = False
    is_alone: bool = True
    """Whether there was one call only; a mute does not say of which it is."""
    supervised: dict[str, str] = field(default_factory=dict[str, str])
    """State of the call that is listened to; `barged_in` once that was told."""
    wrap_up: str | None = None
    agent_state: str | None = None
    history: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Which event told of which call."""
    _gone: dict[str, str] = field(default_factory=dict[str, str])
    _mains: set[str] = field(default_factory=set[str])
    """Lines that stand for whole calls, not for somebody who was added or is consulted."""

    # ---- publishEvent (connector-api.md 3.1) ---------------------------------------------------

    def is_told(self, event_type: str, payload: Any, active: ActiveCalls) -> None:
        """Take an event; `active` is what getActiveCalls says at this moment."""
        if event_type == "PARTICIPANT_REMOVED":
            self._removed(payload.call, active)
            return
        tell = getattr(self, f"_on_{event_type.lower()}", None)
        assert tell is not None, f"the base connector drops {event_type}"
        tell(payload)

    def _removed(self, call: PhoneCall, active: ActiveCalls) -> None:
        attributes = call.call_attributes
        role = None if attributes is None else attributes.participant_type
        if not active:
            # HANGUP of this one; that of the whole call, which names it too, comes afterwards.
            self._forget(str(call.call_id), "PARTICIPANT_REMOVED")
        elif role is ParticipantType.INITIAL_CALLER and call.call_type is not CallType.CONSULT:
            added = [one for one in active if one.call_type is CallType.ADD_PARTICIPANT]
            if added:  # Without one the base connector breaks, and nobody is told (B10).
                self.initial_call_ends(str(call.call_id))
        else:
            self.is_removed(call)

    # ---- what the base connector makes of results, and of events -------------------------------

    def initial_call_ends(self, call_id: str) -> None:
        """The customer is gone; whom the agent consulted is a third party now."""
        parents = {call_id, self.calls[call_id].parent_id}
        self._forget(call_id, "PARTICIPANT_REMOVED")
        self.calls = {
            key: replace(
                shown,
                call_type="AddParticipant",
                role="Third_Party",
                state=_WAITING.get(shown.state, shown.state),
            )
            if shown.call_type == "Consult" and shown.parent_id in parents
            else shown
            for key, shown in self.calls.items()
        }

    def is_removed(self, call: PhoneCall) -> None:
        """PARTICIPANT_REMOVED."""
        self._forget(str(call.call_id), "PARTICIPANT_REMOVED")

    def party_ends(self, call: PhoneCall) -> None:
        """PARTICIPANT_REMOVED out of the result of END_CALL."""
        shown = self.calls.get(str(call.call_id))
        if shown is None:
            return  # The customer of a call that the agent left had gone before.
        if shown.role == "Initial_Caller" and str(call.call_id) in self._mains:
            self.initial_call_ends(str(call.call_id))
        else:
            self.is_removed(call)

    def call_is_left(self, named: str, result_id: str) -> None:
        """PARTICIPANT_ADDED and HANGUP out of a blind transfer."""
        assert result_id in {**self.calls, **self._gone}
        if named in self.calls:
            self._forget(named, "HANGUP")

    def _on_call_started(self, payload: Any) -> None:
        call: PhoneCall = payload.call
        # A callback is queued first, then it starts.
        known = self.calls.get(str(call.call_id))
        assert known is None or known.call_type == "Callback", f"{call.call_id} started twice"
        self._shows(call, "CALL_STARTED")

    def _on_queued_call_started(self, payload: Any) -> None:
        assert payload.call.call_id not in self.calls
        self._shows(payload.call, "QUEUED_CALL_STARTED")

    def _on_call_connected(self, payload: Any) -> None:
        assert payload.call.call_id in self.calls, "connected before it started"
        assert payload.call.state == "connected"
        self._shows(payload.call, "CALL_CONNECTED")

    def _on_call_updated(self, payload: Any) -> None:
        assert payload.call.call_id in {**self.calls, **self.supervised}
        if payload.call.call_id in self.calls:
            self._shows(payload.call, "CALL_UPDATED")

    def _on_hangup(self, payload: Any) -> None:
        self.hangs_up(payload.calls)

    def hangs_up(self, calls: Iterable[PhoneCall]) -> None:
        """HANGUP, of one call or of several."""
        for call in calls:
            call_id = str(call.call_id)
            if call_id not in self.calls:
                # The customer had left before; or they were told of as gone.
                assert call_id in self._gone, f"{call_id} hangs up and was never there"
                assert self._gone[call_id] == "PARTICIPANT_REMOVED", f"{call_id} ends twice"
                self._gone[call_id] = "HANGUP"
                continue
            self._forget(call_id, "HANGUP")

    def _on_participant_added(self, payload: Any) -> None:
        call_id = str(payload.call_id)
        assert call_id not in self.calls, f"{call_id} was added twice"
        self._joins(payload, "transferring", "PARTICIPANT_ADDED")

    def _on_participant_connected(self, payload: Any) -> None:
        self._joins(payload, "transferred", "PARTICIPANT_CONNECTED")

    def _joins(self, payload: Any, state: str, event_type: str) -> None:
        attributes, info = payload.call_attributes, payload.call_info
        assert attributes is not None
        assert attributes.participant_type is ParticipantType.THIRD_PARTY
        self.history.append((event_type, payload.call_id))
        change = self.muted.add if info.is_muted else self.muted.discard
        change(payload.call_id)
        self.calls[payload.call_id] = Shown(
            call_type="AddParticipant",
            state=state,
            is_on_hold=bool(info.is_on_hold),
            role="Third_Party",
            parent_id=attributes.parent_id,
        )

    def _on_hold_toggle(self, payload: Any) -> None:
        assert set(payload.calls) <= set(self.calls), "on hold before it was there"
        for call in payload.calls.values():
            self.calls[call.call_id] = shown_of(call)
        thirds = [one.is_on_hold for one in self.calls.values() if one.role == "Third_Party"]
        assert payload.is_third_party_on_hold in (any(thirds), None) or self._has_consult()

    _on_participants_swapped = _on_participants_conferenced = _on_hold_toggle

    def _has_consult(self) -> bool:
        return any(one.call_type == "Consult" for one in self.calls.values())

    def _on_mute_toggle(self, payload: Any) -> None:
        if payload.call is None:
            self.is_muted = payload.is_muted
            return
        assert payload.call.call_id in self.calls
        change = self.muted.add if payload.is_muted else self.muted.discard
        change(payload.call.call_id)

    def _on_recording_toggle(self, payload: Any) -> None:
        self.is_recording_paused = payload.is_recording_paused

    def _on_supervisor_call_started(self, payload: Any) -> None:
        assert payload.call.call_id not in self.supervised
        self.supervised[payload.call.call_id] = "ringing"

    def _on_supervisor_call_connected(self, payload: Any) -> None:
        is_heard = payload.call.call_attributes.has_supervisor_barged_in
        self.supervised[payload.call.call_id] = "barged_in" if is_heard else "connected"

    def _on_supervisor_barged_in(self, payload: Any) -> None:
        assert self.supervised[payload.call.call_id] in {"connected", "barged_in"}
        self.supervised[payload.call.call_id] = "barged_in"

    def _on_supervisor_hangup(self, payload: Any) -> None:
        for call in payload.calls:
            del self.supervised[str(call.call_id)]

    def _on_call_barged_in(self, payload: Any) -> None:
        assert payload.call_id in {**self.calls, **self.supervised, **self._gone}

    def _on_after_call_work_started(self, payload: Any) -> None:
        assert self.wrap_up is None
        assert payload["callId"] not in self.calls, "wrapped up before it ended"
        self.wrap_up = payload["callId"]

    def _on_wrap_up_ended(self, payload: Any) -> None:
        assert (self.wrap_up, payload["callStatus"]) == (payload["callId"], "ended")
        self.wrap_up = None

    def _on_state_change(self, payload: Any) -> None:
        old = payload.old_vendor_state_info
        assert self.agent_state in (None, old.status_type)
        self.agent_state = payload.new_vendor_state_info.status_type

    # ---- inside --------------------------------------------------------------------------------

    def _shows(self, call: PhoneCall, event_type: str) -> None:
        call_id = str(call.call_id)
        self.history.append((event_type, call_id))
        shown = shown_of(call)
        if not self._is_consulted_here(shown):
            is_second = bool(self.calls) and call_id not in self.calls
            self.is_alone = not self.calls or (self.is_alone and not is_second)
            self._mains.add(call_id)
        self.calls[call_id] = shown
        if event_type == "CALL_CONNECTED" and call.call_info and call_id in self._mains:
            self.is_muted = call.call_info.is_muted
            self.is_recording_paused = call.call_info.is_recording_paused

    def _is_consulted_here(self, shown: Shown) -> bool:
        """Whether it is somebody whom the agent consults, not a consult that rings at the agent."""
        parents = {*self._mains, *(self.calls[main].parent_id for main in self._mains)} - {None}
        return shown.call_type == "Consult" and shown.parent_id in parents

    def _forget(self, call_id: str, event_type: str) -> None:
        assert call_id in self.calls, f"{call_id} left and was not there"
        del self.calls[call_id]
        self._gone[call_id] = event_type
        self.muted.discard(call_id)
        self._mains.discard(call_id)
        self.history.append((event_type, call_id))


def shown_of(call: PhoneCall) -> Shown:
    """What the page shows of a call."""
    info, attributes = call.call_info or CallInfo(), call.call_attributes
    assert call.call_type is not None
    assert attributes is not None
    return Shown(
        call_type=call.call_type.value,
        state=str(call.state),
        is_on_hold=bool(info.is_on_hold),
        role=str(attributes.participant_type),
        parent_id=attributes.parent_id,
    )
