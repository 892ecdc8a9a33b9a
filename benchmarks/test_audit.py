"""What the sealed audit costs: sealing under load, proving a million entries, and finding fifty changes."""

import asyncio
import time
from datetime import UTC, datetime
from random import Random

import asyncpg
import orjson
import psycopg
import pytest

from poc.lab.house import TEMPLATE, House
from poc.reference_crm import audit, digests
from poc.reference_crm.checkpoints import Book, Signer, next_after
from poc.reference_crm.operations.sealing import Sealer
from poc.reference_crm.proof import verify_files
from poc.reference_crm.service import running
from poc.reference_crm.settings import Settings
from tests.poc.reference_crm.counter import MASTER_KEY

ENTRIES, WRITES, SECONDS, CHANGES = 1_000_000, 1_000, 5, 50
#: So many entries, each different from all others.
DISTINCT = 2000
MANY = (
    f"INSERT INTO audit ({audit.COLUMNS}) SELECT now(), 'u' || n, 'rm', 'record.read', 'customers/C' || n,"
    f" '127.0.0.1 GET /', NULL, jsonb_build_object('n', n), 'ok', 't' || n FROM generate_series(1, {DISTINCT}) AS n"
)
SIGNER = Signer(b"m" * 32)


@pytest.fixture
def url(tmp_path_factory):
    with House.open(tmp_path_factory.mktemp("lab")) as house:
        house._template()
        yield house.cluster.create("sealed", template=TEMPLATE)


def entry(number):
    told = {"id": number, "at": f"2026-11-23T08:00:00.{number % 1000000:06d}+00:00", "who": "rm-a", "role": "rm"}
    told |= {"action": "record.read", "subject": f"customers/C{number:08d}", "origin": "127.0.0.1 GET /v1/customers"}
    values = '{"tier": "mass"}' if number % 3 == 0 else None
    return {**told, "before": None, "after": values, "result": "ok", "trace": f"{number:016x}", "forgotten": None}


def test_proving_a_million_entries(benchmark, tmp_path):
    book, log, last = tmp_path / "book", tmp_path / "log", None
    with book.open("wb") as seals, log.open("wb") as lines:
        for first in range(1, ENTRIES, 4000):
            batch = [entry(number) for number in range(first, first + 4000)]
            lines.write(b"".join(orjson.dumps(one) + b"\n" for one in batch))
            contents = [digests.content_digest(one) for one in batch]
            numbers = range(first, first + 4000)
            last = next_after(last, upto=first + 3999, numbers=numbers, contents=contents, at="", signer=SIGNER)
            seals.write(last.line())
    begun = time.process_time()
    proof = benchmark.pedantic(verify_files, args=(book, log, SIGNER.public), rounds=1)
    assert proof.sound and proof.entries == ENTRIES
    benchmark.extra_info |= {"entries": ENTRIES, "cpu_seconds": time.process_time() - begun, "limit_seconds": 20.0}


async def written_and_sealed(url, path):
    """Write for some seconds at a steady rate while the sealer runs; writes, rate, longest write, entries left over."""
    settings = Settings(database_url=url, master_key=MASTER_KEY, audit_checkpoints=path, seal_seconds=0.5)
    async with running(settings) as app:
        pool = await asyncpg.create_pool(url, min_size=4, max_size=4, server_settings={"role": "crm_service"})
        row = (datetime.now(UTC), "rm-a", "rm", "record.read", "customers/C1", "127.0.0.1 GET /", None, None, "ok", "t")
        begun, longest, done = time.perf_counter(), 0.0, 0
        while done < WRITES * SECONDS:
            at = time.perf_counter()
            await asyncio.gather(*(pool.execute(audit.ENTRY_SQL, *row) for _ in range(50)))
            longest, done = max(longest, time.perf_counter() - at), done + 50
            await asyncio.sleep(max(0.0, begun + done / WRITES - time.perf_counter()))
        rate = done / (time.perf_counter() - begun)
        await asyncio.sleep(1.6)
        left = await pool.fetchval("SELECT max(id) FROM audit") - app.state.desk.book.refresh()[-1].last
        await pool.close()
        return {"writes": done, "writes_per_second": rate, "longest_50_writes_ms": longest * 1000, "unsealed": left}


def test_sealing_keeps_up_with_a_thousand_writes_a_second(benchmark, url, tmp_path):
    told = benchmark.pedantic(lambda: asyncio.run(written_and_sealed(url, tmp_path / "book")), rounds=1)
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(MANY)
    begun = time.process_time()
    asyncio.run(sealed(url, tmp_path / "another"))
    benchmark.extra_info |= told | {"seals_per_cpu_second": (DISTINCT + told["writes"]) / (time.process_time() - begun)}
    assert told["unsealed"] == 0


async def sealed(url, path):
    settings = Settings(database_url=url, master_key=MASTER_KEY)
    async with running(settings) as app:
        sealer = Sealer(app.state.desk, Book(path), SIGNER)
        for _ in range(3):
            await sealer.seal()


def export(database):
    database.execute("SET timezone = 'UTC'")
    rows = database.execute(digests.SELECT + " ORDER BY id")
    names = [column.name for column in rows.description]
    return b"".join(orjson.dumps(dict(zip(names, row, strict=True))) + b"\n" for row in rows)


def change(database, turn, ids, random):
    """One dishonest act of who owns the database; the entry at which it must be found."""
    one, other = random.sample(ids[1:-10], 2)
    parts = "at, who, role, action, subject, origin, before, after, result, trace"
    if turn % 5 == 0:
        database.execute("UPDATE audit SET subject = subject || 'x' WHERE id = %s", [one])
    elif turn % 5 == 1:
        database.execute("DELETE FROM audit WHERE id = %s", [one])
    elif turn % 5 == 2:
        database.execute(
            f"UPDATE audit AS a SET ({parts}) = (SELECT {parts} FROM audit AS b WHERE b.id ="
            " CASE a.id WHEN %s THEN %s ELSE %s END) WHERE a.id IN (%s, %s)", [one, other, one, one, other],
        )  # fmt: skip
    elif turn % 5 == 3:
        one = ids[-random.randint(1, 9)]
        database.execute("DELETE FROM audit WHERE id >= %s", [one])
    else:
        database.execute(
            f"UPDATE audit AS a SET ({parts}) = (SELECT {parts} FROM audit AS b WHERE b.id = %s) WHERE a.id = %s",
            [other, one],
        )
    return one


def test_fifty_changes_of_the_database_are_located(benchmark, url, tmp_path):
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(MANY)
    book, log, random = tmp_path / "book", tmp_path / "log", Random(50)
    asyncio.run(sealed(url, book))
    key, located = SIGNER.public, 0

    def attacked():
        nonlocal located
        with psycopg.connect(url) as database:
            ids = [row[0] for row in database.execute("SELECT id FROM audit ORDER BY id")]
            ids = [number for number in ids if number <= Book(book).refresh()[-1].last]
            for turn in range(CHANGES):
                expected = change(database, turn, ids, random)
                log.write_bytes(export(database))
                named = {one.entry for one in verify_files(book, log, key).findings}
                located += expected in named and len(named) <= 2
                database.rollback()
            log.write_bytes(export(database))
        return verify_files(book, log, key)

    proof = benchmark.pedantic(attacked, rounds=1)
    benchmark.extra_info |= {"changes": CHANGES, "located": located}
    assert proof.sound and located == CHANGES
