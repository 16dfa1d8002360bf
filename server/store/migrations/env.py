"""Alembic's entry point; `server.store.migrate` hands over the connection."""

from alembic import context

from server.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
