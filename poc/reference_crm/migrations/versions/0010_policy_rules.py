"""Policy rules: the tenth step, rules of access that administrators set while the service works."""

from pathlib import Path

from alembic import op

from poc.reference_crm.migrations import policies

revision = "0010"
down_revision = "0009"

SEEN = f"{policies.SEES} AND {policies.UNRESTRICTED}"
OPEN = f"{SEEN} AND {policies.OPEN_TIER}"
#: The search as the third step has it; it runs with its owner's rights, so it must state what its caller may see.
SEARCH = r"""
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
    """Create the table, and let a connection not see the tiers of customers that a condition closes to it."""
    for statement in Path(__file__).with_suffix(".sql").read_text("utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    policies.grant(op, "policy_rules", "SELECT, INSERT, UPDATE")
    op.execute(f"ALTER POLICY reach ON customers USING ({OPEN})")
    op.execute(SEARCH.replace("<seen>", OPEN))


def downgrade() -> None:
    """Take away what this step made."""
    op.execute(SEARCH.replace("<seen>", SEEN))
    op.execute(f"ALTER POLICY reach ON customers USING ({SEEN})")
    op.execute("DROP TABLE policy_rules")
