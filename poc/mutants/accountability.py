"""Accountability: defects in audit, history and what customers may ask about their own data."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from poc.mutants.masks import unnoted
from poc.mutants.mutant import Mutant, always
from poc.reference_crm.catalogue import CUSTOMERS
from poc.reference_crm.domain.retention import Decision
from poc.reference_crm.operations import records

Read = Callable[..., Awaitable[dict[str, Any]]]


def _jots_without(*actions: str) -> Callable[[Any], Any]:
    def make(jot: Any) -> Any:
        async def forgetful(self: Any, caller: Any, *entries: Any) -> None:
            await jot(self, caller, *(one for one in entries if one.action not in actions))

        return forgetful

    return make


async def _no_denial(self: Any, caller: Any, operation: str, subject: str = "") -> None:
    return None


def _reads_in_silence(read: Any) -> Any:
    async def silent(self: Any, caller: Any, operation: str, select: str, values: Any, entry: Any) -> list[Any]:
        await self.authorise(caller, operation, entry.subject)
        async with self.database.connection(self.policy.scope(caller)) as connection:
            rows: list[Any] = await connection.fetch(select, *values)
            return rows

    return silent


def _late(read: Read) -> Read:
    async def told(*given: Any, **asked: Any) -> dict[str, Any]:
        page = await read(*given, **asked)
        shown_until = datetime.now(UTC) - timedelta(seconds=12)
        return {**page, "items": [one for one in page["items"] if one["at"] <= shown_until]}

    return told


def _whoever(read: Read) -> Read:
    return lambda *given, **asked: read(*given, **{**asked, "subject": None})


def _forgetting_the_gone(read: Read) -> Read:
    async def told(desk: Any, caller: Any, **asked: Any) -> dict[str, Any]:
        page = await read(desk, caller, **asked)
        async with desk.database.connection(desk.policy.scope(caller)) as connection:
            there = {f"customers/{row['number']}" for row in await connection.fetch("SELECT number FROM customers")}
        kept = [one for one in page["items"] if one["subject"] in there or not one["subject"].startswith("customers/")]
        return {**page, "items": kept}

    return told


def _history(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Callable[[Any], Any]:
    def make(read: Any) -> Any:
        async def told(*given: Any) -> list[dict[str, Any]]:
            return change(await read(*given))

        return told

    return make


def _by_the_service(record: Any) -> Any:
    async def recorded(*given: Any, caller: Any, **more: Any) -> None:
        await record(*given, caller=replace(caller, username="system"), **more)

    return recorded


def _without_source(record: Any) -> Any:
    async def recorded(*given: Any, source: str, **more: Any) -> None:
        await record(*given, source="", **more)

    return recorded


async def _as_it_is(desk: Any, caller: Any, kind: Any, number: str, *_: Any) -> dict[str, Any]:
    return await records.get(desk, caller, kind, number)


async def _as_it_is_now(desk: Any, caller: Any, kind: Any, number: str, at: Any) -> dict[str, Any]:
    record = await records.get(desk, caller, kind, number)
    record.pop("revision")
    return record


def _only_filed(*requests: str) -> Callable[[Any], Any]:
    """Return a maker after which some requests are answered with done, and nothing is done."""

    async def filed(act: Any, desk: Any, row: Any, details: Any) -> dict[str, Any]:
        return {}

    return lambda known: {**known, **dict.fromkeys(requests, filed)}


def _unexplained(known: Mapping[str, Any]) -> Mapping[str, Any]:
    async def erase(*given: Any) -> dict[str, Any]:
        return {**await known["erase"](*given), "basis": "", "until": ""}

    return {**known, "erase": erase}


async def _record_only(act: Any, desk: Any, row: Any) -> dict[str, Any]:
    return {"customer": desk.gate.shown(CUSTOMERS, row, act.caller.role, clear=CUSTOMERS.sealed)}


def _as_one_text(dossier: Any) -> Any:
    async def printed(*given: Any) -> dict[str, Any]:
        return {"text": orjson.dumps(await dossier(*given), default=str).decode()}

    return printed


async def _not_restricted(act: Any, desk: Any, row: Any, *, restricted: bool) -> None:
    return None


AUDIT = (
    Mutant(
        name="audit_in_clear",
        defect="The audit keeps restricted values as they are.",
        killed_by=("no_secret_is_in_the_audit",),
        precedent="CWE-532",
        place="masking:Gate.safe",
        make=always(lambda self, kind, values: dict(values)),
    ),
    Mutant(
        name="deletes_in_silence",
        defect="Deletions leave no trace in the audit.",
        killed_by=("writes_are_audited",),
        precedent="CWE-778 (moqui/moqui-framework#635)",
        place="desk:Act.note",
        make=unnoted("record.delete"),
    ),
    Mutant(
        name="failures_in_silence",
        defect="Failed logins leave no trace in the audit.",
        killed_by=("logins_are_audited",),
        precedent="CWE-778",
        place="desk:Desk.jot",
        make=_jots_without("login.failed"),
    ),
    Mutant(
        name="exports_in_silence",
        defect="Exports leave no trace in the audit.",
        killed_by=("exports_are_audited",),
        precedent="CWE-778",
        place="desk:Desk.jot",
        make=_jots_without("customer.export"),
    ),
    Mutant(
        name="denials_in_silence",
        defect="What was denied leaves no trace in the audit.",
        killed_by=("denials_are_audited",),
        precedent="CWE-778",
        place="desk:Desk.deny",
        make=always(_no_denial),
    ),
    Mutant(
        name="reads_in_silence",
        defect="Reads leave no trace in the audit.",
        killed_by=("sensitive_reads_are_audited",),
        precedent="CWE-778",
        place="desk:Desk.read",
        make=_reads_in_silence,
    ),
    Mutant(
        name="roles_in_silence",
        defect="Changed roles leave no trace in the audit.",
        killed_by=("administration_is_audited",),
        precedent="CWE-778",
        place="desk:Act.note",
        make=unnoted("role.change"),
    ),
    Mutant(
        name="audit_loses_its_tail",
        defect="Entries can be read only twelve seconds after the act.",
        killed_by=("entries_show_up_in_time",),
        precedent="CWE-223",
        place="operations.trail:read",
        make=_late,
    ),
    Mutant(
        name="audit_without_origin",
        defect="Entries do not say where a request came from.",
        killed_by=("entries_say_who_did_what_when",),
        precedent="CWE-223",
        place="routes.http:origin_of",
        make=always(lambda request: ""),
    ),
    Mutant(
        name="audit_of_everybody",
        defect="Asked for one customer, the audit tells of all.",
        killed_by=("the_audit_answers_by_subject",),
        precedent="CWE-200",
        place="operations.trail:read",
        make=_whoever,
    ),
)

HISTORY = (
    Mutant(
        name="last_change_only",
        defect="The history shows the last change only.",
        killed_by=("every_change_is_kept",),
        precedent="CWE-223",
        place="operations.changes:read",
        make=_history(lambda changes: changes[-1:]),
    ),
    Mutant(
        name="changed_by_system",
        defect="Every change is said to be the system's.",
        killed_by=("the_last_change_is_named", "every_change_has_an_author"),
        precedent="CWE-223",
        place="history:record",
        make=_by_the_service,
    ),
    Mutant(
        name="history_without_before",
        defect="The history does not show what a field held before.",
        killed_by=("the_last_change_shows_its_values",),
        precedent="CWE-223",
        place="operations.changes:read",
        make=_history(lambda changes: [{**one, "before": None} for one in changes]),
    ),
    Mutant(
        name="history_without_source",
        defect="The history does not say through which door a change came.",
        killed_by=("every_change_names_its_source", "each_field_names_its_source"),
        precedent="CWE-223 (monicahq/monica#6078)",
        place="history:record",
        make=_without_source,
    ),
    Mutant(
        name="restore_says_yes",
        defect="Taking a change back says yes and changes nothing.",
        killed_by=("a_change_can_be_reverted",),
        precedent="CWE-393",
        place="operations.changes:restore",
        make=always(_as_it_is),
    ),
    Mutant(
        name="past_is_present",
        defect="Asked how a record stood, the present state is shown.",
        killed_by=("past_states_are_rebuilt",),
        precedent="CWE-393",
        place="operations.changes:as_of",
        make=always(_as_it_is_now),
    ),
)

SUBJECTS = (
    Mutant(
        name="erases_regardless",
        defect="Who asks to be forgotten is, whatever law or contract says.",
        killed_by=("records_under_retention_are_kept", "subjects_are_treated_right"),
        place="domain.retention:erasure",
        make=always(lambda relationship, today: Decision(erase=True)),
    ),
    Mutant(
        name="erase_says_yes",
        defect="Erasure says done and leaves everything on file.",
        killed_by=("the_erased_are_found_no_more", "nothing_of_the_erased_is_left"),
        place="operations.subjects:REQUESTS",
        make=_only_filed("erase"),
    ),
    Mutant(
        name="filed_away",
        defect="Corrections and objections are answered with done, and nothing is done.",
        killed_by=("a_wrong_fact_is_corrected", "an_objection_ends_marketing"),
        place="operations.subjects:REQUESTS",
        make=_only_filed("rectify", "object"),
    ),
    Mutant(
        name="refuses_without_basis",
        defect="Who may not be erased is told neither why nor until when.",
        killed_by=("a_refusal_names_reason_basis_and_date",),
        place="operations.subjects:REQUESTS",
        make=_unexplained,
    ),
    Mutant(
        name="kept_in_use",
        defect="Records that are kept by law alone stay in daily use.",
        killed_by=("kept_records_are_restricted",),
        place="operations.subjects:set_restricted",
        make=always(_not_restricted),
    ),
    Mutant(
        name="thin_copy",
        defect="The copy of one's data holds the record and nothing that hangs on it.",
        killed_by=("access_is_complete",),
        place="operations.dossier:dossier",
        make=always(_record_only),
    ),
    Mutant(
        name="copy_as_text",
        defect="The portable copy is one long text.",
        killed_by=("the_copy_is_machine_readable",),
        place="operations.dossier:dossier",
        make=_as_one_text,
    ),
    Mutant(
        name="talks_stay",
        defect="Erasure leaves the notes of talks.",
        killed_by=("nothing_of_the_erased_is_left",),
        place="operations.forgetting:GONE",
        make=lambda gone: tuple(one for one in gone if one[0] != "interactions"),
    ),
    Mutant(
        name="audit_forgets_the_gone",
        defect="The audit shows no entry about a customer who is gone.",
        killed_by=("the_audit_survives_erasure",),
        precedent="CWE-778 (OCA/server-tools#3260)",
        place="operations.trail:read",
        make=_forgetting_the_gone,
    ),
)

MUTANTS = (*AUDIT, *HISTORY, *SUBJECTS)
