"""Sign-in: the eighth step, second factors, keys of machines and how long a user's session may lie idle."""

from pathlib import Path

from alembic import op

from poc.reference_crm.migrations import policies

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables; they hold nothing of customers, so no row of them is a branch's."""
    for statement in Path(__file__).with_suffix(".sql").read_text("utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    for table in ("factors", "api_keys"):
        policies.grant(op, table, "SELECT, INSERT, UPDATE, DELETE")


def downgrade() -> None:
    """Take away what this step made."""
    op.execute("DROP TABLE api_keys")
    op.execute("DROP TABLE factors")
    op.execute("ALTER TABLE sessions DROP COLUMN factor_at")
    op.execute("ALTER TABLE users DROP COLUMN idle_seconds")
