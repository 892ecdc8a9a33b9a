"""Origins: defects in what history and lineage tell of merges, loads and reverts."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from poc.mutants.mutant import Mutant, always
from poc.reference_crm.operations import records

Operation = Callable[..., Awaitable[Any]]


def _a_little_early(as_of: Operation) -> Operation:
    async def read(desk: Any, caller: Any, kind: Any, number: str, at: datetime) -> Any:
        return await as_of(desk, caller, kind, number, at - timedelta(milliseconds=25))

    return read


async def _of_no_merge(connection: Any, kind: Any, number: str) -> Mapping[object, str]:
    return {}


async def _loads_in_silence(act: Any, kind: Any, job: str, numbers: Any) -> None:
    return None


def _merged_by_the_service(record: Operation) -> Operation:
    async def recorded(*given: Any, caller: Any, source: str, **more: Any) -> None:
        who = replace(caller, username="system") if source == "merge" else caller
        await record(*given, caller=who, source=source, **more)

    return recorded


def _merge_is_api(record: Operation) -> Operation:
    async def recorded(*given: Any, source: str, **more: Any) -> None:
        await record(*given, source="api" if source == "merge" else source, **more)

    return recorded


def _reverts_in_silence(restore: Operation) -> Operation:
    async def restored(desk: Any, caller: Any, kind: Any, number: str, change: int) -> Any:
        record = await restore(desk, replace(caller, username="service"), kind, number, change)
        return {**record, **(await records.get(desk, caller, kind, number))}

    return restored


MUTANTS = (
    Mutant(
        name="past_is_a_moment_early",
        defect="The past is shown as it stood a moment before the one asked for.",
        killed_by=("past_states_are_rebuilt",),
        place="operations.changes:as_of",
        make=_a_little_early,
        precedent="CWE-193",
    ),
    Mutant(
        name="merge_without_lineage",
        defect="After a merge nobody can tell from whose file a value was taken.",
        killed_by=("lineage_is_shown",),
        place="operations.lineage:_merges",
        make=always(_of_no_merge),
        precedent="CWE-223",
    ),
    Mutant(
        name="loads_without_lineage",
        defect="Records that were loaded in bulk do not tell the job that brought them.",
        killed_by=("lineage_is_shown",),
        place="operations.bulk:_audit_rows",
        make=always(_loads_in_silence),
        precedent="CWE-778 (akeneo/pim-community-dev#7518)",
    ),
    Mutant(
        name="merge_by_the_service",
        defect="What a merge changed is said to be the service's doing.",
        killed_by=("every_route_is_remembered", "lineage_is_shown"),
        place="history:record",
        make=_merged_by_the_service,
        precedent="CWE-223",
    ),
    Mutant(
        name="merge_looks_like_an_edit",
        defect="What a merge changed is told as an edit over the interface.",
        killed_by=("every_route_is_remembered",),
        place="history:record",
        make=_merge_is_api,
        precedent="CWE-223",
    ),
    Mutant(
        name="reverts_by_nobody",
        defect="A change that was taken back names no person in history and audit.",
        killed_by=("a_revert_is_itself_a_change",),
        place="operations.changes:restore",
        make=_reverts_in_silence,
        precedent="CWE-778",
    ),
)
