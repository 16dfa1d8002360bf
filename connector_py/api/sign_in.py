"""Signing in to the telephony system: the start of the page, and what comes before it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from connector_py.api.mirror import Mirror
from connector_py.api.ports import AgentIdentity, EventPublisher, Log, StorageAccess, TelephonyLink
from connector_py.api.presence_statuses import read_presence_statuses
from connector_py.api.requests import Requests
from connector_py.entities import (
    GenericResult,
    InitResult,
    LogLevel,
    PresenceStatus,
    ReportPresenceStatuses,
    SharedEventType,
    ShowStorageAccessResult,
)
from connector_py.errors import ConnectorError, SignInRequiredError, ValidationError

_CALL_CENTER = "/reqGeneralInfo/reqInternalName"
_LANE = "sign-in"
"""All that opens the link happens in turn."""


class SignIn:
    """The vendor method `init`, and what the login page and the browser say afterwards.

    Args:
        link: The line to the server.
        mirror: Calls and agent as the server says they are.
        requests: Sends commands.
        publisher: Salesforce's ear.
        log: Where it writes.
        storage: Whether the browser lets the page keep a sign-in.
    """

    def __init__(
        self,
        *,
        link: TelephonyLink,
        mirror: Mirror,
        requests: Requests,
        publisher: EventPublisher,
        log: Log,
        storage: StorageAccess,
    ) -> None:
        self._link = link
        self._mirror = mirror
        self._requests = requests
        self._publisher = publisher
        self._log = log
        self._storage = storage
        self._identity: AgentIdentity | None = None
        self._statuses: tuple[PresenceStatus, ...] = ()
        # The loop holds tasks weakly: without these one that waits could be collected.
        self._running: set[asyncio.Task[None]] = set()
        link.listen(mirror)

    async def init(self, connector_config: Mapping[str, Any]) -> InitResult:
        """Connect to the telephony system. Vendor method `init`.

        Called when: Salesforce's page set up the connector.

        Args:
            connector_config: Salesforce's configuration of the contact center and the agent.

        Returns:
            Ready; or a wish for the login page when the agent has to sign in first, for a silent
            login when that goes on by itself, and for storage access when the browser drops what
            would keep the sign-in.

        Raises:
            ValidationError: The configuration does not say who the agent is.
            LinkDownError: The server cannot be reached.
        """
        identity = _identity(connector_config)

        async def start() -> InitResult:
            self._identity = identity
            self._statuses = self._read_statuses(connector_config)
            return await self._start(identity)

        # A link that opens anew ends the opening before it: whoever signs in meanwhile waits.
        return await self._requests.in_turn(_LANE, f"init {identity}", start)

    async def signed_in(self) -> None:
        """Connect after the agent signed in on the login page, and tell Salesforce.

        Said twice it counts once. Raises nothing: a failure goes to Salesforce as the login's
        result. Where the server does not know of the sign-in the login just stays, because the
        agent may have seen nothing of this one.
        """
        await self._requests.in_turn(_LANE, "sign-in", self._sign_in)

    async def storage_access_decided(self, granted: bool) -> None:
        """Go on after the agent was asked for storage access, and tell Salesforce.

        Refused, the login is shown all the same: only a sign-in proves what the browser keeps.
        Raises nothing: a failure goes to Salesforce.

        Args:
            granted: Whether the browser lets the page keep a sign-in now.
        """

        async def go_on() -> None:
            await self._go_on(granted)

        await self._requests.in_turn(_LANE, f"storage {granted}", go_on)

    # ------------------------------------------------------------------------- helpers

    async def _start(self, identity: AgentIdentity) -> InitResult:
        try:
            await self._open(identity)
        except SignInRequiredError as error:
            if not await self._has_storage():
                return InitResult(show_storage_access=True)
            return InitResult(show_login=not error.is_silent, is_silent_login=error.is_silent)
        return InitResult()

    async def _has_storage(self) -> bool:
        try:
            return await self._storage.has_access()
        except ConnectorError as error:
            # The login page works all the same, where the browser keeps what it sets.
            self._log.write(LogLevel.ERROR, "storage_access_unknown", {"code": error.code})
            return True

    async def _open(self, identity: AgentIdentity) -> None:
        await self._link.open(identity)
        if self._statuses:
            # Nothing of the start waits for it.
            task = asyncio.get_running_loop().create_task(self._report_statuses(self._statuses))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _report_statuses(self, statuses: tuple[PresenceStatus, ...]) -> None:
        try:
            await self._requests.send(ReportPresenceStatuses(statuses=statuses))
        except ConnectorError as error:
            fields = {"code": error.code}
            self._log.write(LogLevel.ERROR, "presence_statuses_not_reported", fields)

    def _read_statuses(self, config: Mapping[str, Any]) -> tuple[PresenceStatus, ...]:
        try:
            return read_presence_statuses(config)
        except ValidationError as error:
            fields = {"field": error.field, "expected": error.expected}
            self._log.write(LogLevel.ERROR, "presence_statuses_unreadable", fields)
            return ()

    async def _sign_in(self) -> None:
        if self._identity is None or self._mirror.agent_id is not None:
            return
        try:
            await self._open(self._identity)
        except SignInRequiredError as error:
            self._log.write(LogLevel.ERROR, "login_not_kept", {"code": error.code})
            # Where the browser is the reason, our page now asks the agent for storage access.
            await self._has_storage()
            return
        except ConnectorError as error:
            self._log.write(LogLevel.ERROR, "login_failed", {"code": error.code})
            self._publisher.publish_error(SharedEventType.LOGIN_RESULT, error)
            return
        self._publisher.publish(SharedEventType.LOGIN_RESULT, GenericResult(success=True))

    async def _go_on(self, granted: bool) -> None:
        if self._identity is None or self._mirror.agent_id is not None:
            return
        event_type = SharedEventType.STORAGE_ACCESS_RESULT
        if not granted:
            self._log.write(LogLevel.INFO, "storage_access_refused", {})
            # The base connector shows a login only with success (connector-api.md 3.1).
            result = ShowStorageAccessResult(success=True, show_login=True)
            self._publisher.publish(event_type, result)
            return
        try:
            await self._open(self._identity)
        except SignInRequiredError:
            result = ShowStorageAccessResult(success=True, show_login=True)
            self._publisher.publish(event_type, result)
        except ConnectorError as error:
            self._log.write(LogLevel.ERROR, "login_failed", {"code": error.code})
            self._publisher.publish(event_type, ShowStorageAccessResult(success=False))
            self._publisher.publish_error(SharedEventType.LOGIN_RESULT, error)
        else:
            self._publisher.publish(event_type, ShowStorageAccessResult(success=True))


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
