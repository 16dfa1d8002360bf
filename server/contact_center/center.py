"""The contact center: the one door to all use cases."""

from connector_py.entities import Command, NotificationFrame, Reply, Welcome
from server.contact_center.agent_features import AgentFeatures
from server.contact_center.commands import Commands
from server.contact_center.desk import Desk
from server.contact_center.ledger import Ledger
from server.contact_center.links import Links, is_connected
from server.contact_center.reconcile import Reconciler
from server.contact_center.routing import Routing
from server.contact_center.values import AgentOverview, CenterParts, CenterSettings, Overview
from server.entities import AgentKey
from server.event_bus import Subscription, agent_topic, tenant_topic
from server.logs import get_logger
from server.pbx import SwitchError, UnknownCallError
from server.store import StoreError, Transaction

_log = get_logger(__name__)

_HOUSEKEEPING_SECONDS = 3600.0


class ContactCenter(AgentFeatures):
    """Routes calls to agents and does what agents ask; every fact is written before it is told.

    Args:
        parts: Store, switch, bus, Salesforce, clock and ids.
        settings: Times.
    """

    def __init__(self, parts: CenterParts, settings: CenterSettings | None = None) -> None:
        self._desk = Desk(parts, settings or CenterSettings())
        self._routing = Routing(self._desk)
        super().__init__(self._desk, Commands(self._desk))
        self._links = Links(self._desk)
        self._desk.follow_with(self._routing.follow)

    # ---- running -------------------------------------------------------------------------------

    async def start(self) -> None:
        """Find out what the switch did while nobody listened, and go on with every call.

        Agents whose connector does not come back within the grace get no more calls.
        """
        parts = self._desk.parts
        parts.pbx.listen(self._desk.hear)
        await parts.pbx.start()
        reconciler = Reconciler(self._desk.changes)
        active = parts.pbx.active_calls()
        leftover = await self._desk.write(lambda ledger: reconciler.reconcile(ledger, active))
        for call_id in leftover:
            await self._hang_up_leftover(call_id)
        self._desk.background.start(self._keep_house(), name="housekeeping")

    async def stop(self) -> None:
        """Stop the timers and let go of the switch; calls go on, and `start` finds them again."""
        await self._desk.background.stop()
        await self._desk.parts.pbx.stop()

    # ---- connectors ----------------------------------------------------------------------------

    async def open_link(
        self, agent: AgentKey, *, instance_id: str, epoch: str | None, offset: int
    ) -> Welcome:
        """Let a connector speak for an agent; older ones of the agent are told to close.

        Args:
            agent: Whose connector it is.
            instance_id: Changes with every load of the connector's page.
            epoch: Epoch of the stream that the connector knows, if any.
            offset: Last offset that it applied.

        Returns:
            A welcome without calls when the stream can go on after `offset`; otherwise with the
            agent's calls, as they are at the welcome's offset.

        Raises:
            NotFoundError: There is no such agent.
        """
        return await self._links.open(agent, instance_id=instance_id, epoch=epoch, offset=offset)

    async def is_replaced(self, agent: AgentKey, *, instance_id: str, epoch: str | None) -> bool:
        """Tell whether a connector that opens a link was replaced by a newer page.

        Whoever resumes (knows an epoch) was here before the page that is here now, and must not
        take over from it: the newest page counts.
        """
        return await self._links.is_replaced(agent, instance_id=instance_id, epoch=epoch)

    async def read_stream(
        self, agent: AgentKey, offset: int, limit: int = 300
    ) -> list[NotificationFrame]:
        """Return what follows an offset in the agent's stream, oldest first."""
        return await self._links.read(agent, offset, limit)

    def subscribe(self, agent: AgentKey) -> Subscription:
        """Wait for news of an agent: its stream grew, or another connector replaces this one.

        Enter the subscription before `open_link`, so that nothing falls in between.
        """
        return self._desk.parts.bus.subscribe(agent_topic(agent))

    def subscribe_overview(self, tenant_id: str) -> Subscription:
        """Wait for changes of what `overview` returns."""
        return self._desk.parts.bus.subscribe(tenant_topic(tenant_id))

    async def link_closed(self, agent: AgentKey, instance_id: str) -> None:
        """Note that a connector's line is gone; after a grace the agent gets no more calls."""
        await self._links.closed(agent, instance_id)

    async def handle_command(self, agent: AgentKey, command_id: str, command: Command) -> Reply:
        """Do what a command asks, once.

        The same id with the same command gets the first reply again, also while the first still
        runs and after a restart; with another command it is refused. Refusals are replies, so
        this raises nothing but cancellation.

        Args:
            agent: Who asks.
            command_id: The idempotency key.
            command: What is asked.

        Returns:
            The reply. What the command caused stands in the stream up to its offset.
        """
        return await self._commands.handle(agent, command_id, command)

    # ---- others --------------------------------------------------------------------------------

    async def on_voice_call_created(self, tenant_id: str, call_id: str, voice_call_id: str) -> None:
        """Take over the id of a VoiceCall; may be told more than once."""
        await self._routing.voice_call_created(tenant_id, call_id, voice_call_id)

    async def overview(self, tenant_id: str) -> Overview:
        """Return all agents and all active calls of a tenant, as they are at one moment."""

        def work(tx: Transaction) -> Overview:
            return Overview(
                agents=[
                    AgentOverview(agent=agent, is_connected=is_connected(agent))
                    for agent in tx.agents(tenant_id)
                ],
                calls=tx.active_calls(tenant_id),
            )

        return await self._desk.parts.store.run(work)

    # ---- inside --------------------------------------------------------------------------------

    async def _hang_up_leftover(self, call_id: str) -> None:
        try:
            await self._desk.parts.pbx.hang_up(call_id)
        except UnknownCallError:
            return
        except SwitchError as error:
            _log.error("leftover_call", call=call_id, exc_info=error)

    async def _keep_house(self) -> None:
        """Drop old entries now and then."""
        while True:
            await self._prune()
            await self._desk.parts.clock.sleep(_HOUSEKEEPING_SECONDS)

    async def _prune(self) -> None:
        def work(ledger: Ledger) -> None:
            ledger.tx.prune(now=ledger.at)

        try:
            await self._desk.write(work)
        except StoreError as error:
            _log.error("not_pruned", exc_info=error)
