"""Plays a conversation with `connector_py` alone: no browser, no server, no time."""

import asyncio
from typing import Any

from connector_py.api import AgentIdentity, ConnectorApi
from connector_py.errors import MicrophoneNotSharedError, SignInRequiredError
from connector_py.transport import ServerLink
from connector_py.transport.text_socket import SocketEvents, TextSocket
from tests.support.api_fakes import CONFIG, CountingIds, FakeAudioDevices, FakeStorage, FixedClock
from tests.support.link_fakes import FixedJitter, HandTimers
from tests.support.link_fakes import RecordingLog as LinkLog
from tests.support.reference_base import ReferenceBase
from tests.support.scripted_server import (
    Conversation,
    DecidesStorage,
    Happens,
    Say,
    ScriptedServer,
    SignsIn,
    holds,
)

_TURNS = 30


async def play(conversation: Conversation) -> None:
    """Play it; an AssertionError says where it went another way."""
    server = ScriptedServer(
        agent=conversation.agent,
        calls=conversation.calls,
        answers=conversation.answers,
        is_signed_in=conversation.is_signed_in,
        is_sign_in_silent=conversation.is_sign_in_silent,
    )
    audio, storage = _devices_of(conversation), FakeStorage()
    storage.is_free = conversation.browser.keeps_sign_in
    line = _Line(server)
    base = ReferenceBase()
    base.api = ConnectorApi(
        link=ServerLink(
            opener=line,
            timers=HandTimers(),
            jitter=FixedJitter(),
            instance_id="page-1",
            log=LinkLog(),
        ),
        publisher=base,
        clock=FixedClock(),
        ids=CountingIds(),
        log=_Quiet(),
        audio_devices=audio,
        storage_access=storage,
    )
    await base.set_up(config_of(conversation))
    await _settle(base)
    check_heard(base.dispatched, conversation.starts_with)
    if conversation.ready is not None:
        assert holds(base.ready, conversation.ready), base.ready
    for step in conversation.steps:
        base.dispatched.clear()
        match step:
            case Happens():
                line.tell(step.notification)
            case SignsIn():
                server.is_signed_in = True
                await base.api.signed_in()
            case DecidesStorage():
                storage.is_free = step.is_granted
                await base.api.storage_access_decided(step.is_granted)
            case Say():
                await base.say(step.message)
        await _settle(base)
        check_heard(base.dispatched, step.hears)
    check_asked(server, conversation)


def config_of(conversation: Conversation) -> dict[str, Any]:
    """Return the connectorConfig of a conversation."""
    whole = {**CONFIG, **conversation.config}
    return {key: value for key, value in whole.items() if value is not None}


def check_heard(heard: list[tuple[str, Any]], expected: tuple[tuple[str, Any], ...]) -> None:
    """Compare events by their order, their types and what their payloads must hold."""
    assert [kind for kind, _ in heard] == [kind for kind, _ in expected], heard
    for (kind, payload), (_, wanted) in zip(heard, expected, strict=True):
        assert wanted is None or holds(payload, wanted), f"{kind}: {payload} != {wanted}"


def check_asked(server: ScriptedServer, conversation: Conversation) -> None:
    """Compare the commands that the server got."""
    wanted = conversation.asked
    if wanted is None:
        return
    assert [name for name, _ in server.asked] == [name for name, _ in wanted], server.asked
    for (name, args), (_, held) in zip(server.asked, wanted, strict=True):
        assert holds(args, held), f"{name}: {args} != {held}"


def _devices_of(conversation: Conversation) -> FakeAudioDevices:
    audio = FakeAudioDevices()
    audio.devices = list(conversation.browser.devices)
    if not conversation.browser.shares_microphone:
        audio.fails(MicrophoneNotSharedError("the agent says no"))
    return audio


async def _settle(base: ReferenceBase) -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)
        await base.settle()


class _Line:
    """Opens sockets to the scripted server. Implements `SocketOpener`."""

    def __init__(self, server: ScriptedServer) -> None:
        self._server = server
        self._events: SocketEvents | None = None

    def open(self, identity: AgentIdentity, events: SocketEvents) -> TextSocket:
        del identity
        self._events = events
        loop = asyncio.get_running_loop()
        if self._server.is_signed_in:
            loop.call_soon(events.opened, "ticket")
        else:
            is_silent = self._server.is_sign_in_silent
            loop.call_soon(events.failed, SignInRequiredError(is_silent=is_silent))
        return self

    def send(self, text: str) -> None:
        """Take a frame of the connector and answer it, never before returning."""
        assert self._events is not None
        for told in self._server.take(text):
            asyncio.get_running_loop().call_soon(self._events.text, told)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the line: nothing more is heard."""
        del code, reason

    def tell(self, notification: Any) -> None:
        assert self._events is not None
        self._events.text(self._server.tell(notification))


class _Quiet:
    """A log that nobody reads. Implements `Log`."""

    def write(self, *_: object) -> None:
        """Forget it."""

    def offer_download(self, *_: object) -> None:
        """Forget them."""
