"""Recordings of calls: where their files are, and short-lived addresses of them.

An address is good for a short while and for one call; its signature says that this server made it,
and for which agent (guide chapter 11, "getSignedRecordingUrl").
"""

import hashlib
import hmac
import re
import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, urlencode

from server.contact_center.recording_hosts import RecordingHosts
from server.entities import AgentKey, CallRecord
from server.errors import NotFoundError

PATH = "/api/v1/recordings"
"""Where the addresses lead."""
LIFE = timedelta(minutes=5)
"""How long an address is good beside the recording's own length: who comes back asks again."""

CONTENT_TYPES: Mapping[str, str] = MappingProxyType(
    {".wav": "audio/wav", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".m4a": "audio/mp4"}
)
"""By the ending of the file's name."""

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,254}")

_NO_HOSTS = RecordingHosts(())

MakeRecording = Callable[[CallRecord, Path], None]
"""Makes the file of a recorded call that has none: a switch without audio simulates it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFile:
    """A recording as it is served."""

    path: Path
    content_type: str


class Recordings:
    """The recordings in a folder: `<org>/<call id>.wav` or another known ending.

    Args:
        folder: Where they are; a switch's recorder writes into it.
        key: Signs the addresses; never shown, never logged.
        origin: Where browsers reach this server, without a path.
        make: Makes what is missing, when this server's calls have no audio.
        hosts: From where recordings that somebody else keeps are handed out.
    """

    def __init__(
        self,
        folder: Path,
        *,
        key: bytes,
        origin: str,
        make: MakeRecording | None = None,
        hosts: RecordingHosts = _NO_HOSTS,
    ) -> None:
        self.hosts = hosts
        self._folder = folder
        self._key = key
        self._origin = origin
        self._make = make

    def of_call(self, record: CallRecord) -> RecordingFile | None:
        """Return the recording of a call that is over; None when there is none. Reads the disk."""
        found = self._find(record.tenant_id, record.call_id)
        if found is not None or self._make is None or not record.was_recorded:
            return found
        path = self._path(record.tenant_id, record.call_id, ".wav")
        if path is None:
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        self._make(record, path)
        return self._find(record.tenant_id, record.call_id)

    def address(self, record: CallRecord, agent: AgentKey, now: datetime, *, seconds: float) -> str:
        """Return an address at which an agent's browser hears the recording of a call.

        It names the agent: whoever gives it away can be found.

        Args:
            record: The call.
            agent: Who asks.
            now: The present moment.
            seconds: The recording's length; a player asks for the rest when it gets there.
        """
        expires = int((now + LIFE + timedelta(seconds=seconds)).timestamp())
        unsigned = _unsigned(record.call_id, record.tenant_id, agent.agent_id, expires)
        return f"{self._origin}{unsigned}&signature={self._sign(unsigned)}"

    def open(self, call_id: str, query: Mapping[str, str], now: datetime) -> RecordingFile:
        """Return what an address leads to. Reads the disk.

        Args:
            call_id: The last part of the address.
            query: Its query.
            now: The present moment.

        Raises:
            NotFoundError: The address is not one of ours, has expired, or the file is gone.
        """
        tenant_id, expires = query.get("organization", ""), query.get("expires", "")
        agent_id, signature = query.get("agent", ""), query.get("signature", "")
        if not expires.isascii() or not expires.isdigit() or len(expires) > 12:
            raise _no_recording()
        wanted = self._sign(_unsigned(call_id, tenant_id, agent_id, int(expires)))
        is_ours = hmac.compare_digest(wanted.encode(), signature.encode())
        if not is_ours or now.timestamp() >= int(expires):
            raise _no_recording()
        found = self._find(tenant_id, call_id)
        if found is None:
            raise _no_recording()
        return found

    def _sign(self, unsigned: str) -> str:
        return hmac.new(self._key, f"GET {unsigned}".encode(), hashlib.sha256).hexdigest()

    def _find(self, tenant_id: str, call_id: str) -> RecordingFile | None:
        for ending, content_type in CONTENT_TYPES.items():
            path = self._path(tenant_id, call_id, ending)
            if path is not None and path.is_file():
                return RecordingFile(path=path, content_type=content_type)
        return None

    def _path(self, tenant_id: str, call_id: str, ending: str) -> Path | None:
        """Return where a file would be; None for an id that cannot be the name of one."""
        if not _SAFE_NAME.fullmatch(tenant_id) or not _SAFE_NAME.fullmatch(call_id):
            return None
        return self._folder / tenant_id / f"{call_id}{ending}"


def _unsigned(call_id: str, tenant_id: str, agent_id: str, expires: int) -> str:
    """Return path and query; as they are quoted, none can run into what follows."""
    query = urlencode({"organization": tenant_id, "agent": agent_id, "expires": expires})
    return f"{PATH}/{quote(call_id, safe='')}?{query}"


def seconds_of(file: RecordingFile) -> float | None:
    """Return how long a recording lasts; None when its format does not say. Reads the disk."""
    if file.content_type != CONTENT_TYPES[".wav"]:
        return None
    try:
        with wave.open(str(file.path), "rb") as opened:
            return opened.getnframes() / opened.getframerate()
    except (wave.Error, EOFError, OSError):
        return None


def _no_recording() -> NotFoundError:
    return NotFoundError("There is no such recording, or its address has expired.")
