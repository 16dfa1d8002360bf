"""The outside world of the demo: customers and third parties, and what becomes of dialed calls."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.api.body import json_body, optional_number, optional_text, text_field
from server.api.demo_parts import (
    additional_fields,
    agent_named,
    asking_switch,
    flag,
    object_field,
)
from server.api.services import Services, demo_of, services_of
from server.entities import FlowOrder
from server.errors import InvalidRequestError
from server.pbx import CallTemplate, NextDial

DEMO_NUMBER = "+12025550199"
"""The contact center's own number, when a caller names none."""
_DIALERS = ("progressive",)
_LONGEST_RING = 300


async def inbound_call(request: Request) -> Response:
    """Let somebody call: `POST /demo/v1/inbound-calls {"from", "to"?, "userName"?, …}`.

    `additionalFields` are fields of the VoiceCall record. With `dialer: "progressive"` it is the
    telephony system that called the customer, who has answered: the call goes on as any that came
    in (guide chapter 9, "Outbound Dialers").

    With `routing: {"flowDevName"?, "dialedNumber"?, "fallbackQueue"?, "isUnified"?}` a flow of
    Salesforce says who gets the call; `isUnified` means that nobody else does (guide chapter 12).
    """
    services = services_of(request)
    demo = demo_of(services)
    body = await json_body(request)
    call_id = await demo.pbx.customer_calls(
        demo.tenant_id,
        from_number=text_field(body, "from"),
        to_number=optional_text(body, "to") or DEMO_NUMBER,
        wanted_agent_id=await _wanted(services, body),
        template=await _template(services, body),
    )
    return JSONResponse({"callId": call_id}, 201)


async def callback(request: Request) -> Response:
    """Let a callback be queued: `POST /demo/v1/callbacks {"phoneNumber", …}`.

    `userName` is who is to get it first; `initialCallId` the call in which it was asked for;
    `additionalFields` are fields of the VoiceCall record.
    """
    services = services_of(request)
    demo = demo_of(services)
    body = await json_body(request)
    number, wanted = text_field(body, "phoneNumber"), await _wanted(services, body)
    template = await _template(services, {"additionalFields": body.get("additionalFields")})
    async with asking_switch(number_field="phoneNumber"):
        call_id = await demo.pbx.customer_wants_callback(
            demo.tenant_id,
            phone_number=number,
            wanted_agent_id=wanted,
            initial_call_id=optional_text(body, "initialCallId"),
            template=template,
        )
    return JSONResponse({"callId": call_id}, 201)


async def preview(request: Request) -> Response:
    """Let a preview dialer propose a number: `POST /demo/v1/previews {"phoneNumber", "userName"}`.

    `name` is the customer's.
    """
    services = services_of(request)
    body = await json_body(request)
    agent = await agent_named(services, text_field(body, "userName"), field="userName")
    await services.contact_center.push_preview(
        agent.key, text_field(body, "phoneNumber"), name=optional_text(body, "name")
    )
    return JSONResponse({}, 201)


async def contact_request(request: Request) -> Response:
    """Give an agent one: `POST /demo/v1/contact-requests {"phoneNumber", "userName", "name"?}`.

    `name` is the customer's. Salesforce makes the record and the work item.
    """
    services = services_of(request)
    body = await json_body(request)
    agent = await agent_named(services, text_field(body, "userName"), field="userName")
    number, name = text_field(body, "phoneNumber"), optional_text(body, "name")
    item = await demo_of(services).org.offer_contact_request(
        agent.user_name, phone_number=number, name=name
    )
    await services.contact_center.add_contact_request(
        agent.key,
        contact_request_id=item.contact_request_id,
        phone_number=number,
        name=name,
        work_item_id=item.work_item_id,
    )
    return JSONResponse(
        {"contactRequestId": item.contact_request_id, "workItemId": item.work_item_id}, 201
    )


async def customer_answers(request: Request) -> Response:
    """Let the customer pick up: `POST /demo/v1/calls/{id}/customer-answers`."""
    async with asking_switch():
        await demo_of(services_of(request)).pbx.customer_answers(request.path_params["call_id"])
    return JSONResponse({})


async def customer_leaves(request: Request) -> Response:
    """Let the customer hang up: `POST /demo/v1/calls/{id}/customer-leaves`."""
    async with asking_switch():
        await demo_of(services_of(request)).pbx.customer_hangs_up(request.path_params["call_id"])
    return JSONResponse({})


async def party_answers(request: Request) -> Response:
    """Let somebody outside pick up: `POST /demo/v1/calls/{id}/participants/{id}/answers`."""
    path = request.path_params
    async with asking_switch():
        await demo_of(services_of(request)).pbx.party_answers(
            path["call_id"], path["participant_id"]
        )
    return JSONResponse({})


async def party_leaves(request: Request) -> Response:
    """Let somebody outside hang up: `POST /demo/v1/calls/{id}/participants/{id}/leaves`."""
    path = request.path_params
    async with asking_switch():
        await demo_of(services_of(request)).pbx.party_hangs_up(
            path["call_id"], path["participant_id"]
        )
    return JSONResponse({})


async def end_for_all(request: Request) -> Response:
    """Let everybody hang up: `POST /demo/v1/calls/{id}/end`."""
    async with asking_switch():
        await demo_of(services_of(request)).pbx.hang_up(request.path_params["call_id"])
    return JSONResponse({})


async def switch(request: Request) -> Response:
    """Say how the next outbound call goes: `GET /demo/v1/pbx`."""
    return JSONResponse(_switch_json(services_of(request)))


async def set_switch(request: Request) -> Response:
    """Choose it: `PUT /demo/v1/pbx {"nextDial", "ringSeconds"?}`."""
    services = services_of(request)
    body = await json_body(request)
    name = text_field(body, "nextDial")
    if name not in [dial.value for dial in NextDial]:
        expected = ", ".join(NextDial)
        raise InvalidRequestError(f"nextDial must be one of: {expected}.", field="nextDial")
    seconds = optional_number(body, "ringSeconds", least=0, most=_LONGEST_RING)
    demo_of(services).pbx.set_next_dial(NextDial(name), ring_seconds=seconds)
    return JSONResponse(_switch_json(services))


async def _wanted(services: Services, body: Mapping[str, Any]) -> str | None:
    """Return the id of the agent who is to get the call first, if one is named."""
    user_name = optional_text(dict(body), "userName")
    if user_name is None:
        return None
    return (await agent_named(services, user_name, field="userName")).agent_id


async def _template(services: Services, body: Mapping[str, Any]) -> CallTemplate:
    """Return how the call begins: as the org's calls, but for what the request says."""
    dialer = optional_text(dict(body), "dialer")
    if dialer is not None and dialer not in _DIALERS:
        raise InvalidRequestError(f"dialer must be one of: {', '.join(_DIALERS)}.", field="dialer")
    fields, flow = additional_fields(body), _flow(body)
    settings = await services.contact_center.tenant_settings(demo_of(services).tenant_id)
    info = settings.call_info
    return CallTemplate(
        call_info=info if fields is None else replace(info, additional_fields=fields),
        is_auto_merge_on=settings.is_auto_merge_on,
        is_progressive=dialer is not None,
        flow=flow,
    )


def _flow(body: Mapping[str, Any]) -> FlowOrder | None:
    """Return which flow is to route the call, if one is."""
    if body.get("routing") is None:
        return None
    routing = dict(object_field(body, "routing"))
    order = FlowOrder(
        flow_dev_name=optional_text(routing, "flowDevName"),
        dialed_number=optional_text(routing, "dialedNumber"),
        fallback_queue=optional_text(routing, "fallbackQueue"),
        is_binding=flag(routing, "isUnified"),
    )
    if order.flow_dev_name is None and order.dialed_number is None:
        raise InvalidRequestError(
            "A flow is named by its developer name or by the dialed number of its channel.",
            field="routing.flowDevName",
        )
    return order


def _switch_json(services: Services) -> dict[str, Any]:
    pbx = demo_of(services).pbx
    return {"nextDial": pbx.next_dial.value, "ringSeconds": pbx.ring_seconds}
