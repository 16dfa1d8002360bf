"""The agent's status, phone, wrap-up and sign-out."""

import re
from dataclasses import replace

from connector_py.call_model import AgentInput
from connector_py.entities import (
    AgentConfig,
    AgentConfigChanged,
    AgentConfigResult,
    AgentState,
    AgentStatus,
    EndWrapUp,
    LogOut,
    Phone,
    PhoneType,
    RefusalCode,
    Reply,
    SetAgentConfig,
    SetAgentStatus,
)
from connector_py.errors import CommandRefusedError
from server.contact_center import agent_changes
from server.contact_center.desk import Desk
from server.contact_center.ledger import Ledger
from server.contact_center.requests import Request, settle
from server.contact_center.statuses import OFFLINE_STATUS_ID, is_known_status
from server.entities import Agent, AgentKey, SecretKind

_NUMBER = re.compile(r"\+?[0-9]{3,15}")
_SPELLING = re.compile(r"[\s().\-/]")


class Presence:
    """What an agent does beside calls."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def set_status(self, request: Request[SetAgentStatus]) -> Reply:
        """Take over Salesforce's presence status of the agent.

        It ends a wrap-up that goes on, unless it is to wait for it (`enqueueNextState`). The
        result is `{"isStatusSyncNeeded"}`: false for a status that applies only later.
        """
        command = request.command

        def work(ledger: Ledger) -> object:
            agent = _agent(ledger, request.agent)
            _check_status(ledger, request)
            status = status_input(command, agent.state)
            if status is None:
                return _synced(is_now=True)
            waits = command.enqueue_next_state and agent.state is AgentState.AFTER_CALL_WORK
            take_over = agent_changes.status_enqueued if waits else agent_changes.status_set
            take_over(ledger, agent, status, command.status_info)
            return _synced(is_now=not waits and agent.state is not AgentState.ON_CALL)

        return await settle(self._desk, request, work)

    async def end_wrap_up(self, request: Request[EndWrapUp]) -> Reply:
        """End after-call work; that of a call that is not being wrapped up has ended already."""

        def work(ledger: Ledger) -> None:
            agent = _agent(ledger, request.agent)
            if agent.wrap_up_call_id == request.command.call_id:
                agent_changes.wrap_up_ended(ledger, agent)

        return await settle(self._desk, request, work)

    async def set_config(self, request: Request[SetAgentConfig]) -> Reply:
        """Keep the phone and devices that the agent chose; what is not named stays."""
        chosen = request.command.agent_config
        _check_phone(chosen.selected_phone)

        def work(ledger: Ledger) -> None:
            agent = _agent(ledger, request.agent)
            config = _with_choice(agent.agent_config, chosen)
            if agent.agent_config != config:
                changed = replace(agent, agent_config=config)
                ledger.save_agent(changed)
                told = agent_changes.offered_config(changed)
                ledger.tell(request.agent, AgentConfigChanged(agent_config=told))

        return await settle(self._desk, request, work)

    async def log_out(self, request: Request[LogOut]) -> Reply:
        """Take the agent out of routing and end the sign-in."""

        def work(ledger: Ledger) -> None:
            agent = _agent(ledger, request.agent)
            if agent.state is AgentState.ON_CALL:
                raise CommandRefusedError(RefusalCode.INVALID_STATE, "End the call first")
            agent_changes.status_set(ledger, agent, AgentInput.SET_OFFLINE, None)
            ledger.tx.drop_secrets(request.agent, *SecretKind)

        return await settle(self._desk, request, work)


def status_input(command: SetAgentStatus, state: AgentState) -> AgentInput | None:
    """Return what a status means to routing; None when it changes nothing.

    Salesforce says Online for every status with a phone channel and Offline for all others; of
    those only the status with the id 0 is really offline.
    """
    info = command.status_info
    match command.agent_status:
        case AgentStatus.ONLINE:
            return AgentInput.SET_ONLINE
        case AgentStatus.OFFLINE:
            is_busy = info is not None and info.status_id != OFFLINE_STATUS_ID
            return AgentInput.SET_BUSY if is_busy else AgentInput.SET_OFFLINE
        case AgentStatus.ACW:
            is_working = state in (AgentState.ON_CALL, AgentState.AFTER_CALL_WORK)
            return None if is_working else AgentInput.SET_BUSY


def _check_status(ledger: Ledger, request: Request[SetAgentStatus]) -> None:
    info = request.command.status_info
    statuses = ledger.tx.presence_statuses(request.agent.tenant_id)
    if info is not None and not is_known_status(statuses, info.status_id):
        raise CommandRefusedError(
            RefusalCode.INVALID_AGENT_STATUS, "The org has no presence status with this id"
        )


def _synced(*, is_now: bool) -> object:
    return {"isStatusSyncNeeded": is_now}


def _with_choice(known: AgentConfigResult, chosen: AgentConfig) -> AgentConfigResult:
    speaker, microphone = chosen.speaker_device_id, chosen.microphone_device_id
    return replace(
        known,
        selected_phone=chosen.selected_phone,
        speaker_device_id=known.speaker_device_id if speaker is None else speaker,
        microphone_device_id=known.microphone_device_id if microphone is None else microphone,
        hid_device_info=chosen.hid_device_info or known.hid_device_info,
    )


def _agent(ledger: Ledger, key: AgentKey) -> Agent:
    agent = ledger.tx.agent(key)
    if agent is None:
        raise CommandRefusedError(RefusalCode.INVALID_STATE, "The agent does not exist any more")
    return agent


def _check_phone(phone: Phone) -> None:
    number = _SPELLING.sub("", phone.number or "")
    if phone.type is PhoneType.DESK_PHONE and not _NUMBER.fullmatch(number):
        raise CommandRefusedError(
            RefusalCode.INVALID_PHONE_NUMBER, "A desk phone needs a number with 3 to 15 digits"
        )
