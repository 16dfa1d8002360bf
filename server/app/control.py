"""The socket in the data folder: how the command line reaches a running server.

A request is one line of JSON, `{"command", "arguments"}`, and so is the answer, `{"result"}` or
`{"error"}`; then the server hangs up.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, cast

from server.app.administration import Administration
from server.app.tenants import save_tenants
from server.entities import Clock, IdSource
from server.errors import InvalidRequestError, ServerError
from server.logs import get_logger
from server.settings import Settings
from server.store import open_store

log = get_logger(__name__)

LONGEST_LINE = 32 * 1024 * 1024
"""Bytes of a request or an answer. A phone book goes as one: some 200 000 entries."""
_SOCKET = "control.sock"
_CHUNK = 256 * 1024
_ASKING_SECONDS = 30
_ANSWER_SECONDS = 120
_NO_ANSWER = "The server did not answer. Look whether it has done what was asked, then try again."


@asynccontextmanager
async def control_socket(administration: Administration, data_dir: Path) -> AsyncGenerator[None]:
    """Let the command line of this machine's user reach the running server."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_ASKING_SECONDS):
                line = await _read_line(reader)
            # Not under the time limit: what has begun would be done and yet be told as a failure.
            writer.write(_line_of(await _answer(administration, line)))
            await writer.drain()
        except (OSError, TimeoutError) as error:
            log.warning("control command not answered", exc_info=error)
        finally:
            writer.close()

    path = data_dir / _SOCKET
    try:
        await asyncio.to_thread(_make_room, path)
        listening = await asyncio.start_unix_server(serve, path)
        await asyncio.to_thread(path.chmod, 0o600)
    except OSError as error:
        # A path can be too long for a socket. Calls do not depend on it.
        log.warning("no control socket", exc_info=error)
        yield
        return
    try:
        yield
    finally:
        listening.close()
        await asyncio.to_thread(path.unlink, missing_ok=True)


async def administer(
    settings: Settings, command: str, arguments: dict[str, str], *, clock: Clock, ids: IdSource
) -> Any:  # noqa: ANN401 - JSON
    """Run a command in the running server, or without one on its database.

    Raises:
        ServerError: It cannot be done; the text says why.
    """
    request = _line_of({"command": command, "arguments": arguments})
    if len(request) > LONGEST_LINE:
        raise InvalidRequestError(_too_long())
    try:
        reader, writer = await asyncio.open_unix_connection(settings.data_dir / _SOCKET)
    except OSError:
        return await _directly(settings, command, arguments, clock=clock, ids=ids)
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            writer.write(request)
            await writer.drain()
            answer = json.loads(await _read_line(reader) or b"null")
    except (OSError, ValueError) as error:
        raise ServerError(_NO_ANSWER) from error
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    if not isinstance(answer, dict):
        raise ServerError(_NO_ANSWER)
    told = cast("dict[str, Any]", answer)
    if "error" in told:
        raise InvalidRequestError(str(told["error"]))
    return told["result"]


async def _directly(
    settings: Settings, command: str, arguments: dict[str, str], *, clock: Clock, ids: IdSource
) -> Any:  # noqa: ANN401 - JSON
    store = await open_store(settings.store_url, ids=ids)
    try:
        await save_tenants(store, settings)
        return await Administration(store, clock=clock, ids=ids).run(command, arguments)
    finally:
        await store.close()


async def _answer(administration: Administration, line: bytes) -> dict[str, Any]:
    """Run what a line asks for. Whatever goes wrong is an answer: somebody waits for it."""
    if len(line) > LONGEST_LINE:
        return {"error": _too_long()}
    try:
        request = json.loads(line)
        return {"result": await administration.run(request["command"], request["arguments"])}
    except ServerError as error:
        return {"error": error.message}
    except Exception as error:
        log.error("control command failed", exc_info=error)
        return {"error": f"The server failed ({type(error).__name__}); its log says where."}


async def _read_line(reader: asyncio.StreamReader) -> bytes:
    """Return a line; of one that is too long only enough to see that it is.

    It is read to its end all the same: who still writes would not hear the answer.
    """
    line = bytearray()
    while chunk := await reader.read(_CHUNK):
        if len(line) <= LONGEST_LINE:
            line += chunk
        if chunk.endswith(b"\n"):
            break
    return bytes(line)


def _line_of(value: object) -> bytes:
    # What is no text is refused by name where it is read, not here.
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _too_long() -> str:
    return f"It is too large: {LONGEST_LINE // 1024 // 1024} MiB at most. Do it in parts."


def _make_room(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
