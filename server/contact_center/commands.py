"""Commands of connectors: once each, in order, with a reply whatever happens."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from connector_py.entities import (
    AddParticipant,
    AnswerCall,
    BargeIn,
    Command,
    Conference,
    ContactsPage,
    DeclineCall,
    Dial,
    EndCall,
    EndWrapUp,
    Hold,
    LinkError,
    LogOut,
    Mute,
    PauseRecording,
    RefusalCode,
    RemoveParticipant,
    Reply,
    ReportAgentWork,
    ReportPresenceStatuses,
    Resume,
    ResumeRecording,
    SearchContacts,
    SendDigits,
    SendMessage,
    SetAgentConfig,
    SetAgentStatus,
    SignRecordingUrl,
    StopSupervising,
    SuperviseCall,
    Swap,
    Unmute,
    command_to_wire,
    to_wire,
)
from connector_py.errors import CommandRefusedError
from server.contact_center.adding import Adding
from server.contact_center.agent_work import Work
from server.contact_center.call_control import CallControl
from server.contact_center.desk import Desk
from server.contact_center.desk_phone import EVENT_TYPES, DeskPhone
from server.contact_center.dialing import Dialing
from server.contact_center.lanes import Lane
from server.contact_center.link_errors import link_error
from server.contact_center.other_parties import OtherParties
from server.contact_center.page_messages import check_message
from server.contact_center.permissions import refusal_of
from server.contact_center.phone_book import contacts_query, listed
from server.contact_center.presence import Presence
from server.contact_center.recording_addresses import RecordingAddresses
from server.contact_center.requests import Request, refusal, refuse, settle
from server.contact_center.statuses import Statuses
from server.contact_center.supervision import Supervision
from server.entities import AgentKey, StoredReply
from server.errors import InvalidRequestError, NotFoundError
from server.logs import get_logger
from server.pbx import SwitchError
from server.store import Transaction

_log = get_logger(__name__)

_CallHandler = Callable[[Request[Any], Lane], Awaitable[Reply]]
_AgentHandler = Callable[[Request[Any]], Awaitable[Reply]]
_KEY_REUSED = LinkError(
    code=RefusalCode.KEY_REUSED, message="The key of this command was used for another command"
)


class Commands:
    """Takes commands and answers each with one reply."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._running: dict[tuple[AgentKey, str], tuple[str, asyncio.Task[Reply]]] = {}
        control, presence = CallControl(desk), Presence(desk)
        work, self._supervision = Work(desk), Supervision(desk)
        others = OtherParties(desk)
        self._desk_phone = DeskPhone(desk)
        self._of_calls: Mapping[type[Command], _CallHandler] = {
            AnswerCall: control.answer,
            DeclineCall: control.decline,
            EndCall: control.end,
            Hold: control.hold,
            Resume: control.resume,
            Mute: control.mute,
            Unmute: control.unmute,
            PauseRecording: control.pause_recording,
            ResumeRecording: control.resume_recording,
            SendDigits: control.send_digits,
            BargeIn: self._supervision.barge_in,
            StopSupervising: self._supervision.stop,
            AddParticipant: Adding(desk).add,
            RemoveParticipant: others.remove,
            Swap: others.swap,
            Conference: others.conference,
        }
        self._of_agents: Mapping[type[Command], _AgentHandler] = {
            Dial: Dialing(desk, leave_listening=self._supervision.leave_all).dial,
            AddParticipant: work.pass_on,  # without a call
            SuperviseCall: self._supervision.supervise,
            SignRecordingUrl: RecordingAddresses(desk).sign,
            ReportPresenceStatuses: Statuses(desk).report,
            ReportAgentWork: work.report,
            SetAgentStatus: presence.set_status,
            SetAgentConfig: presence.set_config,
            EndWrapUp: presence.end_wrap_up,
            LogOut: presence.log_out,
            SendMessage: self._send_message,
        }

    async def handle(self, agent: AgentKey, command_id: str, command: Command) -> Reply:
        """Do what a command asks, once; see `ContactCenter.handle_command`."""
        try:
            body_hash = hash_of(command)
        except RecursionError:
            told = LinkError(code=RefusalCode.INVALID_REQUEST, message="It is nested too deeply")
            return Reply(id=command_id, offset=0, error=told)
        request: Request[Any] = Request(
            agent=agent, id=command_id, body_hash=body_hash, command=command
        )
        try:
            if isinstance(command, SearchContacts):
                return await self._search(request)
            return await self._run(request)
        except Exception as error:  # noqa: BLE001 - every command gets a reply
            return _failed(request, error)

    async def handle_desk_phone(self, agent: AgentKey, command: Command) -> Reply:
        """Do what an agent does at the desk phone; see `ContactCenter.desk_phone`."""
        if type(command) not in EVENT_TYPES:
            raise InvalidRequestError("A desk phone cannot do that.", field="action")
        if await self._desk.parts.store.run(lambda tx: tx.agent(agent)) is None:
            raise NotFoundError("There is no such agent.")
        request: Request[Any] = Request(
            agent=agent,
            id=self._desk.parts.ids.new_id(),
            body_hash=hash_of(command),
            command=command,
            by_desk_phone=True,
        )
        try:
            reply = await self._run(request)
        except Exception as error:  # noqa: BLE001 - the agent's page hears of every failure
            reply = _failed(request, error)
        if reply.error is not None:
            await self._desk_phone.tell_failure(request, reply.error)
        return reply

    async def _run(self, request: Request[Any]) -> Reply:
        twin = self._running.get((request.agent, request.id))
        if twin is not None and twin[0] != request.body_hash:
            return await self._desk.parts.store.run(lambda tx: refusal(tx, request, _KEY_REUSED))
        task = self._start(request) if twin is None else twin[1]
        # What has begun is finished, also when the one who asked has gone.
        return await asyncio.shield(task)

    def _start(self, request: Request[Any]) -> asyncio.Task[Reply]:
        key = (request.agent, request.id)
        task = self._desk.background.start(
            self._once(request), name=request.command.name, is_awaited=True
        )
        self._running[key] = (request.body_hash, task)
        task.add_done_callback(lambda _: self._running.pop(key, None))
        return task

    async def _once(self, request: Request[Any]) -> Reply:
        """Wait for the turn of the call or agent, then answer from memory or do it."""
        command: Command = request.command
        call_id = getattr(command, "call_id", None)
        handle_call = self._of_calls.get(type(command)) if isinstance(call_id, str) else None
        key = f"agent {request.agent.tenant_id} {request.agent.agent_id}"
        if handle_call is not None and isinstance(call_id, str):
            key = call_id
        async with self._desk.lanes.hold(key) as lane:
            stored, error = await self._desk.parts.store.run(lambda tx: _look_up(tx, request))
            if stored is not None and stored.body_hash == request.body_hash:
                return stored.reply
            if stored is not None:
                return await self._desk.parts.store.run(
                    lambda tx: refusal(tx, request, _KEY_REUSED)
                )
            if error is not None:
                return await refuse(self._desk, request, error)
            return await self._answer(request, lane, handle_call)

    async def _answer(
        self, request: Request[Any], lane: Lane, handle_call: _CallHandler | None
    ) -> Reply:
        try:
            await self._make_ready(request)
            if handle_call is not None:
                return await handle_call(request, lane)
            return await self._of_agents[type(request.command)](request)
        except CommandRefusedError as error:
            return await self._refuse(request, RefusalCode(error.code), error.message)
        except SwitchError as error:
            return await self._refuse_as_switch(request, error)

    async def _make_ready(self, request: Request[Any]) -> None:
        """Do what comes before the command itself, and belongs to no command.

        Only when the command will be done, as far as can be seen: a refusal changes nothing.
        """
        command: Command = request.command
        if isinstance(command, AnswerCall):
            await self._supervision.leave_before_answer(request.agent, command.call_id)
        elif isinstance(command, LogOut):
            await self._supervision.leave_before_log_out(request.agent)

    async def _refuse(self, request: Request[Any], code: RefusalCode, message: str) -> Reply:
        return await refuse(self._desk, request, LinkError(code=code, message=message))

    async def _refuse_as_switch(self, request: Request[Any], error: SwitchError) -> Reply:
        tenant_id = request.agent.tenant_id
        settings = await self._desk.parts.store.run(lambda tx: tx.tenant_settings(tenant_id))
        return await refuse(self._desk, request, link_error(settings, error))

    async def _search(self, request: Request[SearchContacts]) -> Reply:
        """Search the phone book. Reading has no effect, so nothing is kept."""
        desk = self._desk
        try:
            query = contacts_query(request.agent, request.command, desk.settings, desk.now())
        except CommandRefusedError as error:
            told = LinkError(code=error.code, message=error.message)
            return await desk.parts.store.run(lambda tx: refusal(tx, request, told))

        def work(tx: Transaction) -> Reply:
            refused = refusal_of(tx, request)
            if refused is not None:
                return refusal(tx, request, refused)
            found = tx.search_contacts(request.agent.tenant_id, query)
            settings = tx.tenant_settings(request.agent.tenant_id)
            page = ContactsPage(
                contacts=listed(found.contacts, settings),
                contact_types=settings.contact_types,
                total=found.total,
            )
            return Reply(
                id=request.id,
                offset=tx.stream_head(request.agent).offset,
                result=to_wire(page),
            )

        return await desk.parts.store.run(work)

    async def _send_message(self, request: Request[SendMessage]) -> Reply:
        try:
            check_message(request.command.message)
        except InvalidRequestError as error:
            raise CommandRefusedError(RefusalCode.INVALID_REQUEST, error.message) from None
        await self._desk.switch(
            self._desk.parts.pbx.take_message(request.agent, request.command.message)
        )
        return await settle(self._desk, request)


def _look_up(tx: Transaction, request: Request[Any]) -> tuple[StoredReply | None, LinkError | None]:
    """Return what was answered to a command before; else why it must not be done, if so."""
    stored = tx.stored_reply(request.agent, request.id)
    return stored, None if stored is not None else refusal_of(tx, request)


def _failed(request: Request[Any], error: Exception) -> Reply:
    """Return a reply that is not kept: the same command, sent again, may work."""
    _log.error("command_failed", command=request.command.name, exc_info=error)
    told = LinkError(code=RefusalCode.INTERNAL, message="The server failed; try again")
    return Reply(id=request.id, offset=0, error=told)


def hash_of(command: Command) -> str:
    """Return the hash by which two bodies are the same.

    Of tones only the number counts: a hash of a few digits would give them away.
    """
    if isinstance(command, SendDigits):
        command = replace(command, digits="*" * len(command.digits))
    text = json.dumps(command_to_wire(command), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
