"""Sealed anew: the sixteenth step, a door by which values of the history are encrypted with a newer key."""

from alembic import op

from poc.reference_crm.migrations import policies
from poc.reference_crm.migrations.policies import SERVICE_ROLE

revision = "0016"
down_revision = "0015"

# The service may add to the history and not change it; through this door it changes no more than two ciphertexts of a
# row, each for one that opens at the same place.
RESEAL = """
CREATE FUNCTION reseal_history(ids bigint[], old_values bytea[], new_values bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF coalesce(current_setting('crm.role', true), '') <> 'integration' THEN
    RAISE insufficient_privilege USING MESSAGE = 'only the service itself encrypts the history anew';
  END IF;
  UPDATE history AS h SET before = fresh.before, after = fresh.after
    FROM unnest(ids, old_values, new_values) AS fresh(id, before, after) WHERE h.id = fresh.id;
END $$"""
FUNCTION = "reseal_history(bigint[], bytea[], bytea[])"


def upgrade() -> None:
    """Create the door, and let the keys of tenants be sealed anew where they rest."""
    op.execute(RESEAL)
    op.execute(f"REVOKE ALL ON FUNCTION {FUNCTION} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO {SERVICE_ROLE}")
    policies.grant(op, "tenants", "UPDATE (sealed)")


def downgrade() -> None:
    """Take it away."""
    op.execute(f"REVOKE UPDATE (sealed) ON tenants FROM {SERVICE_ROLE}")
    op.execute(f"DROP FUNCTION {FUNCTION}")
