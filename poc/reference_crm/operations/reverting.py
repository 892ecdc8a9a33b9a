"""Reverting: takes records of a bulk job off file again, unless others have come to depend on them."""

from collections.abc import Sequence

from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.desk import Act
from poc.reference_crm.kinds import Kind
from poc.reference_crm.problems import Problem

LOADED = "SELECT number FROM bulk_rows WHERE job = $1"


async def still_needed(act: Act, job: str, segment: str) -> Kind:
    """Return the kind of a job's records; raises a conflict if records outside the job hang on them."""
    kind = KINDS[segment]
    numbers = [row["number"] for row in await act.connection.fetch(LOADED, job)]
    hanging = [found for other in KINDS.values() for found in await _hanging(act, kind, other, numbers)]
    if hanging:
        detail = f"other records hang on this job's: {', '.join(hanging)}; take those off file first"
        raise Problem(reason="conflict", detail=detail)
    return kind


async def _hanging(act: Act, kind: Kind, other: Kind, numbers: Sequence[str]) -> list[str]:
    found = []
    for field in other.fields:
        if kind.segment not in field.refers:
            continue
        points = f"{field.name} && $1::text[]" if field.form == "texts" else f"{field.name} = ANY($1)"
        own = " AND number <> ALL($1)" if other is kind else ""
        count = await act.connection.fetchval(f"SELECT count(*) FROM {other.table} WHERE {points}{own}", numbers)
        if count:
            found.append(f"{count} {other.segment} by {field.name}")
    return found


async def take_back(act: Act, kind: Kind, job: str) -> int:
    """Delete a job's records with their history and mark the job; return how many there were."""
    rows = await act.connection.fetch(f"DELETE FROM {kind.table} WHERE number IN ({LOADED}) RETURNING number", job)
    numbers = [row["number"] for row in rows]
    if kind.segment == "customers":
        for table in ("timers", "fired"):
            await act.connection.execute(f"DELETE FROM {table} WHERE customer = ANY($1)", numbers)
    await act.connection.execute("SELECT forget_history($1, $2)", [kind.segment] * len(numbers), numbers)
    await act.connection.execute("DELETE FROM bulk_parts WHERE job = $1", job)
    await act.connection.execute("UPDATE bulk_jobs SET state = 'reverted' WHERE job = $1", job)
    return len(numbers)
