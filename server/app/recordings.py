"""The recordings of this server; in the demo, whose calls have no audio, a tone for each."""

import math
import os
import sys
import wave
from array import array
from pathlib import Path

from server.contact_center.recording_hosts import RecordingHosts
from server.contact_center.recordings import Recordings
from server.entities import CallRecord, IdSource
from server.settings import Settings

FOLDER = "recordings"
KEY_FILE = "recording.key"

_RATE = 8000
_TONE_HERTZ = 400
_LOUDNESS = 1000
_LONGEST_SECONDS = 60
_EVERYWHERE = ("0.0.0.0", "::")


def open_recordings(settings: Settings, ids: IdSource) -> Recordings:
    """Return the recordings in the data folder. Makes the key that signs when it is missing.

    Args:
        settings: Data folder, own address, hosts of recordings, and whether it is the demo.
        ids: Makes the key.

    Raises:
        OSError: The key cannot be read or written.
    """
    return Recordings(
        settings.data_dir / FOLDER,
        key=_key(settings.data_dir / KEY_FILE, ids),
        origin=_origin(settings),
        make=simulate_recording if settings.demo else None,
        # The demo's recordings are made up, and so are their addresses.
        hosts=RecordingHosts(None if settings.demo else settings.recording_hosts),
    )


def simulate_recording(record: CallRecord, path: Path) -> None:
    """Write a quiet tone as long as a call, one minute at most: a WAV of 8 kHz.

    Args:
        record: A call that is over.
        path: Where to.

    Raises:
        OSError: The file cannot be written.
    """
    begun = record.answered_at or record.call.started_at
    ended = record.call.ended_at or begun
    seconds = min(_LONGEST_SECONDS, max(1, round((ended - begun).total_seconds())))
    samples = _RATE // _TONE_HERTZ
    period = array(
        "h", (round(_LOUDNESS * math.sin(2 * math.pi * at / samples)) for at in range(samples))
    )
    if sys.byteorder == "big":
        period.byteswap()  # a WAV is little-endian
    # Nobody may find half a file: it gets its name when it is whole.
    part = path.with_name(f"{path.name}.part")
    with wave.open(str(part), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(period.tobytes() * (_TONE_HERTZ * seconds))
    part.replace(path)


def _key(path: Path, ids: IdSource) -> bytes:
    """Return what signs the addresses; made once, for the server's user only."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        key = ids.token().encode()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    return key


def _origin(settings: Settings) -> str:
    """Return where browsers reach this server, as far as the settings say."""
    if settings.public_url is not None:
        return settings.public_url
    host = "127.0.0.1" if settings.host in _EVERYWHERE else settings.host
    host = f"[{host}]" if ":" in host else host
    scheme = "https" if settings.speaks_tls else "http"
    return f"{scheme}://{host}:{settings.port}"
