"""Rows: how a record of BottleCRM is reached from the bank's number, and what the product's replies mean."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from poc.connectors.bottlecrm_forms import CONTACTS, DEALS, Form
from poc.connectors.replies import fields_of
from scenarios.port import REASONS, Refused, Reply, Request, Steps

Row = Mapping[str, Any]
#: How a stranger is told off: with 403 instead of 401, so that only the words tell him from somebody without a right.
STRANGER = ("please login", "credentials were not provided", "invalid token", "revoked or expired", "inactive")
#: How the product says that it has such a record already.
DOUBLE = "already exists"


def error_of(reply: Reply) -> Refused | None:
    """Return the refusal in a reply; it comes in three shapes: ``detail``, ``errors``, or a list for each field."""
    told = _object(reply)
    if reply.status < 400 and told.get("error") is not True:
        return None
    fields, words = _told_off(told)
    return Refused(_reason(reply.status, words), status=reply.status, detail=words[:200], fields=fields)


def _reason(status: int, words: str) -> str:
    low = words.lower()
    if status in (401, 403) and any(one in low for one in STRANGER):
        return "unauthenticated"
    if status in (200, 400) and DOUBLE in low:
        return "duplicate"
    return "invalid" if status < 400 else REASONS.get(status, "server-error" if status >= 500 else "refused")


def _told_off(told: Row) -> tuple[tuple[str, ...], str]:
    """Return the fields that a refusal names, and its words."""
    by_field = {name: said for name, said in told.items() if isinstance(said, list)}
    found: object = told.get("detail") or told.get("errors") or by_field
    if isinstance(found, dict):
        return tuple(found), "; ".join(f"{name}: {said}" for name, said in found.items())
    return (), str(found or told.get("message", ""))


def _object(reply: Reply) -> dict[str, Any]:
    try:
        return fields_of(reply)
    except ValueError:  # pages of HTML for a path that is not there, files, and 204
        return {}


def at(told: Mapping[str, Any], path: Sequence[str]) -> Any:
    """Return what stands at a place of nested objects."""
    for name in path:
        told = told[name]
    return told


def listed(form: Form, query: Mapping[str, str]) -> Steps[tuple[list[Row], int]]:
    """Read a page of a list; return its rows and how many there are in all."""
    told = fields_of((yield Request(method="GET", path=form.path, query={**form.slim, **query})))
    return list(at(told, form.rows)), int(at(told, form.total))


def row_of(form: Form, number: str) -> Steps[Row]:
    """Read the row of the bank's number; raises Refused, since an empty list is a yes to the product."""
    if form is DEALS:
        return (yield from _deal(number))
    rows, _ = yield from listed(form, {form.shape.key: number, "limit": "1"})
    if not rows:
        raise Refused("not-found", status=200, detail=f"no {form.shape.path} has the number {number}")
    return rows[0]


def _deal(number: str) -> Steps[Row]:
    """Read a deal through the product's search: its list brings along every contact that the caller may see."""
    found = yield from hit("deal", number)
    if found is None:
        raise Refused("not-found", status=200, detail=f"no deal has the number {number}")
    told = fields_of((yield Request(method="GET", path=f"{DEALS.path}{found}/", step="a deal")))
    row: Row = told[DEALS.detail]
    return row


def hit(kind: str, title: str) -> Steps[str | None]:
    """Return the UUID of what the product's search finds under exactly this title, None for nothing."""
    told = fields_of((yield Request(method="GET", path="/api/search/", query={"q": title})))
    found = (one["id"] for one in told["results"] if one["type"] == kind and one["title"] == title)
    return next(found, None)


def path_of(form: Form, number: str) -> Steps[str]:
    """Return the path of the record with the bank's number."""
    row = yield from row_of(form, number)
    return f"{form.path}{row['id']}/"


def contact_of(number: str) -> Steps[str]:
    """Return the UUID of a customer's contact, for what shall hang on it; raises Refused naming the field."""
    try:
        return str((yield from row_of(CONTACTS, number))["id"])
    except Refused as no:
        if no.reason == "not-found":
            raise Refused("invalid", status=200, detail=str(no), fields=("customer",)) from None
        raise


def safe(number: str) -> str:
    """Return a part of a path that can be nothing else."""
    return quote(number, safe="")
