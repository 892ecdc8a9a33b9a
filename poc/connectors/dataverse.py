"""Dataverse: Dynamics 365 over the Web API (OData v4), written from the public documents.

A customer is a contact; accounts and holdings are custom tables. The administrator adds the column ``bank_number`` with
an alternate key to each table, and where the product has no column of the kind one of our name (``bank_tier``); see
docs/clouds.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from poc.connectors.dataverse_words import challenged, error_of
from poc.connectors.dialect import Dialect, kept
from poc.connectors.replies import fields_of
from poc.connectors.shape import Shape, Shapes
from scenarios.actors import Credential
from scenarios.answers import BulkReport, OnFile, Page, Rejection, Session
from scenarios.port import BenchFault, Connector, Refused, Reply, Request, Steps, Unsupported
from synthetic_data.records import Account, Customer, Holding, Opportunity, Record, Ticket

DATA = "/api/data/v9.2"
DIALECT = Dialect(
    moment=lambda at: at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    number=float,
)
KEY, ETAG = "bank_number", "@odata.etag"
#: Rows of a page at most, and of one UpsertMultiple (100 to 1,000 are recommended).
PAGE_ROWS, BULK_ROWS = 5000, 200
#: Refusals of a batch that one of its rows may be to blame for.
ROWS_FAULT = frozenset({"invalid", "duplicate", "not-found", "conflict"})
#: Headers that every request should bear (compose-http-requests-handle-errors).
HEADERS: Mapping[str, str] = {"OData-MaxVersion": "4.0", "OData-Version": "4.0", "Accept": "application/json"}
#: Where a lookup leads, by its navigation property; and what a table is called in the singular.
LEADS: Mapping[str, str] = {
    "customerid_contact": "contacts",
    "bank_Customer": "contacts",
    "bank_Account": "bank_accounts",
}
TYPES: Mapping[str, str] = {"opportunities": "opportunity"}
#: Columns that a table must be given at creation besides ours; ``{}`` stands for our number.
REQUIRED: Mapping[str, Mapping[str, object]] = {
    "opportunities": {"name": "{}", "isrevenuesystemcalculated": False},
    "bank_accounts": {"bank_name": "{}"},
    "bank_holdings": {"bank_name": "{}"},
}
_OPERATORS = {"": "eq", "gt": "gt", "lt": "lt", "gte": "ge", "lte": "le"}


def _shape(
    kind: type[Record], path: str, words: Mapping[str, Mapping[str, object]] | None = None, **standard: str
) -> Shape:
    """Return a shape in which every field that is not the product's own is a column of our name."""
    named = {name: standard.get(name, f"bank_{name}") for name in kept(kind)}
    return Shape(kind=kind, path=path, names=named, words=words or {}, key=KEY, version=ETAG)


SHAPES = Shapes(
    _shape(
        Customer, "contacts",
        name="lastname", email="emailaddress1", mobile="mobilephone", birth_date="birthdate", address="address1_line1",
    ),
    _shape(
        Opportunity, "opportunities",
        customer="customerid_contact/bank_number", amount="estimatedvalue", closes="estimatedclosedate",
    ),
    _shape(
        Ticket, "incidents", {"severity": {"high": 1, "normal": 2, "low": 3}},
        customer="customerid_contact/bank_number", subject="title", text="description", severity="prioritycode",
    ),
    _shape(Account, "bank_accounts", customer="bank_Customer/bank_number"),
    _shape(Holding, "bank_holdings", account="bank_Account/bank_number"),
)  # fmt: skip


class DataverseConnector(Connector):
    """Dynamics 365: a user name is an app registration's client id, a secret its client secret."""

    title = "Microsoft Dynamics 365 (Dataverse)"
    from_documents = "https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/"

    # -- what a reply means ------------------------------------------------------------------------------------------
    def error_of(self, reply: Reply) -> Refused | None:
        """Return the refusal in an error body."""
        return error_of(reply)

    # -- sessions ----------------------------------------------------------------------------------------------------
    def sign_in(self, credential: Credential) -> Steps[Session]:
        """Ask without a token, learn from the challenge where to sign in, and trade the app's secret for a token there.

        The place is not the environment's own: the target's settings must name it (``identity``).
        """
        authority, resource = yield from self._challenge()
        told = {"grant_type": "client_credentials", "client_id": credential.username, "scope": f"{resource}/.default"}
        got = fields_of(
            (
                yield Request(
                    method="POST",
                    path=f"{authority}/oauth2/v2.0/token",
                    content=urlencode({**told, "client_secret": credential.secret}).encode(),
                    headers={"content-type": "application/x-www-form-urlencoded"},
                )
            )
        )
        return Session(headers={"authorization": f"Bearer {got['access_token']}"}, seconds=int(got["expires_in"]))

    def _challenge(self) -> Steps[tuple[str, str]]:
        try:
            yield Request(method="GET", path=f"{DATA}/", headers=HEADERS)
        except Refused as no:
            if found := challenged(no.detail):
                return found
        raise BenchFault("the address does not say where to sign in (WWW-Authenticate): is it a Dataverse environment?")

    # -- records -----------------------------------------------------------------------------------------------------
    def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
        """Put a record on file (create-entity-web-api); a number that is on file is refused, ``key`` or not."""
        shape = SHAPES.of(type(record))
        yield Request(method="POST", path=f"{DATA}/{shape.path}", json=_told(shape, record), headers=HEADERS)
        return record.number

    def get(self, kind: type[Record], number: str, *, include: Sequence[type[Record]] = ()) -> Steps[OnFile]:
        """Read a record by its alternate key; its version is the ETag."""
        shape = SHAPES.of(kind)
        reply = yield Request(method="GET", path=_path(shape, number), query=_columns(shape), headers=HEADERS)
        return _ours(shape, fields_of(reply))

    def list(
        self,
        kind: type[Record],
        *,
        where: Mapping[str, str] | None = None,
        sort: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Steps[Page]:
        """Read a page; the next is asked for by the address that came with this one, unchanged (query/page-results)."""
        shape = SHAPES.of(kind)
        order = {}
        if sort:
            order["$orderby"] = f"{shape.field(sort.removeprefix('-'))} {'desc' if sort.startswith('-') else 'asc'}"
        asked = {**_columns(shape), **_filtered(_conditions(shape, where or {})), **order}
        return (yield from self._page(shape, asked, min(limit, PAGE_ROWS), cursor))

    def find(self, kind: type[Record], /, **by: str) -> Steps["tuple[OnFile, ...]"]:
        """Look up by exact values; the product does not tell capitals from small letters."""
        shape = SHAPES.of(kind)
        asked = {**_columns(shape), **_filtered(_conditions(shape, by))}
        page = yield from self._page(shape, asked, PAGE_ROWS, None)
        found = [*page]
        while page.next is not None:
            page = yield from self._page(shape, asked, PAGE_ROWS, page.next)
            found += [*page]
        return tuple(found)

    def search(self, kind: type[Record], text: str, *, limit: int = 20) -> Steps["tuple[OnFile, ...]"]:
        """Search customers by a part of their names (``contains``)."""
        shape = SHAPES.of(kind)
        if kind is not Customer:
            raise Unsupported(f"{kind.__name__} records have no name to search by")
        wanted = [f"contains({shape.field('name')},{_quoted(text)})"]
        page = yield from self._page(shape, {**_columns(shape), **_filtered(wanted)}, limit, None)
        return tuple(page)

    def update(
        self, kind: type[Record], number: str, changes: Mapping[str, object], *, version: str | None = None
    ) -> Steps[OnFile]:
        """Change columns, on condition of an ETag or of the row being there (``If-Match: *``), never creating it."""
        shape = SHAPES.of(kind)
        told = _bound(DIALECT.changes(shape, changes))
        headers = {**HEADERS, "If-Match": version or "*"}
        yield Request(method="PATCH", path=_path(shape, number), json=told, headers=headers)
        return (yield from self.get(kind, number))

    def delete(self, kind: type[Record], number: str) -> Steps[None]:
        """Take a record off file."""
        yield Request(method="DELETE", path=_path(SHAPES.of(kind), number), headers=HEADERS)

    def bulk(self, records: Sequence[Record], *, dry_run: bool = False, job: str | None = None) -> Steps[BulkReport]:
        """Load with UpsertMultiple by alternate key, so that the same rows again double nothing (bulk-operations).

        One bad row fails its whole batch, whose rows are then sent one by one to learn which it was.
        """
        if dry_run:
            raise Unsupported("the product offers no bulk load on trial")
        rejected = list[Rejection]()
        for start in range(0, len(records), BULK_ROWS):
            rows = records[start : start + BULK_ROWS]
            try:
                yield _upserted(SHAPES.of(type(rows[0])), rows)
            except Refused as no:
                if no.reason not in ROWS_FAULT:
                    raise
                for place, one in enumerate(rows, start=start):
                    rejected += yield from self._each(one, place)
        return BulkReport(job=job or "", accepted=len(records) - len(rejected), rejected=tuple(rejected))

    def _each(self, record: Record, place: int) -> Steps["tuple[Rejection, ...]"]:
        shape = SHAPES.of(type(record))
        try:
            path = _path(shape, record.number)
            yield Request(method="PATCH", path=path, json=_told(shape, record), headers=HEADERS)
        except Refused as no:
            return (Rejection(row=place, field=", ".join(no.fields), reason=no.detail),)
        return ()

    def count(self, kind: type[Record], by: str) -> Steps[Mapping[str, int]]:
        """Count records by a column (``$apply``; query/aggregate-data); of over 50,000 the product refuses to."""
        shape = SHAPES.of(kind)
        field = shape.field(by)
        asked = {"$apply": f"groupby(({field}),aggregate($count as rows))"}
        told = fields_of((yield Request(method="GET", path=f"{DATA}/{shape.path}", query=asked, headers=HEADERS)))
        words = {theirs: ours for ours, theirs in shape.words.get(by, {}).items()}
        return {str(words.get(row[field], row[field])): int(row["rows"]) for row in told["value"]}

    # -- how it is said ----------------------------------------------------------------------------------------------
    def _page(self, shape: Shape, asked: Mapping[str, str], limit: int, cursor: str | None) -> Steps[Page]:
        headers = {**HEADERS, "Prefer": f"odata.maxpagesize={limit}"}
        if cursor is None:
            reply = yield Request(method="GET", path=f"{DATA}/{shape.path}", query=asked, headers=headers)
        else:
            reply = yield Request(method="GET", path=cursor, headers=headers)
        told = fields_of(reply)
        parts = urlsplit(str(told.get("@odata.nextLink", "")))
        following = f"{parts.path}?{parts.query}" if parts.path else None
        return Page(rows=tuple(_ours(shape, row) for row in told["value"]), next=following)


def _path(shape: Shape, number: str) -> str:
    named = quote(_quoted(number), safe="'")
    return f"{DATA}/{shape.path}({KEY}={named})"


def _columns(shape: Shape) -> dict[str, str]:
    """Return what is asked for of a table: its columns, and our number behind each lookup."""
    own = [name for name in shape.names.values() if "/" not in name]
    lookups = [name.partition("/") for name in shape.names.values() if "/" in name]
    expanded = {"$expand": ",".join(f"{stem}($select={field})" for stem, _, field in lookups)}
    return {"$select": ",".join(own), **(expanded if lookups else {})}


def _told(shape: Shape, record: Record) -> dict[str, Any]:
    named = {name: record.number if value == "{}" else value for name, value in REQUIRED.get(shape.path, {}).items()}
    return {**named, **_bound(DIALECT.record(shape, record))}


def _bound(flat: Mapping[str, object]) -> dict[str, Any]:
    """Return columns with lookups as they are written: bound to a row by its alternate key."""
    made: dict[str, Any] = {}
    for name, value in flat.items():
        stem, slash, _ = name.partition("/")
        made |= {f"{stem}@odata.bind": f"/{LEADS[stem]}({KEY}={_quoted(str(value))})"} if slash else {name: value}
    return made


def _upserted(shape: Shape, rows: Sequence[Record]) -> Request:
    kind = f"Microsoft.Dynamics.CRM.{TYPES.get(shape.path, shape.path.removesuffix('s'))}"
    targets = [
        {**_told(shape, one), "@odata.type": kind, "@odata.id": f"{shape.path}({KEY}={_quoted(one.number)})"}
        for one in rows
    ]
    path = f"{DATA}/{shape.path}/Microsoft.Dynamics.CRM.UpsertMultiple"
    return Request(method="POST", path=path, json={"Targets": targets}, headers=HEADERS)


def _ours(shape: Shape, row: Mapping[str, Any]) -> OnFile:
    flat = {name: value for name, value in row.items() if not isinstance(value, dict)}
    inner = {name: value for name, value in row.items() if isinstance(value, dict)}
    joined = {f"{name}/{field}": value for name, held in inner.items() for field, value in held.items()}
    return DIALECT.on_file(shape, flat | joined)


def _filtered(wanted: Sequence[str]) -> dict[str, str]:
    return {"$filter": " and ".join(wanted)} if wanted else {}


def _conditions(shape: Shape, by: Mapping[str, str]) -> list[str]:
    return list(_each_condition(shape, by))


def _each_condition(shape: Shape, by: Mapping[str, str]) -> Iterator[str]:
    known = kept(shape.kind)
    for name, value in by.items():
        stem, _, tail = name.partition("__")
        ((field, written),) = DIALECT.changes(shape, {stem: value}).items()
        bare = (known[stem].type if stem in known else str) in (bool, date, datetime, Decimal)
        literal = str(written).lower() if isinstance(written, bool) else str(written)
        yield f"{field} {_OPERATORS[tail]} {literal if bare or isinstance(written, int) else _quoted(literal)}"


def _quoted(text: str) -> str:
    """Return text as OData quotes it: an apostrophe is written twice."""
    return "'" + text.replace("'", "''") + "'"
