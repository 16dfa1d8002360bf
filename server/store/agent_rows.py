"""Tenants, agents and secrets in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Update, delete, func, insert, select, update

from connector_py.call_model import AgentInput
from connector_py.entities import AgentConfigResult, AgentState, AgentStatusInfo
from server.entities import (
    Agent,
    AgentKey,
    AgentLink,
    OpenWork,
    Secret,
    SecretKind,
    Tenant,
)
from server.store.json_text import (
    read_json,
    read_list,
    read_optional,
    write_json,
    write_optional,
)
from server.store.tables import agents, secrets, tenants

_ORG_KEY_LENGTH = 15


class AgentRows:
    """Implements `AgentTransaction`."""

    _connection: Connection

    def save_tenant(self, tenant: Tenant) -> None:
        """Add or replace a tenant."""
        values = {
            "name": tenant.name,
            "call_center_api_name": tenant.call_center_api_name,
            "scrt_base_url": tenant.scrt_base_url,
            "private_key_file": tenant.private_key_file,
            "telephony_provider_name": tenant.telephony_provider_name,
        }
        org_key = tenant.tenant_id[:_ORG_KEY_LENGTH]
        changed = self._connection.execute(
            update(tenants).where(tenants.c.org_key == org_key).values(values)
        )
        if not changed.rowcount:
            self._connection.execute(
                insert(tenants).values(org_key=org_key, tenant_id=tenant.tenant_id, **values)
            )

    def tenant(self, tenant_id: str) -> Tenant | None:
        """Return a tenant by 15 or 18 characters of its id."""
        row = self._connection.execute(
            select(tenants).where(tenants.c.org_key == tenant_id[:_ORG_KEY_LENGTH])
        ).one_or_none()
        return None if row is None else _tenant(row)

    def tenants(self) -> Sequence[Tenant]:
        """Return every tenant."""
        rows = self._connection.execute(select(tenants).order_by(tenants.c.org_key))
        return [_tenant(row) for row in rows]

    def ensure_agent(self, agent: Agent) -> Agent:
        """Add an agent, or take over the names of one that exists."""
        known = self.agent_by_user_name(agent.tenant_id, agent.user_name) or self.agent(agent.key)
        if known is None:
            self._connection.execute(insert(agents).values(_agent_values(agent)))
            return agent
        names = {
            "user_name": agent.user_name,
            "user_name_key": agent.user_name.casefold(),
            "full_name": agent.full_name,
            "sort_key": agent.full_name.casefold(),
        }
        self._connection.execute(_update_agent(known.key).values(names))
        stored = self.agent(known.key)
        return known if stored is None else stored

    def save_agent(self, agent: Agent) -> None:
        """Write all of an agent that exists."""
        changed = self._connection.execute(_update_agent(agent.key).values(_agent_values(agent)))
        if changed.rowcount != 1:
            raise LookupError("no such agent")

    def agent(self, key: AgentKey) -> Agent | None:
        """Return an agent."""
        row = self._connection.execute(
            select(agents).where(
                agents.c.tenant_id == key.tenant_id, agents.c.agent_id == key.agent_id
            )
        ).one_or_none()
        return None if row is None else _agent(row)

    def agent_by_user_name(self, tenant_id: str, user_name: str) -> Agent | None:
        """Return an agent by the Salesforce user name."""
        row = self._connection.execute(
            select(agents).where(
                agents.c.tenant_id == tenant_id, agents.c.user_name_key == user_name.casefold()
            )
        ).one_or_none()
        return None if row is None else _agent(row)

    def agents(self, tenant_id: str) -> Sequence[Agent]:
        """Return every agent of a tenant, by full name."""
        rows = self._connection.execute(
            select(agents)
            .where(agents.c.tenant_id == tenant_id)
            .order_by(agents.c.sort_key, agents.c.agent_id)
        )
        return [_agent(row) for row in rows]

    def save_secret(self, secret: Secret) -> None:
        """Remember a secret by its hash."""
        self._connection.execute(
            insert(secrets).values(
                kind=secret.kind,
                secret_hash=secret.secret_hash,
                tenant_id=secret.agent.tenant_id,
                agent_id=secret.agent.agent_id,
                expires_at=secret.expires_at,
            )
        )

    def secret_owner(self, kind: SecretKind, secret_hash: str, *, now: datetime) -> AgentKey | None:
        """Return whose secret this is."""
        row = self._connection.execute(
            select(secrets).where(
                secrets.c.kind == kind,
                secrets.c.secret_hash == secret_hash,
                secrets.c.expires_at > now,
            )
        ).one_or_none()
        return None if row is None else AgentKey(tenant_id=row.tenant_id, agent_id=row.agent_id)

    def use_secret(self, kind: SecretKind, secret_hash: str, *, now: datetime) -> AgentKey | None:
        """Return whose secret this is, once."""
        owner = self.secret_owner(kind, secret_hash, now=now)
        self._connection.execute(
            delete(secrets).where(secrets.c.kind == kind, secrets.c.secret_hash == secret_hash)
        )
        return owner

    def session_end(self, agent: AgentKey) -> datetime | None:
        """Return when the agent's last session is over, or was."""
        return self._connection.execute(
            select(func.max(secrets.c.expires_at)).where(
                secrets.c.tenant_id == agent.tenant_id,
                secrets.c.agent_id == agent.agent_id,
                secrets.c.kind == SecretKind.SESSION,
            )
        ).scalar_one()

    def drop_secrets(self, agent: AgentKey, *kinds: SecretKind) -> None:
        """Forget an agent's secrets of some kinds."""
        self._connection.execute(
            delete(secrets).where(
                secrets.c.tenant_id == agent.tenant_id,
                secrets.c.agent_id == agent.agent_id,
                secrets.c.kind.in_(kinds),
            )
        )


def _update_agent(key: AgentKey) -> Update:
    return update(agents).where(
        agents.c.tenant_id == key.tenant_id, agents.c.agent_id == key.agent_id
    )


def _tenant(row: Row[Any]) -> Tenant:
    return Tenant(
        tenant_id=row.tenant_id,
        name=row.name,
        call_center_api_name=row.call_center_api_name,
        scrt_base_url=row.scrt_base_url,
        private_key_file=row.private_key_file,
        telephony_provider_name=row.telephony_provider_name,
    )


def _agent_values(agent: Agent) -> dict[str, Any]:
    link = agent.link
    return {
        "tenant_id": agent.tenant_id,
        "agent_id": agent.agent_id,
        "user_name": agent.user_name,
        "user_name_key": agent.user_name.casefold(),
        "full_name": agent.full_name,
        "sort_key": agent.full_name.casefold(),
        "state": agent.state,
        "status_info": write_optional(agent.status_info),
        "pending": agent.pending,
        "status_count": agent.status_count,
        "wrap_up_call_id": agent.wrap_up_call_id,
        "available_since": agent.available_since,
        "agent_config": write_json(agent.agent_config),
        "requested_status": write_optional(agent.requested_status),
        "open_work": write_json(agent.open_work) if agent.open_work else None,
        "instance_id": None if link is None else link.instance_id,
        "link_open": link is not None and link.is_open,
        "link_closed_at": None if link is None else link.closed_at,
    }


def _agent(row: Row[Any]) -> Agent:
    link = None
    if row.instance_id is not None:
        link = AgentLink(
            instance_id=row.instance_id, is_open=row.link_open, closed_at=row.link_closed_at
        )
    return Agent(
        tenant_id=row.tenant_id,
        agent_id=row.agent_id,
        user_name=row.user_name,
        full_name=row.full_name,
        state=AgentState(row.state),
        status_info=read_optional(AgentStatusInfo, row.status_info),
        pending=None if row.pending is None else AgentInput(row.pending),
        status_count=row.status_count,
        wrap_up_call_id=row.wrap_up_call_id,
        available_since=row.available_since,
        agent_config=read_json(AgentConfigResult, row.agent_config),
        requested_status=read_optional(AgentStatusInfo, row.requested_status),
        open_work=read_list(OpenWork, row.open_work),
        link=link,
    )
