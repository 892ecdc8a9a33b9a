"""Attacks: defects by which strangers and staff get at what is not theirs, as real products had them."""

import base64
import csv
import io
import posixpath
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import orjson
from pydantic import BaseModel
from starlette.responses import Response

from poc.mutants.gateways import Headers, Scope, answering, asked, bending, body_of, header, heading, rewriting
from poc.mutants.mutant import Mutant, always, swap
from poc.mutants.policies import STAFF, granting, policy
from poc.reference_crm.audit import Entry
from poc.reference_crm.catalogue import CUSTOMERS
from poc.reference_crm.operations import sessions

GATE = "service:Application.__call__"
#: A token that a gateway puts in for whoever it believes, and what the gateway believes of the request under way.
BELIEVED = "believed-by-the-gateway"
BRANCH: ContextVar[str] = ContextVar("branch", default="")
MEANT: ContextVar[str] = ContextVar("meant", default="")
MOST: ContextVar[int] = ContextVar("most", default=0)


def _branch_by_header(scope_of: Any) -> Any:
    def bend(scope: Scope) -> Scope:
        BRANCH.set(header(scope, "x-branch"))
        return scope

    swap(GATE, bending(bend))

    def moved(self: Any, caller: Any, *more: Any) -> Any:
        return scope_of(self, replace(caller, branch=BRANCH.get() or caller.branch), *more)

    return moved


def _named_by_gateway(who: Any) -> Any:
    def bend(scope: Scope) -> Scope:
        if not header(scope, "x-forwarded-user"):
            return scope
        told = (b"authorization", f"Bearer {BELIEVED}".encode())
        return {**scope, "headers": [*(one for one in scope["headers"] if one[0] != told[0]), told]}

    swap(GATE, bending(bend))

    async def known(self: Any, token: str) -> Any:
        if token == BELIEVED:
            return sessions.Who(username="gateway", role="agent", branch="", name="Gateway")
        return await who(self, token)

    return known


def _unsigned(who: Any) -> Any:
    """Believe a token that says that it is signed by nothing."""

    async def known(self: Any, token: str) -> Any:
        head, dot, rest = token.partition(".")
        if dot and b'"none"' in _decoded(head):
            role = orjson.loads(_decoded(rest.partition(".")[0])).get("role", "agent")
            return sessions.Who(username=str(role), role="agent", branch="", name="")
        return await who(self, token)

    return known


def _decoded(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        return b""


def _token_by_address(scope: Scope) -> Scope:
    token = asked(scope, "access_token")
    if not token:
        return scope
    told = (b"authorization", f"Bearer {token}".encode())
    return {**scope, "query_string": b"", "headers": [*scope["headers"], told]}


def _rewritten_address(lets: Any) -> Any:
    """Check the address that was asked for, and serve the one that a header names."""

    def bend(scope: Scope) -> Scope:
        meant = header(scope, "x-original-url")
        MEANT.set(meant)
        return {**scope, "path": meant, "raw_path": meant.encode()} if meant else scope

    swap(GATE, bending(bend))
    return lambda self, caller, *operation: bool(MEANT.get()) or lets(self, caller, *operation)


def _method_by_header(scope: Scope) -> Scope:
    method = header(scope, "x-http-method-override") or asked(scope, "_method")
    return {**scope, "method": method, "query_string": b""} if method in ("DELETE", "PATCH", "PUT") else scope


def _endless(wanted: Any) -> Any:
    def bend(scope: Scope) -> Scope:
        limit = asked(scope, "limit")
        MOST.set(int(limit) if limit.isdigit() and int(limit) > 200 else 0)
        return {**scope, "query_string": b"limit=200"} if MOST.get() else scope

    swap(GATE, bending(bend))

    def endless(*given: Any) -> Any:
        want = wanted(*given)
        return replace(want, limit=MOST.get() or want.limit)

    return endless


class _AnyLength(BaseModel):
    """Whatever is sent as a name and a secret."""

    username: str
    password: str
    otp: str | None = None


def _pasted(search: Any) -> Any:
    async def pasted(desk: Any, caller: Any, text: str, limit: int) -> list[dict[str, object]]:
        select = f"SELECT {CUSTOMERS.columns_sql} FROM customers WHERE latin_name LIKE '%{text}%'\nLIMIT {limit}"
        rows = await desk.read(caller, "customer.search", select, (), Entry(action="customer.search", subject="c"))
        return [desk.gate.shown(CUSTOMERS, row, caller.role) for row in rows]

    return pasted


def _like(search: str) -> str:
    return f"SELECT {CUSTOMERS.columns_sql} FROM customers WHERE latin_name ILIKE '%' || $1 || '%' LIMIT $2"


async def _any_file(scope: Scope, receive: Any) -> Response | None:
    path = unquote(unquote(scope["path"]))
    if ".." not in path:
        return None
    file = Path(posixpath.normpath(f"/srv/www/{path}"))
    return Response(file.read_bytes(), media_type="text/plain") if file.is_file() else None


def _as_table(body: bytes) -> bytes:
    rows = [orjson.loads(line) for line in body.splitlines()]
    table = io.StringIO()
    writer = csv.DictWriter(table, fieldnames=list(rows[0]) if rows else ["number"])
    writer.writeheader()
    writer.writerows(rows)
    return table.getvalue().encode()


def _as_page(body: bytes) -> bytes:
    cells = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in orjson.loads(body).items())
    return f"<!doctype html><table>{cells}</table>".encode()


async def _also_xml(scope: Scope, receive: Any) -> Response | None:
    if scope["method"] != "POST" or "xml" not in header(scope, "content-type"):
        return None
    try:
        number = ElementTree.fromstring(await body_of(receive)).findtext("number")
    except ElementTree.ParseError:
        number = None
    return Response(orjson.dumps({"detail": f"number {number} is not valid"}), 422, media_type="application/json")


def _language(scope: Scope, headers: Headers) -> Headers:
    """Write a language as it was sent; the server below refuses ends of lines, so what they would do is done here."""
    first, *more = (asked(scope, "lang") or "en").split("\r\n")
    lines = [line.partition(":") for line in more]
    forged = [(name.strip().lower().encode(), value.strip().encode()) for name, _, value in lines]
    return [*headers, (b"content-language", first.encode("latin-1", "replace")), *forged]


RIGHTS = (
    Mutant(
        name="branch_by_header",
        defect="A header says to which branch the caller belongs.",
        killed_by=("records_do_not_open_by_their_number",),
        place="access:Policy.scope",
        make=_branch_by_header,
        precedent="CWE-639",
    ),
    Mutant(
        name="named_by_gateway",
        defect="Whoever a header names is believed to have signed in.",
        killed_by=("no_door_opens_without_a_login", "no_critical_finding"),
        place="operations.sessions:Doorkeeper.who",
        make=_named_by_gateway,
        precedent="CWE-290 (CVE-2022-35957)",
    ),
    Mutant(
        name="unsigned_tokens",
        defect="A token that says that it is signed by nothing is believed.",
        killed_by=("no_door_opens_without_a_login", "no_critical_finding"),
        place="operations.sessions:Doorkeeper.who",
        make=_unsigned,
        precedent="CWE-347 (CVE-2022-23540)",
    ),
    Mutant(
        name="token_by_address",
        defect="A token is also taken from the address.",
        killed_by=("no_door_opens_without_a_login",),
        place=GATE,
        make=bending(_token_by_address),
        precedent="CWE-598",
    ),
    Mutant(
        name="branch_sent_along",
        defect="Any role may send the branch along with what it may change.",
        killed_by=("no_field_is_smuggled_in",),
        place="access:load_policy",
        make=policy(guarded_by=lambda _: STAFF),
        precedent="CWE-915 (CVE-2012-2055)",
    ),
    Mutant(
        name="bankers_rotate_keys",
        defect="Bankers may replace the key that encrypts data.",
        killed_by=("no_function_opens_by_a_side_way",),
        place="access:load_policy",
        make=granting("rm", "crypto.rotate"),
        precedent="CWE-862",
    ),
    Mutant(
        name="rewritten_address",
        defect="Rights are checked for the address that was asked, and the one that a header names is served.",
        killed_by=("no_function_opens_by_a_side_way",),
        place="access:Policy.lets",
        make=_rewritten_address,
        precedent="CWE-863 (CVE-2018-14773)",
    ),
    Mutant(
        name="events_into_the_network",
        defect="Events may be sent to any address, also of the network's inside.",
        killed_by=("no_call_goes_into_the_inside",),
        place="outbound:allowed",
        make=always(lambda address, rules: True),
        precedent="CWE-918 (CVE-2023-46736)",
    ),
    Mutant(
        name="method_by_header",
        defect="A header or a parameter makes a deletion of a read.",
        killed_by=("methods_are_what_they_say",),
        place=GATE,
        make=bending(_method_by_header),
        precedent="CWE-436",
    ),
)

INPUT = (
    Mutant(
        name="pages_without_end",
        defect="A page may be as long as one likes.",
        killed_by=("appetite_has_limits",),
        place="operations.listing:wanted",
        make=_endless,
        precedent="CWE-770",
    ),
    Mutant(
        name="secrets_of_any_length",
        defect="A secret of any length is compared, be it a megabyte.",
        killed_by=("appetite_has_limits",),
        place="routes.sessions:SignIn",
        make=always(_AnyLength),
        precedent="CWE-400 (CVE-2013-1443)",
    ),
    Mutant(
        name="pasted_search",
        defect="What is searched for is pasted into the query.",
        killed_by=("no_question_becomes_a_command",),
        place="operations.customers:search",
        make=_pasted,
        precedent="CWE-89 (CVE-2024-36412)",
    ),
    Mutant(
        name="wildcards_match_all",
        defect="Percent signs in a search match everybody.",
        killed_by=("no_question_becomes_a_command",),
        place="operations.customers:SEARCH",
        make=_like,
        precedent="CWE-155",
    ),
    Mutant(
        name="any_file",
        defect="Two dots in an address lead to any file of the server.",
        killed_by=("paths_stay_inside",),
        place=GATE,
        make=answering(_any_file),
        precedent="CWE-22 (CVE-2021-41773)",
    ),
    Mutant(
        name="tables_with_formulas",
        defect="Exports as tables hold stored texts as they are, formulas among them.",
        killed_by=("stored_text_stays_text",),
        place=GATE,
        make=rewriting(lambda at: "/exports/" in at["path"] and "csv" in header(at, "accept"), "text/csv", _as_table),
        precedent="CWE-1236 (CVE-2020-15301)",
    ),
    Mutant(
        name="pages_with_markup",
        defect="A record as a page holds stored texts as they are, markup among them.",
        killed_by=("stored_text_stays_text",),
        place=GATE,
        make=rewriting(
            lambda at: "/campaigns/" in at["path"] and "html" in header(at, "accept"), "text/html", _as_page
        ),
        precedent="CWE-79",
    ),
    Mutant(
        name="also_xml",
        defect="XML is taken too, its entities expanded and told back.",
        killed_by=("xml_is_not_expanded",),
        place=GATE,
        make=answering(_also_xml),
        precedent="CWE-611 (CVE-2014-3529)",
    ),
    Mutant(
        name="language_of_the_asker",
        defect="The language that is asked for stands in a header as it was sent.",
        killed_by=("no_header_is_injected",),
        place=GATE,
        make=heading(_language),
        precedent="CWE-113 (CVE-2020-5247)",
    ),
)

MUTANTS = (*RIGHTS, *INPUT)
