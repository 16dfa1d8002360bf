"""The vendor connector: what Salesforce calls for the agent (connector-api.md 1.2, 1.4, 1.5)."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, cast

from connector_py.api.agent_events import vendor_status
from connector_py.api.mirror import Mirror
from connector_py.api.ports import Log, TelephonyLink
from connector_py.api.redaction import redact
from connector_py.api.requests import Requests
from connector_py.entities import (
    AgentVendorStatusInfo,
    AgentWork,
    EndWrapUp,
    LogLevel,
    LogOut,
    LogoutResult,
    ReportAgentWork,
    SendMessage,
    SetAgentStateResult,
    SetAgentStatus,
    SharedCapabilitiesResult,
    from_wire,
)

_LONGEST_KEPT_MESSAGE = 500
"""Characters of what Salesforce logs that are kept."""
_LONGEST_READ_MESSAGE = 4_000
_LONGEST_LEVEL = 10
_LINES_AT_ONCE = 200


class VendorConnector:
    """The methods for the agent; `init` is in `sign_in.py`.

    Args:
        link: The line to the server.
        mirror: Calls and agent as the server says they are.
        requests: Sends commands.
        log: Where it writes.
    """

    def __init__(
        self, *, link: TelephonyLink, mirror: Mirror, requests: Requests, log: Log
    ) -> None:
        self._link = link
        self._mirror = mirror
        self._requests = requests
        self._log = log

    async def get_telephony_connector(self) -> None:
        """Vendor method `getTelephonyConnector`: the bridge has the object; here is no news."""

    async def get_shared_capabilities(self) -> SharedCapabilitiesResult:
        """Return what works for every channel. Vendor method `getSharedCapabilities`.

        Raises:
            LinkDownError: The server did not say yet who the agent is.
        """
        return self._mirror.agent.shared_capabilities

    async def set_agent_status(
        self,
        agent_status: str,
        status_info: Mapping[str, Any] | None = None,
        enqueue_next_state: object = False,
    ) -> SetAgentStateResult:
        """Take over a Salesforce presence status. Vendor method `setAgentStatus`.

        Args:
            agent_status: One of `AgentStatus`.
            status_info: statusId, statusApiName and statusName; may be empty.
            enqueue_next_state: Whether it applies after the work that is going on.

        Raises:
            ValidationError: The status is none of Salesforce's.
        """
        given = {
            "agentStatus": agent_status,
            "statusInfo": status_info or None,
            "enqueueNextState": bool(enqueue_next_state),
        }
        command = from_wire(SetAgentStatus, given)

        async def set_status() -> SetAgentStateResult:
            _, result = await self._requests.send(command)
            needed = _flag_in(result, "isStatusSyncNeeded")
            if needed is None:
                return SetAgentStateResult(success=True)
            return SetAgentStateResult(success=True, is_status_sync_needed=needed)

        return await self._requests.in_turn("agent-status", str(given), set_status)

    async def get_agent_status(self) -> AgentVendorStatusInfo:
        """Return the agent's status. Vendor method `getAgentStatus`.

        Raises:
            LinkDownError: The server did not say yet who the agent is.
        """
        return vendor_status(self._mirror.agent)

    async def logout(self) -> LogoutResult:
        """End the agent's sign-in. Vendor method `logout`.

        Raises:
            ConnectorError: The telephony system did not take it.
        """

        async def log_out() -> LogoutResult:
            await self._requests.send(LogOut())
            self._link.close()
            self._mirror.forget()
            return LogoutResult(success=True)

        return await self._requests.in_turn("log-out", "log-out", log_out)

    # ---- called by the base connector without a guard (weakness B7): `ConnectorApi.dispatch` logs

    async def handle_message(self, message: object) -> None:
        """Pass on what a component of the page says. Vendor method `handleMessage`."""
        await self._requests.send(SendMessage(message=message))

    async def wrap_up_call(self, call: Mapping[str, Any] | None = None) -> None:
        """End after-call work. Vendor method `wrapUpCall`."""
        named = (call or {}).get("callId")
        call_id = self._mirror.wrap_up_call_id(str(named) if named else None)
        if not call_id:
            return
        command = from_wire(EndWrapUp, {"callId": call_id})

        async def end() -> None:
            await self._requests.send(command)

        await self._requests.in_turn("wrap-up", call_id, end)

    async def on_agent_work_event(self, agent_work: Mapping[str, Any]) -> None:
        """Pass on what happened to the agent's work. Vendor method `onAgentWorkEvent`."""
        work = from_wire(AgentWork, agent_work, path="agentWork")
        self._log.write(LogLevel.INFO, "agent_work", {"event": work.work_event.value})
        await self._requests.send(ReportAgentWork(agent_work=work))

    async def download_logs(self, logs: Sequence[str]) -> None:
        """Give the agent the log as a file, without personal data. Vendor method `downloadLogs`."""
        lines: list[str] = []
        for number, line in enumerate(logs, 1):
            lines.append(redact(str(line)))
            if number % _LINES_AT_ONCE == 0:
                await asyncio.sleep(0)  # A call may ring meanwhile.
        self._log.offer_download(lines)

    async def log_message_to_vendor(
        self, log_level: object, log_message: object = None, payload: object = None
    ) -> None:
        """Keep what Salesforce logs, without personal data. Vendor method `logMessageToVendor`.

        The payload is dropped: it may hold anything. It is no error of ours whatever its level:
        those go to Salesforce's log, which would say it again.
        """
        del payload
        message = str(log_message or "")[:_LONGEST_READ_MESSAGE]
        message = redact(message)[:_LONGEST_KEPT_MESSAGE]
        fields = {"level": str(log_level or "").upper()[:_LONGEST_LEVEL], "message": message}
        self._log.write(LogLevel.INFO, "salesforce_log", fields)


def _flag_in(result: object, key: str) -> bool | None:
    """Return a flag of a reply's result, or None when it is not there."""
    if not isinstance(result, Mapping):
        return None
    value = cast("Mapping[str, object]", result).get(key)
    return value if isinstance(value, bool) else None
