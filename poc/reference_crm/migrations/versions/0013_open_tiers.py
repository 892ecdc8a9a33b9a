"""Open tiers: the thirteenth step, the rule of closed tiers in words whose cost PostgreSQL judges rightly."""

from alembic import op

from poc.reference_crm.migrations import policies

revision = "0013"
down_revision = "0012"

#: As the tenth step had it: PostgreSQL took it to hide nearly everybody, and read and sorted all customers for a page.
BEFORE = "tier <> ALL ((SELECT string_to_array(coalesce(current_setting('crm.closed', true), ''), ','))::text[])"
FUNCTION = "SELECT pg_get_functiondef('search_customers'::regproc)"


def upgrade() -> None:
    """Restate the rule where it stands: before the customers, and in the search that runs with its owner's rights."""
    restate(BEFORE, policies.OPEN_TIER)


def downgrade() -> None:
    """State it as before."""
    restate(policies.OPEN_TIER, BEFORE)


def restate(old: str, new: str) -> None:
    """Put one wording in the place of another; a database that was made with it already stays as it is."""
    op.execute(f"ALTER POLICY reach ON customers USING ({policies.SEES} AND {policies.UNRESTRICTED} AND {new})")
    op.execute(op.get_bind().exec_driver_sql(FUNCTION).scalar_one().replace(old, new))
