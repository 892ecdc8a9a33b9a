"""Bulk parts: the fourth step, what a bulk call took rests in one row a call instead of one a record."""

from alembic import op

from poc.reference_crm.migrations import policies

revision = "0004"
down_revision = "0003"

PARTS = """
CREATE TABLE bulk_parts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job text NOT NULL REFERENCES bulk_jobs (job) ON DELETE CASCADE,
  first int NOT NULL,
  last int NOT NULL,
  places int[] NOT NULL,
  digests bytea[] NOT NULL,
  numbers text[] NOT NULL
)"""
KEEP = """
INSERT INTO bulk_parts (job, first, last, places, digests, numbers)
  SELECT job, min(place), max(place), array_agg(place ORDER BY place), array_agg(digest ORDER BY place),
    array_agg(number ORDER BY place) FROM bulk_rows GROUP BY job"""
ROWS = """
CREATE VIEW bulk_rows WITH (security_invoker = true) AS
  SELECT p.job, p.first, p.last, u.place, u.digest, u.number
  FROM bulk_parts AS p, unnest(p.places, p.digests, p.numbers) AS u (place, digest, number)"""
BACK = """
CREATE TABLE old_rows (
  job text NOT NULL REFERENCES bulk_jobs (job) ON DELETE CASCADE,
  place int NOT NULL,
  digest bytea NOT NULL,
  number text NOT NULL,
  PRIMARY KEY (job, place, digest)
)"""


def upgrade() -> None:
    """Turn the table of rows into one of parts, and keep its name for whoever reads row by row."""
    op.execute(PARTS)
    op.execute("CREATE INDEX bulk_parts_job_ix ON bulk_parts (job, first)")
    op.execute(KEEP)
    op.execute("DROP TABLE bulk_rows")
    op.execute(ROWS)
    policies.grant(op, "bulk_parts", "SELECT, INSERT, DELETE")
    policies.grant(op, "bulk_rows", "SELECT")


def downgrade() -> None:
    """Turn parts into rows again."""
    op.execute(BACK)
    op.execute("INSERT INTO old_rows SELECT job, place, digest, number FROM bulk_rows")
    op.execute("DROP VIEW bulk_rows")
    op.execute("DROP TABLE bulk_parts")
    op.execute("ALTER TABLE old_rows RENAME TO bulk_rows")
    policies.grant(op, "bulk_rows", "SELECT, INSERT, UPDATE, DELETE")
