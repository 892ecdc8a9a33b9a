"""Migrations: from empty to newest, twice without harm, and nothing belongs to the service's role."""

import psycopg
import pytest

from poc.lab.postgres import Cluster
from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.migrate import main, migrate
from poc.reference_crm.tables import METADATA

pytestmark = pytest.mark.pg


def test_a_migrated_database_is_left_alone_by_a_second_run(crm_database: str) -> None:
    migrate(crm_database)
    with psycopg.connect(crm_database) as connection:
        tables = {row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables >= set(METADATA.tables)


def test_every_table_with_records_of_a_branch_stands_under_row_level_security(crm_database: str) -> None:
    with psycopg.connect(crm_database) as connection:
        query = "SELECT relname FROM pg_class WHERE relrowsecurity"
        guarded = {row[0] for row in connection.execute(query)}
        role = connection.execute(
            "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'crm_service'"
        ).fetchone()
        owned = connection.execute("SELECT count(*) FROM pg_tables WHERE tableowner = 'crm_service'").fetchone()
    assert guarded >= {kind.table for kind in KINDS.values() if kind.branched}
    assert (role, owned) == ((False, False), (0,))


def test_the_tables_of_the_code_are_those_of_the_database(crm_database: str) -> None:
    with psycopg.connect(crm_database) as connection:
        for name, table in METADATA.tables.items():
            query = "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            present = {row[0] for row in connection.execute(query, (name,))}
            assert present >= set(table.columns.keys()), name


def test_the_trail_can_be_added_to_and_not_rewritten(crm_database: str) -> None:
    with psycopg.connect(crm_database) as connection:
        grants = "SELECT privilege_type FROM information_schema.role_table_grants"
        query = f"{grants} WHERE grantee = %s AND table_name = 'audit'"
        assert {row[0] for row in connection.execute(query, ("crm_service",))} == {"SELECT", "INSERT"}


def test_a_wrong_address_is_said_in_one_line(cluster: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    url = cluster.url("there_is_no_such_database")
    assert main(["--database-url", url]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_no_search_reads_through_entries_of_names_that_were_put_off(crm_database: str) -> None:
    with psycopg.connect(crm_database) as connection:
        query = (
            "SELECT c.relname, c.reloptions FROM pg_class AS c JOIN pg_am AS a ON a.oid = c.relam"
            " JOIN pg_index AS i ON i.indexrelid = c.oid WHERE a.amname = 'gin' AND i.indrelid = 'customers'::regclass"
        )
        found = dict(connection.execute(query).fetchall())
    assert len(found) == 3
    assert all(options == ["fastupdate=off"] for options in found.values()), found
