"""Messages about several parties: transfers, consults, swap, conference (connector-api.md 1.3)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from connector_py.entities import (
    CallEnded,
    ContactType,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantsConferenced,
    ParticipantsSwapped,
    ParticipantState,
)
from tests.contract.conversations.scenes import (
    ADA,
    CONNECTED,
    CUSTOM_ERROR,
    CUSTOMER,
    HELD,
    NOW,
    THIRD,
    THIRD_CALL,
    error,
    message,
    refusing,
    refusing_with_label,
    salesforce_call,
    with_third,
)
from tests.support.builders import at, make_third_party
from tests.support.scripted_server import ABSENT, Answer, Conversation, Happens, Say

CALL = salesforce_call()
CONTACT: dict[str, Any] = {"id": "ben", "type": "Agent", "name": "Ben Agent"}
ADDED = make_third_party(
    state_since=NOW,
    agent_id=None,
    phone_number=None,
    name="Ben Agent",
    contact_type=ContactType.AGENT,
    contact_id="ben",
    added_by="agent-1",
)
REMOVED = ("PARTICIPANT_REMOVED", {"reason": "error"})


def conversations() -> Iterator[Conversation]:
    """All of them."""
    yield from _adding()
    yield from _consulting()
    yield from _removing()
    yield from _swapping_and_conferencing()
    yield from _leaving()
    yield from _after_a_reload()


def _adding() -> Iterator[Conversation]:
    add = message("ADD_PARTICIPANT", contact=CONTACT, call=CALL, isBlindTransfer=False)
    blind = {**add, "isBlindTransfer": True}
    added = (
        "PARTICIPANT_ADDED",
        {
            "callId": "third-1",
            "connectionId": "third-1",
            "initialCallHasEnded": False,
            "callAttributes": {"participantType": "Third_Party"},
            "callInfo": {"isOnHold": False},
        },
    )
    yield Conversation(
        name="ADD_PARTICIPANT works",
        agent=ADA,
        calls=(CONNECTED,),
        answers={
            "add_participant": Answer(
                causes=(
                    ParticipantHeld(**CUSTOMER, at=NOW),
                    ParticipantAdded(call_id="call-1", participant=ADDED),
                ),
                result={"participantId": "third-1"},
            )
        },
        steps=(
            Say(message=add, hears=(added, ("HOLD_TOGGLE", {"isCustomerOnHold": True}))),
            Happens(
                notification=ParticipantConnected(**THIRD, at=NOW),
                hears=(("PARTICIPANT_CONNECTED", {"callId": "third-1"}),),
            ),
        ),
        asked=(
            (
                "add_participant",
                {"callId": "call-1", "contact": CONTACT, "isBlindTransfer": False},
            ),
        ),
    )
    yield Conversation(
        name="ADD_PARTICIPANT as a blind transfer",
        agent=ADA,
        calls=(CONNECTED,),
        answers={
            "add_participant": Answer(
                causes=(
                    ParticipantAdded(call_id="call-1", participant=ADDED),
                    CallEnded(call_id="call-1", at=NOW),
                ),
                result={"participantId": "third-1"},
            )
        },
        steps=(
            Say(
                message=blind,
                hears=(
                    ("PARTICIPANT_ADDED", {"callId": "call-1", "initialCallHasEnded": True}),
                    ("HANGUP", {"callId": "call-1"}),
                ),
            ),
        ),
        asked=(("add_participant", {"isBlindTransfer": True}),),
    )
    for code, constant in (
        ("invalid_destination", "INVALID_DESTINATION"),
        ("invalid_state", "CAN_NOT_ADD_PARTICIPANT"),
    ):
        for said, how in ((add, "warm"), (blind, "blind")):
            yield Conversation(
                name=f"ADD_PARTICIPANT, {how}, refused with {code}",
                agent=ADA,
                calls=(CONNECTED,),
                answers={"add_participant": refusing(code)},
                steps=(Say(message=said, hears=(REMOVED, error(constant))),),
            )
    yield Conversation(
        name="ADD_PARTICIPANT refused with a label",
        agent=ADA,
        calls=(CONNECTED,),
        answers={"add_participant": refusing_with_label()},
        steps=(Say(message=add, hears=(REMOVED, CUSTOM_ERROR)),),
    )
    yield Conversation(
        name="a contact request is passed on without a call",
        agent=ADA,
        answers={"add_participant": Answer(result={"contactRequestId": "0CR1"})},
        steps=(
            Say(
                message={**blind, "call": {"callId": "0CR1"}},
                hears=(
                    ("PARTICIPANT_ADDED", {"initialCallHasEnded": True}),
                    ("HANGUP", {"callId": "0CR1"}),
                ),
            ),
        ),
        asked=(("add_participant", {"callId": ABSENT, "isBlindTransfer": True}),),
    )


def _consulting() -> Iterator[Conversation]:
    consulted = replace(ADDED, is_consult=True)
    dial = message("DIAL", contact=CONTACT, params="isConsultCall=true")
    consult = {
        "callId": "third-1",
        "callType": "Consult",
        "callAttributes": {
            "participantType": "Initial_Caller",
            "isConsultCall": True,
            "parentId": "call-1",
        },
    }
    yield Conversation(
        name="a consult is a call of its own, until the conference",
        agent=ADA,
        calls=(CONNECTED,),
        answers={
            "dial": Answer(
                causes=(
                    ParticipantHeld(**CUSTOMER, at=NOW),
                    ParticipantAdded(call_id="call-1", participant=consulted),
                ),
                result={"callId": "call-1", "participantId": "third-1"},
            ),
            "conference": Answer(causes=(ParticipantsConferenced(call_id="call-1", at=NOW),)),
        },
        steps=(
            Say(
                message=dial,
                hears=(
                    ("CALL_STARTED", {**consult, "state": "ringing"}),
                    ("HOLD_TOGGLE", {"isCustomerOnHold": True}),
                ),
            ),
            Happens(
                notification=ParticipantConnected(**THIRD, at=NOW),
                hears=(("CALL_CONNECTED", {**consult, "state": "connected"}),),
            ),
            Say(
                message=message("CONFERENCE", calls=[CALL, {"callId": "third-1"}]),
                hears=(
                    (
                        "HOLD_TOGGLE",
                        {
                            "isCustomerOnHold": False,
                            "isCallMerged": True,
                            "calls": {"third-1": {"callType": "AddParticipant"}},
                        },
                    ),
                ),
            ),
        ),
        asked=(("dial", {"isConsultCall": True}), ("conference", {"callId": "call-1"})),
    )
    yield Conversation(
        name="a consult ends, the call goes on",
        agent=ADA,
        calls=(with_third(is_consult=True, added_by="agent-1"),),
        answers={"remove_participant": Answer(causes=(ParticipantLeft(**THIRD, at=NOW),))},
        steps=(
            Say(
                message=message("END_CALL", call=salesforce_call("third-1", callType="Consult")),
                hears=(
                    (
                        "PARTICIPANT_REMOVED",
                        {"callId": "third-1", "callType": "Consult", "reason": "ended"},
                    ),
                ),
            ),
        ),
        asked=(("remove_participant", {"callId": "call-1", "participantId": "third-1"}),),
    )


def _removing() -> Iterator[Conversation]:
    call = with_third()
    left = Answer(causes=(ParticipantLeft(**THIRD, at=NOW),))
    for name, said in (
        ("by its id", THIRD_CALL),
        ("by its type", {"callAttributes": {"participantType": "Third_Party"}}),
    ):
        yield Conversation(
            name=f"END_CALL removes a third party {name}",
            agent=ADA,
            calls=(call,),
            answers={"remove_participant": left},
            steps=(
                Say(
                    message=message("END_CALL", call=said),
                    hears=(
                        (
                            "PARTICIPANT_REMOVED",
                            {"callId": "third-1", "state": "ended", "reason": "ended"},
                        ),
                    ),
                ),
            ),
            asked=(("remove_participant", {"callId": "call-1", "participantId": "third-1"}),),
        )
    yield Conversation(
        name="END_CALL of the customer, with a third party there, removes the customer",
        agent=ADA,
        calls=(call,),
        answers={
            "remove_participant": Answer(
                causes=(ParticipantLeft(**CUSTOMER, at=NOW),),
            )
        },
        steps=(
            Say(
                message=message("END_CALL", call=CALL),
                hears=(("PARTICIPANT_REMOVED", {"callId": "call-1", "reason": "ended"}),),
            ),
        ),
        asked=(("remove_participant", {"callId": "call-1", "participantId": "customer-1"}),),
    )
    yield Conversation(
        name="END_CALL for the agent leaves the others alone",
        agent=ADA,
        calls=(call,),
        answers={"end_call": Answer(causes=(CallEnded(call_id="call-1", at=NOW),))},
        steps=(
            Say(
                message=message("END_CALL", call={"callAttributes": {"participantType": "Agent"}}),
                hears=(
                    (
                        "HANGUP",
                        [
                            {"callId": "call-1", "reason": "ended"},
                            {"callId": "third-1", "reason": "ended"},
                        ],
                    ),
                ),
            ),
        ),
        asked=(("end_call", {"callId": "call-1"}),),
    )
    yield Conversation(
        name="END_CALL of a third party that may not be removed",
        agent=ADA,
        calls=(call,),
        answers={"remove_participant": refusing("not_supported")},
        steps=(
            Say(
                message=message("END_CALL", call=THIRD_CALL),
                hears=(error("CAN_NOT_END_THE_CALL"),),
            ),
        ),
    )


def _swapping_and_conferencing() -> Iterator[Conversation]:
    call = with_third()
    swap = message("SWAP_PARTICIPANTS", callToHold=THIRD_CALL, callToResume=CALL)
    swapped = ParticipantsSwapped(
        call_id="call-1", held_id="third-1", resumed_id="customer-1", at=NOW
    )
    conference = message("CONFERENCE", calls=[CALL, THIRD_CALL])
    conferenced = ParticipantsConferenced(call_id="call-1", at=NOW)
    about: dict[str, Any] = {"agent": ADA, "calls": (call,)}
    yield Conversation(
        name="SWAP_PARTICIPANTS works",
        **about,
        answers={"swap": Answer(causes=(swapped,))},
        steps=(
            Say(
                message=swap,
                hears=(
                    (
                        "HOLD_TOGGLE",
                        {
                            "isThirdPartyOnHold": True,
                            "isCustomerOnHold": False,
                            "isCallMerged": ABSENT,
                        },
                    ),
                ),
            ),
        ),
        asked=(
            (
                "swap",
                {
                    "callId": "call-1",
                    "holdParticipantId": "third-1",
                    "resumeParticipantId": "customer-1",
                },
            ),
        ),
    )
    yield Conversation(
        name="CONFERENCE works",
        **about,
        answers={"conference": Answer(causes=(conferenced,))},
        steps=(
            Say(
                message=conference,
                hears=(
                    (
                        "HOLD_TOGGLE",
                        {
                            "isThirdPartyOnHold": False,
                            "isCustomerOnHold": False,
                            "isCallMerged": True,
                        },
                    ),
                ),
            ),
        ),
        asked=(("conference", {"callId": "call-1"}),),
    )
    for kind, said, command, constant in (
        ("SWAP_PARTICIPANTS", swap, "swap", "CAN_NOT_SWAP_PARTICIPANTS"),
        ("CONFERENCE", conference, "conference", "CAN_NOT_CONFERENCE"),
    ):
        yield Conversation(
            name=f"{kind} is refused",
            **about,
            answers={command: refusing("switch_failed")},
            steps=(Say(message=said, hears=(error(constant),)),),
        )
        yield Conversation(
            name=f"{kind} is refused with a label",
            **about,
            answers={command: refusing_with_label()},
            steps=(Say(message=said, hears=(CUSTOM_ERROR,)),),
        )
    yield Conversation(
        name="HOLD of a third party",
        **about,
        answers={"hold": Answer(causes=(ParticipantHeld(**THIRD, at=NOW),))},
        steps=(
            Say(
                message=message("HOLD", call=THIRD_CALL),
                hears=(("HOLD_TOGGLE", {"isThirdPartyOnHold": True, "isCallMerged": False}),),
            ),
        ),
        asked=(("hold", {"participantId": "third-1"}),),
    )
    yield Conversation(
        name="MUTE of a third party",
        **about,
        answers={"mute": Answer(causes=(ParticipantMuted(**THIRD),))},
        steps=(
            Say(
                message=message("MUTE", call=THIRD_CALL),
                hears=(
                    (
                        "MUTE_TOGGLE",
                        {"isMuted": True, "isGlobal": False, "call": {"callId": "third-1"}},
                    ),
                ),
            ),
        ),
        asked=(("mute", {"participantId": "third-1"}),),
    )
    yield Conversation(
        name="swap and conference of the desk phone",
        **about,
        steps=(
            Happens(
                notification=swapped,
                hears=(("HOLD_TOGGLE", {"isThirdPartyOnHold": True, "isCustomerOnHold": False}),),
            ),
            Happens(
                notification=conferenced,
                hears=(("HOLD_TOGGLE", {"isThirdPartyOnHold": False, "isCallMerged": True}),),
            ),
        ),
    )


def _leaving() -> Iterator[Conversation]:
    yield Conversation(
        name="a third party leaves",
        agent=ADA,
        calls=(with_third(),),
        steps=(
            Happens(
                notification=ParticipantLeft(**THIRD, at=NOW),
                hears=(
                    (
                        "PARTICIPANT_REMOVED",
                        {"callId": "third-1", "connectionId": "third-1", "reason": "ended"},
                    ),
                ),
            ),
        ),
    )
    for state, event_type in (
        (ParticipantState.RINGING, "PARTICIPANT_ADDED"),
        (ParticipantState.CONNECTED, "PARTICIPANT_CONNECTED"),
    ):
        yield Conversation(
            name=f"the customer leaves while a third party is {state}",
            agent=ADA,
            calls=(with_third(state=state),),
            steps=(
                Happens(
                    notification=ParticipantLeft(**CUSTOMER, at=NOW),
                    hears=((event_type, {"initialCallHasEnded": True}),),
                ),
            ),
        )
    yield Conversation(
        name="the customer leaves while the agent consults",
        agent=ADA,
        calls=(with_third(is_consult=True, added_by="agent-1"),),
        steps=(
            Happens(
                notification=ParticipantLeft(**CUSTOMER, at=NOW),
                hears=(("PARTICIPANT_CONNECTED", {"initialCallHasEnded": True}),),
            ),
        ),
    )


def _after_a_reload() -> Iterator[Conversation]:
    """Salesforce names plain objects out of the replay; everything works with them."""
    call = with_third(HELD)
    yield Conversation(
        name="swap works after the page was reloaded",
        agent=ADA,
        calls=(call,),
        answers={
            "swap": Answer(
                causes=(
                    ParticipantsSwapped(
                        call_id="call-1", held_id="third-1", resumed_id="customer-1", at=at(70)
                    ),
                )
            )
        },
        steps=(
            Say(
                message=message("AGENT_AVAILABLE", isAvailable=True),
                hears=(
                    ("CALL_CONNECTED", {"callId": "call-1", "isReplayedCall": True}),
                    (
                        "PARTICIPANT_CONNECTED",
                        {
                            "callId": "third-1",
                            "phoneNumber": "+12025550199",
                            "callAttributes": {"participantType": "Third_Party"},
                        },
                    ),
                ),
            ),
            Say(
                message=message("SWAP_PARTICIPANTS", callToHold=THIRD_CALL, callToResume=CALL),
                hears=(("HOLD_TOGGLE", {"isThirdPartyOnHold": True, "isCustomerOnHold": False}),),
            ),
        ),
    )
