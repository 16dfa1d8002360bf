"""The link to the server: sockets, time limits, reconnect and resync."""

from connector_py.transport.backoff import Jitter, full_jitter
from connector_py.transport.line import SILENCE_SECONDS
from connector_py.transport.loopback import Loopback, LoopbackServer
from connector_py.transport.server_link import COMMAND_SECONDS, OPEN_SECONDS, ServerLink
from connector_py.transport.stream import OutOfStepError
from connector_py.transport.text_socket import SocketEvents, SocketOpener, TextSocket
from connector_py.transport.timers import LoopTimers, Timer, Timers

__all__ = [
    "COMMAND_SECONDS",
    "OPEN_SECONDS",
    "SILENCE_SECONDS",
    "Jitter",
    "LoopTimers",
    "Loopback",
    "LoopbackServer",
    "OutOfStepError",
    "ServerLink",
    "SocketEvents",
    "SocketOpener",
    "TextSocket",
    "Timer",
    "Timers",
    "full_jitter",
]
