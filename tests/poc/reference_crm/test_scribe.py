"""Scribe: whoever reads is answered when the entry is on disk, and entries of one moment are written together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from poc.reference_crm.access import Caller, Scope
from poc.reference_crm.audit import COLUMNS, Entry
from poc.reference_crm.scribe import Scribe

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def entry(subject: str) -> tuple[object, ...]:
    return Entry(action="customer.read", subject=subject, after={"view": "x"}).values(
        Caller(username="ann", role="rm", branch="BR01"), NOW
    )


class Trail:
    """A database in whose trail a statement takes a moment, and that refuses an entry about ``poison``."""

    def __init__(self, *, broken: bool = False) -> None:
        self.statements: list[list[str]] = []
        self._broken = broken

    @asynccontextmanager
    async def connection(self, scope: Scope) -> AsyncIterator["Trail"]:
        assert scope.reach == "none"
        yield self

    async def execute(self, statement: str, *values: Any) -> None:
        subject = COLUMNS.split(", ").index("subject")
        subjects = values[subject] if isinstance(values[subject], list) else [values[subject]]
        await asyncio.sleep(0.01)
        if self._broken or "poison" in subjects:
            raise ValueError(f"no room for {len(subjects)}")
        self.statements.append(list(subjects))


def entered(trail: Trail, *subjects: str) -> list[BaseException | None]:
    async def all_of() -> list[BaseException | None]:
        scribe = Scribe(trail)  # type: ignore[arg-type]
        return await asyncio.gather(*(scribe.enter(entry(one)) for one in subjects), return_exceptions=True)

    return asyncio.run(all_of())


def test_those_who_come_while_others_are_written_are_written_together_in_their_order() -> None:
    trail = Trail()
    assert entered(trail, "a", "b", "c", "d") == [None] * 4
    assert trail.statements == [["a", "b", "c", "d"]]


def test_whoever_comes_later_is_written_next() -> None:
    trail = Trail()

    async def two() -> None:
        scribe = Scribe(trail)  # type: ignore[arg-type]
        first = asyncio.create_task(scribe.enter(entry("a")))
        await asyncio.sleep(0.005)
        late = [asyncio.create_task(scribe.enter(entry(one))) for one in ("b", "c")]
        await first
        assert trail.statements == [["a"]]
        await asyncio.gather(*late)
        await scribe.enter(entry("d"))

    asyncio.run(two())
    assert trail.statements == [["a"], ["b", "c"], ["d"]]


def test_an_entry_that_cannot_be_written_hinders_nobody_else() -> None:
    trail = Trail()
    told = entered(trail, "a", "poison", "b")
    assert [type(one) for one in told] == [type(None), ValueError, type(None)]
    assert trail.statements == [["a"], ["b"]]


def test_nobody_is_answered_whose_entry_is_not_written() -> None:
    told = entered(Trail(broken=True), "a", "b")
    assert all(isinstance(one, ValueError) for one in told)


def test_who_has_gone_leaves_the_others_waiting_no_longer() -> None:
    trail = Trail()

    async def one_goes() -> None:
        scribe = Scribe(trail)  # type: ignore[arg-type]
        waiting = [asyncio.create_task(scribe.enter(entry(one))) for one in ("a", "b")]
        await asyncio.sleep(0.005)
        waiting[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting[0]
        await waiting[1]

    asyncio.run(one_goes())
    assert trail.statements == [["a", "b"]]
