"""What an operator does with tenants and agents, by the command line.

One process owns the database. While a server runs, the commands go to it through a socket in its
data folder that only the same user of the machine can open; otherwise they open the database
themselves.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from connector_py.entities import Contact, from_wire, to_wire
from server.api.demo_settings import changed_settings
from server.api.sign_in import CODE_LIFE
from server.app.tenants import save_tenants
from server.contact_center.statuses import rename_statuses
from server.contact_center.tenant_settings import check as check_settings
from server.entities import (
    Agent,
    Clock,
    IdSource,
    Secret,
    SecretKind,
    TenantSettings,
    hash_secret,
)
from server.errors import InvalidRequestError, NotFoundError, ServerError
from server.logs import get_logger
from server.settings import Settings
from server.store import Store, Transaction, open_store

log = get_logger(__name__)

_SOCKET = "control.sock"
_LONGEST_LINE = 4 * 1024 * 1024
_ANSWER_SECONDS = 10


@dataclass(frozen=True, slots=True)
class _Contacts:
    contacts: tuple[Contact, ...]


class Administration:
    """The commands, on an open store.

    Args:
        store: Where tenants and agents are.
        clock: When codes expire.
        ids: Makes codes.
    """

    def __init__(self, store: Store, *, clock: Clock, ids: IdSource) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._commands: dict[str, Callable[[dict[str, str]], Awaitable[Any]]] = {
            "tenant list": self._list_tenants,
            "agent add": self._add_agent,
            "agent sign-in-code": self._sign_in_code,
            "contacts import": self._import_contacts,
            "settings show": self._show_settings,
            "settings set": self._set_settings,
            "status list": self._list_statuses,
            "status set": self._set_status,
        }

    async def run(self, command: str, arguments: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
        """Run a command and return its result, a JSON value.

        Raises:
            ServerError: It cannot be done; the text says why.
        """
        handler = self._commands.get(command)
        if handler is None:
            raise InvalidRequestError(f"There is no command {command!r}.")
        return await handler(arguments)

    async def _list_tenants(self, arguments: dict[str, str]) -> list[dict[str, str]]:
        del arguments
        tenants = await self._store.run(lambda transaction: transaction.tenants())
        return [
            {"organizationId": tenant.tenant_id, "name": tenant.name, "scrt": tenant.scrt_base_url}
            for tenant in tenants
        ]

    async def _import_contacts(self, arguments: dict[str, str]) -> dict[str, int]:
        contacts = from_wire(_Contacts, {"contacts": json.loads(_argument(arguments, "contacts"))})

        def save(transaction: Transaction) -> None:
            tenant_id = _tenant_id(transaction, _argument(arguments, "tenant"))
            transaction.save_contacts(tenant_id, contacts.contacts)

        await self._store.run(save)
        return {"imported": len(contacts.contacts)}

    async def _show_settings(self, arguments: dict[str, str]) -> dict[str, Any]:
        def read(transaction: Transaction) -> TenantSettings:
            tenant_id = _tenant_id(transaction, _argument(arguments, "tenant"))
            return transaction.tenant_settings(tenant_id)

        return _settings_json(await self._store.run(read))

    async def _set_settings(self, arguments: dict[str, str]) -> dict[str, Any]:
        given: object = json.loads(_argument(arguments, "settings"))
        if not isinstance(given, dict):
            raise InvalidRequestError("The settings are one JSON object.", field="settings")
        body = cast("dict[str, Any]", given)
        if "error" in body:
            raise InvalidRequestError("Errors on purpose exist in the demo only.", field="error")

        def save(transaction: Transaction) -> TenantSettings:
            tenant_id = _tenant_id(transaction, _argument(arguments, "tenant"))
            settings = changed_settings(transaction.tenant_settings(tenant_id), body)
            check_settings(settings)
            transaction.save_tenant_settings(tenant_id, settings)
            return settings

        return _settings_json(await self._store.run(save))

    async def _list_statuses(self, arguments: dict[str, str]) -> list[dict[str, Any]]:
        def read(transaction: Transaction) -> list[dict[str, Any]]:
            tenant_id = _tenant_id(transaction, _argument(arguments, "tenant"))
            return to_wire(transaction.presence_statuses(tenant_id))

        return await self._store.run(read)

    async def _set_status(self, arguments: dict[str, str]) -> dict[str, str]:
        status_id, name = _argument(arguments, "status"), _argument(arguments, "telephony_status")

        def save(transaction: Transaction) -> None:
            tenant_id = _tenant_id(transaction, _argument(arguments, "tenant"))
            rename_statuses(transaction, tenant_id, {status_id: name})

        await self._store.run(save)
        return {"statusId": status_id, "telephonyStatus": name}

    async def _add_agent(self, arguments: dict[str, str]) -> dict[str, str]:
        user_name = _argument(arguments, "user")
        full_name = _argument(arguments, "full_name")
        agent_id = arguments.get("agent_id") or user_name

        def add(transaction: Transaction) -> Agent:
            tenant_id = _tenant_id(transaction, _argument(arguments, "tenant"))
            return transaction.ensure_agent(
                Agent(
                    tenant_id=tenant_id,
                    agent_id=agent_id,
                    user_name=user_name,
                    full_name=full_name,
                )
            )

        agent = await self._store.run(add)
        return {"agentId": agent.agent_id, "userName": agent.user_name}

    async def _sign_in_code(self, arguments: dict[str, str]) -> dict[str, Any]:
        code = self._ids.token()
        expires_at = self._clock.now() + CODE_LIFE
        user_name = _argument(arguments, "user")

        def save(transaction: Transaction) -> bool:
            tenant_id = _tenant_id(transaction, _argument(arguments, "tenant"))
            known = transaction.agent_by_user_name(tenant_id, user_name)
            agent = known or transaction.ensure_agent(
                Agent(
                    tenant_id=tenant_id,
                    agent_id=user_name,
                    user_name=user_name,
                    full_name=user_name,
                )
            )
            transaction.save_secret(
                Secret(
                    kind=SecretKind.SIGN_IN_CODE,
                    secret_hash=hash_secret(code),
                    agent=agent.key,
                    expires_at=expires_at,
                )
            )
            return known is None

        is_new = await self._store.run(save)
        return {"code": code, "minutes": int(CODE_LIFE.total_seconds() // 60), "isNew": is_new}


@asynccontextmanager
async def control_socket(administration: Administration, data_dir: Path) -> AsyncGenerator[None]:
    """Let the command line of this machine's user reach the running server."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                answer = await _answer(administration, await reader.readline())
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        except (OSError, ValueError, TimeoutError) as error:
            log.warning("control command not answered", exc_info=error)
        finally:
            writer.close()

    path = data_dir / _SOCKET
    try:
        await asyncio.to_thread(_make_room, path)
        listening = await asyncio.start_unix_server(serve, path, limit=_LONGEST_LINE)
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
    try:
        reader, writer = await asyncio.open_unix_connection(settings.data_dir / _SOCKET)
    except OSError:
        return await _directly(settings, command, arguments, clock=clock, ids=ids)
    try:
        request = {"command": command, "arguments": arguments}
        writer.write(json.dumps(request).encode() + b"\n")
        async with asyncio.timeout(_ANSWER_SECONDS):
            answer = json.loads(await reader.readline())
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    if "error" in answer:
        raise InvalidRequestError(str(answer["error"]))
    return answer["result"]


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
    request = cast("dict[str, Any]", json.loads(line))
    try:
        return {"result": await administration.run(request["command"], request["arguments"])}
    except ServerError as error:
        return {"error": error.message}


def _make_room(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)


def _settings_json(settings: TenantSettings) -> dict[str, Any]:
    wire: dict[str, Any] = to_wire(settings)
    wire.pop("error", None)
    return wire


def _argument(arguments: dict[str, str], name: str) -> str:
    value = arguments.get(name, "").strip()
    if not value:
        raise InvalidRequestError(f"{name} is missing.", field=name)
    return value


def _tenant_id(transaction: Transaction, organization_id: str) -> str:
    tenant = transaction.tenant(organization_id)
    if tenant is None:
        raise NotFoundError(
            f"There is no tenant {organization_id}; name it as [[tenants]] in SCV_CONFIG_FILE."
        )
    return tenant.tenant_id
