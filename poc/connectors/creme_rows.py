"""Rows: how records of Creme are reached: pages of lists, the one row of the bank's number, forms that are sent."""

import json
from collections.abc import Mapping

from poc.connectors.creme_forms import CONTACTS, OWNER, Form, condition
from poc.connectors.creme_pages import Line, Listing, listing
from poc.webforms import SENT_AS, Told, WebForm, webform
from scenarios.port import BenchFault, Refused, Reply, Request, Steps

#: The sizes of a page that the product knows.
SIZES = (10, 25, 50, 100, 200)


def listed(
    form: Form,
    asked: Mapping[str, object] | None,
    *,
    rows: int = SIZES[0],
    page: int = 1,
    order: Mapping[str, str] | None = None,
) -> Steps[Listing]:
    """Read a page of a list; ``asked`` is a condition of the product's."""
    query = {"content": "1", "hfilter": form.view, "rows": str(rows), "page": str(page), **(order or {})}
    if asked is not None:
        query["q_filter"] = json.dumps(asked, ensure_ascii=False)
    reply = yield Request(method="GET", path=form.path, query=query)
    return listing(reply.body)


def found_in(form: Form, number: str) -> Steps[tuple[Listing, Line]]:
    """Read the row of the bank's number, and the list that it stood in; raises Refused where there is none."""
    shown = yield from listed(form, condition("AND", form.asked({_number(form): number})))
    if not shown.lines:
        raise Refused("not-found", status=200, detail=f"no {form.shape.path} have the number {number}")
    return shown, shown.lines[0]


def line_of(form: Form, number: str) -> Steps[Line]:
    """Read the row of the bank's number; raises Refused, since an empty list is a yes to the product."""
    return (yield from found_in(form, number))[1]


def customer_of(number: str) -> Steps[tuple[Listing, Line]]:
    """Read the row of a customer on whom something shall hang; raises Refused naming the field."""
    try:
        return (yield from found_in(CONTACTS, number))
    except Refused as no:
        if no.reason == "not-found":
            raise Refused("invalid", status=200, detail=str(no), fields=("customer",)) from None
        raise


def shown_form(path: str, query: Mapping[str, str] | None = None) -> Steps[WebForm]:
    """Read a form; raises BenchFault where the product shows a page without one."""
    reply = yield Request(method="GET", path=path, query=query or {}, step="a form")
    found = webform(reply.body)
    if found is None:
        raise BenchFault(f"Creme shows no form at {path}: is it the version that this connector was written for?")
    return found


def send(path: str, form: WebForm, told: Told, names: Mapping[str, str] | None = None) -> Steps[Reply]:
    """Send a form back with some fields told; a complaint names our fields, by ``names`` (ours -> theirs).

    An owner whom the form does not offer is not told: a branch without a team is its maker's.
    """
    told = {name: value for name, value in told.items() if name != OWNER or value in form.choices.get(OWNER, {})}
    if lacking := [name for name in told if not form.has(name)]:
        raise BenchFault(f"Creme's form {path} has no field {lacking[0]}: add it as a custom field (docs/vendors.md)")
    try:
        return (yield Request(method="POST", path=path, content=form.filled(told), headers=SENT_AS))
    except Refused as no:
        words = {field: label for label, field in form.labels.items()}
        back = {theirs: ours for ours, theirs in (names or {}).items()}
        fields = tuple(back.get(one, back.get(words.get(one, one), one)) for one in no.fields)
        raise Refused(no.reason, status=no.status, detail=no.detail, fields=fields) from None


def taken_off(entity: str) -> Steps[None]:
    """Take a record off file: into the trash, then out of it; what the product will not let go is put back."""
    path = f"/creme_core/entity/delete/{entity}"
    yield Request(method="POST", path=path, step="into the trash")
    try:
        yield Request(method="POST", path=path, step="out of the trash")
    except Refused:
        yield Request(method="POST", path=f"/creme_core/entity/restore/{entity}", step="back from the trash")
        raise


def _number(form: Form) -> str:
    return next(ours for ours, theirs in form.shape.names.items() if theirs == form.shape.key)
