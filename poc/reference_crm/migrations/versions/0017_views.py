"""Views: the seventeenth step, sessions in which an administrator looks through a user's eyes."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Let a session say who is behind it, what may be done in it, until when, and why it was opened."""
    op.execute(
        "ALTER TABLE sessions ADD COLUMN viewer text REFERENCES users (username) ON DELETE CASCADE,"
        " ADD COLUMN scopes text[], ADD COLUMN ends_at timestamptz, ADD COLUMN reason text,"
        " ADD CONSTRAINT sessions_view_ck CHECK ((viewer IS NULL) = (scopes IS NULL)"
        " AND (viewer IS NULL) = (ends_at IS NULL) AND (viewer IS NULL) = (reason IS NULL))"
    )


def downgrade() -> None:
    """End all such sessions and take the columns away."""
    op.execute("DELETE FROM sessions WHERE viewer IS NOT NULL")
    op.execute("ALTER TABLE sessions DROP COLUMN viewer, DROP COLUMN scopes, DROP COLUMN ends_at, DROP COLUMN reason")
