"""The vendor connector: what Salesforce calls for the agent (connector-api.md 1.2, 1.4, 1.5)."""

from collections.abc import Mapping, Sequence
from typing import Any

from connector_py.api.mirror import Mirror
from connector_py.api.ports import AgentIdentity, EventPublisher, Log, TelephonyLink
from connector_py.api.requests import Requests
from connector_py.api.telephony_connector import TelephonyConnector
from connector_py.entities import (
    AgentVendorStatusInfo,
    AgentWork,
    AudioDevicesResult,
    ContactsResult,
    EndWrapUp,
    GenericResult,
    InitResult,
    LogLevel,
    LogOut,
    LogoutResult,
    SendMessage,
    SetAgentStatus,
    SharedCapabilitiesResult,
    SharedEventType,
    from_wire,
)
from connector_py.errors import (
    ConnectorError,
    NotSupportedError,
    SignInRequiredError,
    ValidationError,
)

_CALL_CENTER = "/reqGeneralInfo/reqInternalName"


class VendorConnector:
    """The 12 methods for the agent.

    Args:
        link: The line to the server.
        mirror: Calls and agent as the server says they are.
        requests: Sends commands.
        publisher: Salesforce's ear.
        log: Where it writes.
    """

    def __init__(
        self,
        *,
        link: TelephonyLink,
        mirror: Mirror,
        requests: Requests,
        publisher: EventPublisher,
        log: Log,
    ) -> None:
        self._link = link
        self._mirror = mirror
        self._requests = requests
        self._publisher = publisher
        self._log = log
        self._identity: AgentIdentity | None = None
        self._telephony = TelephonyConnector(mirror=mirror, requests=requests)
        link.listen(mirror)

    @property
    def telephony(self) -> TelephonyConnector:
        """The methods for calls."""
        return self._telephony

    async def init(self, connector_config: Mapping[str, Any]) -> InitResult:
        """Connect to the telephony system. Vendor method `init`.

        Called when: Salesforce's page set up the connector.

        Args:
            connector_config: Salesforce's configuration of the contact center and the agent.

        Returns:
            Ready, or a wish for the login page when the agent has to sign in first.

        Raises:
            ValidationError: The configuration does not say who the agent is.
            LinkDownError: The server cannot be reached.
        """
        self._identity = _identity(connector_config)
        try:
            await self._link.open(self._identity)
        except SignInRequiredError:
            return InitResult(show_login=True)
        return InitResult()

    async def signed_in(self) -> None:
        """Connect after the agent signed in on the login page, and tell Salesforce.

        Said twice it counts once. Raises nothing: a failure goes to Salesforce as the login's
        result.
        """
        await self._requests.in_turn("sign-in", "sign-in", self._sign_in)

    async def _sign_in(self) -> None:
        if self._identity is None or self._mirror.agent_id is not None:
            return
        try:
            await self._link.open(self._identity)
        except ConnectorError as error:
            self._log.write(LogLevel.ERROR, "login_failed", {"code": error.code})
            self._publisher.publish_error(SharedEventType.LOGIN_RESULT, error)
            return
        self._publisher.publish(SharedEventType.LOGIN_RESULT, GenericResult(success=True))

    async def get_telephony_connector(self) -> None:
        """Vendor method `getTelephonyConnector`: the bridge has the object; here is no news."""

    async def get_shared_capabilities(self) -> SharedCapabilitiesResult:
        """Return what works for every channel. Vendor method `getSharedCapabilities`."""
        return self._mirror.agent.shared_capabilities

    async def set_agent_status(
        self,
        agent_status: str,
        status_info: Mapping[str, Any] | None = None,
        enqueue_next_state: bool = False,
    ) -> GenericResult:
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
        await self._requests.send(command)
        return GenericResult(success=True)

    async def get_agent_status(self) -> AgentVendorStatusInfo:
        """Return the agent's status. Vendor method `getAgentStatus`."""
        agent = self._mirror.agent
        info = agent.status_info
        return AgentVendorStatusInfo(
            status_id=info.status_id if info else None,
            status_type=agent.state.value,
            status_name=info.status_name if info else None,
        )

    async def logout(self) -> LogoutResult:
        """End the agent's sign-in. Vendor method `logout`.

        Raises:
            ConnectorError: The telephony system did not take it.
        """
        await self._requests.send(LogOut())
        self._link.close()
        self._mirror.forget()
        return LogoutResult(success=True)

    async def handle_message(self, message: object) -> None:
        """Pass on what a component of the page says. Vendor method `handleMessage`."""
        await self._requests.send(SendMessage(message=message))

    async def wrap_up_call(self, call: Mapping[str, Any] | None = None) -> None:
        """End after-call work. Vendor method `wrapUpCall`.

        The base connector does not look at how this ends (weakness B7): `ConnectorApi.dispatch`
        logs failures of this method and of its neighbours.
        """
        call_id = (call or {}).get("callId") or self._wrap_up_call_id()
        if call_id:
            await self._requests.send(from_wire(EndWrapUp, {"callId": str(call_id)}))

    async def on_agent_work_event(self, agent_work: Mapping[str, Any]) -> None:
        """Hear of the agent's work in other channels. Vendor method `onAgentWorkEvent`."""
        work = from_wire(AgentWork, agent_work, path="agentWork")
        self._log.write(LogLevel.INFO, "agent_work", {"event": work.work_event.value})

    async def get_contacts(self, *_: object) -> ContactsResult:
        """Vendor method `getContacts`, of messaging.

        Raises:
            NotSupportedError: Always.
        """
        raise NotSupportedError("getContacts")

    async def get_audio_devices(self) -> AudioDevicesResult:
        """Vendor method `getAudioDevices`.

        Raises:
            NotSupportedError: Always.
        """
        raise NotSupportedError("getAudioDevices")

    async def download_logs(self, logs: Sequence[str]) -> None:
        """Give the agent the log as a file. Vendor method `downloadLogs`."""
        self._log.offer_download([str(line) for line in logs])

    async def log_message_to_vendor(
        self, log_level: str, log_message: str, payload: object = None
    ) -> None:
        """Hear what Salesforce logs. Vendor method `logMessageToVendor`.

        Only the fact is kept: messages and payloads may name customers.
        """
        del log_message, payload
        level = LogLevel.ERROR if str(log_level).upper() == LogLevel.ERROR else LogLevel.INFO
        self._log.write(level, "salesforce_log", {})

    def _wrap_up_call_id(self) -> str | None:
        return None if self._mirror.agent_id is None else self._mirror.agent.wrap_up_call_id


def _identity(config: Mapping[str, Any]) -> AgentIdentity:
    def text(key: str) -> str | None:
        value = config.get(key)
        return value if isinstance(value, str) and value else None

    for key in ("organizationId", "userName"):
        if text(key) is None:
            raise ValidationError(f"connectorConfig.{key}", config.get(key), "text")
    return AgentIdentity(
        organization_id=str(text("organizationId")),
        user_name=str(text("userName")),
        user_id=text("userId"),
        user_full_name=text("userFullName"),
        call_center_name=text(_CALL_CENTER),
    )
