"""HubSpot: the CRM objects over the v3 interface, written from the public documents.

A customer is a contact; accounts and holdings are custom objects. The administrator adds ``bank_number`` with unique
values to each object, and where the product has no property of the kind one of our name (``bank_tier``); see
docs/clouds.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from poc.connectors.dialect import Dialect, kept
from poc.connectors.hubspot_words import error_of, wait_of
from poc.connectors.replies import fields_of, moment
from poc.connectors.shape import Shape, Shapes
from scenarios.actors import Credential
from scenarios.answers import BulkReport, Change, OnFile, Page, Rejection, Session
from scenarios.port import Connector, Refused, Reply, Request, Steps, Unsupported
from synthetic_data.records import Account, Customer, Holding, Opportunity, Record, Ticket

OBJECTS = "/crm/v3/objects"
#: Everything is text on the way back, and a moment ends in Z.
DIALECT = Dialect(
    moment=lambda at: at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    flag=lambda yes: "true" if yes else "false",
    read_flag=lambda told: str(told) == "true",
)
KEY = "bank_number"
#: Rows of a page of a list and of a search, the last row that a search shows, rows of a batch.
PAGE_ROWS, SEARCH_ROWS, DEEPEST, BATCH = 100, 200, 10_000, 100
#: Types of association that HubSpot defines (crm/associations): from a deal, from a ticket, to a contact.
TO_CONTACT: Mapping[type[Record], int] = {Opportunity: 3, Ticket: 16}
_OPERATORS = {"": "EQ", "gt": "GT", "lt": "LT", "gte": "GTE", "lte": "LTE"}


def _shape(
    kind: type[Record], path: str, words: Mapping[str, Mapping[str, str]] | None = None, **standard: str
) -> Shape:
    """Return a shape in which every field that is not the product's own is a property of our name (``bank_tier``)."""
    named = {name: standard.get(name, f"bank_{name}") for name in kept(kind)}
    return Shape(kind=kind, path=path, names=named, words=words or {}, key=KEY, version="")


SHAPES = Shapes(
    _shape(Customer, "contacts", name="lastname", mobile="mobilephone", email="email", address="address"),
    _shape(
        Opportunity, "deals",
        {"stage": {
            "qualified": "qualifiedtobuy", "proposed": "presentationscheduled", "negotiated": "contractsent",
            "won": "closedwon", "lost": "closedlost",
        }},
        stage="dealstage", closes="closedate", amount="amount",
    ),
    _shape(
        Ticket, "tickets",
        {
            "status": {"open": "1", "paused": "2", "closed": "4"},
            "severity": {"low": "LOW", "normal": "MEDIUM", "high": "HIGH", "critical": "URGENT"},
        },
        subject="subject", text="content", status="hs_pipeline_stage", severity="hs_ticket_priority",
    ),
    _shape(Account, "p_bank_account"),
    _shape(Holding, "p_bank_holding"),
)  # fmt: skip


class HubSpotConnector(Connector):
    """HubSpot: a user name is an app's client id, a secret CLIENT-SECRET/REFRESH-TOKEN; a token is a private app's."""

    title = "HubSpot"
    from_documents = "https://developers.hubspot.com/docs/api-reference"

    # -- what a reply means ------------------------------------------------------------------------------------------
    def error_of(self, reply: Reply) -> Refused | None:
        """Return the refusal in an error body."""
        return error_of(reply)

    def throttle_of(self, reply: Reply) -> float | None:
        """Return the seconds to wait; raises BenchFault when the day is used up or the account is being moved."""
        return wait_of(reply)

    # -- sessions ----------------------------------------------------------------------------------------------------
    def sign_in(self, credential: Credential) -> Steps[Session]:
        """Trade a refresh token for a token of half an hour (OAuth; working-with-oauth)."""
        secret, _, refresh = credential.secret.partition("/")
        told = {"grant_type": "refresh_token", "client_id": credential.username, "client_secret": secret}
        got = fields_of(
            (
                yield Request(
                    method="POST",
                    path="/oauth/v1/token",
                    content=urlencode({**told, "refresh_token": refresh}).encode(),
                    headers={"content-type": "application/x-www-form-urlencoded"},
                )
            )
        )
        return Session(headers={"authorization": f"Bearer {got['access_token']}"}, seconds=int(got["expires_in"]))

    # -- records -----------------------------------------------------------------------------------------------------
    def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
        """Put a record on file, associated with its contact; a number that is on file is refused, ``key`` or not."""
        shape = SHAPES.of(type(record))
        told: dict[str, object] = {"properties": _told(shape, record)}
        if (way := TO_CONTACT.get(type(record))) is not None:
            contact = yield from self._row(SHAPES.of(Customer), str(getattr(record, "customer", "")))
            kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": way}
            told["associations"] = [{"to": {"id": contact["id"]}, "types": [kind]}]
        yield Request(method="POST", path=f"{OBJECTS}/{shape.path}", json=told)
        return record.number

    def get(self, kind: type[Record], number: str, *, include: Sequence[type[Record]] = ()) -> Steps[OnFile]:
        """Read a record by our number (``idProperty``); no version is told, since none can be asked for."""
        shape = SHAPES.of(kind)
        return _ours(shape, (yield from self._row(shape, number)))

    def list(
        self,
        kind: type[Record],
        *,
        where: Mapping[str, str] | None = None,
        sort: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Steps[Page]:
        """Read a page: of the list, else of a search, which lags behind and ends at the 10,000th row."""
        shape = SHAPES.of(kind)
        if where or sort:
            return (yield from self._search(shape, _filters(shape, where or {}), limit, sort=sort, after=cursor))
        asked = {"limit": str(min(limit, PAGE_ROWS)), "properties": _properties(shape)}
        path = f"{OBJECTS}/{shape.path}"
        told = fields_of(
            (yield Request(method="GET", path=path, query={**asked, **({"after": cursor} if cursor else {})}))
        )
        return Page(rows=tuple(_ours(shape, row) for row in told["results"]), next=_after(told))

    def find(self, kind: type[Record], /, **by: str) -> Steps["tuple[OnFile, ...]"]:
        """Look up by exact values: by our number at once, else by a search, which lags behind."""
        shape = SHAPES.of(kind)
        if set(by) == {"number"}:
            try:
                return (_ours(shape, (yield from self._row(shape, by["number"]))),)
            except Refused as no:
                if no.reason != "not-found":
                    raise
                return ()
        found = yield from self._search(shape, _filters(shape, by), SEARCH_ROWS)
        return tuple(found)

    def search(self, kind: type[Record], text: str, *, limit: int = 20) -> Steps["tuple[OnFile, ...]"]:
        """Search customers by a part of their names (``CONTAINS_TOKEN`` with wildcards)."""
        shape = SHAPES.of(kind)
        if kind is not Customer:
            raise Unsupported(f"{kind.__name__} records have no name to search by")
        wanted = {"propertyName": shape.field("name"), "operator": "CONTAINS_TOKEN", "value": f"*{text}*"}
        found = yield from self._search(shape, [wanted], limit)
        return tuple(found)

    def update(
        self, kind: type[Record], number: str, changes: Mapping[str, object], *, version: str | None = None
    ) -> Steps[OnFile]:
        """Change properties; the documents describe no conditional request, so none is pretended here."""
        shape = SHAPES.of(kind)
        if version is not None:
            raise Unsupported("the product offers no change on condition of a version")
        told = {"properties": _blank(DIALECT.changes(shape, changes))}
        yield Request(method="PATCH", path=_path(shape, number), query={"idProperty": KEY}, json=told)
        return (yield from self.get(kind, number))

    def delete(self, kind: type[Record], number: str) -> Steps[None]:
        """Archive a record by the product's id; for an id that is not there it says yes, hence the read before."""
        shape = SHAPES.of(kind)
        row = yield from self._row(shape, number)
        yield Request(method="DELETE", path=f"{OBJECTS}/{shape.path}/{row['id']}")

    def bulk(self, records: Sequence[Record], *, dry_run: bool = False, job: str | None = None) -> Steps[BulkReport]:
        """Load in batches of 100, each upserted by our number, so that the same rows again double nothing.

        A batch of which some rows were refused is a 207, whose errors name the row that they speak of by the trace id
        that it was sent with. Rows that are loaded so are not associated with their contact.
        """
        if dry_run:
            raise Unsupported("the product offers no bulk load on trial")
        accepted, rejected = 0, list[Rejection]()
        for start in range(0, len(records), BATCH):
            rows = records[start : start + BATCH]
            shape = SHAPES.of(type(rows[0]))
            inputs = [
                {
                    "id": one.number,
                    "idProperty": KEY,
                    "objectWriteTraceId": str(start + place),
                    "properties": _told(shape, one),
                }
                for place, one in enumerate(rows)
            ]
            path = f"{OBJECTS}/{shape.path}/batch/upsert"
            told = fields_of((yield Request(method="POST", path=path, json={"inputs": inputs})))
            accepted += len(told["results"])
            rejected += [_rejection(error) for error in told.get("errors") or ()]
        return BulkReport(job=job or "", accepted=accepted, rejected=tuple(rejected))

    def merge(self, keep: str, drop: str) -> Steps[OnFile]:
        """Make one contact of two (``/merge``)."""
        shape = SHAPES.of(Customer)
        kept_row = yield from self._row(shape, keep)
        other = yield from self._row(shape, drop)
        told = {"primaryObjectId": kept_row["id"], "objectIdToMerge": other["id"]}
        yield Request(method="POST", path=f"{OBJECTS}/{shape.path}/merge", json=told)
        return (yield from self.get(Customer, keep))

    def history(self, kind: type[Record], number: str) -> Steps["tuple[Change, ...]"]:
        """Read the changes of all properties (``propertiesWithHistory``, newest first there), oldest first."""
        shape = SHAPES.of(kind)
        names = {theirs: ours for ours, theirs in shape.names.items()}
        asked = {"idProperty": KEY, "propertiesWithHistory": _properties(shape)}
        told = fields_of((yield Request(method="GET", path=_path(shape, number), query=asked)))
        found = [
            change
            for name, versions in told["propertiesWithHistory"].items()
            for change in _changes(names.get(name, name), list(reversed(versions)))
        ]
        return tuple(sorted(found, key=lambda one: (one.at, one.field)))

    # -- how it is said ----------------------------------------------------------------------------------------------
    def _row(self, shape: Shape, number: str) -> Steps[dict[str, Any]]:
        """Read an object by our number; raises Refused (not-found)."""
        asked = {"idProperty": KEY, "properties": _properties(shape)}
        return fields_of((yield Request(method="GET", path=_path(shape, number), query=asked)))

    def _search(
        self,
        shape: Shape,
        filters: Sequence[Mapping[str, object]],
        limit: int,
        *,
        sort: str | None = None,
        after: str | None = None,
    ) -> Steps[Page]:
        """Search by filters that must all hold; at most 200 rows a page."""
        asked: dict[str, object] = {
            "filterGroups": [{"filters": list(filters)}] if filters else [],
            "properties": list(shape.names.values()),
            "limit": min(limit, SEARCH_ROWS),
        }
        if sort:
            way = "DESCENDING" if sort.startswith("-") else "ASCENDING"
            asked["sorts"] = [{"propertyName": shape.field(sort.removeprefix("-")), "direction": way}]
        if after:
            asked["after"] = after
        told = fields_of((yield Request(method="POST", path=f"{OBJECTS}/{shape.path}/search", json=asked)))
        following = _after(told)
        deeper = following is not None and int(following) < DEEPEST
        return Page(rows=tuple(_ours(shape, row) for row in told["results"]), next=following if deeper else None)


def _path(shape: Shape, number: str) -> str:
    return f"{OBJECTS}/{shape.path}/{quote(number, safe='')}"


def _properties(shape: Shape) -> str:
    return ",".join(shape.names.values())


def _told(shape: Shape, record: Record) -> dict[str, object]:
    """Return a record's properties; a deal must have a name, and takes our number."""
    named = {"dealname": record.number} if shape.path == "deals" else {}
    return {**named, **_blank(DIALECT.record(shape, record))}


def _blank(told: Mapping[str, object]) -> dict[str, object]:
    """Return properties as they are written: what is to be empty is empty text (crm/properties)."""
    return {name: "" if value is None else value for name, value in told.items()}


def _ours(shape: Shape, row: Mapping[str, Any]) -> OnFile:
    return DIALECT.on_file(shape, row["properties"])


def _after(told: Mapping[str, Any]) -> str | None:
    following = (told.get("paging") or {}).get("next")
    return None if following is None else str(following["after"])


def _filters(shape: Shape, by: Mapping[str, str]) -> list[Mapping[str, object]]:
    return list(_each_filter(shape, by))


def _each_filter(shape: Shape, by: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
    for name, value in by.items():
        stem, _, tail = name.partition("__")
        ((field, written),) = DIALECT.changes(shape, {stem: value}).items()
        yield {"propertyName": field, "operator": _OPERATORS[tail], "value": written}


def _rejection(error: Mapping[str, Any]) -> Rejection:
    context = error.get("context") or {}
    traces = context.get("objectWriteTraceId") or ["-1"]
    fields = context.get("propertyName") or []
    return Rejection(row=int(traces[0]), field=", ".join(fields), reason=str(error.get("message", "")))


def _changes(field: str, versions: Sequence[Mapping[str, Any]]) -> Iterator[Change]:
    before: object = None
    for one in versions:
        at: datetime = moment(str(one["timestamp"]))
        who = str(one.get("updatedByUserId") or one.get("sourceId") or "")
        source = str(one.get("sourceType", ""))
        yield Change(at=at, who=who, field=field, before=before, after=one["value"], source=source)
        before = one["value"]
