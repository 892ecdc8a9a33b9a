"""Integration: defects in doubles and merges, in the interface and its contract, in bulk loads and in concurrency."""

import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from poc.mutants.mutant import Mutant, always, retold
from poc.reference_crm.operations import keyed
from poc.reference_crm.problems import Problem


def _same_name(one: Any, other: Any) -> float:
    return 1.0 if one.folded == other.folded else 0.0


def _same_identity(one: Any, other: Any) -> float:
    return 1.0 if one.national_id == other.national_id else 0.0


def _pointing_without_talks(pointing: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: ((kind, column) for kind, column in pointing() if kind.segment != "interactions")


def _rating_of_the_survivor(merged: Any) -> Any:
    return lambda kept, dropped: {**merged(kept, dropped), "aml_rating": kept["aml_rating"]}


async def _left_on_file(connection: Any, number: str) -> Any:
    return await connection.fetchval("SELECT to_jsonb(c) - 'grams' FROM customers AS c WHERE number = $1", number)


async def _not_restored(*_: Any) -> None:
    return None


def _ties_forgotten(after: Any) -> Any:
    def begun(kind: Any, want: Any, sort: Any, values: list[object]) -> str:
        told = after(kind, want, sort, values)
        if sort.name == "number":
            return str(told)
        values.pop()
        sign = "<" if want.descending else ">"
        return f"{sort.name} {sign} ${len(values)}"

    return begun


def _sketch(document: Any) -> Any:
    """Publish a contract without version and headers, in which numbers of records are integers."""

    def drawn(app: Any) -> dict[str, Any]:
        contract: dict[str, Any] = document(app)
        contract["info"]["version"] = ""
        contract["info"]["description"] = ""
        for methods in contract["paths"].values():
            for operation in methods.values():
                named = operation.get("parameters", ())
                operation["parameters"] = [one for one in named if one["in"] != "header"]
        for schema in contract["components"]["schemas"].values():
            for name in {"number", "status"} & set(schema.get("properties", {})):
                schema["properties"][name] = {"type": "boolean"}
        return contract

    return drawn


def _one_word_for_all(json: Callable[..., dict[str, object]]) -> Callable[..., dict[str, object]]:
    return lambda self, trace: json(self, trace) | {"type": "urn:touchstone:problem:invalid", "status": 422}


def _customers_only(page: Any) -> Any:
    async def listed(desk: Any, caller: Any, kind: Any, want: Any) -> Any:
        if kind.segment in ("customers", "accounts"):
            return await page(desk, caller, kind, want)
        raise Problem(reason="unsupported", detail="this kind is not listed")

    return listed


def _orphans(branches: Any) -> Any:
    async def welcome(act: Any, segments: Any, numbers: list[str]) -> dict[str, str]:
        return {**dict.fromkeys(numbers, ""), **await branches(act, segments, numbers)}

    return welcome


def _all_or_nothing(take: Any) -> Any:
    async def taken(act: Any, desk: Any, kind: Any, rows: Any, done: Any) -> None:
        await take(act, desk, kind, rows, done)
        if done.rejected:
            raise Problem(reason="invalid", detail=f"{len(done.rejected)} rows are wrong: nothing was taken")

    return taken


def _nameless(told: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    def silent(self: Any) -> dict[str, Any]:
        report = told(self)
        return {**report, "rejected": [{**one, "field": ""} for one in report["rejected"]]}

    return silent


def _in_earnest(load: Any) -> Any:
    return lambda *given, **more: load(*given, **{**more, "dry_run": False})


async def _nothing_known(act: Any, job: str, digests: Any) -> dict[int, str]:
    return {}


def _cut_off(lines: Any) -> Any:
    async def shortened(*given: Any) -> AsyncIterator[list[dict[str, object]]]:
        async for batch in lines(*given):
            yield batch[: len(batch) * 9 // 10]

    return shortened


def _every_tenth_dropped(insert: Any) -> Any:
    async def accepted(act: Any, desk: Any, kind: Any, wave: Any, done: Any) -> None:
        await insert(act, desk, kind, wave, done)
        gone = [number for place, number in done.accepted.items() if place % 10 == 9]
        await act.connection.execute(f"DELETE FROM {kind.table} WHERE number = ANY($1)", gone)

    return accepted


def _slowly(checked: Any) -> Any:
    def late(*given: Any) -> Any:
        time.sleep(0.004)
        return checked(*given)

    return late


async def _without_key(desk: Any, caller: Any, kind: Any, key: str, body: bytes) -> Any:
    from poc.reference_crm.operations import records
    from poc.reference_crm.routes.http import encode
    from poc.reference_crm.routes.records import parsed

    values = parsed(kind, body)
    record = await records.create(desk, caller, kind, values)
    return keyed.Kept(status=201, body=encode(record), etag='"1"', replay=False)


def _salted(blind: Any) -> Any:
    return lambda self, table, field, value: os.urandom(32)


def _first_version(etag: Any) -> Any:
    def fixed(record: dict[str, object]) -> Mapping[str, str]:
        etag(record)
        record["version"] = 1
        return {"ETag": '"1"'}

    return fixed


DUPLICATES = (
    Mutant(
        name="finds_nobody",
        defect="The scan for doubles finds nobody.",
        killed_by=("duplicates_can_be_listed",),
        place="domain.matching:scan",
        make=always(lambda people: []),
    ),
    Mutant(
        name="equal_identity_only",
        defect="Only equal identity numbers are taken for one person.",
        killed_by=("most_duplicates_are_found",),
        place="domain.matching:score",
        make=always(_same_identity),
    ),
    Mutant(
        name="equal_name_suffices",
        defect="Namesakes are taken for one person.",
        killed_by=("few_false_alarms",),
        place="domain.matching:score",
        make=always(_same_name),
    ),
    Mutant(
        name="salted_index",
        defect="The index of identity numbers gives another value each time, so no double is noticed.",
        killed_by=(
            "an_exact_duplicate_is_noticed_on_creation",
            "imports_are_checked_too",
            "equal_creations_leave_one",
        ),
        place="crypto:Vault.blind",
        make=_salted,
    ),
    Mutant(
        name="merge_leaves_talks",
        defect="A merge leaves talks behind on the number that is gone.",
        killed_by=("children_move_along", "parallel_merges_lose_nothing"),
        place="operations.pointers:pointing",
        make=_pointing_without_talks,
    ),
    Mutant(
        name="merge_keeps_the_laxer",
        defect="A merge keeps the survivor's rating, however lax.",
        killed_by=("the_stricter_consent_wins",),
        place="domain.survivorship:merged",
        make=_rating_of_the_survivor,
    ),
    Mutant(
        name="merge_leaves_both",
        defect="A merge leaves both customers on file.",
        killed_by=("a_merge_leaves_one",),
        place="operations.pointers:take_off",
        make=always(_left_on_file),
    ),
    Mutant(
        name="unmerge_forgets",
        defect="Parted again, the survivor keeps values of the other.",
        killed_by=("an_unmerge_is_exact",),
        place="operations.merging:_restore",
        make=always(_not_restored),
    ),
)

INTERFACE = (
    Mutant(
        name="ties_forgotten",
        defect="Deep pages skip rows that share their place in the order.",
        killed_by=("deep_pages_are_exact",),
        place="operations.listing:_after",
        make=_ties_forgotten,
    ),
    Mutant(
        name="contract_is_a_sketch",
        defect="The published contract names neither version nor headers, and wrong types.",
        killed_by=("a_machine_contract_is_published", "replies_keep_the_contract", "keys_are_documented"),
        place="openapi:document",
        make=_sketch,
    ),
    Mutant(
        name="one_word_for_all",
        defect="Every refusal says that the request is invalid.",
        killed_by=("errors_are_told_apart",),
        place="problems:Problem.json",
        make=_one_word_for_all,
    ),
    Mutant(
        name="lists_customers_only",
        defect="Only customers and accounts can be listed.",
        killed_by=("records_can_be_reached", "verbs_cover_the_cells"),
        place="operations.listing:page",
        make=_customers_only,
    ),
)

BULK = (
    Mutant(
        name="orphans_welcome",
        defect="References to nobody are taken.",
        killed_by=("rejects_are_exact", "no_half_relations_remain"),
        place="operations.inserts:_branches",
        make=_orphans,
    ),
    Mutant(
        name="all_or_nothing",
        defect="One bad row, and the whole file is refused.",
        killed_by=("a_file_can_be_imported", "ten_thousand_rows_are_taken"),
        place="operations.bulk:_take",
        make=_all_or_nothing,
    ),
    Mutant(
        name="nameless_rejects",
        defect="Refused rows come without the field at fault.",
        killed_by=("the_error_file_names_row_and_field",),
        place="operations.bulk:Load.told",
        make=_nameless,
    ),
    Mutant(
        name="trial_in_earnest",
        defect="A trial run writes.",
        killed_by=("a_trial_run_changes_nothing",),
        place="operations.bulk:load",
        make=_in_earnest,
    ),
    Mutant(
        name="revert_leaves_half",
        defect="Taking an import back leaves every second row.",
        killed_by=("an_import_can_be_undone",),
        place="operations.reverting:LOADED",
        make=retold("WHERE job = $1", "WHERE job = $1 AND place % 2 = 0"),
    ),
    Mutant(
        name="resume_starts_over",
        defect="Rows of a broken import that are sent again are refused as doubles.",
        killed_by=("a_broken_import_resumes",),
        place="operations.bulk:_taken_before",
        make=always(_nothing_known),
    ),
    Mutant(
        name="export_cut_off",
        defect="Exports leave out the last tenth of each batch.",
        killed_by=("export_equals_import",),
        place="operations.exports:lines",
        make=_cut_off,
    ),
    Mutant(
        name="accepted_and_dropped",
        defect="Bulk loads say accepted and drop every tenth row.",
        killed_by=("export_equals_import",),
        place="operations.bulk:_insert",
        make=_every_tenth_dropped,
    ),
    Mutant(
        name="slow_rows",
        defect="Bulk loads take four milliseconds longer a row.",
        killed_by=("imports_are_quick",),
        place="operations.bulk:checked",
        make=_slowly,
    ),
)

CONCURRENCY = (
    Mutant(
        name="key_ignored",
        defect="The idempotency key is not looked at.",
        killed_by=("keyed_creations_leave_one",),
        place="operations.keyed:create_once",
        make=always(_without_key),
    ),
    Mutant(
        name="first_version_for_ever",
        defect="Every record shows version 1, however often it changed.",
        killed_by=("versions_are_shown",),
        place="routes.records:etag",
        make=_first_version,
    ),
)

MUTANTS = (*DUPLICATES, *INTERFACE, *BULK, *CONCURRENCY)
