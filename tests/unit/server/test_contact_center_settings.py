"""Settings of an org, what they forbid, and errors on purpose."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from connector_py.entities import (
    AddParticipant,
    AgentStatus,
    AgentWork,
    AnswerCall,
    CallInfo,
    CapabilitiesChanged,
    Command,
    Conference,
    Contact,
    ContactType,
    DeclineCall,
    Dial,
    EndCall,
    Hold,
    LogOut,
    Mute,
    ParticipantState,
    PauseRecording,
    RecordingState,
    RemoveParticipant,
    RemoveParticipantVariant,
    ReportAgentWork,
    ReportPresenceStatuses,
    Resume,
    ResumeRecording,
    SearchContacts,
    SendDigits,
    SendMessage,
    SetAgentStatus,
    SharedCapabilitiesResult,
    SignRecordingUrl,
    SuperviseCall,
    Swap,
    Unmute,
    WorkEvent,
)
from server.entities import AgentKey, CallRecord, SimulatedError, TenantSettings
from server.errors import InvalidRequestError, NotFoundError
from tests.support.center_verbs import (
    choose,
    customer_id,
    done,
    hire,
    part_of,
    refused,
    shared,
    talking,
    voice,
)
from tests.support.server_fakes import ADA, BEN, TENANT_ID, CenterHouse, Seat, build_center

FRIEND = Contact(phone_number="+12025550177", type=ContactType.PHONENUMBER)
BEN_CONTACT = Contact(id=BEN.agent_id, type=ContactType.AGENT)
QUEUE = Contact(id="queue-1", type=ContactType.QUEUE, name="Support")
FLOW = Contact(id="Route_Me", type=ContactType.FLOW)


# ---- reading, writing, telling -------------------------------------------------------------------


async def test_settings_are_the_usual_ones_until_somebody_chooses(tmp_path: Path) -> None:
    chosen = TenantSettings(
        shared_capabilities=SharedCapabilitiesResult(has_contact_search=False),
        contact_types=(ContactType.QUEUE,),
        call_info=CallInfo(mute_enabled=False),
        supervisors=("sue@test.example",),
        labels=("c.busy", "acme.tooLate"),
        queue_wait_seconds={"queue-1": 90},
        is_auto_merge_on=True,
        error=SimulatedError(),
    )
    async with build_center(tmp_path) as house:
        assert await house.center.tenant_settings(TENANT_ID) == TenantSettings()
        await house.center.change_tenant_settings(TENANT_ID, chosen)
        with pytest.raises(NotFoundError):
            await house.center.tenant_settings("00D000000000009AAA")
        with pytest.raises(NotFoundError):
            await house.center.change_tenant_settings("00D000000000009AAA", chosen)
    async with build_center(tmp_path, prefix="again") as house:
        assert await house.center.tenant_settings(TENANT_ID) == chosen


async def test_connectors_that_are_there_hear_of_other_capabilities(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.connects()
        await ben.connects()
        await ben.disconnects()
        await voice(house, has_swap=False)
        told = await ada.hears(CapabilitiesChanged)
        assert not told.voice_capabilities.has_swap
        assert told.shared_capabilities == TenantSettings().shared_capabilities
        await choose(house, contact_types=())
        await ben.listens()
        await ada.listens()
        assert (ada.names(), ben.names()) == (["capabilities_changed"], [])
        # Who comes later gets it with the welcome.
        welcome = await house.center.open_link(BEN, instance_id="p", epoch=None, offset=0)
        assert not welcome.agent.voice_capabilities.has_swap


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"labels": ("no-dot",)}, "labels"),
        ({"labels": ("c.with space",)}, "labels"),
        ({"labels": ("1c.busy",)}, "labels"),
        ({"labels": tuple(f"c.l{number}" for number in range(1001))}, "labels"),
        ({"supervisors": ("sue@test.example", " ")}, "supervisors"),
        ({"supervisors": tuple(f"{one}@test.example" for one in range(1001))}, "supervisors"),
        ({"queue_wait_seconds": {"q": -1}}, "queueWaitSeconds"),
        ({"queue_wait_seconds": {"q": 86_401}}, "queueWaitSeconds"),
        ({"error": SimulatedError(namespace="c")}, "error.label"),
        ({"error": SimulatedError(label_name="busy")}, "error.label"),
        ({"error": SimulatedError(namespace="c", label_name="")}, "error.label"),
        ({"error": SimulatedError(code="NO_SUCH_ERROR")}, "error.code"),
    ],
)
async def test_settings_that_make_no_sense_are_refused(
    tmp_path: Path, changes: dict[str, Any], field: str
) -> None:
    async with build_center(tmp_path) as house:
        with pytest.raises(InvalidRequestError) as caught:
            await choose(house, **changes)
        assert caught.value.field == field
        assert await house.center.tenant_settings(TENANT_ID) == TenantSettings()


# ---- contacts ------------------------------------------------------------------------------------


async def test_waits_types_and_availability_are_as_the_org_chose(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.connects()
        await ben.goes_online()
        stale = replace(QUEUE, id="queue-2", name="Sales", queue_wait_time="7")
        await house.store.run(lambda tx: tx.save_contacts(TENANT_ID, [QUEUE, stale]))
        await choose(
            house,
            queue_wait_seconds={QUEUE.id: 90},
            contact_types=(ContactType.QUEUE, ContactType.AGENT),
        )

        async def found() -> dict[str, tuple[object, object]]:
            page = done(await ada.asks(SearchContacts()))
            assert page["contactTypes"] == ["Queue", "Agent"]
            return {
                one["name"]: (one.get("queueWaitTime"), one.get("availability"))
                for one in page["contacts"]
            }

        assert await found() == {
            "Ben Agent": (None, "AVAILABLE"),
            "Sales": (None, None),
            "Support": ("90", None),
        }
        await shared(house, has_queue_wait_time=False, has_agent_availability=False)
        assert await found() == {
            "Ben Agent": (None, None),
            "Sales": (None, None),
            "Support": (None, None),
        }


# ---- capabilities --------------------------------------------------------------------------------


def of_the_call(record: CallRecord) -> dict[str, Any]:
    return {"call_id": record.call_id}


def of_the_customer(record: CallRecord) -> dict[str, Any]:
    return {"call_id": record.call_id, "participant_id": customer_id(record)}


def both_parties(record: CallRecord) -> dict[str, Any]:
    held = customer_id(record)
    return {
        "call_id": record.call_id,
        "hold_participant_id": held,
        "resume_participant_id": part_of(record, ADA).participant_id,
    }


@pytest.mark.parametrize(
    ("flag", "command"),
    [
        ("has_mute", lambda record: Mute(call_id=record.call_id)),
        ("has_mute", lambda record: Unmute(call_id=record.call_id)),
        ("has_record", lambda record: PauseRecording(call_id=record.call_id)),
        ("has_record", lambda record: ResumeRecording(call_id=record.call_id)),
        ("has_swap", lambda record: Swap(**both_parties(record))),
        ("has_merge", lambda record: Conference(call_id=record.call_id)),
        (
            "has_blind_transfer",
            lambda record: AddParticipant(
                call_id=record.call_id, contact=FRIEND, is_blind_transfer=True
            ),
        ),
        ("can_consult", lambda record: Dial(contact=FRIEND, is_consult_call=True)),
        ("has_phone_book", lambda record: Dial(contact=BEN_CONTACT)),
        ("has_phone_book", lambda record: Dial(contact=QUEUE)),
        ("has_supervisor_listen_in", lambda record: SuperviseCall(call_id=record.call_id)),
        (
            "has_signed_recording_url",
            lambda record: SignRecordingUrl(vendor_call_key=record.call_id),
        ),
    ],
)
async def test_what_the_org_does_not_allow_is_refused_and_changes_nothing(
    tmp_path: Path, flag: str, command: Any
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        await voice(house, **{flag: False})
        await ada.listens()
        error = refused(await ada.asks(command(record)))
        assert error.code == "not_supported"
        assert await house.record(record.call_id) == record
        before = len(ada.heard)
        assert len(await ada.listens()) == before


@pytest.mark.parametrize(
    ("flag", "command"),
    [
        ("is_dial_pad_disabled", lambda record: SendDigits(call_id=record.call_id, digits="1")),
        ("is_phone_book_disabled", lambda record: Dial(contact=BEN_CONTACT)),
    ],
)
async def test_what_is_disabled_for_the_softphone_works_at_the_desk_phone(
    tmp_path: Path, flag: str, command: Any
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        await voice(house, **{flag: True})
        assert refused(await ada.asks(command(record))).code == "not_supported"
        reply = await house.center.desk_phone(ADA, command(record))
        assert reply.error is None or reply.error.code != "not_supported"


async def test_a_flow_is_no_destination_where_the_org_has_none(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        await shared(house, has_transfer_to_omni_flow=False)
        reply = await ada.asks(AddParticipant(call_id=record.call_id, contact=FLOW))
        assert refused(reply).code == "not_supported"
        await voice(house, has_phone_book=False)
        # A number is dialed without the phone book; that the agent is busy is another matter.
        assert refused(await ada.asks(Dial(contact=FRIEND))).code == "invalid_state"


# ---- controls of the call ------------------------------------------------------------------------


async def toggled(house: CenterHouse, record: CallRecord, **changes: Any) -> CallRecord:
    info = replace((await house.record(record.call_id)).call.call_info, **changes)
    await house.center.update_call_info(TENANT_ID, record.call_id, info)
    return await house.record(record.call_id)


@pytest.mark.parametrize(
    ("changes", "command"),
    [
        ({"hold_enabled": False}, lambda record: Hold(**of_the_customer(record))),
        ({"hold_enabled": False}, lambda record: Resume(**of_the_customer(record))),
        ({"mute_enabled": False}, lambda record: Mute(**of_the_call(record))),
        ({"mute_enabled": False}, lambda record: Unmute(**of_the_call(record))),
        ({"record_enabled": False}, lambda record: PauseRecording(**of_the_call(record))),
        ({"record_enabled": False}, lambda record: ResumeRecording(**of_the_call(record))),
        (
            {"extension_enabled": False},
            lambda record: SendDigits(call_id=record.call_id, digits="1"),
        ),
        (
            {"add_caller_enabled": False},
            lambda record: AddParticipant(call_id=record.call_id, contact=FRIEND),
        ),
        ({"swap_enabled": False}, lambda record: Swap(**both_parties(record))),
        ({"conference_enabled": False}, lambda record: Conference(**of_the_call(record))),
        ({"end_call_disabled": True}, lambda record: EndCall(**of_the_call(record))),
        (
            {"remove_participant_variant": RemoveParticipantVariant.NEVER},
            lambda record: RemoveParticipant(**of_the_customer(record)),
        ),
    ],
)
async def test_disabled_controls_are_refused_at_the_softphone_only(
    tmp_path: Path, changes: dict[str, Any], command: Any
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await toggled(house, await talking(house, ada), **changes)
        assert refused(await ada.asks(command(record))).code == "not_supported"
        assert await house.record(record.call_id) == record
        reply = await house.center.desk_phone(ADA, command(record))
        assert reply.error is None or reply.error.code != "not_supported"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"accept_enabled": False}, AnswerCall),
        ({"decline_enabled": False}, DeclineCall),
        # To end a call that rings is to decline it.
        ({"decline_enabled": False}, EndCall),
    ],
)
async def test_a_ringing_call_can_be_left_to_the_desk_phone(
    tmp_path: Path, changes: dict[str, Any], kind: Any
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await choose(house, call_info=CallInfo(**changes))
        await ada.goes_online()
        await house.customer_calls(wanted=ADA)
        call = await ada.rings()
        assert refused(await ada.asks(kind(call_id=call.call_id))).code == "not_supported"
        assert part_of(await house.record(call.call_id), ADA).state is ParticipantState.RINGING
        done(await house.center.desk_phone(ADA, kind(call_id=call.call_id)))


async def test_what_cannot_be_declined_can_be_ended_once_it_is_answered(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await choose(house, call_info=CallInfo(decline_enabled=False))
        record = await talking(house, ada)
        done(await ada.asks(EndCall(call_id=record.call_id)))


async def test_controls_of_an_added_party_are_its_own(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        variant = RemoveParticipantVariant.ALWAYS_EXCEPT_ON_HOLD
        await choose(
            house,
            third_party_call_info=CallInfo(hold_enabled=False, remove_participant_variant=variant),
        )
        record = await talking(house, ada)
        added = done(await ada.asks(AddParticipant(call_id=record.call_id, contact=FRIEND)))
        leg = added["participantId"]
        await house.pbx.party_answers(record.call_id, leg)
        where = {"call_id": record.call_id, "participant_id": leg}
        assert refused(await ada.asks(Hold(**where))).code == "not_supported"
        done(await house.center.desk_phone(ADA, Hold(**where)))
        assert refused(await ada.asks(RemoveParticipant(**where))).code == "not_supported"
        done(await house.center.desk_phone(ADA, Resume(**where)))
        # The customer's own controls are those of the call.
        done(await ada.asks(Resume(**of_the_customer(record))))
        done(await ada.asks(RemoveParticipant(**where)))


async def test_nobody_is_held_on_a_call_that_merges_by_itself(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await choose(house, is_auto_merge_on=True)
        record = await talking(house, ada)
        assert record.call.is_auto_merge_on
        for command in (Hold(**of_the_customer(record)), Swap(**both_parties(record))):
            assert refused(await ada.asks(command)).code == "not_supported"


async def test_the_template_of_calls_is_that_of_new_calls(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await choose(house, call_info=CallInfo(show_merge_button=False))
        record = await talking(house, ada)
        await choose(house, call_info=CallInfo())
        assert not (await house.record(record.call_id)).call.call_info.show_merge_button


# ---- errors on purpose ---------------------------------------------------------------------------

LABEL = SimulatedError(namespace="acme", label_name="notToday")


def everything(record: CallRecord) -> list[Command]:
    return [
        AnswerCall(call_id=record.call_id),
        EndCall(call_id=record.call_id),
        Hold(**of_the_customer(record)),
        PauseRecording(call_id=record.call_id),
        SendDigits(call_id=record.call_id, digits="1"),
        Dial(contact=FRIEND),
        AddParticipant(call_id=record.call_id, contact=FRIEND),
        SearchContacts(),
        SetAgentStatus(agent_status=AgentStatus.ONLINE),
        SendMessage(message="hello"),
        LogOut(),
    ]


async def test_while_an_error_is_set_everything_is_refused(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        await choose(house, error=SimulatedError())
        for command in everything(record):
            error = refused(await ada.asks(command))
            assert (error.code, error.namespace, error.label_name) == ("switch_failed", None, None)
        assert await house.record(record.call_id) == record
        # What a connector only tells is taken all the same.
        work = AgentWork(work_event=WorkEvent.ACCEPTED, work_item_id="w")
        done(await ada.asks(ReportAgentWork(agent_work=work)))
        done(await ada.asks(ReportPresenceStatuses(statuses=())))
        await choose(house, error=None)
        done(await ada.asks(Hold(**of_the_customer(record))))


async def test_a_label_is_sent_when_the_org_has_it(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        await choose(house, error=LABEL, labels=("acme.notToday",))
        error = refused(await ada.asks(Dial(contact=FRIEND)))
        assert (error.namespace, error.label_name) == ("acme", "notToday")
        await choose(house, labels=("acme.other",))
        with capture_logs() as logs:
            error = refused(await ada.asks(Dial(contact=FRIEND)))
        assert (error.namespace, error.label_name) == (None, None)
        assert [one["event"] for one in logs if one["log_level"] == "warning"] == ["unknown_label"]


async def test_an_error_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        await choose(house, error=SimulatedError(code="AGENT_AT_MAXIMUM_CAPACITY"))
        error = refused(await ada.asks(Dial(contact=FRIEND)))
        assert error.code == "AGENT_AT_MAXIMUM_CAPACITY"


async def test_the_error_is_one_orgs_own(tmp_path: Path) -> None:
    other = AgentKey(tenant_id="00D000000000002AAA", agent_id="005ada")
    async with build_center(tmp_path) as house:
        await choose(house, error=SimulatedError())
        seat = Seat(house, (await hire(house, other)).key)
        await seat.connects()
        done(await seat.asks(SetAgentStatus(agent_status=AgentStatus.ONLINE)))


async def test_recording_stays_as_it_is_when_refused(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        await choose(house, error=LABEL, labels=("acme.notToday",))
        reply = await house.center.desk_phone(ADA, PauseRecording(call_id=record.call_id))
        assert refused(reply).label_name == "notToday"
        after = await house.record(record.call_id)
        assert after.call.recording is RecordingState.RECORDING
        assert part_of(after, ADA).is_softphone


async def test_a_search_gives_the_first_thousand(tmp_path: Path) -> None:
    """So many Salesforce keeps to search them itself (guide chapter 13)."""
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        book = [
            Contact(id=f"c{number}", type=ContactType.PHONEBOOK, name=f"Contact {number}")
            for number in range(1100)
        ]
        await house.store.run(lambda tx: tx.save_contacts(house.tenant_id, book))

        reply = await ada.asks(SearchContacts(limit=5000))

        assert (len(reply.result["contacts"]), reply.result["total"]) == (1000, 1101)
