"""What an operator does with tenants and agents, by the command line.

One process owns the database. While a server runs, the commands go to it through a socket in its
data folder that only the same user of the machine can open (`server.app.control`); otherwise they
open the database themselves.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from connector_py.entities import Contact, from_wire, to_wire
from connector_py.errors import ValidationError
from server.api.body import check_values
from server.api.demo_settings import changed_settings
from server.api.demo_views import settings_json
from server.api.sign_in import CODE_LIFE
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
from server.errors import InvalidRequestError, NotFoundError
from server.store import Store, Transaction

_STEP = 500


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
        # A large book takes seconds, and calls go on: read in a thread, written in steps.
        contacts = await asyncio.to_thread(_read_contacts, _argument(arguments, "contacts"))

        import_id = self._ids.new_id()

        def stage(transaction: Transaction, start: int) -> None:
            _tenant_id(transaction, _argument(arguments, "tenant"))
            transaction.stage_contacts(import_id, contacts[start : start + _STEP])

        def save(transaction: Transaction) -> None:
            tenant_id = _tenant_id(transaction, _argument(arguments, "tenant"))
            transaction.save_staged_contacts(tenant_id, import_id)

        try:
            for start in range(0, len(contacts), _STEP):
                await self._store.run(partial(stage, start=start))
            await self._store.run(save)
        finally:
            await self._store.run(lambda transaction: transaction.drop_staged_contacts(import_id))
        return {"imported": len(contacts)}

    async def _show_settings(self, arguments: dict[str, str]) -> dict[str, Any]:
        def read(transaction: Transaction) -> TenantSettings:
            tenant_id = _tenant_id(transaction, _argument(arguments, "tenant"))
            return transaction.tenant_settings(tenant_id)

        return _settings_json(await self._store.run(read))

    async def _set_settings(self, arguments: dict[str, str]) -> dict[str, Any]:
        given = _from_json(_argument(arguments, "settings"), "settings")
        if not isinstance(given, dict):
            raise InvalidRequestError("The settings are one JSON object.", field="settings")
        body = cast("dict[str, Any]", given)
        check_values(body)
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
        has_id = bool(arguments.get("agent_id"))
        agent_id = _argument(arguments, "agent_id") if has_id else user_name

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


def _settings_json(settings: TenantSettings) -> dict[str, Any]:
    wire = settings_json(settings)
    del wire["error"]
    return wire


def _read_contacts(text: str) -> tuple[Contact, ...]:
    try:
        return from_wire(_Contacts, {"contacts": _from_json(text, "contacts")}).contacts
    except ValidationError as error:
        raise InvalidRequestError(
            f"{error.field}: expected {error.expected}.", field=error.field
        ) from error


def _from_json(text: str, name: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidRequestError(f"{name} is no JSON.", field=name) from None


def _argument(arguments: dict[str, str], name: str) -> str:
    value = arguments.get(name, "").strip()
    if not value:
        raise InvalidRequestError(f"{name} is missing.", field=name)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidRequestError(f"{name} is no Unicode text.", field=name) from None
    return value


def _tenant_id(transaction: Transaction, organization_id: str) -> str:
    tenant = transaction.tenant(organization_id)
    if tenant is None:
        raise NotFoundError(
            f"There is no tenant {organization_id}; name it as [[tenants]] in SCV_CONFIG_FILE."
        )
    return tenant.tenant_id
