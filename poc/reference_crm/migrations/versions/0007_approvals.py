"""Approvals: the seventh step, flows that the bank sets up, requests under way and rights that were lent."""

from pathlib import Path

from alembic import op

from poc.reference_crm.migrations import policies

revision = "0007"
down_revision = "0006"

TABLES = ("approval_flows", "approval_loans", "approvals")


def upgrade() -> None:
    """Create the tables; requests are seen by those who reach the branch of the record."""
    for statement in Path(__file__).with_suffix(".sql").read_text("utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    for table in TABLES:
        policies.grant(op, table, "SELECT, INSERT, UPDATE")
    policies.by_branch(op, "approvals")


def downgrade() -> None:
    """Take away what this step made."""
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table} CASCADE")
