"""Database: while the server is away whoever asks is told so at once, and is served again when it is back."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import pytest

from poc.lab.line import Line
from poc.lab.postgres import socket_of
from poc.reference_crm.access import Scope
from poc.reference_crm.database import Database
from poc.reference_crm.problems import Problem
from tests.poc.reference_crm.counter import counter

pytestmark = pytest.mark.pg
NOBODY = Scope(reach="none", branch="", role="")


@pytest.fixture
def line(crm_database: str, tmp_path: Path) -> Iterator[Line]:
    started = Line.start(tmp_path, Path(socket_of(crm_database)[0]))
    yield started
    started.end()


@pytest.fixture
def url(crm_database: str, line: Line) -> str:
    return urlunsplit(urlsplit(crm_database)._replace(query=f"host={quote(str(line.folder), safe='')}"))


async def one(database: Database, statement: str = "SELECT 1") -> object:
    async with database.connection(NOBODY) as connection:
        return await connection.fetchval(statement)


async def refusal(asked: Awaitable[object]) -> Problem:
    async with asyncio.timeout(5):
        with pytest.raises(Problem) as told:
            await asked
    return told.value


def play(url: str, story: Callable[[Database], Awaitable[None]], size: int = 2) -> None:
    async def whole() -> None:
        database = Database(url, size)
        await database.open()
        try:
            await story(database)
        finally:
            await database.close()

    asyncio.run(whole())


def test_a_way_that_is_cut_is_told_as_503_and_mended_by_connecting_anew(url: str, line: Line) -> None:
    async def story(database: Database) -> None:
        asleep = asyncio.create_task(one(database, "SELECT pg_sleep(30)"))
        await asyncio.sleep(0.2)
        line.order(cut=True)
        for asked in (asleep, one(database)):
            told = await refusal(asked)
            assert (told.status, told.reason, told.headers) == (503, "unavailable", {"Retry-After": "2"})
        line.order()
        assert [await one(database) for _ in range(4)] == [1] * 4

    play(url, story)


def test_a_server_that_stands_still_keeps_nobody_waiting(url: str, line: Line) -> None:
    async def story(database: Database) -> None:
        pulse = asyncio.create_task(database.keep_pulse(every=0.05, within=0.2))
        await asyncio.sleep(0.2)
        line.order(late_ms=60_000)
        assert (await refusal(one(database))).status == 503  # let go while it waited
        assert (await refusal(one(database))).status == 503  # not let in
        line.order(cut=True)
        line.order()
        while True:
            await asyncio.sleep(0.1)
            try:
                assert await one(database) == 1
                break
            except Problem:
                continue
        pulse.cancel()

    play(url, story)


def test_a_fault_of_the_statement_is_no_outage(url: str) -> None:
    async def story(database: Database) -> None:
        for fault in (KeyError("x"), OSError("a file is not there")):
            with pytest.raises(type(fault)):
                async with database.connection(NOBODY):
                    raise fault
        assert await one(database) == 1

    play(url, story, size=1)


def test_the_service_says_503_and_when_to_come_again_and_is_not_ready(url: str, line: Line) -> None:
    with counter(url) as crm:
        crm.token("rm-a")
        line.order(cut=True)
        reply = crm.ask("rm-a", "GET", "/v1/customers")
        assert (reply.status_code, reply.headers["retry-after"]) == (503, "2")
        assert reply.json()["type"] == "urn:touchstone:problem:unavailable"
        assert crm.ask(None, "GET", "/health/ready").status_code == 503
        assert crm.ask(None, "GET", "/health/live").status_code == 200
        line.order()
        for _ in range(100):
            crm.wait(asyncio.sleep(0.1))
            if crm.ask("rm-a", "GET", "/v1/customers").status_code == 200:
                break
        assert crm.ask("rm-a", "GET", "/v1/customers").status_code == 200
