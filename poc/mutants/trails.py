"""Trails: defects in how the audit is kept from being changed, proven and streamed."""

from collections.abc import Callable
from datetime import datetime
from secrets import token_hex
from typing import Any

from fastapi import APIRouter, Request, Response

from poc.mutants.mutant import Mutant, always, retold
from poc.reference_crm import audit
from poc.reference_crm.audit import Entry
from poc.reference_crm.database import NOBODY
from poc.reference_crm.routes.http import Who


def _with(route: Callable[[APIRouter, Any], None]) -> Callable[[Any], Any]:
    """Return a maker that puts a route before all others."""

    def router(desk: Any) -> APIRouter:
        routes = APIRouter()
        route(routes, desk)
        return routes

    return lambda routers: (router, *routers)


def _purge(routes: APIRouter, desk: Any) -> None:
    @routes.delete("/v1/audit")
    async def purge(caller: Who) -> Response:
        return Response(status_code=204 if caller.role == "admin" else 403)


def _corrections(routes: APIRouter, desk: Any) -> None:
    @routes.patch("/v1/audit/{entry}")
    async def correct(caller: Who, entry: str) -> Response:
        return Response(status_code=200 if caller.role in ("admin", "compliance") else 403)


def _backdated(routes: APIRouter, desk: Any) -> None:
    @routes.post("/v1/audit")
    async def enter(caller: Who, request: Request) -> Response:
        told = await request.json()
        row = Entry(action=told["action"], subject="audit").values(caller, datetime.fromisoformat(told["at"]))
        async with desk.database.connection(NOBODY) as connection:
            await audit.write(connection, [row])
        return Response(status_code=201)


def _put_together_anew(read: Any) -> Any:
    async def told(*given: Any, **asked: Any) -> Any:
        page = await read(*given, **asked)
        return {**page, "items": [{**one, "trace": token_hex(8)} for one in page["items"]]}

    return told


def _blind_to(kind: str) -> Callable[[Any], Any]:
    def make(found: Any) -> Any:
        def told(self: Any, what: str, entry: int, detail: str) -> None:
            if what != kind:
                found(self, what, entry, detail)

        return told

    return make


def _nowhere(found: Any) -> Any:
    return lambda self, what, entry, detail: found(self, what, self.first, detail)


def _plain_text(forms: Any) -> Any:
    return {**forms, "ecs": lambda entry: f"{entry['at']} {entry['who']} did {entry['action']}".encode()}


def _only_what_is_there(followed: Any) -> Any:
    return lambda desk, *, after, seconds, form: followed(desk, after=after, seconds=0.3, form=form)


async def _never(desk: Any) -> None:
    return None


MUTANTS = (
    Mutant(
        name="audit_can_be_purged",
        defect="An administrator may delete the whole audit.",
        killed_by=("administrators_cannot_purge",),
        place="service:ROUTERS",
        make=_with(_purge),
        precedent="CWE-778",
    ),
    Mutant(
        name="audit_takes_corrections",
        defect="Administrators and compliance may correct entries of the audit.",
        killed_by=("nobody_edits_the_audit",),
        place="service:ROUTERS",
        make=_with(_corrections),
        precedent="CWE-471",
    ),
    Mutant(
        name="audit_takes_entries",
        defect="Whoever is signed in may put an entry of any day into the audit.",
        killed_by=("nobody_edits_the_audit",),
        place="service:ROUTERS",
        make=_with(_backdated),
        precedent="CWE-117",
    ),
    Mutant(
        name="audit_put_together_anew",
        defect="An entry reads differently each time the audit is asked.",
        killed_by=("the_store_writes_once",),
        place="operations.trail:read",
        make=_put_together_anew,
        precedent="CWE-471",
    ),
    Mutant(
        name="lost_tail_unseen",
        defect="When the newest entries are cut off, the audit still proves sound.",
        killed_by=("a_lost_tail_is_detected",),
        place="proof:Comparison._found",
        make=_blind_to("truncated"),
        precedent="CWE-354 (truncation attacks, Schneier and Kelsey 1999)",
    ),
    Mutant(
        name="clones_unseen",
        defect="An entry that stands in the audit twice is not noticed.",
        killed_by=("store_changes_are_detected",),
        place="proof:Comparison._found",
        make=_blind_to("cloned"),
        precedent="CWE-354",
    ),
    Mutant(
        name="order_unseen",
        defect="Entries that changed places are not noticed.",
        killed_by=("store_changes_are_detected",),
        place="proof:Comparison._found",
        make=_blind_to("moved"),
        precedent="CWE-354",
    ),
    Mutant(
        name="gaps_unseen",
        defect="An entry that was taken out of the audit is not missed.",
        killed_by=("store_changes_are_detected",),
        place="proof:Comparison._found",
        make=_blind_to("deleted"),
        precedent="CWE-354",
    ),
    Mutant(
        name="seal_without_names",
        defect="The seal of an entry leaves out who did it and from where.",
        killed_by=("store_changes_are_detected",),
        place="digests:PARTS",
        make=always(("at", "action", "subject", "result", "trace")),
        precedent="CWE-353",
    ),
    Mutant(
        name="place_unnamed",
        defect="The proof says that something was changed, but not where.",
        killed_by=("the_place_is_named",),
        place="proof:Comparison._found",
        make=_nowhere,
        precedent="CWE-223",
    ),
    Mutant(
        name="denied_unsealed",
        defect="What was denied is in the audit, but under no seal.",
        killed_by=("store_changes_are_detected",),
        place="operations.sealing:NEXT",
        make=retold("WHERE id > $1", "WHERE result <> 'denied' AND id > $1"),
        precedent="CWE-778",
    ),
    Mutant(
        name="checkpoints_unsigned",
        defect="Checkpoints bear no signature.",
        killed_by=("checkpoints_are_kept_elsewhere",),
        place="checkpoints:Signer.sign",
        make=always(lambda self, statement: ""),
        precedent="CWE-347",
    ),
    Mutant(
        name="checkpoints_beside_the_trail",
        defect="Checkpoints rest in the database that they speak of.",
        killed_by=("checkpoints_are_kept_elsewhere",),
        place="checkpoints:Book.kept",
        make=always("database"),
        precedent="CWE-345",
    ),
    Mutant(
        name="nothing_is_sealed",
        defect="The sealer does not run.",
        killed_by=("store_changes_are_detected", "a_lost_tail_is_detected", "checkpoints_are_kept_elsewhere"),
        place="operations.sealing:keep_sealing",
        make=always(_never),
        precedent="CWE-778",
    ),
    Mutant(
        name="stream_skips",
        defect="The stream leaves out every fifth entry.",
        killed_by=("the_audit_streams_out",),
        place="operations.streaming:NEXT",
        make=retold("WHERE id > $1", "WHERE id % 5 > 0 AND id > $1"),
        precedent="CWE-778",
    ),
    Mutant(
        name="stream_stands_still",
        defect="The stream tells what is there and does not follow what comes.",
        killed_by=("the_audit_streams_out",),
        place="operations.streaming:followed",
        make=_only_what_is_there,
        precedent="CWE-778",
    ),
    Mutant(
        name="stream_in_prose",
        defect="The stream speaks in sentences that no security monitoring reads.",
        killed_by=("the_audit_streams_out",),
        place="operations.streaming:FORMS",
        make=_plain_text,
        precedent="CWE-778",
    ),
    Mutant(
        name="view_under_the_users_name",
        defect="What an administrator does through a user's eyes stands in the trail as the user's own doing.",
        killed_by=("acting_for_another_names_both",),
        place="access:Caller.author",
        make=always(property(lambda self: self.username)),
        precedent="CWE-778",
    ),
    Mutant(
        name="approval_through_others_eyes",
        defect="Who looks through a manager's eyes also approves as the manager.",
        killed_by=("nobody_approves_for_another",),
        place="operations.viewing:allowed",
        make=always(lambda policy, role: sorted(name for name in policy.operations if policy.may(role, name))),
        precedent="CWE-863",
    ),
)
