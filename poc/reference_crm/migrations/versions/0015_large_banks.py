"""Large banks: the fifteenth step, counts that are kept and names found by an index, however many customers."""

from pathlib import Path

from alembic import op

from poc.reference_crm.migrations import policies

revision = "0015"
down_revision = "0014"

SEEN = f"{policies.SEES} AND {policies.UNRESTRICTED} AND {policies.OPEN_TIER}"
#: Whoever is called exactly so comes first, by an index; only where that leaves room, all names that hold the text are
#: looked through. Of longer texts the pairs of letters alone are looked for: single letters are in every tenth name.
#: It runs with its owner's rights, so it must state what its caller may see.
SEARCH = r"""
CREATE OR REPLACE FUNCTION search_customers(wanted text, most int) RETURNS SETOF customers
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE pattern text := '%' || replace(replace(replace(wanted, '\', '\\'), '%', '\%'), '_', '\_') || '%';
  pieces text[];
  found int;
BEGIN
  IF wanted ~ '^[ -~]{3,}$' THEN
    RETURN QUERY SELECT * FROM customers AS c
      WHERE lower(c.latin_name) = lower(wanted) AND <seen> ORDER BY c.number LIMIT most;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found < most THEN
      RETURN QUERY SELECT * FROM customers AS c
        WHERE (c.latin_name ILIKE pattern OR c.name ILIKE pattern) AND lower(c.latin_name) <> lower(wanted) AND <seen>
        ORDER BY length(c.latin_name), c.number LIMIT most - found;
    END IF;
  ELSE
    RETURN QUERY SELECT * FROM customers AS c
      WHERE lower(c.name) = lower(wanted) AND <seen> ORDER BY c.number LIMIT most;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found < most THEN
      pieces := ARRAY(SELECT one FROM unnest(name_grams(wanted)) AS one
                      WHERE length(one) > 1 OR length(wanted) = 1);
      RETURN QUERY SELECT * FROM customers AS c
        WHERE c.grams @> pieces AND lower(c.name) LIKE lower(pattern) AND lower(c.name) <> lower(wanted) AND <seen>
        ORDER BY length(c.name), c.number LIMIT most - found;
    END IF;
  END IF;
END $$"""
BEFORE = r"""
CREATE OR REPLACE FUNCTION search_customers(wanted text, most int) RETURNS SETOF customers
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE pattern text := '%' || replace(replace(replace(wanted, '\', '\\'), '%', '\%'), '_', '\_') || '%';
  pieces text[] := name_grams(wanted);
BEGIN
  IF wanted ~ '^[ -~]{3,}$' THEN
    RETURN QUERY SELECT * FROM customers AS c
      WHERE (c.latin_name ILIKE pattern OR c.name ILIKE pattern) AND <seen>
      ORDER BY length(c.latin_name), c.number LIMIT most;
  ELSE
    RETURN QUERY SELECT * FROM customers AS c
      WHERE c.grams @> pieces AND lower(c.name) LIKE lower(pattern) AND <seen>
      ORDER BY length(c.name), c.number LIMIT most;
  END IF;
END $$"""


def upgrade() -> None:
    """Keep the counts from now on, beginning with those of the customers on file."""
    for statement in Path(__file__).with_suffix(".sql").read_text("utf-8").split(";\n\n"):
        if statement.strip():
            op.execute(statement)
    for function in ("tally_customers()", "fold_customer_tallies()"):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    policies.grant(op, "FUNCTION fold_customer_tallies()", "EXECUTE")
    policies.grant(op, "customer_tallies", "SELECT")
    op.execute("ALTER TABLE customer_tallies ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY reach ON customer_tallies TO {policies.SERVICE_ROLE} USING ({SEEN})")
    op.execute(SEARCH.replace("<seen>", SEEN))


def downgrade() -> None:
    """Count and search as before."""
    op.execute(BEFORE.replace("<seen>", SEEN))
    op.execute("DROP INDEX customers_lower_name_ix")
    op.execute("DROP INDEX customers_lower_latin_name_ix")
    for event in ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER customers_tally_{event} ON customers")
    op.execute("DROP FUNCTION tally_customers()")
    op.execute("DROP FUNCTION fold_customer_tallies()")
    op.execute("DROP TABLE customer_tallies")
    op.execute("ALTER TABLE customers RESET (fillfactor)")
    for index in ("grams", "name_trgm", "latin_name_trgm"):
        op.execute(f"ALTER INDEX customers_{index}_ix RESET (fastupdate)")
