"""What happens at an agent's desk phone, and what the telephony system tells the agent's page."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connector_py.entities import (
    COMMANDS,
    ACWInfo,
    AgentConfig,
    AnswerCall,
    AudioStats,
    CallInfo,
    ContactType,
    Dial,
    HangupStatus,
    Phone,
    RefusalCode,
    SetAgentConfig,
    to_wire,
)
from connector_py.entities.wire import wire_fields
from server.api.body import json_body, optional_text, text_field
from server.api.demo_parts import (
    additional_fields,
    agent_in_path,
    flag,
    object_field,
    read_entity,
    refusal,
)
from server.api.services import Services, demo_of, services_of
from server.api.sign_in import make_sign_in_code, wants_sign_in
from server.errors import ConflictError, InvalidRequestError, NotFoundError

_COMMANDS = (
    "answer_call",
    "decline_call",
    "end_call",
    "hold",
    "resume",
    "mute",
    "unmute",
    "pause_recording",
    "resume_recording",
    "send_digits",
    "dial",
    "add_participant",
    "remove_participant",
    "swap",
    "conference",
    "supervise_call",
    "stop_supervising",
    "barge_in",
)
"""Commands of the link that a desk phone has too."""
_OFFER_FAILURES = {
    "missed_call": HangupStatus.MISSED_AGENT,
    "call_error": HangupStatus.FAILED_CONNECT_AGENT,
}
_SUPERVISOR_JOINS = "supervisor_joins"
ACTIONS = (*_COMMANDS, *_OFFER_FAILURES, _SUPERVISOR_JOINS)
"""What can be done at a desk phone."""


async def sign_in_code(request: Request) -> Response:
    """Make a code with which an agent signs in once: `POST …/sign-in-code {}`."""
    services = services_of(request)
    agent = await agent_in_path(request)
    return JSONResponse({"code": await make_sign_in_code(services, agent.key)})


async def desk_phone(request: Request) -> Response:
    """Do something at an agent's desk phone: `POST …/desk-phone {"action", …}`.

    `action` is the name of a link command, with the command's fields beside it; `phoneNumber`
    stands for the contact. Besides: `missed_call`, `call_error`, `supervisor_joins`. A dialed call
    takes `additionalFields`, fields of its VoiceCall record.
    """
    services = services_of(request)
    agent = await agent_in_path(request)
    body = await json_body(request)
    action = text_field(body, "action")
    if action not in ACTIONS:
        raise InvalidRequestError(f"action must be one of: {', '.join(ACTIONS)}.", field="action")
    if action in _OFFER_FAILURES:
        await services.contact_center.fail_offer(
            agent.key, text_field(body, "callId"), _OFFER_FAILURES[action]
        )
        return JSONResponse({})
    name = AnswerCall.name if action == _SUPERVISOR_JOINS else action
    fields = additional_fields(body)
    command = read_entity(COMMANDS[name], _with_contact(body))
    reply = await services.contact_center.desk_phone(agent.key, command)
    if reply.error is not None:
        return refusal(reply.error, {RefusalCode.INVALID_DESTINATION: "contact"})
    if fields is not None and isinstance(command, Dial) and not command.is_consult_call:
        await _take_fields(services, reply.result["callId"], fields)
    return JSONResponse({"result": reply.result})


async def _take_fields(services: Services, call_id: str, fields: str) -> None:
    """Note the fields of a VoiceCall that Salesforce makes; a call over already has none."""
    tenant_id = demo_of(services).tenant_id
    record = await services.store.run(lambda transaction: transaction.call(tenant_id, call_id))
    if record is None:
        return
    info = replace(record.call.call_info, additional_fields=fields)
    with suppress(ConflictError):
        await services.contact_center.update_call_info(tenant_id, call_id, info)


def _with_contact(body: dict[str, Any]) -> dict[str, Any]:
    number = optional_text(body, "phoneNumber")
    if number is None or body.get("contact") is not None:
        return body
    return {**body, "contact": {"type": ContactType.PHONENUMBER, "phoneNumber": number}}


async def choose_phone(request: Request) -> Response:
    """Choose where the agent hears calls: `PUT …/phone {"type", "number"?}`."""
    services = services_of(request)
    agent = await agent_in_path(request)
    phone = read_entity(Phone, await json_body(request))
    # Devices that are not named stay as they are.
    command = SetAgentConfig(agent_config=AgentConfig(selected_phone=phone))
    center = services.contact_center
    reply = await center.handle_command(agent.key, services.ids.new_id(), command)
    if reply.error is not None:
        return refusal(reply.error, {RefusalCode.INVALID_PHONE_NUMBER: "number"})
    return JSONResponse({})


async def request_status(request: Request) -> Response:
    """Ask for another status: `POST …/status {"statusId" | "telephonyStatus"}`."""
    services = services_of(request)
    agent = await agent_in_path(request)
    body = await json_body(request)
    await services.contact_center.request_agent_status(
        agent.key,
        status_id=optional_text(body, "statusId"),
        telephony_status=optional_text(body, "telephonyStatus"),
    )
    return JSONResponse({})


async def send_message(request: Request) -> Response:
    """Say something to components of the agent's page: `POST …/message {"message"}`."""
    services = services_of(request)
    agent = await agent_in_path(request)
    body = await json_body(request)
    if body.get("message") is None:
        raise InvalidRequestError("message is missing.", field="message")
    await services.contact_center.tell_page(agent.key, body["message"])
    return JSONResponse({})


async def messages(request: Request) -> Response:
    """Return what components of the agent's page said last, oldest first: `GET …/messages`."""
    agent = await agent_in_path(request)
    said = demo_of(services_of(request)).pbx.messages
    return JSONResponse([{"message": message} for key, message in said if key == agent.key])


async def audio_stats(request: Request) -> Response:
    """Report measurements of a call: `POST …/audio-stats {"callId", "audioStats"}`.

    The answer has our own mean opinion score, when there is one.
    """
    services = services_of(request)
    agent = await agent_in_path(request)
    body = await json_body(request)
    stats = read_entity(AudioStats, object_field(body, "audioStats"), path="audioStats")
    score = await services.contact_center.report_audio_stats(
        agent.key, text_field(body, "callId"), stats
    )
    return JSONResponse({"mos": score})


async def transfer_view(request: Request) -> Response:
    """Open the transfer view of the agent's page: `POST …/transfer-view {…}`."""
    services = services_of(request)
    agent = await agent_in_path(request)
    await services.contact_center.show_transfer_view(agent.key, await json_body(request))
    return JSONResponse({})


async def after_conversation_work(request: Request) -> Response:
    """Begin or end it: `POST …/after-conversation-work {"started", …}`.

    One of `agentWorkId` and `workItemId` names the work.
    """
    services = services_of(request)
    agent = await agent_in_path(request)
    body = await json_body(request)
    if not body.get("agentWorkId") and not body.get("workItemId"):
        raise InvalidRequestError("agentWorkId or workItemId is missing.", field="agentWorkId")
    info = read_entity(ACWInfo, body)
    await services.contact_center.after_conversation_work(
        agent.key, info, started=flag(body, "started")
    )
    return JSONResponse({})


async def log_out(request: Request) -> Response:
    """End the agent's session, as after a time-out: `POST …/log-out {}`."""
    services = services_of(request)
    agent = await agent_in_path(request)
    demo = demo_of(services)
    # Where whoever asks is believed, the page would be back at once without this.
    if not await wants_sign_in(services, demo.tenant_id):
        demo.signed_out.add(agent.key)
    await services.contact_center.sign_out(agent.key)
    return JSONResponse({})


async def call_info(request: Request) -> Response:
    """Change what may be done: `POST …/call-info {"callId", "participantId"?, "callInfo"}`.

    `callInfo` may be given in part.
    """
    services = services_of(request)
    await agent_in_path(request)
    body = await json_body(request)
    call_id, participant_id = text_field(body, "callId"), optional_text(body, "participantId")
    change = object_field(body, "callInfo")
    known = {field.wire_name for field in wire_fields(CallInfo)}
    unknown = next((name for name in change if name not in known), None)
    if unknown is not None:
        raise InvalidRequestError("CallInfo has no such field.", field=f"callInfo.{unknown}"[:100])
    tenant_id = demo_of(services).tenant_id
    record = await services.store.run(lambda transaction: transaction.call(tenant_id, call_id))
    if record is None:
        raise NotFoundError("There is no such call.", field="callId")
    present = record.call.call_info
    if participant_id is not None:
        party = record.party(participant_id)
        if party is None:
            raise NotFoundError("Nobody on the call has this id.", field="participantId")
        present = party.call_info or present
    info = read_entity(CallInfo, {**to_wire(present), **change}, path="callInfo")
    await services.contact_center.update_call_info(
        tenant_id, call_id, info, participant_id=participant_id
    )
    return JSONResponse({})
