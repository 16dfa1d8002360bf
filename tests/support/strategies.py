"""Random entities and random lives of calls, for property tests."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from hypothesis import strategies as st

from connector_py import entities
from connector_py.call_model import Call
from connector_py.entities import (
    CallEnded,
    CallSnapshot,
    CallUpdated,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantOffered,
    ParticipantResumed,
    ParticipantsConferenced,
    ParticipantSnapshot,
    ParticipantsSwapped,
    ParticipantState,
    ParticipantType,
    ParticipantUnmuted,
    PhoneSwitched,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingState,
    SupervisorBargedIn,
)
from connector_py.entities.validation import VendorClass
from tests.support.builders import (
    at,
    make_call_snapshot,
    make_outbound_call_snapshot,
    make_third_party,
)

VENDOR_CLASSES: tuple[type[Any], ...] = tuple(
    value
    for value in vars(entities).values()
    if isinstance(value, type) and issubclass(value, VendorClass) and value is not VendorClass
)

texts = st.text(max_size=12)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
moments = st.datetimes(
    min_value=datetime(1971, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)
).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))

_SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    bool: st.booleans(),
    int: st.integers(-(2**53) + 1, 2**53 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 1000),
    datetime: moments,
    NoneType: st.none(),
    Any: json_values.filter(lambda value: value is not None),
}


def values_of(declared: Any) -> st.SearchStrategy[Any]:
    """Values of a field's declared type."""
    if declared in _SCALARS:
        return _SCALARS[declared]
    origin, args = get_origin(declared), get_args(declared)
    if origin in (UnionType, Union):
        return st.one_of([values_of(arg) for arg in args])
    if origin is tuple:
        return st.lists(values_of(args[0]), max_size=3).map(tuple)
    if origin is Mapping:
        return st.dictionaries(texts, values_of(args[1]), max_size=3)
    if issubclass(declared, Enum):
        return st.sampled_from(list(declared))
    return instances_of(declared)


def instances_of(cls: type[Any]) -> st.SearchStrategy[Any]:
    """Valid instances of a dataclass."""
    special = {
        entities.ACWInfo: {"agent_work_id": st.text(min_size=1, max_size=12)},
        entities.AgentStatusInfo: {"status_id": st.text(min_size=1, max_size=12)},
        entities.SupervisedCallInfo: {"call_id": st.text(min_size=1, max_size=12)},
        entities.SignedRecordingUrlResult: {
            "url": st.text(min_size=1, max_size=12),
            "call_id": st.text(min_size=1, max_size=12),
        },
        entities.StateChangeResult: {
            "new_vendor_state_info": st.builds(
                entities.AgentVendorStatusInfo, status_name=texts, status_id=texts
            )
        },
    }.get(cls, {})
    given = {field.name: values_of(field.type) for field in fields(cls)} | special
    return st.builds(cls, **given)


# ---- lives of calls --------------------------------------------------------------------------


def possible_notifications(call: CallSnapshot, seconds: int) -> list[Notification]:
    """What may happen to a call next."""
    call_id, now = call.call_id, at(seconds)
    found: list[Notification] = [
        CallEnded(call_id=call_id, at=now),
        CallUpdated(call_id=call_id, voice_call_id=f"0LQ{seconds}"),
        *(
            ParticipantAdded(call_id=call_id, participant=added)
            for added in _who_may_be_added(seconds)
        ),
    ]
    recording = {
        RecordingState.OFF: RecordingStarted,
        RecordingState.RECORDING: RecordingPaused,
        RecordingState.PAUSED: RecordingResumed,
    }[call.recording]
    found.append(recording(call_id=call_id))
    for one in call.participants:
        where: dict[str, Any] = {"call_id": call_id, "participant_id": one.participant_id}
        if one.state is not ParticipantState.ENDED:
            found.append(ParticipantLeft(**where, at=now))
        if one.state is ParticipantState.RINGING:
            found.append(ParticipantConnected(**where, at=now))
        if one.state is ParticipantState.CONNECTED:
            hold = ParticipantResumed if one.is_on_hold else ParticipantHeld
            mute = ParticipantUnmuted if one.is_muted else ParticipantMuted
            found += [hold(**where, at=now), mute(**where)]
        found += _of_one_party(one, where, now)
    return found + _of_several_parties(call, now)


def _who_may_be_added(seconds: int) -> list[ParticipantSnapshot]:
    third = make_third_party(participant_id=f"third-{seconds}", state_since=at(seconds))
    supervisor = replace(
        third, participant_type=ParticipantType.SUPERVISOR, agent_id="sue", phone_number=None
    )
    return [third, replace(third, is_consult=True, added_by="agent-1"), supervisor]


def _of_one_party(
    one: ParticipantSnapshot, where: dict[str, Any], now: datetime
) -> list[Notification]:
    found: list[Notification] = []
    if one.state is not ParticipantState.ENDED:
        found.append(PhoneSwitched(**where, is_softphone=not one.is_softphone))
        found.append(CallUpdated(**where, voice_call_id=f"0LQ-{now:%M%S}"))
    is_waiting = one.participant_type is ParticipantType.THIRD_PARTY
    if is_waiting and one.state is ParticipantState.RINGING:
        agent_id = None if one.agent_id else "ben"
        found.append(
            ParticipantOffered(**where, at=now, agent_id=agent_id, is_softphone=one.is_softphone)
        )
    listens = one.participant_type is ParticipantType.SUPERVISOR and not one.has_barged_in
    if listens and one.state is ParticipantState.CONNECTED:
        found.append(SupervisorBargedIn(**where, at=now))
    return found


def _of_several_parties(call: CallSnapshot, now: datetime) -> list[Notification]:
    there = [one for one in call.participants if one.state is ParticipantState.CONNECTED]
    held = [one.participant_id for one in there if one.is_on_hold]
    talking = [one.participant_id for one in there if not one.is_on_hold]
    found: list[Notification] = [
        ParticipantsSwapped(call_id=call.call_id, held_id=who, resumed_id=other, at=now)
        for who in talking[:2]
        for other in held[:2]
    ]
    if held or any(one.is_consult for one in there):
        found.append(ParticipantsConferenced(call_id=call.call_id, at=now))
    return found


@st.composite
def call_lives(draw: st.DrawFn, call_id: str = "call-1") -> list[CallSnapshot]:
    """A call from its start on: its picture at the beginning and after each thing that happens."""
    start = draw(st.sampled_from([make_call_snapshot, make_outbound_call_snapshot]))
    pictures = [start(call_id=call_id)]
    for seconds in range(1, draw(st.integers(1, 10))):
        call = Call(pictures[-1])
        if call.is_over:
            break
        # Ending ends the life; let it be rarer than one in eight.
        possible = possible_notifications(call.snapshot, seconds)
        ending = draw(st.integers(0, 15)) == 0
        notification = possible[0] if ending else draw(st.sampled_from(possible[1:]))
        pictures.append(call.apply(notification).snapshot)
    return pictures
