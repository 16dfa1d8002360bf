"""The open links of this process: one for each agent."""

import asyncio
from typing import Protocol

from connector_py.entities import CloseCode
from server.entities import AgentKey


class OpenLink(Protocol):
    """A link as the registry sees it."""

    @property
    def gone(self) -> asyncio.Event:
        """Set when the link is over and the contact center knows it."""
        ...

    def end(self, code: CloseCode, reason: str) -> None:
        """Ask the link to end; returns at once."""
        ...


class Links:
    """Keeps the one link of each agent; a newer one ends the older.

    Args:
        patience: Seconds that a newer link waits for the older one to be gone.
    """

    def __init__(self, *, patience: float = 3) -> None:
        self._links: dict[AgentKey, OpenLink] = {}
        self._patience = patience

    async def enter(self, agent: AgentKey, link: OpenLink) -> None:
        """Make this the agent's link, after an older one has ended.

        The older one is gone before this returns, so that the contact center hears of its end
        before it hears of the new one.
        """
        while (older := self._links.get(agent)) is not None:
            older.end(CloseCode.REPLACED, "the connector was opened somewhere else")
            try:
                async with asyncio.timeout(self._patience):
                    await older.gone.wait()
            except TimeoutError:
                self.leave(agent, older)
            else:
                self.leave(agent, older)
        self._links[agent] = link

    def leave(self, agent: AgentKey, link: OpenLink) -> None:
        """Forget this link, unless a newer one took its place."""
        if self._links.get(agent) is link:
            del self._links[agent]

    def end(self, agent: AgentKey, code: CloseCode, reason: str) -> None:
        """End the agent's link, if there is one."""
        link = self._links.get(agent)
        if link is not None:
            link.end(code, reason)

    async def end_all(self, code: CloseCode, reason: str) -> None:
        """End every link and wait until all are gone, or for `patience` seconds."""
        links = list(self._links.values())
        for link in links:
            link.end(code, reason)
        if links:
            waits = [asyncio.ensure_future(link.gone.wait()) for link in links]
            _, late = await asyncio.wait(waits, timeout=self._patience)
            for wait in late:
                wait.cancel()
