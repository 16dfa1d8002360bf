"""The tables. A change here needs a migration; a test compares the two."""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


class UtcTime(TypeDecorator[datetime]):
    """A moment, as text whose order is that of time."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write a moment.

        Raises:
            ValueError: It has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("expected a moment with a time zone")
        return value.astimezone(UTC).strftime(_FORMAT)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read a moment."""
        return None if value is None else datetime.strptime(value, _FORMAT).replace(tzinfo=UTC)


metadata = MetaData()

tenants = Table(
    "tenants",
    metadata,
    Column("org_key", String(15), primary_key=True),
    Column("tenant_id", String(18), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("call_center_api_name", Text, nullable=False),
    Column("scrt_base_url", Text, nullable=False),
    Column("private_key_file", Text, nullable=False),
    Column("telephony_provider_name", Text, nullable=False),
)

agents = Table(
    "agents",
    metadata,
    Column("tenant_id", String(18), primary_key=True),
    Column("agent_id", String(255), primary_key=True),
    Column("user_name", Text, nullable=False),
    Column("user_name_key", Text, nullable=False),
    Column("full_name", Text, nullable=False),
    Column("sort_key", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("status_info", Text),
    Column("pending", String(30)),
    Column("status_count", Integer, nullable=False),
    Column("wrap_up_call_id", String(255)),
    Column("available_since", UtcTime),
    Column("agent_config", Text, nullable=False),
    Column("requested_status", Text),
    Column("open_work", Text),
    Column("instance_id", String(255)),
    Column("link_open", Boolean, nullable=False),
    Column("link_closed_at", UtcTime),
    UniqueConstraint("tenant_id", "user_name_key", name="agents_user_name"),
    ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="agents_tenant"),
)

secrets = Table(
    "secrets",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("secret_hash", String(64), primary_key=True),
    Column("tenant_id", String(18), nullable=False),
    Column("agent_id", String(255), nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "agent_id"], ["agents.tenant_id", "agents.agent_id"], name="secrets_agent"
    ),
    Index("secrets_by_agent", "tenant_id", "agent_id"),
)

calls = Table(
    "calls",
    metadata,
    Column("tenant_id", String(18), primary_key=True),
    Column("call_id", String(255), primary_key=True),
    Column("started_at", UtcTime, nullable=False),
    Column("is_over", Boolean, nullable=False),
    Column("is_waiting", Boolean, nullable=False),
    Column("record", Text, nullable=False),
    ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="calls_tenant"),
    Index("calls_by_state", "is_over", "tenant_id", "started_at"),
    Index("calls_waiting", "tenant_id", "is_waiting", "started_at"),
)

call_agents = Table(
    "call_agents",
    metadata,
    Column("tenant_id", String(18), primary_key=True),
    Column("agent_id", String(255), primary_key=True),
    Column("call_id", String(255), primary_key=True),
    ForeignKeyConstraint(
        ["tenant_id", "call_id"], ["calls.tenant_id", "calls.call_id"], name="call_agents_call"
    ),
    Index("call_agents_by_call", "tenant_id", "call_id"),
)

call_keys = Table(
    "call_keys",
    metadata,
    Column("tenant_id", String(18), primary_key=True),
    Column("call_key", String(255), primary_key=True),
    Column("call_id", String(255), nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "call_id"], ["calls.tenant_id", "calls.call_id"], name="call_keys_call"
    ),
)

streams = Table(
    "streams",
    metadata,
    Column("tenant_id", String(18), primary_key=True),
    Column("agent_id", String(255), primary_key=True),
    Column("epoch", String(64), nullable=False),
    Column("head", Integer, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "agent_id"], ["agents.tenant_id", "agents.agent_id"], name="streams_agent"
    ),
)

stream_entries = Table(
    "stream_entries",
    metadata,
    Column("tenant_id", String(18), primary_key=True),
    Column("agent_id", String(255), primary_key=True),
    Column("offset", Integer, primary_key=True),
    Column("notification", Text, nullable=False),
    Column("cause", String(255)),
    Column("written_at", UtcTime, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "agent_id"], ["streams.tenant_id", "streams.agent_id"], name="entries_stream"
    ),
    Index("stream_entries_by_time", "written_at"),
)

replies = Table(
    "replies",
    metadata,
    Column("tenant_id", String(18), primary_key=True),
    Column("agent_id", String(255), primary_key=True),
    Column("reply_id", String(255), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("reply", Text, nullable=False),
    Column("written_at", UtcTime, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "agent_id"], ["agents.tenant_id", "agents.agent_id"], name="replies_agent"
    ),
    Index("replies_by_time", "written_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("entry_id", String(64), nullable=False, unique=True),
    Column("tenant_id", String(18), nullable=False),
    Column("call_id", String(255), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("payload", Text, nullable=False),
    Column("natural_key", String(512), nullable=False),
    Column("status", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", UtcTime, nullable=False),
    Column("last_error", Text),
    UniqueConstraint("tenant_id", "natural_key", name="outbox_natural_key"),
    ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="outbox_tenant"),
    Index("outbox_due", "status", "next_attempt_at"),
    Index("outbox_by_call", "tenant_id", "call_id", "sequence"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("tenant_id", String(18), primary_key=True),
    Column("contact_id", String(255), primary_key=True),
    Column("contact_type", String(20), nullable=False),
    Column("sort_key", Text, nullable=False),
    Column("search_text", Text, nullable=False),
    Column("contact", Text, nullable=False),
    ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="contacts_tenant"),
    # Holds all that a search looks at, so that it reads nothing else.
    Index(
        "contacts_by_name",
        "tenant_id",
        "sort_key",
        "contact_id",
        "contact_type",
        "search_text",
    ),
)

switch_calls = Table(
    "switch_calls",
    metadata,
    Column("call_id", String(255), primary_key=True),
    Column("tenant_id", String(18), nullable=False),
    Column("switch_call", Text, nullable=False),
)

tenant_settings = Table(
    "tenant_settings",
    metadata,
    Column("tenant_id", String(18), primary_key=True),
    Column("settings", Text, nullable=False),
    ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="tenant_settings_tenant"),
)

presence_statuses = Table(
    "presence_statuses",
    metadata,
    Column("tenant_id", String(18), primary_key=True),
    Column("status_id", String(255), primary_key=True),
    Column("status_name", Text, nullable=False),
    Column("has_channels", Boolean, nullable=False),
    Column("is_offline", Boolean, nullable=False),
    Column("telephony_status", String(255), nullable=False),
    UniqueConstraint("tenant_id", "telephony_status", name="presence_statuses_telephony_status"),
    ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="presence_statuses_tenant"),
)

contact_requests = Table(
    "contact_requests",
    metadata,
    Column("tenant_id", String(18), primary_key=True),
    Column("contact_request_id", String(255), primary_key=True),
    Column("phone_number", Text, nullable=False),
    Column("name", Text),
    Column("work_item_id", String(255)),
    Column("agent_id", String(255)),
    Column("queue_id", String(255)),
    Column("is_closed", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="contact_requests_tenant"),
    Index("contact_requests_by_agent", "tenant_id", "agent_id", "is_closed", "created_at"),
    Index("contact_requests_by_item", "tenant_id", "work_item_id"),
)

previews = Table(
    "previews",
    metadata,
    Column("tenant_id", String(18), primary_key=True),
    Column("agent_id", String(255), primary_key=True),
    Column("phone_number", String(255), primary_key=True),
    Column("pushed_at", UtcTime, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "agent_id"], ["agents.tenant_id", "agents.agent_id"], name="previews_agent"
    ),
    Index("previews_by_time", "pushed_at"),
)
