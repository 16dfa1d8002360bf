"""The durable truth: one atomic transaction at a time, typed by the entities.

`Store.run` takes a plain function; everything that it writes is committed together before `run`
returns, or not at all when it raises. The function runs outside the event loop's thread, must not
wait for anything, and may be run once only.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from connector_py.entities import Contact, Notification, Reply
from server.entities import (
    Agent,
    AgentKey,
    CallRecord,
    ContactRequest,
    ContactsFound,
    ContactsQuery,
    MappedStatus,
    OutboxEntry,
    Secret,
    SecretKind,
    StoredReply,
    StreamEntry,
    StreamHead,
    SwitchMemory,
    Tenant,
    TenantSettings,
)
from server.errors import ServerError

T = TypeVar("T")


class StoreError(ServerError):
    """The database cannot be used; the text says what to do. It may work again later."""

    status = 503
    code = "unavailable"


class StoreRuleError(StoreError):
    """What was to be written breaks a rule of the database: trying again does not help."""


class AgentTransaction(Protocol):
    """Tenants, agents and proofs of who somebody is."""

    def save_tenant(self, tenant: Tenant) -> None:
        """Add or replace a tenant."""
        ...

    def tenant(self, tenant_id: str) -> Tenant | None:
        """Return a tenant; the 15 and the 18 characters of its id mean the same."""
        ...

    def tenants(self) -> Sequence[Tenant]:
        """Return every tenant."""
        ...

    def ensure_agent(self, agent: Agent) -> Agent:
        """Add an agent, or take over the names of one that exists; return what is stored.

        An agent is known by the user name; id and state of an existing one stay.
        """
        ...

    def save_agent(self, agent: Agent) -> None:
        """Write all of an agent that exists."""
        ...

    def agent(self, key: AgentKey) -> Agent | None:
        """Return an agent."""
        ...

    def agent_by_user_name(self, tenant_id: str, user_name: str) -> Agent | None:
        """Return an agent by the Salesforce user name, whatever its case."""
        ...

    def agents(self, tenant_id: str) -> Sequence[Agent]:
        """Return every agent of a tenant, by full name."""
        ...

    def save_secret(self, secret: Secret) -> None:
        """Remember a secret by its hash."""
        ...

    def secret_owner(self, kind: SecretKind, secret_hash: str, *, now: datetime) -> AgentKey | None:
        """Return whose secret this is; None when it is unknown or expired."""
        ...

    def use_secret(self, kind: SecretKind, secret_hash: str, *, now: datetime) -> AgentKey | None:
        """Like `secret_owner`, and the secret is gone afterwards."""
        ...

    def session_end(self, agent: AgentKey) -> datetime | None:
        """Return when the agent's last session is over, or was; None without one."""
        ...

    def drop_secrets(self, agent: AgentKey, *kinds: SecretKind) -> None:
        """Forget an agent's secrets of some kinds."""
        ...


class CallTransaction(Protocol):
    """Calls, the agents' streams and the replies to their commands."""

    def save_call(self, record: CallRecord) -> None:
        """Add or replace a call."""
        ...

    def call(self, tenant_id: str, call_id: str) -> CallRecord | None:
        """Return a call, over or not."""
        ...

    def call_by_key(self, tenant_id: str, key: str) -> CallRecord | None:
        """Return a call by its id, by the id of an added party, or by a VoiceCall's id."""
        ...

    def active_calls(self, tenant_id: str | None = None) -> Sequence[CallRecord]:
        """Return the calls that are not over, oldest first; of every tenant without an id."""
        ...

    def waiting_calls(self, tenant_id: str) -> Sequence[CallRecord]:
        """Return the calls that look for an agent, the one that waits longest first."""
        ...

    def agent_calls(self, agent: AgentKey) -> Sequence[CallRecord]:
        """Return the calls that ring at, or are held by, an agent; oldest first."""
        ...

    def append(
        self, agent: AgentKey, notification: Notification, *, cause: str | None, at: datetime
    ) -> int:
        """Add to an agent's stream; return the new offset."""
        ...

    def stream_after(self, agent: AgentKey, offset: int, limit: int) -> Sequence[StreamEntry]:
        """Return what follows an offset, oldest first."""
        ...

    def stream_head(self, agent: AgentKey) -> StreamHead:
        """Return where the stream stands; begins one, with a new epoch, when there is none."""
        ...

    def stream_floor(self, agent: AgentKey) -> int:
        """Return the largest offset before the oldest entry that is still kept."""
        ...

    def stored_reply(self, agent: AgentKey, key: str) -> StoredReply | None:
        """Return what was answered under an idempotency key."""
        ...

    def save_reply(self, agent: AgentKey, body_hash: str, reply: Reply, *, at: datetime) -> None:
        """Keep a reply under its id."""
        ...

    def prune(self, *, now: datetime) -> None:
        """Drop replies, secrets, old stream entries and delivered outbox entries of long ago."""
        ...


class OutboxTransaction(Protocol):
    """What Salesforce is still to be told."""

    def enqueue(self, entry: OutboxEntry) -> bool:
        """Add an entry; False, and nothing changed, when its natural key exists already."""
        ...

    def outbox_entry(self, entry_id: str) -> OutboxEntry | None:
        """Return an entry."""
        ...

    def outbox_entries(self, tenant_id: str, call_id: str) -> Sequence[OutboxEntry]:
        """Return every entry of a call, delivered or not, oldest first."""
        ...

    def due(
        self, now: datetime, limit: int, *, most_of_tenant: int | None = None
    ) -> Sequence[OutboxEntry]:
        """Return pending entries whose time has come, oldest first.

        Of one call only the oldest pending entry is ever returned, so that order is kept.

        Args:
            now: The present moment.
            limit: How many at most.
            most_of_tenant: How many of one tenant at most. Then the oldest of every tenant come
                first, after them the second ones and so on: one tenant's do not hide another's.
        """
        ...

    def mark_delivered(self, entry_id: str) -> None:
        """Salesforce has it."""
        ...

    def mark_retry(self, entry_id: str, *, next_attempt_at: datetime, error: str) -> None:
        """It failed; count the attempt and try again later."""
        ...

    def mark_dead(self, entry_id: str, *, error: str) -> None:
        """It failed for good."""
        ...


class ContactTransaction(Protocol):
    """The phone book of a tenant."""

    def save_contacts(self, tenant_id: str, contacts: Sequence[Contact]) -> None:
        """Add contacts, or replace those with the same id.

        Raises:
            ValueError: A contact has no id or no type.
        """
        ...

    def contact(self, tenant_id: str, contact_id: str) -> Contact | None:
        """Return an entry of the phone book; agents are not in it."""
        ...

    def search_contacts(self, tenant_id: str, query: ContactsQuery) -> ContactsFound:
        """Search phone book and agents together."""
        ...


class ContactStagingTransaction(Protocol):
    """A phone book that comes in steps; a restart forgets what was not saved."""

    def stage_contacts(self, import_id: str, contacts: Sequence[Contact]) -> None:
        """Collect some of the contacts of an import; see `save_contacts`."""
        ...

    def save_staged_contacts(self, tenant_id: str, import_id: str) -> None:
        """Add what an import collected to the phone book, or replace those with the same id."""
        ...

    def drop_staged_contacts(self, import_id: str) -> None:
        """Forget what an import collected."""
        ...


class SettingsTransaction(Protocol):
    """What an org's administrators chose, and its presence statuses."""

    def tenant_settings(self, tenant_id: str) -> TenantSettings:
        """Return an org's settings; those that were never chosen are the usual ones."""
        ...

    def save_tenant_settings(self, tenant_id: str, settings: TenantSettings) -> None:
        """Write all of an org's settings."""
        ...

    def presence_statuses(self, tenant_id: str) -> Sequence[MappedStatus]:
        """Return an org's presence statuses, by id."""
        ...

    def save_presence_status(self, tenant_id: str, status: MappedStatus) -> None:
        """Add or replace a presence status.

        Its telephony status must not belong to another one of the org.
        """
        ...


class WorkTransaction(Protocol):
    """Work of agents beside calls that came in."""

    def save_contact_request(self, request: ContactRequest) -> None:
        """Add or replace a contact request."""
        ...

    def contact_request(self, tenant_id: str, contact_request_id: str) -> ContactRequest | None:
        """Return a contact request."""
        ...

    def contact_request_of_item(self, tenant_id: str, item_id: str) -> ContactRequest | None:
        """Return a contact request by its id, or by that of its work item; the newest."""
        ...

    def open_contact_requests(self, agent: AgentKey) -> Sequence[ContactRequest]:
        """Return the contact requests that an agent has, oldest first."""
        ...

    def save_preview(self, agent: AgentKey, phone_number: str, *, at: datetime) -> None:
        """Remember that a dialer proposed a number to an agent."""
        ...

    def use_preview(self, agent: AgentKey, phone_number: str) -> bool:
        """Tell whether the number was proposed to the agent; it is not any more afterwards."""
        ...


class Transaction(
    AgentTransaction,
    CallTransaction,
    OutboxTransaction,
    ContactTransaction,
    ContactStagingTransaction,
    SettingsTransaction,
    WorkTransaction,
    Protocol,
):
    """Everything that can be read and written, in one atomic step."""


class Store(Protocol):
    """The database."""

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run one transaction.

        Raises:
            StoreError: The database cannot be used.
            Exception: Whatever `work` raises, after everything it wrote was taken back.
        """
        ...

    @property
    def switch_memory(self) -> SwitchMemory:
        """Where the simulated switch keeps its calls."""
        ...

    async def close(self) -> None:
        """Finish what runs and let go of the database."""
        ...
