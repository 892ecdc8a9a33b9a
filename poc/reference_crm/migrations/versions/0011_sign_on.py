"""Sign-on: the eleventh step, identity providers that are trusted, whom they vouch for, and passkeys."""

from pathlib import Path

from alembic import op

from poc.reference_crm.migrations import policies

revision = "0011"
down_revision = "0010"

TABLES = (
    "identity_providers", "linked_identities", "login_journeys", "spent_assertions", "passkeys", "passkey_challenges",
)  # fmt: skip


def upgrade() -> None:
    """Create the tables; they hold nothing of customers, so no row of them is a branch's."""
    for statement in Path(__file__).with_suffix(".sql").read_text("utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    for table in TABLES:
        policies.grant(op, table, "SELECT, INSERT, UPDATE, DELETE")


def downgrade() -> None:
    """Take away what this step made."""
    op.execute("ALTER TABLE sessions DROP COLUMN provider")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE users DROP COLUMN sso_only")
