"""Connectors: who speaks for an agent, and what they have missed."""

from dataclasses import replace

from connector_py.entities import NotificationFrame, Welcome
from server.contact_center.agent_changes import agent_snapshot
from server.contact_center.desk import Desk
from server.contact_center.ledger import Ledger
from server.entities import Agent, AgentKey, AgentLink, StreamHead
from server.errors import NotFoundError
from server.store import Transaction


class Links:
    """Opens and closes links and reads the agents' streams."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def open(
        self, agent: AgentKey, *, instance_id: str, epoch: str | None, offset: int
    ) -> Welcome:
        """Let a connector speak for an agent; see `ContactCenter.open_link`."""

        def work(ledger: Ledger) -> Welcome:
            found = ledger.tx.agent(agent)
            if found is None:
                raise NotFoundError("There is no such agent")
            if found.link is None or found.link.instance_id != instance_id:
                ledger.replace_link(agent, instance_id)
            link = AgentLink(instance_id=instance_id, is_open=True)
            ledger.save_agent(replace(found, link=link))
            return self._welcome(ledger.tx, found, epoch, offset)

        return await self._desk.write(work)

    async def is_replaced(self, agent: AgentKey, *, instance_id: str, epoch: str | None) -> bool:
        """Tell whether a newer page speaks for the agent; see `ContactCenter.is_replaced`."""

        def work(tx: Transaction) -> bool:
            found = tx.agent(agent)
            if found is None or found.link is None or epoch is None:
                return False
            return found.link.is_open and found.link.instance_id != instance_id

        return await self._desk.parts.store.run(work)

    def _welcome(self, tx: Transaction, agent: Agent, epoch: str | None, offset: int) -> Welcome:
        head = tx.stream_head(agent.key)
        calls = None
        if not self._can_replay(tx, agent.key, head, epoch, offset):
            calls = tuple(record.call for record in tx.agent_calls(agent.key))
        return Welcome(
            epoch=head.epoch,
            offset=head.offset,
            agent=agent_snapshot(agent, tx.tenant_settings(agent.tenant_id)),
            calls=calls,
        )

    def _can_replay(
        self, tx: Transaction, agent: AgentKey, head: StreamHead, epoch: str | None, offset: int
    ) -> bool:
        if epoch != head.epoch or offset > head.offset:
            return False
        is_short = head.offset - offset <= self._desk.settings.replay_limit
        return is_short and offset >= tx.stream_floor(agent)

    async def read(self, agent: AgentKey, offset: int, limit: int) -> list[NotificationFrame]:
        """Return what follows an offset in the agent's stream."""

        def work(tx: Transaction) -> list[NotificationFrame]:
            epoch = tx.stream_head(agent).epoch
            return [
                NotificationFrame(
                    epoch=epoch,
                    offset=entry.offset,
                    notification=entry.notification,
                    cause=entry.cause,
                )
                for entry in tx.stream_after(agent, offset, limit)
            ]

        return await self._desk.parts.store.run(work)

    async def closed(self, agent: AgentKey, instance_id: str) -> None:
        """Note that a connector's line broke; only the newest one's counts."""

        def work(ledger: Ledger) -> None:
            found = ledger.tx.agent(agent)
            if found is not None:
                close_link(ledger, found, instance_id)

        await self._desk.write(work)


def close_link(ledger: Ledger, agent: Agent, instance_id: str | None = None) -> None:
    """Close an agent's open link, when it is that of the instance."""
    link = agent.link
    if link is None or not link.is_open or instance_id not in (None, link.instance_id):
        return
    ledger.save_agent(replace(agent, link=replace(link, is_open=False, closed_at=ledger.at)))


def is_connected(agent: Agent) -> bool:
    """Whether a connector speaks for the agent now."""
    return agent.link is not None and agent.link.is_open
