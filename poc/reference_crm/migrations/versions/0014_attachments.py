"""Attachments: the fourteenth step, documents of customers and of their tickets, in reach with what they hang on."""

from pathlib import Path

from alembic import op

from poc.reference_crm.migrations import policies

revision = "0014"
down_revision = "0013"

# The sub-selects are under row-level security themselves: who does not see the customer sees none of the documents.
HANGS = (
    "EXISTS (SELECT FROM customers AS c WHERE c.number = attachments.customer)"
    " AND (ticket IS NULL OR EXISTS (SELECT FROM tickets AS t WHERE t.number = attachments.ticket))"
)


def upgrade() -> None:
    """Create the table, whose rows are there for those who see the record that they hang on."""
    for statement in Path(__file__).with_suffix(".sql").read_text("utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    policies.grant(op, "attachments", "SELECT, INSERT, UPDATE, DELETE")
    op.execute("ALTER TABLE attachments ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY reach ON attachments TO {policies.SERVICE_ROLE} USING ({HANGS}) WITH CHECK ({HANGS})")


def downgrade() -> None:
    """Take away the documents and their table."""
    op.execute("DROP TABLE attachments")
