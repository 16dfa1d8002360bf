"""Settings of orgs, presence statuses, contact requests, previews, and calls by every key."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables and columns."""
    op.add_column("agents", sa.Column("requested_status", sa.Text(), nullable=True))
    op.add_column("agents", sa.Column("open_work", sa.Text(), nullable=True))
    _call_keys()
    _tenant_settings()
    _presence_statuses()
    _contact_requests()
    _previews()


def _call_keys() -> None:
    op.create_table(
        "call_keys",
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("call_key", sa.String(length=255), nullable=False),
        sa.Column("call_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"], ["calls.tenant_id", "calls.call_id"], name="call_keys_call"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "call_key"),
    )
    op.execute(
        "INSERT OR IGNORE INTO call_keys (tenant_id, call_key, call_id) "
        "SELECT tenant_id, json_extract(record, '$.call.voiceCallId'), call_id FROM calls "
        "WHERE json_extract(record, '$.call.voiceCallId') IS NOT NULL"
    )


def _tenant_settings() -> None:
    op.create_table(
        "tenant_settings",
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.tenant_id"], name="tenant_settings_tenant"
        ),
        sa.PrimaryKeyConstraint("tenant_id"),
    )


def _presence_statuses() -> None:
    op.create_table(
        "presence_statuses",
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("status_id", sa.String(length=255), nullable=False),
        sa.Column("status_name", sa.Text(), nullable=False),
        sa.Column("has_channels", sa.Boolean(), nullable=False),
        sa.Column("is_offline", sa.Boolean(), nullable=False),
        sa.Column("telephony_status", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.tenant_id"], name="presence_statuses_tenant"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "status_id"),
        sa.UniqueConstraint(
            "tenant_id", "telephony_status", name="presence_statuses_telephony_status"
        ),
    )


def _contact_requests() -> None:
    op.create_table(
        "contact_requests",
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("contact_request_id", sa.String(length=255), nullable=False),
        sa.Column("phone_number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("work_item_id", sa.String(length=255), nullable=True),
        sa.Column("agent_id", sa.String(length=255), nullable=True),
        sa.Column("queue_id", sa.String(length=255), nullable=True),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.tenant_id"], name="contact_requests_tenant"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "contact_request_id"),
    )
    op.create_index(
        "contact_requests_by_agent",
        "contact_requests",
        ["tenant_id", "agent_id", "is_closed", "created_at"],
        unique=False,
    )
    op.create_index(
        "contact_requests_by_item",
        "contact_requests",
        ["tenant_id", "work_item_id"],
        unique=False,
    )


def _previews() -> None:
    op.create_table(
        "previews",
        sa.Column("tenant_id", sa.String(length=18), nullable=False),
        sa.Column("agent_id", sa.String(length=255), nullable=False),
        sa.Column("phone_number", sa.String(length=255), nullable=False),
        sa.Column("pushed_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agent_id"],
            ["agents.tenant_id", "agents.agent_id"],
            name="previews_agent",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "agent_id", "phone_number"),
    )
    op.create_index("previews_by_time", "previews", ["pushed_at"], unique=False)
