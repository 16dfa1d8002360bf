"""A server that answers every request with the same bytes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class OddServer:
    """Answers every request with the same bytes, and keeps what it was sent."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self.requests: list[bytes] = []

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            )
            self.requests.append(head + await reader.readexactly(length))
            writer.write(self._answer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def odd_server(answer: bytes) -> AsyncIterator[tuple[str, OddServer]]:
    """Serve on a free port; gives the address and the server."""
    odd = OddServer(answer)
    server = await asyncio.start_server(odd.handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", odd


def http(status: int, body: bytes, headers: str = "") -> bytes:
    """Return the bytes of an HTTP answer."""
    head = f"HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {len(body)}\r\n{headers}"
    return head.encode() + b"\r\n" + body
