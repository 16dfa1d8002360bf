"""Work in Omni-Channel beside calls: contact requests, previews, items of other channels."""

from pathlib import Path
from typing import Any

import pytest

from connector_py.entities import (
    AddParticipant,
    AgentStatus,
    AgentStatusInfo,
    AgentWork,
    CallStarted,
    Contact,
    ContactType,
    Dial,
    DialerType,
    MessageReceived,
    ReportAgentWork,
    SearchContacts,
    WorkEvent,
)
from server.entities import ContactRequest
from server.errors import ConflictError, InvalidRequestError, NotFoundError
from tests.support.center_verbs import CAT, done, hire, refused, voice
from tests.support.server_fakes import ADA, BEN, TENANT_ID, CenterHouse, Seat, build_center

REQUEST_ID = "0Cr000000000001AAA"
NUMBER = "+1 (202) 555-0123"
QUEUE = Contact(id="queue-1", type=ContactType.QUEUE, name="Support")
TO_BEN = Contact(id=BEN.agent_id, type=ContactType.AGENT)


def event(kind: WorkEvent, item: str = REQUEST_ID, work: str | None = "0Bz1") -> ReportAgentWork:
    return ReportAgentWork(agent_work=AgentWork(work_event=kind, work_item_id=item, work_id=work))


def passed_on(contact: Contact, *, is_blind: bool = True) -> AddParticipant:
    return AddParticipant(contact=contact, is_blind_transfer=is_blind)


async def given(house: CenterHouse, seat: Seat, **fields: Any) -> None:
    """Let an agent get a contact request, and accept it."""
    await house.center.add_contact_request(
        seat.key, contact_request_id=REQUEST_ID, phone_number=NUMBER, **fields
    )
    done(await seat.asks(event(WorkEvent.ASSIGNED)))
    done(await seat.asks(event(WorkEvent.ACCEPTED)))


async def request_of(house: CenterHouse) -> ContactRequest:
    found = await house.store.run(lambda tx: tx.contact_request(TENANT_ID, REQUEST_ID))
    assert found is not None
    return found


# ---- capacity ------------------------------------------------------------------------------------


async def test_the_phone_book_shows_whom_the_switch_may_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        await ben.goes_online()

        async def listed(*types: str) -> list[str]:
            found = done(await ada.asks(SearchContacts(types=types)))
            return [one["availability"] for one in found["contacts"]]

        await given(house, ben)
        assert await listed("AGENT") == ["BUSY"]
        assert await listed("AVAILABLE") == []
        refused(await ada.asks(Dial(contact=TO_BEN)))
        done(await ben.asks(event(WorkEvent.PAUSED)))
        assert await listed("AGENT") == ["AVAILABLE"]
        done(await ben.asks(event(WorkEvent.UNPAUSED)))
        assert await listed("AVAILABLE") == []
        done(await ben.asks(event(WorkEvent.CLOSED)))
        assert await listed("AVAILABLE") == ["AVAILABLE"]
        done(await ada.asks(Dial(contact=TO_BEN)))


async def test_a_contact_request_keeps_calls_away_until_it_is_closed(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await given(house, ada)
        assert not (await ada.agent()).has_capacity
        overview = await house.center.overview(TENANT_ID)
        [item] = overview.agents[0].agent.open_work
        assert (item.work.work_event, item.takes_capacity) == (WorkEvent.ACCEPTED, True)
        call_id = await house.customer_calls(wanted=ADA)
        await house.record_when(call_id, lambda one: one.is_waiting)
        await house.clock.advance(5)
        await ada.listens()
        assert "call_started" not in ada.names()
        # The agent still calls the customer back.
        done(await ada.asks(event(WorkEvent.CLOSED)))
        assert (await ada.rings()).call_id == call_id
        assert (await ada.agent()).open_work == ()
        assert (await request_of(house)).is_closed


async def test_work_that_is_put_aside_frees_the_agent(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await given(house, ada)
        done(await ada.asks(event(WorkEvent.PAUSED)))
        assert (await ada.agent()).has_capacity
        done(await ada.asks(event(WorkEvent.UNPAUSED)))
        assert not (await ada.agent()).has_capacity
        done(await ada.asks(event(WorkEvent.COMPLETED)))
        assert not (await ada.agent()).has_capacity
        done(await ada.asks(event(WorkEvent.CLOSED)))
        assert (await ada.agent()).has_capacity


async def test_declined_and_other_work_takes_nothing(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await house.center.add_contact_request(
            ADA, contact_request_id=REQUEST_ID, phone_number=NUMBER
        )
        done(await ada.asks(event(WorkEvent.ASSIGNED)))
        assert (await ada.agent()).has_capacity
        done(await ada.asks(event(WorkEvent.DECLINED)))
        assert (await ada.agent()).open_work == ()
        assert not (await request_of(house)).is_closed
        done(await ada.asks(event(WorkEvent.ACCEPTED, item="0Mw-chat", work="0Bz2")))
        agent = await ada.agent()
        assert agent.has_capacity
        assert [one.work.work_item_id for one in agent.open_work] == ["0Mw-chat"]
        # The same item by its other id.
        done(await ada.asks(event(WorkEvent.CLOSED, item="0Mw-chat", work=None)))
        assert (await ada.agent()).open_work == ()


async def test_who_goes_offline_has_no_work_left(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await given(house, ada)
        done(await ada.sets(AgentStatus.OFFLINE, AgentStatusInfo(status_id="0N5away")))
        assert len((await ada.agent()).open_work) == 1
        done(await ada.sets(AgentStatus.OFFLINE, AgentStatusInfo(status_id="0")))
        assert (await ada.agent()).open_work == ()


async def test_omni_channel_may_name_a_request_by_its_work_item(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await given(house, ada, work_item_id="item-7")
        done(await ada.asks(event(WorkEvent.CLOSED)))
        await house.clock.advance(1)
        await house.center.add_contact_request(
            ADA, contact_request_id="0Cr2", phone_number=NUMBER, work_item_id="item-8"
        )
        done(await ada.asks(event(WorkEvent.ACCEPTED, item="item-8")))
        assert not (await ada.agent()).has_capacity


# ---- passing on ----------------------------------------------------------------------------------


async def test_a_contact_request_goes_to_another_agent(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        await ben.goes_online()
        await given(house, ada)
        reply = await ada.asks(passed_on(TO_BEN))
        assert done(reply) == {"contactRequestId": REQUEST_ID}
        assert (await request_of(house)).agent_id == BEN.agent_id
        # Ada's work is open until Salesforce closes it.
        assert not (await ada.agent()).has_capacity
        done(await ada.asks(event(WorkEvent.CLOSED)))
        assert (await ada.agent()).has_capacity
        assert not (await request_of(house)).is_closed
        done(await ben.asks(event(WorkEvent.ACCEPTED, work="0Bz9")))
        assert not (await ben.agent()).has_capacity
        assert refused(await ada.asks(passed_on(TO_BEN))).code == "invalid_state"


async def test_a_contact_request_goes_to_a_queue_and_to_whom_salesforce_chooses(
    tmp_path: Path,
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        cat = await hire(house, CAT)
        await house.store.run(lambda tx: tx.save_contacts(TENANT_ID, [QUEUE]))
        await ada.goes_online()
        await given(house, ada)
        done(await ada.asks(passed_on(QUEUE)))
        waiting = await request_of(house)
        assert (waiting.agent_id, waiting.queue_id) == (None, QUEUE.id)
        done(await cat.asks(event(WorkEvent.ACCEPTED, work="0Bz9")))
        taken = await request_of(house)
        assert (taken.agent_id, taken.queue_id) == (CAT.agent_id, None)
        assert not (await cat.agent()).has_capacity


async def test_the_request_in_hand_is_the_one_that_goes(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await given(house, ada)
        await house.clock.advance(1)
        await house.center.add_contact_request(ADA, contact_request_id="0Cr2", phone_number=NUMBER)
        assert done(await ada.asks(passed_on(TO_BEN))) == {"contactRequestId": REQUEST_ID}
        assert done(await ada.asks(passed_on(TO_BEN))) == {"contactRequestId": "0Cr2"}


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (passed_on(TO_BEN, is_blind=False), "invalid_request"),
        (passed_on(Contact(id=ADA.agent_id, type=ContactType.AGENT)), "invalid_destination"),
        (passed_on(Contact(id="nobody", type=ContactType.AGENT)), "invalid_destination"),
        (passed_on(QUEUE), "invalid_destination"),
        (passed_on(Contact(phone_number=NUMBER)), "invalid_destination"),
        (passed_on(Contact(id="flow", type=ContactType.FLOW)), "invalid_destination"),
    ],
)
async def test_where_a_contact_request_cannot_go(
    tmp_path: Path, command: AddParticipant, code: str
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await given(house, ada)
        assert refused(await ada.asks(command)).code == code
        assert (await request_of(house)).agent_id == ADA.agent_id


async def test_nobody_is_added_without_a_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        error = refused(await ada.asks(AddParticipant(contact=TO_BEN)))
        assert error.message.startswith("There is no call to add somebody to")


async def test_passing_on_is_a_blind_transfer(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await given(house, ada)
        await voice(house, has_blind_transfer=False)
        assert refused(await ada.asks(passed_on(TO_BEN))).code == "not_supported"


async def test_contact_requests_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        add = house.center.add_contact_request
        with pytest.raises(InvalidRequestError):
            await add(ADA, contact_request_id="", phone_number=NUMBER)
        with pytest.raises(NotFoundError):
            await add(CAT, contact_request_id=REQUEST_ID, phone_number=NUMBER)
        await given(house, ada)
        done(await ada.asks(event(WorkEvent.CLOSED)))
        with pytest.raises(ConflictError):
            await add(ADA, contact_request_id=REQUEST_ID, phone_number=NUMBER)


# ---- previews ------------------------------------------------------------------------------------


async def test_a_proposed_number_is_dialed_as_a_preview_once(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await house.center.push_preview(ADA, NUMBER, name="Carol")
        told = await ada.hears(MessageReceived)
        assert told.message == {"type": "PREVIEW_CALL", "phoneNumber": NUMBER, "name": "Carol"}
        dialed = [
            await dial(house, ada, "+12025550199"),
            await dial(house, ada, "+1 202 555 0123"),
            await dial(house, ada, NUMBER),
        ]
        assert dialed == [DialerType.NONE, DialerType.OUTBOUND_PREVIEW, DialerType.NONE]


async def dial(house: CenterHouse, seat: Seat, number: str) -> DialerType:
    result = done(await seat.asks(Dial(contact=Contact(phone_number=number))))
    record = await house.record(result["callId"])
    await house.pbx.customer_hangs_up(record.call_id)
    await house.record_when(record.call_id, lambda one: one.is_over)
    started = [one for one in await seat.listens() if isinstance(one, CallStarted)]
    assert started[-1].call.dialer_type is record.call.dialer_type
    return record.call.dialer_type


async def test_a_preview_is_for_one_agent(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ben = house.seat(BEN)
        await ben.goes_online()
        await house.center.push_preview(ADA, NUMBER)
        assert await dial(house, ben, NUMBER) is DialerType.NONE
        for agent, number, error in (
            (CAT, NUMBER, NotFoundError),
            (ADA, " ( ) ", InvalidRequestError),
        ):
            with pytest.raises(error):
                await house.center.push_preview(agent, number)
