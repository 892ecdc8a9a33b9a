"""Ciphers: the ninth step, algorithms of data keys and of fields, and how the keys are wrapped."""

from alembic import op

from poc.reference_crm.migrations import policies

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Say of each data key how it is wrapped and what it is for; a bank may take them into its own hands later."""
    for column in ("wrapping", "algorithm"):
        op.execute(f"ALTER TABLE data_keys ADD COLUMN {column} text NOT NULL DEFAULT 'AES-256-GCM'")
    op.execute(
        "CREATE TABLE field_ciphers (place text PRIMARY KEY, algorithm text NOT NULL,"
        " chosen_at timestamptz NOT NULL DEFAULT now())"
    )
    policies.grant(op, "field_ciphers", "SELECT, INSERT, UPDATE")
    policies.grant(op, "data_keys", "UPDATE (wrapped, wrapping)")


def downgrade() -> None:
    """Take away what this step made; fields that had another algorithm must have been encrypted anew before."""
    op.execute("REVOKE UPDATE (wrapped, wrapping) ON data_keys FROM " + policies.SERVICE_ROLE)
    op.execute("DROP TABLE field_ciphers")
    for column in ("wrapping", "algorithm"):
        op.execute(f"ALTER TABLE data_keys DROP COLUMN {column}")
