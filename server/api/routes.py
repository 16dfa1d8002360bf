"""Every path of the server, on one page."""

from pathlib import Path

from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from server.api import (
    demo,
    demo_agents,
    demo_calls,
    demo_conversations,
    demo_settings,
    health,
    recordings,
    sign_in,
)
from server.api.connector_settings import LINK_PATH, connector_settings
from server.api.link import serve_link
from server.api.pages import Pages
from server.contact_center.recordings import PATH as RECORDINGS_PATH

SIMULATOR_PATH = "/salesforce-simulator"


def routes(
    *, web_dir: Path | None, demo_mode: bool, simulator: ASGIApp | None = None
) -> list[BaseRoute]:
    """Return the routes.

    Args:
        web_dir: Folder of the built web assets.
        demo_mode: Whether the demo's paths exist; otherwise they answer 404 as any unknown path.
        simulator: The Salesforce simulator, in demo mode.
    """
    always: list[BaseRoute] = [
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", health.metrics),
        Route("/api/v1/connector-settings", connector_settings),
        Route("/api/v1/session", sign_in.create_session, methods=["POST"]),
        Route("/api/v1/session", sign_in.end_session, methods=["DELETE"]),
        Route("/api/v1/link/ticket", sign_in.create_ticket, methods=["POST"]),
        WebSocketRoute(LINK_PATH, serve_link),
        Route(f"{RECORDINGS_PATH}/{{call_id}}", recordings.recording),
    ]
    pages = Pages(web_dir, demo=demo_mode)
    everything = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    rest = Route("/{path:path}", pages.serve, methods=everything)
    return [*always, *(_demo_routes(simulator) if demo_mode else []), rest]


def _demo_routes(simulator: ASGIApp | None) -> list[BaseRoute]:
    found: list[BaseRoute] = [
        Route("/demo/v1/users", demo.users),
        Route("/demo/v1/queues", demo.queues),
        Route("/demo/v1/phone-book", demo.phone_book),
        Route("/demo/v1/connector-config", demo.connector_config),
        Route("/demo/v1/overview", demo.overview),
        WebSocketRoute("/demo/v1/live", demo.live),
        *_settings_routes(),
        *_call_routes(),
        *_agent_routes(),
    ]
    if simulator is not None:
        found.append(Mount(SIMULATOR_PATH, simulator))
    return found


def _settings_routes() -> list[BaseRoute]:
    return [
        Route("/demo/v1/settings", demo_settings.settings, methods=["GET"]),
        Route("/demo/v1/settings", demo_settings.change_settings, methods=["PUT"]),
        Route("/demo/v1/status-map", demo_settings.status_map, methods=["GET"]),
        Route("/demo/v1/status-map", demo_settings.change_status_map, methods=["PUT"]),
        Route("/demo/v1/pbx", demo_calls.switch, methods=["GET"]),
        Route("/demo/v1/pbx", demo_calls.set_switch, methods=["PUT"]),
    ]


def _call_routes() -> list[BaseRoute]:
    call, party = "/demo/v1/calls/{call_id}", "/demo/v1/calls/{call_id}/participants"
    found = {
        "/demo/v1/inbound-calls": demo_calls.inbound_call,
        "/demo/v1/callbacks": demo_calls.callback,
        "/demo/v1/previews": demo_calls.preview,
        "/demo/v1/contact-requests": demo_calls.contact_request,
        f"{call}/customer-answers": demo_calls.customer_answers,
        f"{call}/customer-leaves": demo_calls.customer_leaves,
        f"{call}/end": demo_calls.end_for_all,
        f"{party}/{{participant_id}}/answers": demo_calls.party_answers,
        f"{party}/{{participant_id}}/leaves": demo_calls.party_leaves,
        f"{call}/transcripts": demo_conversations.transcript,
        f"{call}/conversation-events": demo_conversations.conversation_events,
        f"{call}/recording": demo_conversations.recording,
        "/demo/v1/voicemails": demo_conversations.voicemail,
    }
    return [Route(path, endpoint, methods=["POST"]) for path, endpoint in found.items()]


def _agent_routes() -> list[BaseRoute]:
    agent = "/demo/v1/agents/{user_name}"
    posts = {
        "desk-phone": demo_agents.desk_phone,
        "status": demo_agents.request_status,
        "message": demo_agents.send_message,
        "audio-stats": demo_agents.audio_stats,
        "transfer-view": demo_agents.transfer_view,
        "after-conversation-work": demo_agents.after_conversation_work,
        "log-out": demo_agents.log_out,
        "sign-in-code": demo_agents.sign_in_code,
        "call-info": demo_agents.call_info,
    }
    return [
        Route(f"{agent}/phone", demo_agents.choose_phone, methods=["PUT"]),
        Route(f"{agent}/messages", demo_agents.messages, methods=["GET"]),
        *(Route(f"{agent}/{name}", endpoint, methods=["POST"]) for name, endpoint in posts.items()),
    ]
