"""The link: the WebSocket between one connector and the server.

Hello and welcome first; then four things go on side by side until one of them ends the link:
reading commands, following the agent's stream, sending, and the heartbeat.
"""

import asyncio
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from connector_py.entities import (
    CloseCode,
    CommandFrame,
    Heartbeat,
    Hello,
    LogOut,
    Reply,
    encode_frame,
)
from server.api.addresses import check_host, check_origin
from server.api.link_side import LinkEnded, LinkSide
from server.api.outgoing import Outgoing
from server.api.services import Services, services_of
from server.api.sign_in import redeem_ticket, wants_sign_in
from server.api.waking import Waking
from server.entities import AgentKey
from server.errors import ServerError
from server.event_bus import HintKind
from server.logs import get_logger

log = get_logger(__name__)

_CLOSE_SECONDS = 1.0
_STREAM_STEP = 300


async def serve_link(websocket: WebSocket) -> None:
    """Serve one connector: `WebSocket /api/v1/link`."""
    services = services_of(websocket)
    try:
        check_host(websocket, services.settings)
        check_origin(websocket, services.settings, required=True)
    except ServerError as error:
        log.warning("link refused", reason=error.code)
        await websocket.close()
        return
    await websocket.accept()
    link = Link(websocket, services)
    try:
        await link.run()
    except LinkEnded as end:
        services.metrics.link_closes.labels(end.code.name.lower()).inc()
        log.info("link ended by the server", reason=end.code.name.lower(), detail=end.reason)
        await link.close(end)
    except WebSocketDisconnect:
        services.metrics.link_closes.labels("disconnected").inc()
    except ServerError as error:
        services.metrics.link_closes.labels("failed").inc()
        log.error("link failed", exc_info=error)
        await link.close(LinkEnded(CloseCode.GOING_AWAY, "the server cannot go on; come back"))


_SIGNED_OUT = (CloseCode.SIGN_IN_REQUIRED, "signed out")


@dataclass(slots=True, kw_only=True)
class _Follower:
    """How far the agent's stream was sent."""

    agent: AgentKey
    instance_id: str
    offset: int
    waking: Waking


class Link:
    """One connector's link, from its hello to its end."""

    def __init__(self, websocket: WebSocket, services: Services) -> None:
        self.gone = asyncio.Event()
        self._websocket = websocket
        self._services = services
        self._times = services.link_times
        self._side = LinkSide()
        self._asked_to_end: asyncio.Future[LinkEnded] = asyncio.get_running_loop().create_future()
        self._commands = asyncio.Semaphore(self._times.commands_at_once)
        self._outgoing = Outgoing(
            websocket.send_text,
            most_bytes=self._times.queue_bytes,
            stalled_seconds=self._times.stalled_seconds,
        )

    def end(self, code: CloseCode, reason: str) -> None:
        """Ask the link to end; returns at once."""
        if not self._asked_to_end.done():
            self._asked_to_end.set_result(LinkEnded(code, reason))

    async def run(self) -> None:
        """Serve until the link ends.

        Raises:
            LinkEnded: The server ends it.
            WebSocketDisconnect: The connector is gone.
        """
        hello = await self._hello()
        agent = await redeem_ticket(self._services, hello.ticket)
        if agent is None:
            raise LinkEnded(CloseCode.SIGN_IN_REQUIRED, "get another ticket")
        if await self._services.contact_center.is_replaced(
            agent, instance_id=hello.instance_id, epoch=hello.epoch
        ):
            raise LinkEnded(CloseCode.REPLACED, "the connector was opened somewhere else")
        links = self._services.links
        await links.enter(agent, self)
        self._services.metrics.links.inc()
        try:
            await self._serve(agent, hello)
        finally:
            self._services.metrics.links.dec()
            try:
                # The contact center must hear of it although the task is being cancelled.
                await asyncio.shield(
                    self._services.contact_center.link_closed(agent, hello.instance_id)
                )
            finally:
                links.leave(agent, self)
                self.gone.set()

    async def close(self, end: LinkEnded) -> None:
        """Send the close frame, unless the connector reads nothing any more."""
        if self._websocket.application_state is WebSocketState.DISCONNECTED:
            return
        # Whatever fails here means that it is closed already, or never will be in order.
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError, OSError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._websocket.close(int(end.code), end.reason)

    async def _hello(self) -> Hello:
        try:
            async with asyncio.timeout(self._times.hello_seconds):
                frame = self._side.receive(await self._receive())
        except TimeoutError:
            raise LinkEnded(CloseCode.BAD_MESSAGE, "no hello came") from None
        if not isinstance(frame, Hello):
            raise LinkEnded(CloseCode.BAD_MESSAGE, f"a {frame.kind} came before the hello")
        return frame

    async def _serve(self, agent: AgentKey, hello: Hello) -> None:
        # Listening first: what happens while the link opens must not be missed.
        listening = self._services.contact_center.subscribe(agent)
        async with listening as hints, Waking(hints) as waking:
            welcome = await self._services.contact_center.open_link(
                agent, instance_id=hello.instance_id, epoch=hello.epoch, offset=hello.offset
            )
            self._side.opened()
            self._outgoing.put(encode_frame(welcome))
            follower = _Follower(
                agent=agent,
                instance_id=hello.instance_id,
                offset=hello.offset if welcome.calls is None else welcome.offset,
                waking=waking,
            )
            await self._side_by_side(
                self._read(agent),
                self._follow(follower),
                self._outgoing.run(),
                self._beat(),
                self._obey(),
                self._end_in_time(agent),
            )

    async def _side_by_side(self, *parts: Coroutine[Any, Any, None]) -> None:
        """Run the parts until one ends, which ends all; raise what it raised."""
        tasks = [asyncio.create_task(part) for part in parts]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _receive(self) -> str | None:
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1006), message.get("reason"))
        text = message.get("text")
        return text if isinstance(text, str) else None

    async def _read(self, agent: AgentKey) -> None:
        while True:
            frame = self._side.receive(await self._receive())
            if isinstance(frame, CommandFrame):
                await self._commands.acquire()
                # Not a task of this link: a command that began is finished, whoever listens.
                self._services.errands.start(self._handle(agent, frame))

    async def _handle(self, agent: AgentKey, frame: CommandFrame) -> None:
        metrics = self._services.metrics
        name, begun = frame.command.name, time.perf_counter()
        try:
            reply = await self._services.contact_center.handle_command(
                agent, frame.id, frame.command
            )
            outcome = reply.error.code if reply.error else "ok"
            signs_out = isinstance(frame.command, LogOut) and reply.error is None
            self._answer(reply, then=_SIGNED_OUT if signs_out else None)
        except Exception as error:
            outcome = "failed"
            log.error("command failed", command=name, exc_info=error)
        finally:
            self._commands.release()
        metrics.commands.labels(name, outcome).inc()
        metrics.command_seconds.labels(name).observe(time.perf_counter() - begun)

    def _answer(self, reply: Reply, *, then: tuple[CloseCode, str] | None) -> None:
        try:
            self._outgoing.put(encode_frame(reply), then=then and LinkEnded(*then))
        except LinkEnded as end:
            self.end(end.code, end.reason)

    async def _follow(self, follower: "_Follower") -> None:
        while True:
            if not await self._send_stream(follower):
                continue
            hint = await follower.waking.wait(self._times.poll_seconds)
            if hint is not None and hint.kind is HintKind.SIGNED_OUT:
                raise LinkEnded(*_SIGNED_OUT)
            if hint is None or hint.kind is not HintKind.REPLACED:
                continue
            if hint.instance_id != follower.instance_id:
                raise LinkEnded(CloseCode.REPLACED, "the connector was opened somewhere else")

    async def _send_stream(self, follower: "_Follower") -> bool:
        """Send what follows an offset; return whether that was all."""
        frames = await self._services.contact_center.read_stream(
            follower.agent, follower.offset, limit=_STREAM_STEP
        )
        for frame in frames:
            await self._outgoing.room()
            self._outgoing.put(encode_frame(frame))
            self._services.metrics.notifications.labels(frame.notification.name).inc()
            follower.offset = frame.offset
        return len(frames) < _STREAM_STEP

    async def _beat(self) -> None:
        beat = encode_frame(Heartbeat())
        while True:
            await asyncio.sleep(self._times.heartbeat_seconds)
            self._outgoing.put(beat)

    async def _end_in_time(self, agent: AgentKey) -> None:
        """End the link with the agent's session; who is believed without a sign-in has none."""
        services = self._services
        if services.demo is None or await wants_sign_in(services, agent.tenant_id):
            await services.contact_center.end_session_in_time(agent)
            # The stream is sent to its end first, and the hint that follows it ends the link.
            await asyncio.sleep(self._times.stalled_seconds)
            raise LinkEnded(*_SIGNED_OUT)
        await asyncio.Event().wait()

    async def _obey(self) -> None:
        raise await asyncio.shield(self._asked_to_end)
