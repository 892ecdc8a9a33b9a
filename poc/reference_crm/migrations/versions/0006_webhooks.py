"""Webhooks: the sixth step, who wants to hear of what, and what is still to be told to whom."""

from pathlib import Path

from alembic import op

from poc.reference_crm.migrations import policies

revision = "0006"
down_revision = "0005"

# What happened and that it must be told are one transaction, whoever did it and through whichever door. Reads enter
# the trail too, and by far the most: the condition keeps the function out of their way.
ANNOUNCE = """
CREATE FUNCTION announce() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO deliveries (webhook, event, subject, at)
    SELECT id, NEW.action, NEW.subject, NEW.at FROM webhooks WHERE NEW.action = ANY (events);
  RETURN NULL;
END $$"""
TRIGGER = (
    "CREATE TRIGGER audit_announced AFTER INSERT ON audit FOR EACH ROW"
    " WHEN (NEW.action IN ('record.create', 'record.update', 'record.delete', 'bulk.load'))"
    " EXECUTE FUNCTION announce()"
)


def upgrade() -> None:
    """Create the tables and let the trail announce what is written to it."""
    for statement in Path(__file__).with_suffix(".sql").read_text("utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    for table in ("webhooks", "deliveries", "payload_keys"):
        policies.grant(op, table, "SELECT, INSERT, UPDATE, DELETE")
    op.execute(ANNOUNCE)
    op.execute(TRIGGER)


def downgrade() -> None:
    """Take away what this step made."""
    op.execute("DROP FUNCTION announce() CASCADE")
    op.execute("DROP TABLE deliveries, webhooks, payload_keys")
