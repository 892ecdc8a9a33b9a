"""Entities: defects in what keeps legal entities, branches and the sides of a wall apart."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from poc.mutants.mutant import Mutant, always, retold
from poc.reference_crm import tenancy
from poc.reference_crm.operations.sweep import EVERYWHERE
from poc.reference_crm.problems import FieldError, Problem, forbidden

Operation = Callable[..., Awaitable[Any]]


def _in_the_banks_store(operation: Operation) -> Operation:
    """Do an operation in the bank's own store, whichever entity asks."""

    async def done(*given: Any, **more: Any) -> Any:
        mark = tenancy._SERVED.set(None)
        try:
            return await operation(*given, **more)
        finally:
            tenancy._SERVED.reset(mark)

    return done


def _cached_by_number(get: Operation) -> Operation:
    kept: dict[tuple[str, str], Any] = {}

    async def read(desk: Any, caller: Any, kind: Any, number: str, include: Any = ()) -> Any:
        place = (caller.role, f"{kind.segment}/{number}")
        if place not in kept:
            kept[place] = await get(desk, caller, kind, number, include)
        return dict(kept[place])

    return read


def _unique_everywhere(insert: Operation) -> Operation:
    async def inserted(act: Any, desk: Any, kind: Any, rows: Any) -> Any:
        if tenancy.tenant():
            main = vars(desk).get("_main", desk)
            numbers = [str(row.get("number")) for row in rows]
            async with main.database.connection(EVERYWHERE) as connection:
                query = f"SELECT number FROM {kind.table} WHERE number = ANY($1)"
                found = await connection.fetch(query, numbers)
            if found:
                error = FieldError(field="number", message="is on file already", value=found[0]["number"])
                raise Problem(reason="duplicate", detail="number is on file already", errors=(error,))
        return await insert(act, desk, kind, rows)

    return inserted


def _tells_what_is_there(get: Operation) -> Operation:
    async def read(desk: Any, caller: Any, kind: Any, number: str, include: Any = ()) -> Any:
        try:
            return await get(desk, caller, kind, number, include)
        except Problem as no:
            async with desk.database.connection(EVERYWHERE) as connection:
                there = await connection.fetchval(f"SELECT true FROM {kind.table} WHERE number = $1", number)
            raise (forbidden(f"{kind.noun}.get") if no.reason == "not-found" and there else no) from None

    return read


def _counts_all(read: Operation) -> Operation:
    async def told(self: Any, caller: Any, operation: str, select: str, values: Any, entry: Any) -> Any:
        if operation != "customer.count":
            return await read(self, caller, operation, select, values, entry)
        await self.authorise(caller, operation, entry.subject)
        async with self.database.connection(EVERYWHERE) as connection:
            return await connection.fetch(select, *values)

    return told


def _one_after_the_other(answer: Operation) -> Operation:
    line = asyncio.Lock()

    async def served(*given: Any) -> None:
        async with line:
            await asyncio.sleep(0.05)
            await answer(*given)

    return served


MUTANTS = (
    Mutant(
        name="sessions_of_all_entities",
        defect="Whose token this is is remembered without the entity in which it was looked up.",
        killed_by=("no_record_crosses",),
        place="operations.sessions:tenant",
        make=always(lambda: ""),
        precedent="CWE-488 (CVE-2023-28858)",
    ),
    Mutant(
        name="reads_cached_by_number",
        defect="A read is answered from a cache whose key names role and number, and not the entity.",
        killed_by=("no_record_crosses",),
        place="operations.records:get",
        make=_cached_by_number,
        precedent="CWE-524 (nightscout/nocturne#321)",
    ),
    Mutant(
        name="one_index_for_all_entities",
        defect="The search asks one index for all entities.",
        killed_by=("no_record_crosses",),
        place="operations.customers:search",
        make=_in_the_banks_store,
        precedent="CWE-863 (CVE-2021-22137)",
    ),
    Mutant(
        name="history_of_all_entities",
        defect="Changes are read by number from the bank's own store, whichever entity asks.",
        killed_by=("no_record_crosses",),
        place="operations.changes:read",
        make=_in_the_banks_store,
        precedent="CWE-639",
    ),
    Mutant(
        name="count_of_all_entities",
        defect="Counts are taken over the bank's own store, whichever entity asks.",
        killed_by=("no_count_crosses",),
        place="operations.customers:count",
        make=_in_the_banks_store,
        precedent="CWE-200",
    ),
    Mutant(
        name="counts_skip_row_security",
        defect="Counting runs with the rights of the service and sees all branches.",
        killed_by=("no_count_crosses",),
        place="desk:Desk.read",
        make=_counts_all,
        precedent="CWE-863 (knadh/listmonk#2352)",
    ),
    Mutant(
        name="trail_of_all_entities",
        defect="The audit of one entity shows what was done in the other.",
        killed_by=("no_metadata_crosses",),
        place="operations.trail:read",
        make=_in_the_banks_store,
        precedent="CWE-668",
    ),
    Mutant(
        name="idempotency_of_all_entities",
        defect="An idempotency key is kept by user name alone, so one entity is given the reply of another.",
        killed_by=("no_metadata_crosses",),
        place="operations.keyed:create_once",
        make=_in_the_banks_store,
        precedent="CWE-639",
    ),
    Mutant(
        name="jobs_of_all_entities",
        defect="A bulk job is taken back by its id, whichever entity it is of.",
        killed_by=("no_record_crosses",),
        place="operations.bulk:revert",
        make=_in_the_banks_store,
        precedent="CWE-639 (xuxueli/xxl-job#3975)",
    ),
    Mutant(
        name="unique_over_all_entities",
        defect="Numbers are unique over all entities, so a refusal tells who is on file elsewhere.",
        killed_by=("no_metadata_crosses",),
        place="operations.inserts:insert_rows",
        make=_unique_everywhere,
        precedent="CWE-203",
    ),
    Mutant(
        name="webhooks_of_all_entities",
        defect="A receiver of one entity is subscribed to the events of the bank itself.",
        killed_by=("no_metadata_crosses",),
        place="operations.webhooks:register",
        make=_in_the_banks_store,
        precedent="CWE-668",
    ),
    Mutant(
        name="forbidden_tells_it_is_there",
        defect="What belongs to another branch is refused as forbidden, what is nowhere as not found.",
        killed_by=("no_metadata_crosses",),
        place="operations.records:get",
        make=_tells_what_is_there,
        precedent="CWE-204",
    ),
    Mutant(
        name="wall_says_yes",
        defect="Raising a wall is answered with yes, and the deal stays in everybody's sight.",
        killed_by=("no_record_crosses",),
        place="operations.walls:FLAG",
        make=retold("walled = $2", "walled = walled AND $2"),
        precedent="CWE-393",
    ),
    Mutant(
        name="wall_lists_everybody",
        defect="All users of the bank are put on the list of a wall.",
        killed_by=("no_record_crosses",),
        place="operations.walls:INSERT",
        make=always(
            "INSERT INTO walls (kind, number, username, set_at, set_by)"
            " SELECT $1, $2, u.username, $4, $5 FROM users AS u WHERE cardinality($3::text[]) >= 0"
        ),
        precedent="CWE-732",
    ),
    Mutant(
        name="entities_wait_in_one_line",
        defect="Requests of all entities wait for one lock.",
        killed_by=("a_neighbour_is_not_felt",),
        place="service:Application._answer",
        make=_one_after_the_other,
        precedent="CWE-400 (one tenant of many can exhaust what all share)",
    ),
    Mutant(
        name="one_key_for_all_entities",
        defect="All entities rest in one store under one key.",
        killed_by=("a_tenant_may_have_its_own_key_or_store",),
        place="operations.tenants:_shown",
        make=always(lambda name, store, key: {"name": name, "store": "crm", "key": "0" * 16}),
        precedent="CWE-653",
    ),
)
