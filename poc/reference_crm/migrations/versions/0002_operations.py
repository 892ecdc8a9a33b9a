"""Operations: the second step, what tickets, merges, automations and bulk jobs must remember."""

from pathlib import Path

from alembic import op

from poc.reference_crm.migrations import policies

revision = "0002"
down_revision = "0001"

WRITABLE = (
    "ticket_events",
    "merges",
    "automations",
    "timers",
    "fired",
    "bulk_jobs",
    "bulk_rows",
    "bulk_rejects",
)

# History and audit cannot be changed by the service. What the law asks to be forgotten, and what a reverted load never
# was, goes through these two doors, which only the roles that may ask for it can open.
FORGET_HISTORY = """
CREATE FUNCTION forget_history(kinds text[], numbers text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF coalesce(current_setting('crm.role', true), '') NOT IN ('compliance', 'integration') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only compliance and integration may forget';
  END IF;
  DELETE FROM history AS h USING unnest(kinds, numbers) AS gone(kind, number)
    WHERE h.kind = gone.kind AND h.number = gone.number;
END $$"""

# The trail itself stays whole: who did what when, to which number. Only the values go.
FORGET_AUDIT = """
CREATE FUNCTION forget_audit(subjects text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF coalesce(current_setting('crm.role', true), '') <> 'compliance' THEN
    RAISE insufficient_privilege USING MESSAGE = 'only compliance may forget';
  END IF;
  UPDATE audit SET before = NULL, after = NULL
    WHERE subject = ANY (subjects) AND (before IS NOT NULL OR after IS NOT NULL);
END $$"""

# Who holds an account with its owner, by customer: arrays cannot be searched quickly under row-level security.
FOLLOW_HOLDERS = """
CREATE FUNCTION follow_holders() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM joint_holdings WHERE account = NEW.number;
  END IF;
  INSERT INTO joint_holdings (customer, account)
    SELECT DISTINCT holder, NEW.number FROM unnest(NEW.joint_holders) AS holder;
  RETURN NULL;
END $$"""
TRIGGERS = (
    "CREATE TRIGGER accounts_holders_new AFTER INSERT ON accounts FOR EACH ROW"
    " WHEN (cardinality(NEW.joint_holders) > 0) EXECUTE FUNCTION follow_holders()",
    "CREATE TRIGGER accounts_holders_changed AFTER UPDATE OF joint_holders ON accounts FOR EACH ROW"
    " WHEN (OLD.joint_holders IS DISTINCT FROM NEW.joint_holders) EXECUTE FUNCTION follow_holders()",
)

FUNCTIONS = ("forget_history(text[], text[])", "forget_audit(text[])")


def upgrade() -> None:
    """Create tables, rights and the two doors."""
    for statement in Path(__file__).with_suffix(".sql").read_text("utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    for table in WRITABLE:
        policies.grant(op, table, "SELECT, INSERT, UPDATE, DELETE")
    policies.by_branch(op, "merges")
    follow(table="ticket_events", column="ticket", leader="tickets")
    for table in ("timers", "fired"):
        follow(table=table, column="customer", leader="customers")
    policies.grant(op, "joint_holdings", "SELECT")
    op.execute(FOLLOW_HOLDERS)
    for trigger in TRIGGERS:
        op.execute(trigger)
    for body, name in zip((FORGET_HISTORY, FORGET_AUDIT), FUNCTIONS, strict=True):
        op.execute(body)
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        policies.grant(op, f"FUNCTION {name}", "EXECUTE")


def follow(*, table: str, column: str, leader: str) -> None:
    """Let the service see rows of a table whose leading record it sees."""
    seen = f"EXISTS (SELECT FROM {leader} AS leader WHERE leader.number = {table}.{column})"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY reach ON {table} TO {policies.SERVICE_ROLE} USING ({seen}) WITH CHECK ({seen})")


def downgrade() -> None:
    """Take away what this step made."""
    for name in (*FUNCTIONS, "follow_holders() CASCADE"):
        op.execute(f"DROP FUNCTION {name}")
    for table in ("joint_holdings", *reversed(WRITABLE)):
        op.execute(f"DROP TABLE {table} CASCADE")
    op.execute("ALTER TABLE tickets DROP COLUMN wakes_at")
