"""Environment: runs the migrations over the connection that migrate.py hands in."""

from alembic import context

from poc.reference_crm.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
