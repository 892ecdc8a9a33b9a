"""Broken: defects that show only when something breaks: writes lost or done twice, errors untold, nothing repaired."""

import asyncio
import secrets
from typing import Any

import orjson

from poc.mutants.mutant import Mutant, always
from poc.reference_crm.operations.keyed import Kept
from poc.reference_crm.problems import Problem

#: Seconds between a confirmation and the write that it speaks of.
LATER = 2.0


def _said_before_done(create_once: Any) -> Any:
    under_way: set[asyncio.Task[None]] = set()

    async def write(*given: Any) -> None:
        await asyncio.sleep(LATER)
        await create_once(*given)

    async def early(desk: Any, caller: Any, kind: Any, key: str, body: bytes) -> Kept:
        task = asyncio.create_task(write(desk, caller, kind, key, body))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        record = {**orjson.loads(body), "version": 1}
        return Kept(status=201, body=orjson.dumps(record), etag='"1"', replay=False)

    return early


def _every_repeat_anew(create_once: Any) -> Any:
    async def anew(desk: Any, caller: Any, kind: Any, key: str, body: bytes) -> Kept:
        record = {**orjson.loads(body), "number": secrets.token_hex(8)}
        kept: Kept = await create_once(desk, caller, kind, secrets.token_hex(8), orjson.dumps(record))
        return kept

    return anew


def _for_good(seal: Any) -> Any:
    ended: set[int] = set()

    async def sealed(self: Any) -> int:
        if id(self) in ended:
            return 0
        try:
            entries: int = await seal(self)
        except Exception:
            ended.add(id(self))
            raise
        return entries

    return sealed


def _a_fault_of_its_own() -> Problem:
    return Problem(reason="server-error", detail="the service failed; it is on record")


def _only_at_the_beginning(connect: Any) -> Any:
    made: dict[int, int] = {}

    async def once(self: Any) -> Any:
        made[id(self)] = made.get(id(self), 0) + 1
        if made[id(self)] > self._size:
            raise ConnectionError("no connection is made a second time")
        return await connect(self)

    return once


def _never_again(started: Any) -> Any:
    seen: set[int] = set()

    def once(self: Any, place: int) -> bool:
        if place in seen:
            return True
        seen.add(place)
        return bool(started(self, place))

    return once


MUTANTS = (
    Mutant(
        name="says_yes_before_it_is_done",
        defect="A write is confirmed at once and done two seconds later; what breaks meanwhile takes it along.",
        killed_by=("no_confirmed_write_is_lost",),
        place="operations.keyed:create_once",
        make=_said_before_done,
    ),
    Mutant(
        name="repeats_are_new_wishes",
        defect="The idempotency key is not looked at, and whoever repeats a write gets a second record.",
        killed_by=("no_effect_happens_twice",),
        place="operations.keyed:create_once",
        make=_every_repeat_anew,
    ),
    Mutant(
        name="seals_until_the_first_fault",
        defect="The first fault of the database ends the sealing of the audit for good.",
        killed_by=("the_audit_chain_holds",),
        place="operations.sealing:Sealer.seal",
        make=_for_good,
    ),
    Mutant(
        name="outages_look_like_bugs",
        defect="While the database is away the service says 500, and not when to come again.",
        killed_by=("errors_are_told",),
        place="problems:unavailable",
        make=always(_a_fault_of_its_own),
    ),
    Mutant(
        name="connects_once",
        defect="Connections to the database that broke are not made again.",
        killed_by=("reads_go_on", "it_recovers_alone"),
        place="database:Database._connect",
        make=_only_at_the_beginning,
    ),
    Mutant(
        name="the_fallen_stay_down",
        defect="A process that fell is not replaced.",
        killed_by=("it_recovers_alone",),
        place="crew:Crew._started",
        make=_never_again,
    ),
    Mutant(
        name="tells_events_once",
        defect="An event that could not be told at the first attempt is told never.",
        killed_by=("queues_drain",),
        place="operations.deliveries:MOST_ATTEMPTS",
        make=always(1),
    ),
)

#: The fault under which each defect shows.
SHOWS = {
    "says_yes_before_it_is_done": "kill-database",
    "repeats_are_new_wishes": "crash-database",
    "seals_until_the_first_fault": "kill-database",
    "outages_look_like_bugs": "kill-database",
    "connects_once": "crash-database",
    "the_fallen_stay_down": "kill-worker",
    "tells_events_once": "dependency-fails",
}
