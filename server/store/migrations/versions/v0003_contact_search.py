"""An index that holds all that a search of the phone book looks at."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Search by the index alone."""
    op.drop_index("contacts_by_name", "contacts")
    columns = ["tenant_id", "sort_key", "contact_id", "contact_type", "search_text"]
    op.create_index("contacts_by_name", "contacts", columns)
