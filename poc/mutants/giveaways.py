"""Giveaways: defects in what answers, headers, redirects and forgotten pages tell strangers, as real products had."""

from typing import Any
from urllib.parse import quote

import orjson
from starlette.responses import RedirectResponse, Response

from poc.mutants.attacks import GATE
from poc.mutants.gateways import Headers, Scope, answering, bending, header, heading
from poc.mutants.mutant import Mutant
from poc.reference_crm.access import Scope as Reach
from poc.reference_crm.database import NOBODY
from poc.reference_crm.problems import Problem, forbidden


def _told_in_full(problem_of: Any) -> Any:
    """Tell in each refusal of a malformed body what the code was doing."""

    def told(fault: Exception) -> Any:
        problem = problem_of(fault)
        if isinstance(problem, Problem) and problem.reason == "invalid":
            problem.detail += ' Traceback (most recent call last): File "/srv/crm/service.py", line 214, in answer'
        return problem

    return told


def _stumbling(after: Any) -> Any:
    def start(kind: Any, want: Any, *more: Any) -> Any:
        orjson.loads(want.cursor)  # what is no JSON is nobody's business
        return after(kind, want, *more)

    return start


def _any_origin(scope: Scope, headers: Headers) -> Headers:
    origin = header(scope, "origin").encode()
    own = [(b"access-control-allow-origin", origin), (b"access-control-allow-credentials", b"true")]
    return [*headers, *(own if origin else [])]


def _without(name: bytes) -> Any:
    return lambda safety: [one for one in safety if one[0] != name]


def _plain_name(scope: Scope) -> Scope:
    path = scope["path"].removesuffix("/x.css").removesuffix(".css")
    return {**scope, "path": path, "raw_path": path.encode()}


def _linked(scope: Scope, headers: Headers) -> Headers:
    host = header(scope, "x-forwarded-host") or header(scope, "host")
    return [*headers, (b"link", f'<https://{host}/openapi.json>; rel="service-desc"'.encode())]


def _confessing(get: Any) -> Any:
    """Tell of a record out of reach that it is there and not for the caller."""

    async def read(desk: Any, caller: Any, kind: Any, number: str, *more: Any) -> Any:
        try:
            return await get(desk, caller, kind, number, *more)
        except Problem as no:
            everything = Reach(reach="all", branch="", role="auditor")
            async with desk.database.connection(everything) as connection:
                there = await connection.fetchval(f"SELECT count(*) FROM {kind.table} WHERE number = $1", number)
            raise forbidden(f"{kind.noun}.get") if there and no.reason == "not-found" else no from None

    return read


def _unknown_elsewhere(sign_in: Any) -> Any:
    async def told(desk: Any, caller: Any, username: str, *more: Any) -> Any:
        async with desk.database.connection(NOBODY) as connection:
            if not await connection.fetchval("SELECT count(*) FROM users WHERE username = $1", username):
                raise Problem(reason="not-found", detail="there is no such user")
        return await sign_in(desk, caller, username, *more)

    return told


async def _merged_slashes(scope: Scope, receive: Any) -> Response | None:
    path = scope["path"]
    return RedirectResponse(quote(path.rstrip("/"), safe="/:%\\"), 308) if path.startswith("//") else None


def _served(path: str, text: str) -> Any:
    async def served(scope: Scope, receive: Any) -> Response | None:
        return Response(text, media_type="text/plain") if scope["path"] == path else None

    return served


MUTANTS = (
    Mutant(
        name="errors_with_traces",
        defect="Refusals of malformed requests tell what the code was doing.",
        killed_by=("errors_tell_nothing_of_the_inside",),
        place="service:_problem_of",
        make=_told_in_full,
        precedent="CWE-209",
    ),
    Mutant(
        name="stumbles_over_cursors",
        defect="A cursor that is none ends in a fault of the service.",
        killed_by=("errors_tell_nothing_of_the_inside",),
        place="operations.listing:_after",
        make=_stumbling,
        precedent="CWE-755",
    ),
    Mutant(
        name="any_origin",
        defect="Pages of any site may read answers in a user's name.",
        killed_by=("headers_keep_browsers_safe",),
        place=GATE,
        make=heading(_any_origin),
        precedent="CWE-942",
    ),
    Mutant(
        name="types_to_guess",
        defect="Browsers may guess the type of an answer.",
        killed_by=("headers_keep_browsers_safe",),
        place="doorway:SAFETY",
        make=_without(b"x-content-type-options"),
        precedent="CWE-693",
    ),
    Mutant(
        name="kept_on_the_way",
        defect="Answers about people may be kept by whoever passes them on.",
        killed_by=("personal_answers_are_not_kept",),
        place="doorway:SAFETY",
        make=_without(b"cache-control"),
        precedent="CWE-525 (CVE-2023-30861)",
    ),
    Mutant(
        name="people_as_style_sheets",
        defect="Endings of public files after an address are passed over.",
        killed_by=("personal_answers_are_not_kept",),
        place=GATE,
        make=bending(_plain_name),
        precedent="CWE-524",
    ),
    Mutant(
        name="host_of_the_asker",
        defect="Links in answers name the host that the request named.",
        killed_by=("no_foreign_host_is_believed",),
        place=GATE,
        make=heading(_linked),
        precedent="CWE-644 (CVE-2012-4520)",
    ),
    Mutant(
        name="refusals_confess",
        defect="Records out of reach are refused otherwise than records that do not exist.",
        killed_by=("nobody_is_guessed_by_the_answer",),
        place="operations.records:get",
        make=_confessing,
        precedent="CWE-203",
    ),
    Mutant(
        name="unknown_is_not_found",
        defect="The door answers 404 for a name that nobody has.",
        killed_by=("nobody_is_guessed_by_the_answer",),
        place="operations.sessions:sign_in",
        make=_unknown_elsewhere,
        precedent="CWE-204 (CVE-2018-15473)",
    ),
    Mutant(
        name="merged_slashes",
        defect="An address that begins with two slashes is sent on to itself without the last one.",
        killed_by=("nobody_is_sent_elsewhere",),
        place=GATE,
        make=answering(_merged_slashes),
        precedent="CWE-601 (CVE-2021-21330)",
    ),
    Mutant(
        name="source_is_served",
        defect="The folder of the source's history lies open.",
        killed_by=("forgotten_doors_are_shut",),
        place=GATE,
        make=answering(_served("/.git/HEAD", "ref: refs/heads/main\n")),
        precedent="CWE-538",
    ),
    Mutant(
        name="metrics_for_all",
        defect="A page of the inside is open to strangers.",
        killed_by=("forgotten_doors_are_shut",),
        place=GATE,
        make=answering(_served("/metrics", "process_cpu_seconds_total 17\n")),
        precedent="CWE-497",
    ),
)
