"""Forgotten: the fifth step, entries whose values the law asked to forget can still be proven."""

from alembic import op

revision = "0005"
down_revision = "0004"

# The digest of what stood there stays, as checkpoints have it, and an entry tells whose values are gone.
FORGET_AUDIT = """
CREATE OR REPLACE FUNCTION forget_audit(subjects text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF coalesce(current_setting('crm.role', true), '') <> 'compliance' THEN
    RAISE insufficient_privilege USING MESSAGE = 'only compliance may forget';
  END IF;
  UPDATE audit SET before = NULL, after = NULL, forgotten = sha256(convert_to(
      coalesce(before::text, '') || E'\\n' || coalesce(after::text, ''), 'UTF8'))
    WHERE subject = ANY (subjects) AND (before IS NOT NULL OR after IS NOT NULL) AND action <> 'audit.forgotten';
END $$"""
FORGET_ONLY = """
CREATE OR REPLACE FUNCTION forget_audit(subjects text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF coalesce(current_setting('crm.role', true), '') <> 'compliance' THEN
    RAISE insufficient_privilege USING MESSAGE = 'only compliance may forget';
  END IF;
  UPDATE audit SET before = NULL, after = NULL
    WHERE subject = ANY (subjects) AND (before IS NOT NULL OR after IS NOT NULL);
END $$"""


def upgrade() -> None:
    """Give entries room for the digest of what was forgotten."""
    op.execute("ALTER TABLE audit ADD COLUMN forgotten bytea")
    op.execute(FORGET_AUDIT)


def downgrade() -> None:
    """Forget without a digest again."""
    op.execute(FORGET_ONLY)
    op.execute("ALTER TABLE audit DROP COLUMN forgotten")
