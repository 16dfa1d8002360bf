"""Whatever goes over a wire comes back as it was."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector_py.entities import (
    COMMANDS,
    NOTIFICATIONS,
    AgentSnapshot,
    CallSnapshot,
    CommandFrame,
    ContactsPage,
    Heartbeat,
    Hello,
    NotificationFrame,
    Reply,
    Welcome,
    decode_frame,
    encode_frame,
    from_wire,
    to_tagged,
    to_wire,
)
from connector_py.errors import ValidationError
from tests.support.strategies import VENDOR_CLASSES, instances_of, json_values, texts

CLASSES = [*VENDOR_CLASSES, CallSnapshot, AgentSnapshot, ContactsPage]
small = settings(max_examples=25)

commands = st.sampled_from(sorted(COMMANDS)).flatmap(lambda name: instances_of(COMMANDS[name]))
notifications = st.sampled_from(sorted(NOTIFICATIONS)).flatmap(
    lambda name: instances_of(NOTIFICATIONS[name])
)
offsets = st.integers(0, 2**53 - 1)
frames = st.one_of(
    instances_of(Hello),
    instances_of(Reply),
    instances_of(Welcome),
    st.just(Heartbeat()),
    st.builds(CommandFrame, id=texts, command=commands),
    st.builds(
        NotificationFrame,
        epoch=texts,
        offset=offsets,
        notification=notifications,
        cause=st.none() | texts,
    ),
)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@given(data=st.data())
@small
def test_entities(cls: type[Any], data: st.DataObject) -> None:
    value = data.draw(instances_of(cls))
    text = json.dumps(to_wire(value), allow_nan=False)
    assert from_wire(cls, json.loads(text)) == value


def without_tags(value: Any) -> Any:
    if isinstance(value, list):
        return [without_tags(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$date"}:
        return value["$date"]
    return {key: without_tags(item) for key, item in value.items() if key != "$class"}


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@given(data=st.data())
@settings(max_examples=10)
def test_tags_add_and_change_nothing_else(cls: type[Any], data: st.DataObject) -> None:
    value = data.draw(instances_of(cls))
    assert without_tags(to_tagged(value)) == to_wire(value)


@given(frame=frames)
@settings(max_examples=100)
def test_frames(frame: Any) -> None:
    assert decode_frame(encode_frame(frame)) == frame


@given(data=json_values)
@settings(max_examples=100)
def test_anything_else_is_refused_by_name(data: Any) -> None:
    with pytest.raises(ValidationError):
        decode_frame(json.dumps(data))


@given(
    kind=st.sampled_from(["hello", "welcome", "command", "reply", "notification"]),
    name=st.sampled_from([*COMMANDS, *NOTIFICATIONS]),
    rest=st.dictionaries(
        st.sampled_from(["id", "args", "data", "epoch", "offset", "ticket", "agent", "calls"]),
        json_values,
    ),
)
@settings(max_examples=150)
def test_half_a_frame_is_a_frame_or_a_named_error(
    kind: str, name: str, rest: dict[str, Any]
) -> None:
    text = json.dumps({"kind": kind, "name": name, **rest})
    field = ""
    try:
        read = decode_frame(text).kind
    except ValidationError as error:
        read, field = kind, error.field
    assert read == kind
    assert field != "frame"
