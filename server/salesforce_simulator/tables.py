"""The tables of the simulated org's file; one that a file does not have yet is made when opened."""

import sqlalchemy as sa

METADATA = sa.MetaData()

VOICE_CALLS = sa.Table(
    "simulated_voice_calls",
    METADATA,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("organization", sa.String(15), nullable=False),
    sa.Column("voice_call_id", sa.String(18), nullable=False, unique=True),
    sa.Column("vendor_call_key", sa.String(255), nullable=False),
    sa.Column("call_type", sa.String(20), nullable=False),
    sa.Column("call_disposition", sa.String(20), nullable=False),
    sa.Column("conversation_open", sa.Boolean, nullable=False),
    sa.Column("previous_call_id", sa.String(18)),
    sa.Column("next_call_id", sa.String(18)),
    sa.Column("created_at", sa.String(30), nullable=False),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Index("simulated_voice_calls_by_key", "organization", "vendor_call_key"),
)

USED_TOKENS = sa.Table(
    "simulated_used_tokens",
    METADATA,
    sa.Column("organization", sa.String(15), primary_key=True),
    sa.Column("jti", sa.String(255), primary_key=True),
    sa.Column("expires_at", sa.Integer, nullable=False),
)

DOCUMENTS = sa.Table(
    "simulated_documents",
    METADATA,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("organization", sa.String(15), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("owner", sa.String(255), nullable=False),
    sa.Column("document_id", sa.String(255), nullable=False),
    sa.Column("value", sa.JSON, nullable=False),
    sa.UniqueConstraint("organization", "kind", "owner", "document_id"),
)
