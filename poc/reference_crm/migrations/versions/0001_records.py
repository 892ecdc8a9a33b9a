"""Records: the first step, from empty to records, users, audit and history, with row-level security."""

from pathlib import Path

from alembic import op

from poc.reference_crm.migrations import policies

revision = "0001"
down_revision = None

#: Tables whose rows belong to a branch.
BRANCHED = (
    "companies",
    "relations",
    "households",
    "memberships",
    "accounts",
    "holdings",
    "interactions",
    "tickets",
    "opportunities",
    "campaign_members",
    "consents",
    "kyc_files",
)
OWN = ("users", "sessions", "keyed_replies", "unmaskings", "campaigns", "state")
CHILDREN = tuple(table for table in BRANCHED if table not in ("companies", "relations", "households", "holdings"))

# A loop and not a query: it costs a fifteenth of what the same set takes from generate_series.
NAME_GRAMS = """
CREATE FUNCTION name_grams(name text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE low text := lower(name); grams text[] := '{}'; size int := length(name);
BEGIN
  FOR place IN 1..size LOOP
    grams := grams || substr(low, place, 1);
    IF place < size THEN grams := grams || substr(low, place, 2); END IF;
  END LOOP;
  RETURN grams;
END $$"""

# Row-level security keeps the planner from using trigram and array indexes under it, because their operators are not
# leakproof. The search therefore runs as the owner and states the same condition itself.
SEARCH = f"""
CREATE FUNCTION search_customers(wanted text, most int) RETURNS SETOF customers
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE pattern text := '%' || replace(replace(replace(wanted, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%';
BEGIN
  IF wanted ~ '^[ -~]{{3,}}$' THEN
    RETURN QUERY SELECT * FROM customers AS c
      WHERE (c.latin_name ILIKE pattern OR c.name ILIKE pattern) AND {policies.SEES} AND {policies.UNRESTRICTED}
      ORDER BY length(c.latin_name), c.number LIMIT most;
  ELSE
    RETURN QUERY SELECT * FROM customers AS c
      WHERE c.grams @> name_grams(wanted) AND c.name ILIKE pattern AND {policies.SEES} AND {policies.UNRESTRICTED}
      ORDER BY length(c.name), c.number LIMIT most;
  END IF;
END $$"""

MOVE = (
    """
CREATE FUNCTION move_with_customer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
"""
    + "".join(f"  UPDATE {table} SET branch = NEW.branch WHERE customer = NEW.number;\n" for table in CHILDREN)
    + """  UPDATE relations SET branch = NEW.branch WHERE source = NEW.number;
  UPDATE holdings SET branch = NEW.branch WHERE account IN (SELECT number FROM accounts WHERE customer = NEW.number);
  UPDATE history SET branch = NEW.branch WHERE kind = 'customers' AND number = NEW.number;
  RETURN NULL;
END $$"""
)


def upgrade() -> None:
    """Create everything."""
    policies.create_service_role(op)
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute(NAME_GRAMS)
    for statement in Path(__file__).with_suffix(".sql").read_text("utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    _search()
    _rights()


def _search() -> None:
    op.execute("CREATE INDEX customers_grams_ix ON customers USING gin (grams)")
    op.execute("CREATE INDEX customers_name_trgm_ix ON customers USING gin (name gin_trgm_ops)")
    op.execute("CREATE INDEX customers_latin_name_trgm_ix ON customers USING gin (latin_name gin_trgm_ops)")
    op.execute(SEARCH)
    op.execute(MOVE)
    op.execute(
        "CREATE TRIGGER customers_move AFTER UPDATE OF branch ON customers FOR EACH ROW"
        " WHEN (OLD.branch IS DISTINCT FROM NEW.branch) EXECUTE FUNCTION move_with_customer()"
    )
    for function in ("search_customers(text, int)", "move_with_customer()"):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    policies.grant(op, "FUNCTION search_customers(text, int)", "EXECUTE")


def _rights() -> None:
    for table in ("customers", *BRANCHED, *OWN):
        policies.grant(op, table, "SELECT, INSERT, UPDATE, DELETE")
    policies.grant(op, "alembic_version", "SELECT")
    for table in ("audit", "history", "data_keys"):
        policies.grant(op, table, "SELECT, INSERT")
    policies.by_branch(op, "customers", more=policies.UNRESTRICTED)
    for table in BRANCHED:
        policies.by_branch(op, table)
    op.execute("ALTER TABLE history ENABLE ROW LEVEL SECURITY")
    everywhere = f"{policies.SEES} OR branch = ''"
    op.execute(f"CREATE POLICY reach ON history TO crm_service USING ({everywhere}) WITH CHECK (true)")


def downgrade() -> None:
    """Leave nothing; the role stays, because other databases of the server may use it."""
    op.execute("DROP SCHEMA public CASCADE")
    op.execute("CREATE SCHEMA public")
