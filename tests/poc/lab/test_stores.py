"""Stores: a mark is found wherever it was written since the beginning, a bit is changed and changed back."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from poc.lab.postgres import Cluster, tool
from poc.lab.stores import Stores, aside
from poc.settings import Inside
from scenarios.inside import Inside as Acts
from scenarios.port import BenchFault
from scenarios.verdict import NotTestable

MARK = "zq7-mark-4711"


@pytest.fixture
def access(cluster: Cluster, tmp_path: Path) -> Inside:
    if cluster.server is None:
        pytest.skip("a foreign server does not show its files")
    url = cluster.create("stores_test")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE people (number text, sealed bytea, email_index bytea)")
        connection.execute("INSERT INTO people VALUES ('1', '\\x00ff', '\\x01')")
    key = tmp_path / "key.pem"
    key.write_text("-----BEGIN\nAAAA1111BBBB2222\nCCCC3333DDDD4444\n-----END\n")
    return Inside(
        database=url, pg_dump=tool("pg_dump"), data=Path(cluster.server.pgdata), folders={"log": tmp_path / "log.txt"},
        table="people", ciphertexts=("sealed",), indexes=("email_index",), bank_key=key,
    )  # fmt: skip


def acts(access: Inside) -> Acts:
    return Acts(Stores(access))


@pytest.mark.pg
def test_marks_and_copies_of_the_key_are_found_in_every_store(access: Inside) -> None:
    inside = acts(access)
    since = inside.begin()
    assert not inside.search({"name": MARK}, since).finds
    with psycopg.connect(access.database) as connection:
        connection.execute("INSERT INTO people VALUES (%s, %s, '')", (MARK, MARK.encode()))
        connection.execute("INSERT INTO people VALUES ('CCCC3333DDDD4444', '', '')")
    access.folders["log"].write_text(f"took {MARK}")
    searched = inside.search({"name": MARK}, since)
    assert {one.store for one in searched.finds} == {"backup", "data files", "write-ahead log", "log"}
    assert {one.mark for one in searched.finds} == {"name", "the wrapping key"}
    assert all(searched.stores[one.store] for one in searched.finds)


@pytest.mark.pg
def test_a_bit_is_changed_and_changed_back(access: Inside) -> None:
    inside = acts(access)
    assert inside.cells(["1"])["1"].ciphertexts == (b"\x00\xff",)
    inside.spoil("1", 50)
    assert inside.cells(["1"])["1"].ciphertexts == (b"\x00\xfe",)
    inside.mend("1", 50)
    assert inside.cells(["1"])["1"].ciphertexts == (b"\x00\xff",)


@pytest.mark.pg
def test_each_store_is_told_with_the_marks_of_the_keys_in_it(access: Inside) -> None:
    known = access.model_copy(update={"encrypted": ("people.sealed",), "mark_bytes": 1})
    assert acts(known).keys_in_stores() == {"people.sealed": ("00",)}
    with pytest.raises(NotTestable, match="mark_bytes"):
        acts(access).keys_in_stores()


def test_the_key_is_taken_away_and_given_back_also_after_a_bench_that_died(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text("key")
    inside = acts(Inside(bank_key=key))
    inside.take_key()
    assert (key.exists(), aside(key).exists()) == (False, True)
    with pytest.raises(NotTestable, match="no access to its database"):
        inside.begin()
    assert key.read_text() == "key"


@pytest.mark.parametrize("act", [lambda i: i.take_key(), lambda i: i.cells(["1"]), lambda i: i.begin()])
def test_what_the_settings_give_no_access_to_is_not_testable(act: Any) -> None:
    with pytest.raises(NotTestable):
        act(acts(Inside()))


def test_an_unknown_act_is_our_own_fault() -> None:
    with pytest.raises(BenchFault, match="nobody can dance"):
        Stores(Inside()).inside("dance", {})
