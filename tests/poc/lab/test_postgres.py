"""The embedded PostgreSQL starts, copies databases from a template, and says in one line what is wrong."""

import psycopg
import pytest

from poc.lab.postgres import Cluster, DatabaseError, socket_of, tool

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with Cluster.start(tmp_path_factory.mktemp("pg") / "data") as started:
        yield started


def test_a_database_is_a_copy_of_its_template(cluster):
    with psycopg.connect(cluster.create("first")) as connection:
        connection.execute("CREATE TABLE t AS SELECT 42 AS n")
    with psycopg.connect(cluster.create("second", template="first")) as connection:
        assert connection.execute("SELECT n FROM t").fetchone() == (42,)
    assert cluster.exists("second")
    cluster.drop("second")
    assert not cluster.exists("second")


def test_durability_is_as_in_production(cluster):
    with psycopg.connect(cluster.uri) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
        assert connection.execute("SHOW max_connections").fetchone() == ("120",)


def test_a_server_that_was_set_up_anew_is_stopped_with_its_block(tmp_path_factory):
    with Cluster.start(tmp_path_factory.mktemp("short") / "data", settings={"work_mem": "9MB"}) as started:
        assert started.pid is not None
    assert started.pid is None


def test_an_unreachable_server_is_named_without_its_password():
    with pytest.raises(DatabaseError, match="Check DATABASE_URL") as told:
        Cluster.at("postgresql://me:hush@127.0.0.1:9/x")
    assert "hush" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_given_url_is_used_instead_of_the_embedded_server(cluster, tmp_path):
    joined = Cluster.open(tmp_path / "unused", {"DATABASE_URL": cluster.uri})
    assert joined.server is None
    assert not (tmp_path / "unused").exists()


def test_names_that_are_no_identifiers_are_refused(cluster):
    with pytest.raises(DatabaseError, match="small letters"):
        cluster.drop('x"; DROP DATABASE y')


def test_the_wheel_brings_the_tools(cluster):
    assert tool("pgbench").exists()
    assert socket_of(cluster.uri)[0].endswith("data")
