"""BottleCRM: version 1.35 over its REST API, as it answered when it ran beside us.

A customer is a contact, a company an account, a ticket a case, an opportunity a deal. A record is found by the bank's
own number, which stands in a custom field (a deal has it as its name); the product's UUID stays between these lines. A
branch is an account of its number: whoever is assigned to that account sees its customers (docs/vendors.md).
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from poc.connectors.bottlecrm_desk import BottleDesk
from poc.connectors.bottlecrm_forms import (
    CASES,
    CONTACTS,
    CUSTOM,
    DEALS,
    DIALECT,
    SHARED_EMAIL,
    Form,
    form_of,
    interaction,
    logged,
)  # fmt: skip
from poc.connectors.bottlecrm_rows import contact_of, error_of, hit, listed, path_of, row_of, safe
from poc.connectors.replies import fields_of
from scenarios.actors import Credential
from scenarios.answers import OnFile, Overview, Page, Session
from scenarios.lines import plain
from scenarios.port import Refused, Reply, Request, Steps, Unsupported
from scenarios.verdict import NotTestable
from synthetic_data.records import Customer, Interaction, Opportunity, Record, Ticket

#: The most interactions of one timeline that the product hands out at a time.
TIMELINE = 200
#: Columns of the product's export that the bank knows.
EXPORTED: Mapping[str, Mapping[str, str]] = {
    "contacts": {
        "First name": "latin_name", "Last name": "name", "Email": "email", "Phone": "mobile", "Title": "occupation",
        "Organization": "employer",
    },
    "opportunities": {"Name": "number", "Amount": "amount", "Currency": "currency", "Stage": "stage"},
    "accounts": {"Name": "name", "Phone": "phone", "Annual revenue": "annual_turnover", "Currency": "currency"},
}  # fmt: skip


class BottleCRMConnector(BottleDesk):
    """BottleCRM (django-crm) by personal access tokens; people sign in with mailed codes, which no bench can read."""

    title = "BottleCRM"

    def error_of(self, reply: Reply) -> Refused | None:
        """Return the refusal in a reply, whichever of its three shapes it has."""
        return error_of(reply)

    def sign_in(self, credential: Credential) -> Steps[Session]:
        """Say why no password can be tried: there is none."""
        raise NotTestable("people sign in with a code that is mailed to them; the bench was given access tokens")

    # -- records -----------------------------------------------------------------------------------------------------
    def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
        """Put a record on file; a repeat under a ``key`` finds what the first one made.

        The product keeps one contact for each e-mail address. Under a key, where a bank moves in, the second of two
        equal addresses goes into a custom field; without one it is refused as the double that the product takes it for.
        """
        if isinstance(record, Interaction):
            return (yield from self._log(record))
        form = form_of(type(record))
        told = {**form.told(DIALECT.record(form.shape, record), record.number), **(yield from self._ties(record))}
        try:
            yield Request(method="POST", path=form.path, json=told)
        except Refused as no:
            if key is None or no.reason != "duplicate":
                raise
            yield from self._again(form, record, told, no)
        return record.number

    def get(self, kind: type[Record], number: str, *, include: Sequence[type[Record]] = ()) -> Steps[OnFile]:
        """Read a record by the bank's number; an interaction by the product's, of its contact and its own."""
        if kind is Interaction:
            return (yield from self._interaction(number))
        form = form_of(kind)
        seen = form.seen((yield from row_of(form, number)))
        related = {}
        for other in include:
            form_of(other)
            related[other.__name__] = (yield from self.list(other, where={"customer": number})).rows
        return OnFile(kind=seen.kind, number=seen.number, fields=seen.fields, included=related)

    def list(
        self,
        kind: type[Record],
        *,
        where: Mapping[str, str] | None = None,
        sort: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Steps[Page]:
        """Read a page; the product filters by parts of a text, so that a page may come back shorter than asked."""
        if kind is Interaction:
            return (yield from self._timeline(where or {}, limit, cursor))
        form, start = form_of(kind), int(cursor or 0)
        query = {**form.asked(where or {}), "limit": str(limit), "offset": str(start)}
        if sort is not None:
            query["ordering"] = form.order(sort)
        rows, total = yield from listed(form, query)
        following = str(start + len(rows)) if rows and start + len(rows) < total else None
        seen = (one for one in map(form.seen, rows) if _fits(one, where or {}))
        return Page(rows=tuple(seen), next=following, total=None if where else total)

    def find(self, kind: type[Record], /, **by: str) -> Steps["tuple[OnFile, ...]"]:
        """Look up by exact values; an e-mail address also where a second contact had to put it."""
        form = form_of(kind)
        rows, _ = yield from listed(form, {**form.asked(by), "limit": "100"})
        if form is CONTACTS and tuple(by) == ("email",):
            rows += (yield from listed(form, {f"{CUSTOM}{SHARED_EMAIL}": by["email"], "limit": "100"}))[0]
        return tuple(one for one in map(form.seen, rows) if _fits(one, by))

    def search(self, kind: type[Record], text: str, *, limit: int = 20) -> Steps["tuple[OnFile, ...]"]:
        """Search by a part of the text: of names, e-mail and telephone for contacts, of names and notes for cases."""
        form = form_of(kind)
        rows, _ = yield from listed(form, {"search": text, "limit": str(limit)})
        return tuple(map(form.seen, rows))

    def update(
        self, kind: type[Record], number: str, changes: Mapping[str, object], *, version: str | None = None
    ) -> Steps[OnFile]:
        """Change fields; the product knows no conditional request, so none is pretended."""
        if version is not None:
            raise Unsupported("the product offers no change on condition of a version")
        if kind is Interaction:
            raise Unsupported("the product changes no interaction that a bank brought along")
        form = form_of(kind)
        path = yield from path_of(form, number)
        yield Request(method="PATCH", path=path, json=form.told(DIALECT.changes(form.shape, changes), number))
        return form.seen((yield from row_of(form, number)))

    def delete(self, kind: type[Record], number: str) -> Steps[None]:
        """Take a record off file."""
        if kind is Interaction:
            yield Request(method="DELETE", path=f"/api/interactions/{safe(number.rpartition('.')[2])}/")
            return
        yield Request(method="DELETE", path=(yield from path_of(form_of(kind), number)))

    def count(self, kind: type[Record], by: str) -> Steps[Mapping[str, int]]:
        """Count deals by stage, as the product's board does; it counts nothing else by a field."""
        if (kind, by) != (Opportunity, "stage"):
            raise Unsupported("the product counts deals by stage only")
        told = fields_of((yield Request(method="GET", path=f"{DEALS.path}kanban/")))
        words = {theirs: ours for ours, theirs in DEALS.shape.words["stage"].items()}
        return {words.get(one["id"], one["id"]): int(one["item_count"]) for one in told["columns"]}

    def export(self, kind: type[Record]) -> Steps["tuple[OnFile, ...]"]:
        """Read the product's CSV of all rows that the caller may see; it holds the product's UUID, no custom fields."""
        form = form_of(kind)
        if form.shape.path not in EXPORTED:
            raise Unsupported(f"the product's export of {form.shape.path} holds nothing by which the bank knows them")
        reply = yield Request(method="GET", path=f"{form.path}export/")
        columns = EXPORTED[form.shape.path]
        rows = csv.DictReader(io.StringIO(reply.body.decode("utf-8-sig")))
        return tuple(_exported(kind, columns, row) for row in rows)

    # -- people ------------------------------------------------------------------------------------------------------
    def overview(self, customer: str) -> Steps[Overview]:
        """Read a customer at one glance: who it is, the deals, cases and interactions (three calls)."""
        row = yield from row_of(CONTACTS, customer)
        one = CONTACTS.seen(row)
        told = fields_of((yield Request(method="GET", path=f"{CONTACTS.path}{row['id']}/", step="a contact")))
        talks = (yield from self._timeline({"customer": customer}, 20, None, contact=str(row["id"]))).rows
        domains: dict[str, tuple[Mapping[str, object], ...]] = {
            "identity": (_some(one, "name", "latin_name", "birth_date", "national_id"),),
            "contact": (_some(one, "mobile", "email", "address"),),
            "risk": (_some(one, "risk_level", "aml_rating"),),
            "opportunities": tuple({"number": deal["name"], **deal} for deal in told["opportunities"]),
            "tickets": tuple(CASES.seen(case).fields for case in told["cases"]),
            "interactions": tuple(talk.fields for talk in talks),
        }
        return Overview(customer=one, domains=domains, calls=3)

    def merge(self, keep: str, drop: str) -> Steps[OnFile]:
        """Make one contact of two; what hangs on ``drop`` moves, its own values go."""
        kept = yield from path_of(CONTACTS, keep)
        gone = str((yield from row_of(CONTACTS, drop))["id"])
        yield Request(method="POST", path=f"{kept}merge/", json={"merge_id": gone})
        return CONTACTS.seen((yield from row_of(CONTACTS, keep)))

    # -- how it is said ----------------------------------------------------------------------------------------------
    def _ties(self, record: Record) -> Steps[dict[str, object]]:
        """Return what a record is tied to: a customer to its branch, a deal or case to its customer."""
        if isinstance(record, Customer):
            branch = yield from hit("account", record.branch)
            return {} if branch is None else {"account": branch}
        if isinstance(record, Opportunity | Ticket):
            return {"contacts": [(yield from contact_of(record.customer))]}
        return {}

    def _again(self, form: Form, record: Record, told: Mapping[str, Any], no: Refused) -> Steps[None]:
        """Put a contact on file whose e-mail address is taken, unless it is this very record that is on file.

        Raises the refusal again for what is neither.
        """
        rows, _ = yield from listed(form, {form.shape.key: record.number, "limit": "1"})
        if rows:
            return
        if form is not CONTACTS or no.fields != ("email",):
            raise no
        custom = {**told["custom_fields"], SHARED_EMAIL: told["email"]}
        yield Request(method="POST", path=form.path, json={**told, "email": None, "custom_fields": custom})

    def _log(self, one: Interaction) -> Steps[str]:
        contact = yield from contact_of(one.customer)
        told = fields_of((yield Request(method="POST", path="/api/interactions/", json=interaction(one, contact))))
        return f"{contact}.{told['id']}"

    def _timeline(
        self, where: Mapping[str, str], limit: int, cursor: str | None, *, contact: str | None = None
    ) -> Steps[Page]:
        if tuple(where) != ("customer",):
            raise Unsupported("the product lists interactions of one record at a time")
        customer, start = where["customer"], int(cursor or 0)
        contact = contact or str((yield from row_of(CONTACTS, customer))["id"])
        query = {"contact": contact, "limit": str(min(limit, TIMELINE)), "offset": str(start)}
        told = fields_of((yield Request(method="GET", path="/api/interactions/", query=query)))
        rows, total = told["interactions"], int(told["count"])
        following = str(start + len(rows)) if rows and start + len(rows) < total else None
        return Page(rows=tuple(logged(row, customer) for row in rows), next=following, total=total)

    def _interaction(self, number: str) -> Steps[OnFile]:
        contact, _, wanted = number.partition(".")
        query = {"contact": contact, "limit": str(TIMELINE)}
        try:
            told = fields_of((yield Request(method="GET", path="/api/interactions/", query=query)))
        except Refused as no:
            raise Refused("not-found" if no.reason == "invalid" else no.reason, status=no.status) from None
        row = next((one for one in told["interactions"] if one["id"] == wanted), None)
        if row is None:
            raise Refused("not-found", status=200, detail=f"no interaction has the number {number}")
        person = fields_of((yield Request(method="GET", path=f"{CONTACTS.path}{contact}/", step="a contact")))
        return logged(row, CONTACTS.seen(person[CONTACTS.detail]).number)


def _fits(seen: OnFile, where: Mapping[str, str]) -> bool:
    """Whether a row is what was asked for: the product compares parts of a text, and bounds inclusively."""
    for name, value in where.items():
        stem, _, tail = name.partition("__")
        shown = seen[stem]
        if not tail and str(plain(shown)) != str(value):
            return False
        if tail and str(shown) == str(value):
            return False
    return True


def _some(one: OnFile, *names: str) -> dict[str, object]:
    return {name: one[name] for name in names}


def _exported(kind: type[Record], columns: Mapping[str, str], row: Mapping[str, str]) -> OnFile:
    known = {ours: row[theirs] for theirs, ours in columns.items() if theirs in row}
    return OnFile(kind=kind.__name__, number=known.get("number", row.get("ID", "")), fields=known)
