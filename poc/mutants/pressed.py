"""Pressed: defects that only long or rising load betrays; tried when somebody asks, since each takes minutes."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from poc.mutants.mutant import Mutant

DOOR = "doorway:Doorway.__call__"
#: Requests after which a process gives out.
MANY = 900
#: Requests at a time that are a crowd: more than those who pour a bank, or the usual load, ever have under way.
CROWD = 6
#: What one request does before it is passed on: it is given the requests so far and the scope.
Act = Callable[[int, Any], Any]


def _before(act: Act) -> Callable[[Any], Any]:
    """Return a maker of a door at which something happens before each request."""

    def make(call: Any) -> Any:
        requests = 0

        async def delayed(self: Any, scope: Any, receive: Any, send: Any) -> None:
            nonlocal requests
            if scope["type"] == "http":
                requests += 1
                await act(requests, scope)
            await call(self, scope, receive, send)

        return delayed

    return make


def _one_by_one(call: Any) -> Any:
    turn = asyncio.Lock()

    async def queued(self: Any, scope: Any, receive: Any, send: Any) -> None:
        async with turn:
            await asyncio.sleep(0.02)
        await call(self, scope, receive, send)

    return queued


def _leaking(call: Any) -> Any:
    kept: list[bytearray] = []

    async def keep(requests: int, scope: Any) -> None:
        kept.append(bytearray(20_000))

    return _before(keep)(call)


async def _ageing(requests: int, scope: Any) -> None:
    await asyncio.sleep(requests * 1e-5)


async def _giving_out(requests: int, scope: Any) -> None:
    if requests > MANY:
        raise RuntimeError("gave out")


def _upset(call: Any) -> Any:
    under_way, upset_until = 0, 0.0

    async def slowed(self: Any, scope: Any, receive: Any, send: Any) -> None:
        nonlocal under_way, upset_until
        under_way += 1
        try:
            if under_way > CROWD:
                upset_until = time.monotonic() + 600
            if time.monotonic() < upset_until:
                await asyncio.sleep(0.3)
            await call(self, scope, receive, send)
        finally:
            under_way -= 1

    return slowed


def _held(call: Any) -> Any:
    imports = asyncio.Lock()

    async def behind(self: Any, scope: Any, receive: Any, send: Any) -> None:
        async with imports:
            if "/bulk/" in scope.get("path", ""):
                await call(self, scope, receive, send)
                return
        await call(self, scope, receive, send)

    return behind


async def _importing_slowly(requests: int, scope: Any) -> None:
    if "/bulk/" in scope["path"]:
        await asyncio.sleep(8)


async def _searching_without_end(requests: int, scope: Any) -> None:
    if scope["path"].endswith("/search"):
        await asyncio.sleep(40)


def _scanning(sql: str) -> str:
    digests = "SELECT coalesce(sum(length(md5(repeat(c::text, 8)))), 0) FROM customers c"
    return f"{sql} WHERE ({digests}) >= 0"


MUTANTS = (
    Mutant(
        name="one_after_the_other",
        defect="Requests are taken one after the other, fifty a second.",
        killed_by=("there_is_room_above_the_peak",),
        place=DOOR,
        make=_one_by_one,
    ),
    Mutant(
        name="never_calms_down",
        defect="Once many came at a time, everybody waits for ten minutes.",
        killed_by=("it_recovers_from_a_spike",),
        place=DOOR,
        make=_upset,
    ),
    Mutant(
        name="leak",
        defect="Each request leaves 20 kB behind.",
        killed_by=("memory_does_not_only_grow",),
        place=DOOR,
        make=_leaking,
    ),
    Mutant(
        name="slower_with_age",
        defect="Each request takes longer than the one before.",
        killed_by=("latency_does_not_drift",),
        place=DOOR,
        make=_before(_ageing),
    ),
    Mutant(
        name="gives_out",
        defect="After nine hundred requests it fails them all.",
        killed_by=("the_service_survives",),
        place=DOOR,
        make=_before(_giving_out),
    ),
    Mutant(
        name="search_reads_everybody",
        defect="A search reads all customers on file.",
        killed_by=("answers_hardly_slow_down_with_data", "a_million_is_quick_enough"),
        place="operations.customers:SEARCH",
        make=_scanning,
    ),
    Mutant(
        name="search_without_end",
        defect="A search runs longer than anybody waits.",
        killed_by=("queries_do_not_time_out",),
        place=DOOR,
        make=_before(_searching_without_end),
    ),
    Mutant(
        name="import_holds_everybody",
        defect="While an import is written, nobody else is served.",
        killed_by=("online_work_hardly_feels_the_batch",),
        place=DOOR,
        make=_held,
    ),
    Mutant(
        name="import_takes_its_time",
        defect="Each part of an import waits for eight seconds.",
        killed_by=("the_batch_is_done_in_time",),
        place=DOOR,
        make=_before(_importing_slowly),
    ),
)
