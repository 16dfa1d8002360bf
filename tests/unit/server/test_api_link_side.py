"""The server's side of a link: what may come when, and how it ends."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector_py.entities import (
    AnswerCall,
    CloseCode,
    CommandFrame,
    Heartbeat,
    Hello,
    Reply,
    encode_frame,
)
from server.api.link_side import MAX_FRAME_BYTES, LinkEnded, LinkSide, LinkState

HELLO = encode_frame(Hello(ticket="t", instance_id="i"))
COMMAND = encode_frame(CommandFrame(id="k", command=AnswerCall(call_id="c")))


def open_side() -> LinkSide:
    side = LinkSide()
    side.receive(HELLO)
    side.opened()
    return side


def test_hello_then_commands_and_heartbeats() -> None:
    side = LinkSide()
    assert side.receive(HELLO) == Hello(ticket="t", instance_id="i")
    assert side.state is LinkState.OPENING
    side.opened()
    assert side.receive(COMMAND) == CommandFrame(id="k", command=AnswerCall(call_id="c"))
    assert isinstance(side.receive(encode_frame(Heartbeat())), Heartbeat)
    assert side.state is LinkState.OPEN


@pytest.mark.parametrize("frame", [COMMAND, encode_frame(Heartbeat())])
def test_nothing_but_hello_comes_first(frame: str) -> None:
    side = LinkSide()
    with pytest.raises(LinkEnded) as ended:
        side.receive(frame)
    assert ended.value.code is CloseCode.BAD_MESSAGE
    assert side.state is LinkState.AWAITING_HELLO


def test_no_command_before_the_welcome_and_no_second_hello() -> None:
    side = LinkSide()
    side.receive(HELLO)
    with pytest.raises(LinkEnded, match="unexpected command while opening"):
        side.receive(COMMAND)
    with pytest.raises(LinkEnded, match="unexpected hello while open"):
        open_side().receive(HELLO)
    with pytest.raises(RuntimeError):
        LinkSide().opened()


def test_frames_of_the_server_are_refused() -> None:
    with pytest.raises(LinkEnded, match="unexpected reply"):
        open_side().receive(encode_frame(Reply(id="k", offset=1)))


def test_another_schema_is_refused_by_name() -> None:
    with pytest.raises(LinkEnded) as ended:
        LinkSide().receive(encode_frame(Hello(ticket="t", instance_id="i", schema=2)))
    assert ended.value.code is CloseCode.SCHEMA_MISMATCH


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[]",
        "null",
        '{"kind":"dance"}',
        '{"kind":"command","id":"k","name":"dance","args":{}}',
        '{"kind":"command","id":7,"name":"hold","args":{}}',
        '{"kind":"command","id":"","name":"log_out","args":{}}',
        '{"kind":"command","id":"\\ud800","name":"log_out","args":{}}',
        json.dumps({"kind": "command", "id": "k" * 201, "name": "log_out", "args": {}}),
        "[" * 2000,
        json.dumps({"kind": "heartbeat", "x": "y" * MAX_FRAME_BYTES}),
    ],
)
def test_unreadable_frames_end_the_link_with_a_short_reason(text: str | None) -> None:
    with pytest.raises(LinkEnded) as ended:
        open_side().receive(text)
    assert ended.value.code is CloseCode.BAD_MESSAGE
    assert 0 < len(ended.value.reason.encode()) <= 123


@pytest.mark.parametrize("instance_id", ["", "\0", "i" * 201])
def test_a_page_without_a_usable_id_is_refused(instance_id: str) -> None:
    with pytest.raises(LinkEnded, match="instanceId") as ended:
        LinkSide().receive(encode_frame(Hello(ticket="t", instance_id=instance_id)))
    assert ended.value.code is CloseCode.BAD_MESSAGE


def test_the_reason_names_the_field_and_not_the_value() -> None:
    frame = '{"kind":"command","id":"k","name":"send_digits","args":{"callId":"c","digits":4711}}'
    with pytest.raises(LinkEnded) as ended:
        open_side().receive(frame)
    assert "digits" in ended.value.reason
    assert "4711" not in ended.value.reason


def code_of(side: LinkSide, text: str) -> CloseCode | None:
    try:
        side.receive(text)
    except LinkEnded as ended:
        return ended.code
    return None


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
KINDS = st.sampled_from(["hello", "command", "heartbeat", "reply", "notification", "welcome"])


@settings(max_examples=150)
@given(
    st.text()
    | JSON.map(json.dumps)
    | st.tuples(
        KINDS,
        st.dictionaries(
            st.sampled_from(["id", "name", "args", "ticket", "instanceId", "offset"]), JSON
        ),
    ).map(lambda made: json.dumps({"kind": made[0], **made[1]}))
)
def test_whatever_comes_is_a_frame_or_ends_the_link(text: str) -> None:
    for side in (LinkSide(), open_side()):
        before = side.state
        code = code_of(side, text)
        if code is not None:
            assert code in (CloseCode.BAD_MESSAGE, CloseCode.SCHEMA_MISMATCH)
            assert side.state is before
