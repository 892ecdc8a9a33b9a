"""Tests of sealing: what a database administrator does to the trail is found, to the entry."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import orjson
import psycopg
import pytest

from poc.reference_crm.checkpoints import Book, Signer
from poc.reference_crm.operations.sealing import Sealer
from poc.reference_crm.proof import verify_files
from tests.poc.reference_crm.counter import Counter, counter, customer

pytestmark = pytest.mark.pg
LINES = {"Content-Type": "application/x-ndjson"}
MASTER = b"m" * 32


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of checkpoints."""
    return tmp_path_factory.mktemp("elsewhere") / "checkpoints.jsonl"


@pytest.fixture(scope="module")
def crm(crm_database: str, book: Path) -> Iterator[Counter]:
    """The service, sealing at its own pace, so slowly that tests seal by hand."""
    with counter(crm_database, audit_checkpoints=book, seal_seconds=60) as opened:
        for serial in range(1, 4):
            assert opened.ask("integration", "POST", "/v1/customers", json=customer(serial)).status_code == 201
        for _ in range(12):
            opened.ask("rm-a", "GET", "/v1/customers/C000001")
        opened.ask("marketing", "DELETE", "/v1/customers/C000001")
        yield opened


def sealed(crm: Counter, book: Path) -> int:
    """Everything up to now is sealed; the number of the last entry."""
    sealer = Sealer(crm.desk, Book(book), Signer(MASTER))

    async def settle() -> None:
        for _ in range(100):
            await sealer.seal()
            if len(known := sealer.book.known) and await _highest(crm) <= known[-1].last:
                return
            await asyncio.sleep(0.02)

    crm.wait(settle())
    return sealer.book.known[-1].last


async def _highest(crm: Counter) -> int:
    from poc.reference_crm.database import NOBODY

    async with crm.desk.database.connection(NOBODY) as connection:
        return int(await connection.fetchval("SELECT max(id) FROM audit"))


def exported(crm: Counter, tmp_path: Path) -> Path:
    """An export of the whole trail, as a file."""
    path = tmp_path / "audit.jsonl"
    path.write_bytes(crm.ask("auditor", "GET", "/v1/audit/export").content)
    return path


def test_an_untouched_trail_is_proven_offline(crm: Counter, book: Path, tmp_path: Path) -> None:
    last = sealed(crm, book)
    proof = verify_files(book, exported(crm, tmp_path), Signer(MASTER).public)
    assert proof.sound and proof.pinned and proof.sealed_to == last
    assert proof.entries > 20 and proof.unsealed >= 1  # the export itself is not sealed yet


def test_denied_tries_are_sealed_too(crm: Counter, book: Path, tmp_path: Path) -> None:
    last = sealed(crm, book)
    lines = [orjson.loads(line) for line in exported(crm, tmp_path).read_bytes().splitlines()]
    denied = [one["id"] for one in lines if one["result"] == "denied"]
    covered = {number for one in Book(book).refresh() for number in one.numbers}
    assert denied and set(denied) & set(range(last + 1)) <= covered


def test_what_is_done_to_the_database_is_located(crm: Counter, book: Path, tmp_path: Path, crm_database: str) -> None:
    sealed(crm, book)
    random = Random(9)
    for turn in range(12):
        with psycopg.connect(crm_database, autocommit=True) as database:
            database.execute("CREATE TEMP TABLE kept AS SELECT * FROM audit")
            ids = [row[0] for row in database.execute("SELECT id FROM audit ORDER BY id")][: -1 - turn % 2]
            sealed_to = Book(book).refresh()[-1].last
            ids = [one for one in ids if one <= sealed_to]
            kind, entry = tampered(database, ids, random, turn)
            proof = verify_files(book, exported(crm, tmp_path), Signer(MASTER).public)
            database.execute("DELETE FROM audit WHERE id <= %s", [max(ids)])
            database.execute("INSERT INTO audit OVERRIDING SYSTEM VALUE SELECT * FROM kept WHERE id <= %s", [max(ids)])
        assert not proof.sound
        assert (kind, entry) in {(one.kind, one.entry) for one in proof.findings}, (turn, kind, entry, proof.findings)
    assert verify_files(book, exported(crm, tmp_path), Signer(MASTER).public).sound


def tampered(database: Any, ids: list[int], random: Random, turn: int) -> tuple[str, int]:
    """Do one thing to the database that a dishonest administrator might; what must be found, and where."""
    one, other = random.sample(ids[1:-3], 2)
    if turn % 6 == 0:
        database.execute("UPDATE audit SET who = 'somebody' WHERE id = %s", [one])
        return "altered", one
    if turn % 6 == 1:
        database.execute("DELETE FROM audit WHERE id = %s", [one])
        return "deleted", one
    if turn % 6 == 2:
        columns = "at, who, role, action, subject, origin, before, after, result, trace"
        database.execute(
            f"UPDATE audit AS a SET ({columns}) = (SELECT {columns} FROM audit AS b WHERE b.id = CASE a.id"
            " WHEN %s THEN %s ELSE %s END) WHERE a.id IN (%s, %s)",
            [one, other, one, one, other],
        )
        return "moved", one
    if turn % 6 == 3:
        database.execute("DELETE FROM audit WHERE id >= %s AND id <= %s", [ids[-3], max(ids)])
        return "truncated", ids[-3]
    if turn % 6 == 4:
        database.execute("UPDATE audit SET at = at - interval '1 day' WHERE id = %s", [one])
        return "altered", one
    columns = "at, who, role, action, subject, origin, before, after, result, trace"
    database.execute(
        f"UPDATE audit AS a SET ({columns}) = (SELECT {columns} FROM audit AS b WHERE b.id = %s) WHERE a.id = %s",
        [one, other],
    )
    return "moved", other


def test_the_service_proves_itself_and_any_copy(crm: Counter, book: Path) -> None:
    last = sealed(crm, book)
    whole = crm.ask("auditor", "POST", "/v1/audit/verification")
    assert whole.status_code == 200 and whole.json()["sound"], whole.text
    first = last - 9
    copy = crm.ask("auditor", "GET", f"/v1/audit/export?first={first}&last={last}").content.splitlines(keepends=True)
    path = f"/v1/audit/verification?first={first}&last={last}"
    cut = crm.ask("auditor", "POST", path, content=b"".join(copy[:-2]), headers=LINES).json()
    assert [(one["kind"], one["entry"]) for one in cut["findings"]] == [("truncated", last - 1)]
    full = crm.ask("auditor", "POST", path, content=b"".join(copy), headers=LINES).json()
    assert full["sound"] and full["entries"] == 10


def test_only_auditors_and_compliance_get_proofs(crm: Counter) -> None:
    for method, path in (("GET", "checkpoints"), ("GET", "export"), ("POST", "verification")):
        assert crm.ask("rm-a", method, f"/v1/audit/{path}").status_code == 403


def test_what_is_no_copy_is_told_in_one_line(crm: Counter) -> None:
    reply = crm.ask("auditor", "POST", "/v1/audit/verification", content=b'{"id": 1}\n', headers=LINES)
    assert reply.status_code == 422 and "line 1" in reply.text
    assert crm.ask("auditor", "POST", "/v1/audit/verification", json=[]).status_code == 415


def test_the_values_of_a_forgotten_person_go_and_the_entry_is_still_proven(
    crm: Counter, book: Path, tmp_path: Path
) -> None:
    person = customer(7, state="closed", since="2001-01-02", closed_on="2010-01-02")
    assert crm.ask("integration", "POST", "/v1/customers", json=person).status_code == 201
    sealed(crm, book)
    asked = {"request": "erase", "details": {}}
    reply = crm.ask("compliance", "POST", "/v1/customers/C000007/subject-requests", json=asked)
    assert reply.json()["status"] == "done"
    sealed(crm, book)
    export = exported(crm, tmp_path)
    gone = [one for line in export.read_bytes().splitlines() if (one := orjson.loads(line))["forgotten"]]
    assert gone and all(one["after"] is None for one in gone)
    assert verify_files(book, export, Signer(MASTER).public).sound
