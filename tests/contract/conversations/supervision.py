"""Supervisors: messages, events and replay (connector-api.md 1.6, 3.1, 4.6)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from connector_py.entities import (
    AgentConfigResult,
    CallEnded,
    CallStarted,
    ParticipantConnected,
    ParticipantState,
    Phone,
    PhoneType,
    SupervisorBargedIn,
)
from tests.contract.conversations.scenes import (
    ADA,
    AGENT,
    CUSTOM_ERROR,
    NOW,
    error,
    message,
    refusing,
    refusing_with_label,
    salesforce_call,
    supervised,
)
from tests.support.builders import make_call_snapshot
from tests.support.scripted_server import Answer, Conversation, Happens, Say

SUPERVISOR: dict[str, Any] = {"call_id": "call-1", "participant_id": "sup-1"}
INFO = {"callId": "call-1", "voiceCallId": "0LQ1", "callType": "Inbound", "from": "+12025550143"}
SEEN = {
    "callId": "call-1",
    "phoneNumber": "+12025550143",
    "callAttributes": {"participantType": "Supervisor"},
}
AT_DESK = replace(
    ADA,
    agent_config=AgentConfigResult(
        phones=("SOFT_PHONE", "DESK_PHONE"),
        selected_phone=Phone(type=PhoneType.DESK_PHONE, number="+12025550111"),
    ),
)
RINGING = supervised(state=ParticipantState.RINGING)


def conversations() -> Iterator[Conversation]:
    """All of them."""
    yield from _listening_in()
    yield from _barging_in()
    yield from _ending()
    yield from _replaying()


def _listening_in() -> Iterator[Conversation]:
    supervise = message("SUPERVISE_CALL", call=INFO)
    for name, agent, call, event_type, state in (
        ("at the softphone", ADA, supervised(), "SUPERVISOR_CALL_CONNECTED", "connected"),
        ("at the desk phone", AT_DESK, RINGING, "SUPERVISOR_CALL_STARTED", "ringing"),
    ):
        yield Conversation(
            name=f"SUPERVISE_CALL {name}",
            agent=agent,
            answers={"supervise_call": Answer(causes=(CallStarted(call=call),))},
            steps=(Say(message=supervise, hears=((event_type, {**SEEN, "state": state}),)),),
            asked=(("supervise_call", {"callId": "call-1"}),),
        )
    yield Conversation(
        name="the supervisor picks up the desk phone",
        agent=AT_DESK,
        calls=(RINGING,),
        steps=(
            Happens(
                notification=ParticipantConnected(**SUPERVISOR, at=NOW),
                hears=(("SUPERVISOR_CALL_CONNECTED", {**SEEN, "state": "connected"}),),
            ),
        ),
    )
    yield from _refused("SUPERVISE_CALL", supervise, "supervise_call", "CAN_NOT_SUPERVISE_CALL", ())


def _barging_in() -> Iterator[Conversation]:
    barge_in = message("SUPERVISOR_BARGE_IN", call=INFO)
    barged_in = SupervisorBargedIn(**SUPERVISOR, at=NOW, supervisor_name="Ada Agent")
    yield Conversation(
        name="SUPERVISOR_BARGE_IN works",
        agent=ADA,
        calls=(supervised(),),
        answers={"barge_in": Answer(causes=(barged_in,))},
        steps=(
            Say(
                message=barge_in,
                hears=(
                    (
                        "SUPERVISOR_BARGED_IN",
                        {"callId": "call-1", "callAttributes": {"hasSupervisorBargedIn": True}},
                    ),
                ),
            ),
        ),
        asked=(("barge_in", {"callId": "call-1"}),),
    )
    yield from _refused(
        "SUPERVISOR_BARGE_IN", barge_in, "barge_in", "CAN_NOT_BARGE_IN_SUPERVISOR", (supervised(),)
    )
    call = supervised()
    mine = replace(
        call,
        participants=tuple(
            replace(one, agent_id={"ben": "ada", "ada": "sue"}.get(one.agent_id or ""))
            for one in call.participants
        ),
    )
    yield Conversation(
        name="the supervised agent hears who barged in",
        agent=ADA,
        calls=(mine,),
        steps=(
            Happens(
                notification=replace(barged_in, supervisor_name="Sue Supervisor"),
                hears=(
                    (
                        "CALL_BARGED_IN",
                        {
                            "callId": "call-1",
                            "voiceCallId": "0LQ1",
                            "supervisorName": "Sue Supervisor",
                            "isBargedIn": True,
                        },
                    ),
                ),
            ),
        ),
    )


def _ending() -> Iterator[Conversation]:
    ended = CallEnded(call_id="call-1", at=NOW)
    stopped = Answer(causes=(ended,))
    hung_up = ("SUPERVISOR_HANGUP", [{"callId": "call-1", "state": "ended", "reason": "ended"}])
    for name, fields in (("with a call", {"call": INFO}), ("without a call", {})):
        yield Conversation(
            name=f"SUPERVISOR_DISCONNECT {name}",
            agent=ADA,
            calls=(supervised(),),
            answers={"stop_supervising": stopped},
            steps=(Say(message=message("SUPERVISOR_DISCONNECT", **fields), hears=(hung_up,)),),
            asked=(("stop_supervising", {"callId": "call-1"}),),
        )
    yield from _refused(
        "SUPERVISOR_DISCONNECT",
        message("SUPERVISOR_DISCONNECT", call=INFO),
        "stop_supervising",
        "CAN_NOT_DISCONNECT_SUPERVISOR",
        (supervised(),),
    )
    yield Conversation(
        name="the supervised call is over",
        agent=ADA,
        calls=(supervised(),),
        steps=(Happens(notification=ended, hears=(hung_up,)),),
    )
    own = make_call_snapshot(call_id="call-2")
    yield Conversation(
        name="accepting a call ends the supervision first",
        agent=ADA,
        answers={
            "supervise_call": Answer(causes=(CallStarted(call=supervised()),)),
            "stop_supervising": stopped,
            "answer_call": Answer(
                causes=(ParticipantConnected(**{**AGENT, "call_id": "call-2"}, at=NOW),)
            ),
        },
        steps=(
            Say(
                message=message("SUPERVISE_CALL", call=INFO),
                hears=(("SUPERVISOR_CALL_CONNECTED", SEEN),),
            ),
            Happens(
                notification=CallStarted(call=own), hears=(("CALL_STARTED", {"callId": "call-2"}),)
            ),
            Say(
                message=message("ACCEPT_CALL", call=salesforce_call("call-2")),
                hears=(hung_up, ("CALL_CONNECTED", {"callId": "call-2"})),
            ),
        ),
        asked=(
            ("supervise_call", {}),
            ("stop_supervising", {"callId": "call-1"}),
            ("answer_call", {"callId": "call-2"}),
        ),
    )


def _replaying() -> Iterator[Conversation]:
    available = message("AGENT_AVAILABLE", isAvailable=True)
    replayed = {**SEEN, "isReplayedCall": True}
    for name, call, hears in (
        ("ringing", RINGING, (("SUPERVISOR_CALL_STARTED", replayed),)),
        ("connected", supervised(), (("SUPERVISOR_CALL_CONNECTED", replayed),)),
        (
            "barged in",
            supervised(has_barged_in=True),
            (("SUPERVISOR_CALL_CONNECTED", replayed), ("SUPERVISOR_BARGED_IN", replayed)),
        ),
    ):
        yield Conversation(
            name=f"the replay of a supervisor who is {name}",
            agent=ADA,
            calls=(call,),
            steps=(Say(message=available, hears=hears),),
        )


def _refused(
    kind: str, said: Any, command: str, constant: str, calls: tuple[Any, ...]
) -> Iterator[Conversation]:
    yield Conversation(
        name=f"{kind} is refused",
        agent=ADA,
        calls=calls,
        answers={command: refusing("invalid_state")},
        steps=(Say(message=said, hears=(error(constant),)),),
    )
    yield Conversation(
        name=f"{kind} is refused with a label",
        agent=ADA,
        calls=calls,
        answers={command: refusing_with_label()},
        steps=(Say(message=said, hears=(CUSTOM_ERROR,)),),
    )
