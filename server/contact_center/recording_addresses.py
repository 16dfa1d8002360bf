"""The command that asks for the address of a recording (guide chapter 11)."""

import asyncio
from urllib.parse import unquote, urlsplit

from connector_py.entities import RefusalCode, Reply, SignedRecordingUrlResult, SignRecordingUrl
from connector_py.errors import CommandRefusedError
from server.contact_center.desk import Desk
from server.contact_center.recording_hosts import https_host_of
from server.contact_center.recordings import PATH, Recordings, seconds_of
from server.contact_center.requests import Request, settle
from server.entities import AgentKey, CallRecord
from server.store import Transaction


class RecordingAddresses:
    """Finds the call that is meant, and signs the address of its recording."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def sign(self, request: Request[SignRecordingUrl]) -> Reply:
        """Return a `SignedRecordingUrlResult`.

        A recording that somebody else keeps is handed out as it was published, also that of a
        voicemail, which is no call here, but only from the hosts that the operator named: whether
        the agent may hear it is for those to say.
        """
        command, desk = request.command, self._desk
        if not (command.recording_url or command.vendor_call_key or command.call_id):
            raise CommandRefusedError(
                RefusalCode.INVALID_REQUEST, "Say which recording: by its address, call or record"
            )
        if _path_of(command.recording_url) is None:
            raise CommandRefusedError(
                RefusalCode.INVALID_REQUEST, "recordingUrl must be an address, or nothing"
            )
        found = await desk.parts.store.run(lambda tx: _call(tx, request))
        if found is None:
            result = self._foreign(command)
            return await settle(desk, request, lambda ledger: result)
        record, key = found
        if not record.is_over:
            raise CommandRefusedError(RefusalCode.INVALID_STATE, "The call is not over yet")
        url, seconds = await self._address(record, key, request.agent)
        result = SignedRecordingUrlResult(
            success=True,
            url=url,
            duration=seconds,
            call_id=command.call_id or record.call.voice_call_id or record.call_id,
        )
        return await settle(desk, request, lambda ledger: result)

    async def _address(
        self, record: CallRecord, key: str, agent: AgentKey
    ) -> tuple[str, float | None]:
        desk, published = self._desk, record.recording_of(key)
        if published is not None and _call_id_in(published.location) is None:
            self._check_host(published.location)
            return published.location, float(published.seconds)
        recordings = desk.parts.recordings
        if recordings is not None:
            # Files are read, and in the demo made, beside the event loop.
            seconds = await asyncio.to_thread(_length, recordings, record)
            if seconds is not None:
                known = None if published is None else float(published.seconds)
                url = recordings.address(record, agent, desk.now(), seconds=seconds)
                return url, seconds or known
        raise CommandRefusedError(RefusalCode.CALL_NOT_FOUND, "The call has no recording")

    def _foreign(self, command: SignRecordingUrl) -> SignedRecordingUrlResult:
        url = command.recording_url or ""
        key = command.call_id or command.vendor_call_key
        if not url.startswith("https://") or _call_id_in(url) is not None or key is None:
            raise CommandRefusedError(RefusalCode.CALL_NOT_FOUND, "There is no such call")
        self._check_host(url)
        return SignedRecordingUrlResult(success=True, url=url, call_id=key)

    def _check_host(self, url: str) -> None:
        recordings, host = self._desk.parts.recordings, https_host_of(url)
        if host is None:
            raise CommandRefusedError(
                RefusalCode.NOT_SUPPORTED,
                "The recording is kept elsewhere, but not at an https address with a host name",
            )
        if recordings is None or not recordings.hosts.allow(host):
            raise CommandRefusedError(
                RefusalCode.NOT_SUPPORTED,
                f"The server hands out no recordings of {host}: an operator adds the host to the "
                "setting recording_hosts (SCV_RECORDING_HOSTS)",
            )


def _length(recordings: Recordings, record: CallRecord) -> float | None:
    """Return the recording's length, 0 when the file does not say; None without a file."""
    file = recordings.of_call(record)
    return None if file is None else seconds_of(file) or 0.0


def _call(tx: Transaction, request: Request[SignRecordingUrl]) -> tuple[CallRecord, str] | None:
    """Return the call, and the vendorCallKey that is meant, by the surest of what is said."""
    command, tenant_id = request.command, request.agent.tenant_id
    keys = (command.vendor_call_key, command.call_id, _call_id_in(command.recording_url))
    for key in keys:
        record = None if not key else tx.call_by_key(tenant_id, key)
        if record is not None and key:
            return record, record.key_of(key)
    return None


def _call_id_in(recording_url: str | None) -> str | None:
    """Return the call that an address of ours is about."""
    path = _path_of(recording_url) or ""
    return unquote(path.removeprefix(f"{PATH}/")) if path.startswith(f"{PATH}/") else None


def _path_of(url: str | None) -> str | None:
    """Return the path of an address; None when it is not one."""
    try:
        return urlsplit(url or "").path
    except ValueError:
        return None
