"""Tenants: the twelfth step, legal entities besides the bank, deals behind a wall, and alerts."""

from pathlib import Path

from alembic import op

from poc.reference_crm.migrations import policies

revision = "0012"
down_revision = "0011"

# The flag is asked first: of deals without a wall, which are nearly all, no list is read.
BEHIND = """NOT walled OR EXISTS (SELECT FROM walls AS w WHERE w.kind = 'opportunities'
  AND w.number = opportunities.number AND w.username = current_setting('crm.insider', true))"""


def upgrade() -> None:
    """Create the tables; what stands behind a wall is there for those alone who are on its list."""
    for statement in Path(__file__).with_suffix(".sql").read_text("utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    policies.grant(op, "tenants", "SELECT, INSERT, DELETE")
    policies.grant(op, "alerts", "SELECT, INSERT")
    policies.grant(op, "walls", "SELECT, INSERT, DELETE")
    op.execute(
        f"CREATE POLICY wall ON opportunities AS RESTRICTIVE TO {policies.SERVICE_ROLE}"
        f" USING ({BEHIND}) WITH CHECK (true)"
    )


def downgrade() -> None:
    """Take the walls down and forget the tenants; their stores stay where they are."""
    op.execute("DROP POLICY wall ON opportunities")
    op.execute("ALTER TABLE opportunities DROP COLUMN walled")
    op.execute("DROP TABLE walls")
    op.execute("DROP TABLE alerts")
    op.execute("ALTER TABLE users DROP COLUMN leaves_on")
    op.execute("DROP TABLE tenants")
