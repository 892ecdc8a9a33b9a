"""Policies: rights and row-level security of tables, as the migrations state them."""

from typing import Protocol

from poc.reference_crm.database import SERVICE_ROLE as SERVICE_ROLE

#: Whether a row of a branch is in reach of the connection; sub-selects so that it is worked out once a statement.
SEES = "((SELECT current_setting('crm.reach', true)) = 'all' OR branch = (SELECT current_setting('crm.branch', true)))"
#: Who still sees a customer whose processing is restricted (PIPL art. 44, GDPR art. 18).
KEEPERS = "('compliance', 'auditor', 'integration')"
UNRESTRICTED = f"(NOT restricted OR (SELECT current_setting('crm.role', true)) IN {KEEPERS})"

#: Tiers of customers that a condition of the policy closes to the connection are not there. Of "not found in a text"
#: PostgreSQL expects most rows to be true, as they are; it then reads a page by the index and not everybody.
OPEN_TIER = (
    "NOT strpos((SELECT ',' || coalesce(current_setting('crm.closed', true), '') || ','), ',' || tier || ',') > 0"
)


class Executes(Protocol):
    """What runs a statement: Alembic's ``op``."""

    def execute(self, sqltext: str) -> None:
        """Run it."""
        ...


def create_service_role(op: Executes) -> None:
    """Create the role of the service if the server has none; it cannot log in by itself and bypasses nothing."""
    op.execute(
        f"""DO $$ BEGIN
          CREATE ROLE {SERVICE_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""
    )
    op.execute(f"GRANT USAGE ON SCHEMA public TO {SERVICE_ROLE}")


def grant(op: Executes, table: str, rights: str) -> None:
    """Give the service rights on a table."""
    op.execute(f"GRANT {rights} ON {table} TO {SERVICE_ROLE}")


def by_branch(op: Executes, table: str, *, more: str = "true") -> None:
    """Let the service see and write only rows in reach of the connection; ``more`` is a further condition."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY reach ON {table} TO {SERVICE_ROLE} USING ({SEES} AND {more}) WITH CHECK ({SEES})")
