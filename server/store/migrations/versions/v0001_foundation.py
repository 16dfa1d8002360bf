"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    _switch_calls()
    _tenants()
    _agents()
    _calls()
    _contacts()
    _outbox()
    _call_agents()
    _replies()
    _secrets()
    _streams()
    _stream_entries()


def _switch_calls() -> None:
    op.create_table(
        "switch_calls",
        sa.Column("call_id", sa.String(length=255), nullable=False),
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("switch_call", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("call_id"),
    )


def _tenants() -> None:
    op.create_table(
        "tenants",
        sa.Column("org_key", sa.String(length=15), nullable=False),
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("call_center_api_name", sa.Text(), nullable=False),
        sa.Column("scrt_base_url", sa.Text(), nullable=False),
        sa.Column("private_key_file", sa.Text(), nullable=False),
        sa.Column("telephony_provider_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org_key"),
        sa.UniqueConstraint("tenant_id"),
    )


def _agents() -> None:
    op.create_table(
        "agents",
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("agent_id", sa.String(length=255), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("user_name_key", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("status_info", sa.Text(), nullable=True),
        sa.Column("pending", sa.String(length=30), nullable=True),
        sa.Column("status_count", sa.Integer(), nullable=False),
        sa.Column("wrap_up_call_id", sa.String(length=255), nullable=True),
        sa.Column("available_since", sa.String(length=27), nullable=True),
        sa.Column("agent_config", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.String(length=255), nullable=True),
        sa.Column("link_open", sa.Boolean(), nullable=False),
        sa.Column("link_closed_at", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="agents_tenant"),
        sa.PrimaryKeyConstraint("tenant_id", "agent_id"),
        sa.UniqueConstraint("tenant_id", "user_name_key", name="agents_user_name"),
    )


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("call_id", sa.String(length=255), nullable=False),
        sa.Column("started_at", sa.String(length=27), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="calls_tenant"),
        sa.PrimaryKeyConstraint("tenant_id", "call_id"),
    )
    op.create_index("calls_by_state", "calls", ["is_over", "tenant_id", "started_at"], unique=False)
    op.create_index(
        "calls_waiting", "calls", ["tenant_id", "is_waiting", "started_at"], unique=False
    )


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("contact_id", sa.String(length=255), nullable=False),
        sa.Column("contact_type", sa.String(length=20), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="contacts_tenant"),
        sa.PrimaryKeyConstraint("tenant_id", "contact_id"),
    )
    op.create_index(
        "contacts_by_name", "contacts", ["tenant_id", "sort_key", "contact_id"], unique=False
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.String(length=64), nullable=False),
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("call_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("natural_key", sa.String(length=512), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.String(length=27), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="outbox_tenant"),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("entry_id"),
        sa.UniqueConstraint("tenant_id", "natural_key", name="outbox_natural_key"),
    )
    op.create_index("outbox_by_call", "outbox", ["tenant_id", "call_id", "sequence"], unique=False)
    op.create_index("outbox_due", "outbox", ["status", "next_attempt_at"], unique=False)


def _call_agents() -> None:
    op.create_table(
        "call_agents",
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("agent_id", sa.String(length=255), nullable=False),
        sa.Column("call_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"], ["calls.tenant_id", "calls.call_id"], name="call_agents_call"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "agent_id", "call_id"),
    )
    op.create_index("call_agents_by_call", "call_agents", ["tenant_id", "call_id"], unique=False)


def _replies() -> None:
    op.create_table(
        "replies",
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("agent_id", sa.String(length=255), nullable=False),
        sa.Column("reply_id", sa.String(length=255), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("written_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agent_id"], ["agents.tenant_id", "agents.agent_id"], name="replies_agent"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "agent_id", "reply_id"),
    )
    op.create_index("replies_by_time", "replies", ["written_at"], unique=False)


def _secrets() -> None:
    op.create_table(
        "secrets",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("agent_id", sa.String(length=255), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agent_id"], ["agents.tenant_id", "agents.agent_id"], name="secrets_agent"
        ),
        sa.PrimaryKeyConstraint("kind", "secret_hash"),
    )
    op.create_index("secrets_by_agent", "secrets", ["tenant_id", "agent_id"], unique=False)


def _streams() -> None:
    op.create_table(
        "streams",
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("agent_id", sa.String(length=255), nullable=False),
        sa.Column("epoch", sa.String(length=64), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agent_id"], ["agents.tenant_id", "agents.agent_id"], name="streams_agent"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "agent_id"),
    )


def _stream_entries() -> None:
    op.create_table(
        "stream_entries",
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("agent_id", sa.String(length=255), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("notification", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(length=255), nullable=True),
        sa.Column("written_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agent_id"],
            ["streams.tenant_id", "streams.agent_id"],
            name="entries_stream",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "agent_id", "offset"),
    )
    op.create_index("stream_entries_by_time", "stream_entries", ["written_at"], unique=False)
