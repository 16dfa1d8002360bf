"""The demo's endpoints with verbs, for tests with the real application in their own event loop."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

from connector_py.entities import AgentStatus, SetAgentStatus
from tests.support.running_app import Link, RunningApp, running_app

ADA, BEN = "ada@demo.example", "ben@demo.example"
CUSTOMER = "+12025550123"


class DemoDesk:
    """The outside world and one agent, whose connector is on the link."""

    def __init__(self, running: RunningApp, link: Link) -> None:
        self.running = running
        self.link = link

    async def post(self, path: str, body: object = None) -> httpx2.Response:
        """POST to an endpoint below /demo/v1/."""
        return await self.running.http.post(f"/demo/v1/{path}", json=body or {})

    async def put(self, path: str, body: object) -> httpx2.Response:
        """PUT to an endpoint below /demo/v1/."""
        return await self.running.http.put(f"/demo/v1/{path}", json=body)

    async def get(self, path: str) -> Any:
        """GET from an endpoint below /demo/v1/."""
        answer = await self.running.http.get(f"/demo/v1/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def done(self, path: str, body: object = None) -> Any:
        """POST what must work, and return the answer."""
        answer = await self.post(path, body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def at_desk(self, action: str, *, user: str = ADA, **details: Any) -> Any:
        """Do at the desk phone what must work."""
        return await self.done(f"agents/{user}/desk-phone", {"action": action, **details})

    async def heard(self, name: str) -> Any:
        """Return the next notification with a name in the agent's stream."""
        return (await self.link.next("notification", name)).notification

    async def online(self) -> None:
        """Make the agent available."""
        online = SetAgentStatus(agent_status=AgentStatus.ONLINE)
        assert (await self.link.command(online)).error is None

    async def ring(self, **body: Any) -> Any:
        """Make the agent available, let a customer call, and return the call that rings."""
        await self.online()
        await self.done("inbound-calls", {"from": CUSTOMER, "userName": ADA, **body})
        return (await self.heard("call_started")).call

    async def talk(self, **body: Any) -> Any:
        """Let a customer call and the agent accept; return the call."""
        call = await self.ring(**body)
        await self.at_desk("answer_call", callId=call.call_id)
        await self.heard("participant_connected")
        return call

    async def record(self, call_id: str) -> Any:
        """Return what the simulated Salesforce shows of a VoiceCall; None while it has none."""
        path = f"/salesforce-simulator/ui/voiceCalls/{call_id}"
        answer = await self.running.http.get(path)
        return answer.json() if answer.status_code == 200 else None

    async def call(self) -> Any:
        """Return the one active call of the overview."""
        (call,) = (await self.get("overview"))["calls"]
        return call


@asynccontextmanager
async def demo_desk(folder: Path) -> AsyncGenerator[DemoDesk]:
    """Run the demo with Ada's connector on the link."""
    async with running_app(folder) as running, running.link(ADA) as link:
        yield DemoDesk(running, link)


def blamed(answer: httpx2.Response) -> tuple[int, str | None]:
    """Return the status of a refusal and the field that it blames."""
    error = answer.json()["error"]
    assert error["message"].endswith((".", ")")) or " " in error["message"], error
    return answer.status_code, error.get("field")


def parties(call: Any, participant_type: str) -> list[Any]:
    """Return the parties of a type of a call of the overview."""
    return [one for one in call["participants"] if one["participantType"] == participant_type]
