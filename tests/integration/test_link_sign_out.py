"""The telephony system ends a session: the link closes, and the connector shows the sign-in."""

from pathlib import Path

from connector_py.entities import AgentStatus, AgentStatusInfo, CloseCode, SetAgentStatus
from server.entities import AgentKey
from tests.support.running_app import ORGANIZATION, close_code, running_app

ADA = AgentKey(tenant_id=ORGANIZATION, agent_id="005000000000001AAA")
ONLINE = SetAgentStatus(
    agent_status=AgentStatus.ONLINE, status_info=AgentStatusInfo(status_id="0N5000000000001AAA")
)


async def test_the_end_of_a_session_closes_the_link(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running, running.link() as link:
        assert (await link.command(ONLINE)).error is None
        await running.services.contact_center.sign_out(ADA)
        told = await link.next("notification", "agent_state_changed")
        while told.notification.state != "offline":
            told = await link.next("notification", "agent_state_changed")
        assert await close_code(link.socket) == (int(CloseCode.SIGN_IN_REQUIRED), "signed out")
