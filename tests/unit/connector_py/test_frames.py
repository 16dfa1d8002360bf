import json

import pytest

from connector_py.entities import (
    COMMANDS,
    NOTIFICATIONS,
    AgentStatus,
    AnswerCall,
    CallEnded,
    CommandFrame,
    Frame,
    HangupStatus,
    Heartbeat,
    Hello,
    LinkError,
    LogOut,
    NotificationFrame,
    Reply,
    SetAgentStatus,
    Welcome,
    command_from_wire,
    command_to_wire,
    decode_frame,
    encode_frame,
    notification_from_wire,
    notification_to_wire,
)
from connector_py.errors import ValidationError
from tests.support.builders import START, make_agent_snapshot, make_call_snapshot

ENDED = CallEnded(call_id="c1", at=START, agent_status=HangupStatus.DECLINED)


@pytest.mark.parametrize(
    ("frame", "written"),
    [
        (
            Hello(ticket="t", instance_id="i"),
            {"kind": "hello", "ticket": "t", "instanceId": "i", "schema": 1, "offset": 0},
        ),
        (
            CommandFrame(id="k1", command=AnswerCall(call_id="c1")),
            {"kind": "command", "id": "k1", "name": "answer_call", "args": {"callId": "c1"}},
        ),
        (
            CommandFrame(id="k2", command=LogOut()),
            {"kind": "command", "id": "k2", "name": "log_out", "args": {}},
        ),
        (
            Reply(id="k1", offset=7, result={"callId": "c1"}),
            {"kind": "reply", "id": "k1", "offset": 7, "result": {"callId": "c1"}},
        ),
        (
            Reply(id="k1", offset=7, error=LinkError(code="invalid_state", message="no")),
            {
                "kind": "reply",
                "id": "k1",
                "offset": 7,
                "error": {"code": "invalid_state", "message": "no"},
            },
        ),
        (
            NotificationFrame(epoch="e1", offset=3, notification=ENDED, cause="k1"),
            {
                "kind": "notification",
                "epoch": "e1",
                "offset": 3,
                "cause": "k1",
                "name": "call_ended",
                "data": {
                    "callId": "c1",
                    "at": "2024-05-06T07:08:09.123Z",
                    "reason": "ended",
                    "agentStatus": "DeclinedByAgent",
                },
            },
        ),
        (Heartbeat(), {"kind": "heartbeat"}),
    ],
)
def test_frames_on_the_line(frame: Frame, written: dict[str, object]) -> None:
    text = encode_frame(frame)
    assert json.loads(text) == written
    assert decode_frame(text) == frame


@pytest.mark.parametrize("calls", [None, (), (make_call_snapshot(),)])
def test_a_welcome_with_and_without_a_snapshot(calls: tuple[object, ...] | None) -> None:
    frame = Welcome(epoch="e1", offset=4, agent=make_agent_snapshot(), calls=calls)  # type: ignore[arg-type] # parametrized
    text = encode_frame(frame)
    assert ("calls" in json.loads(text)) == (calls is not None)
    assert decode_frame(text) == frame


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "frame"),
        ("{", "frame"),
        ("[]", "frame"),
        ("[" * 100_000, "frame"),
        ('{"kind":"reply","id":"a","offset":0,"result":NaN}', "frame"),
        ("{}", "kind"),
        ('{"kind":"dance"}', "kind"),
        ('{"kind":["hello"]}', "kind"),
        ('{"kind":"hello","instanceId":"i"}', "ticket"),
        ('{"kind":"command","id":"k"}', "name"),
        ('{"kind":"command","id":"k","name":"explode","args":{}}', "name"),
        ('{"kind":"command","name":"log_out"}', "id"),
        ('{"kind":"command","id":"k","name":"hold","args":{"callId":"c"}}', "args.participantId"),
        ('{"kind":"command","id":"k","name":"hold"}', "args.callId"),
        ('{"kind":"notification","epoch":"e","name":"call_ended"}', "offset"),
        ('{"kind":"notification","epoch":"e","offset":1,"name":"x"}', "name"),
        (
            '{"kind":"notification","epoch":"e","offset":1,"name":"call_ended","data":{}}',
            "data.callId",
        ),
    ],
)
def test_what_is_no_frame(text: str, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        decode_frame(text)
    assert caught.value.field == field


def test_notifications_and_commands_alone() -> None:
    assert notification_from_wire(notification_to_wire(ENDED)) == ENDED
    command = SetAgentStatus(agent_status=AgentStatus.ONLINE)
    assert command_from_wire(command_to_wire(command)) == command


def test_every_name_is_known_once() -> None:
    assert len(COMMANDS) == 27
    assert len(NOTIFICATIONS) == 30
    assert all(cls.name == name for name, cls in COMMANDS.items())
    assert all(cls.name == name for name, cls in NOTIFICATIONS.items())
