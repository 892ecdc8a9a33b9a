"""Fxiaoke: 纷享销客 over its Open API v2, written from the public documents: POST only, and 200 to everything.

The tenant's administrator prepares it once (docs/clouds.md): fields of ours that AccountObj lacks as custom fields of
the same name with ``__c`` behind it, ``bank_account__c`` and ``bank_holding__c`` as custom objects. A record is
found by the bank's own number (``number__c``); the vendor's ``_id`` stays between these lines.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

from poc.connectors.dialect import Dialect, kept
from poc.connectors.replies import fields_of
from poc.connectors.shape import Shape, Shapes
from scenarios.actors import Credential
from scenarios.answers import OnFile, Page, Session
from scenarios.port import BenchFault, Connector, Refused, Reply, Request, Steps, Unsupported
from synthetic_data.records import Account, Customer, Holding, Interaction, Opportunity, Record, Ticket

#: A day is the millisecond at which it begins in China: the published example 1517328000000 is 31 January 2018.
CHINA = timezone(timedelta(hours=8))
DIALECT = Dialect(
    day=lambda day: round(datetime(day.year, day.month, day.day, tzinfo=CHINA).timestamp() * 1000),
    read_day=lambda told: datetime.fromtimestamp(int(told) / 1000, CHINA).date(),
    moment=lambda moment: round(moment.timestamp() * 1000),
    read_moment=lambda told: datetime.fromtimestamp(int(told) / 1000, UTC),
)
#: What a return code means (https://developer.fxiaoke.com/openapi_v2/start/guide/codes.html); the words may change.
CODES: Mapping[int, str] = {
    **dict.fromkeys((-2, -1, 50009), "server-error"),
    **dict.fromkeys((10003, 11003, 11010, 11013, 11014, 12002, 20005, 20006, 20010, 20015, 20016), "unauthenticated"),
    **dict.fromkeys((15003, 20014, 20020, 20021, 20022, 20023), "forbidden"),
    **dict.fromkeys((20012, 20017, 30007, 30027), "not-found"),
    **dict.fromkeys((15002, 32000, *range(10001, 10003), *range(10004, 10016), 11015, 12004), "invalid"),
}
#: Too fast (start/guide/rate.html): seconds to wait for the interface's own window, and for the second.
TOO_FAST: Mapping[int, float] = {14001: 20.0, 30004: 1.0}
#: What waiting does not mend; it speaks of the contract, not of the product.
USED_UP: Mapping[int, str] = {
    30002: "today's Open API calls of this tenant are used up: resume the run after midnight, or buy a further pack",
    30003: "this tenant has bought no Open API calls: order a resource pack, nothing is answered without",
}
#: At most so many rows a page, and no offset beyond (FAQ/deep-paging.html).
PAGE_ROWS, DEEPEST = 100, 10_000
Filters = list[dict[str, object]]
Rows = list[dict[str, Any]]
_OPERATORS = {"": "EQ", "gt": "GT", "lt": "LT", "gte": "GTE", "lte": "LTE"}


def _shape(kind: type[Record], path: str, **preset: str) -> Shape:
    """Return a shape in which every field that is not preset is a custom one of our name."""
    return Shape(
        kind=kind, path=path, key="number__c", version="",
        names={name: preset.get(name, f"{name}__c") for name in kept(kind)},
    )  # fmt: skip


SHAPES = Shapes(
    _shape(Customer, "AccountObj", name="name", mobile="tel", email="email", address="address"),
    _shape(Opportunity, "NewOpportunityObj", amount="amount", closes="close_date"),
    _shape(Ticket, "CasesObj"),
    _shape(Interaction, "ActiveRecordObj", text="active_record_content"),
    _shape(Account, "bank_account__c"),
    _shape(Holding, "bank_holding__c"),
)


class FxiaokeConnector(Connector):
    """纷享销客: an app speaks for an employee; a user name is APPID/EMPLOYEE, a secret APPSECRET/PERMANENTCODE."""

    title = "纷享销客 Fxiaoke"
    from_documents = "https://developer.fxiaoke.com/openapi_v2/"

    def __init__(self, trace: Callable[[], str] = lambda: str(uuid4())) -> None:
        """Take what names requests: every call must bear a UUID of version 4 that none had before (conventions)."""
        self.trace = trace

    # -- what a reply means ------------------------------------------------------------------------------------------
    def error_of(self, reply: Reply) -> Refused | None:
        """Return the refusal in ``errorCode``; the status line is 200 whatever happened."""
        code, words = _code(reply)
        if code == 0 and reply.status < 400:
            return None
        if code == 0:
            return super().error_of(reply)
        return Refused(CODES.get(code, "refused"), status=reply.status, detail=f"{code} {words}")

    def throttle_of(self, reply: Reply) -> float | None:
        """Return the seconds to wait; raises BenchFault when the tenant's calls are used up."""
        code, _ = _code(reply)
        if code in USED_UP:
            raise BenchFault(USED_UP[code])
        return TOO_FAST.get(code, super().throttle_of(reply))

    def again(self, request: Request) -> Request:
        """Return the request under a name of its own; it was not taken the first time."""
        return replace(request, query={**request.query, "thirdTraceId": self.trace()})

    # -- sessions ----------------------------------------------------------------------------------------------------
    def sign_in(self, credential: Credential) -> Steps[Session]:
        """Trade the app's secrets for a token of two hours (start/auth/app-info.html); at most ten a minute."""
        app, _, employee = credential.username.partition("/")
        secret, _, permanent = credential.secret.partition("/")
        told = {"appId": app, "appSecret": secret, "permanentCode": permanent, "grantType": "app_secret"}
        got = fields_of((yield self._post("/oauth2.0/token", told)))
        headers = {"authorization": f"Bearer {got['accessToken']}", "x-fs-ea": str(got["ea"]), "x-fs-userid": employee}
        return Session(headers=headers, seconds=int(got["expiresIn"]))

    # -- records -----------------------------------------------------------------------------------------------------
    def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
        """Put a record on file (…/add.html); the vendor knows no idempotency, so that ``key`` cannot help."""
        shape = SHAPES.of(type(record))
        told = {"dataObjectApiName": shape.path, **DIALECT.record(shape, record)}
        yield self._act(shape, "create", {"object_data": told})
        return record.number

    def get(self, kind: type[Record], number: str, *, include: Sequence[type[Record]] = ()) -> Steps[OnFile]:
        """Read a record by the bank's number: a query, since the vendor's own read wants its ``_id``."""
        shape = SHAPES.of(kind)
        return DIALECT.on_file(shape, (yield from self._row(shape, number)))

    def list(
        self,
        kind: type[Record],
        *,
        where: Mapping[str, str] | None = None,
        sort: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Steps[Page]:
        """Read a page (…/query.html); unsorted lists go on after the last ``_id``, as no offset may pass 10,000."""
        shape, rows = SHAPES.of(kind), min(limit, PAGE_ROWS)
        filters = self._filters(shape, where or {})
        if sort is None:
            filters += [_filter("_id", "GT", cursor)] if cursor else []
            found = yield from self._query(shape, filters, rows)
            following = str(found[-1]["_id"]) if len(found) == rows else None
        else:
            start = int(cursor or 0)
            order = {"fieldName": shape.field(sort.removeprefix("-")), "isAsc": not sort.startswith("-")}
            found = yield from self._query(shape, filters, rows, offset=start, order=order)
            following = str(start + rows) if len(found) == rows and start + rows <= DEEPEST else None
        return Page(rows=tuple(DIALECT.on_file(shape, row) for row in found), next=following)

    def find(self, kind: type[Record], /, **by: str) -> Steps["tuple[OnFile, ...]"]:
        """Look up by exact values."""
        shape = SHAPES.of(kind)
        found = yield from self._query(shape, self._filters(shape, by), PAGE_ROWS)
        return tuple(DIALECT.on_file(shape, row) for row in found)

    def search(self, kind: type[Record], text: str, *, limit: int = 20) -> Steps["tuple[OnFile, ...]"]:
        """Search by a part of the name (operator LIKE)."""
        shape = SHAPES.of(kind)
        wanted = [_filter(shape.field("name"), "LIKE", text)]
        found = yield from self._query(shape, wanted, min(limit, PAGE_ROWS))
        return tuple(DIALECT.on_file(shape, row) for row in found)

    def update(
        self, kind: type[Record], number: str, changes: Mapping[str, object], *, version: str | None = None
    ) -> Steps[OnFile]:
        """Change fields (…/update.html); the vendor documents no conditional request, so none is pretended here."""
        shape = SHAPES.of(kind)
        if version is not None:
            raise Unsupported("the product offers no change on condition of a version")
        row = yield from self._row(shape, number)
        told = {"dataObjectApiName": shape.path, "_id": row["_id"], **DIALECT.changes(shape, changes)}
        yield self._act(shape, "update", {"object_data": told})
        return DIALECT.on_file(shape, (yield from self._row(shape, number)))

    def delete(self, kind: type[Record], number: str) -> Steps[None]:
        """Take a record off file: it is made invalid first, then deleted (…/invalid.html, …/delete.html)."""
        shape = SHAPES.of(kind)
        row = yield from self._row(shape, number)
        yield self._act(shape, "invalid", {"object_data_id": row["_id"], "dataObjectApiName": shape.path})
        yield self._act(shape, "delete", {"idList": [row["_id"]], "dataObjectApiName": shape.path})

    # -- how it is said ----------------------------------------------------------------------------------------------
    def _post(self, path: str, told: Mapping[str, object]) -> Request:
        return Request(method="POST", path=path, query={"thirdTraceId": self.trace()}, json=told)

    def _act(self, shape: Shape, act: str, data: Mapping[str, object]) -> Request:
        """Return a call on an object; custom ones (``__c``) have paths of their own."""
        custom = "custom/" if shape.path.endswith("__c") else ""
        return self._post(f"/cgi/crm/{custom}v2/data/{act}", {"data": data})

    def _filters(self, shape: Shape, by: Mapping[str, str]) -> Filters:
        made = []
        for name, value in by.items():
            stem, _, tail = name.partition("__")
            ((field, written),) = DIALECT.changes(shape, {stem: value}).items()
            made.append(_filter(field, _OPERATORS[tail], written))
        return made

    def _query(
        self,
        shape: Shape,
        filters: Filters,
        rows: int,
        *,
        offset: int = 0,
        order: Mapping[str, object] | None = None,
    ) -> Steps[Rows]:
        asked = {
            "limit": rows, "offset": offset, "filters": filters,
            "orders": [order or {"fieldName": "_id", "isAsc": True}],
        }  # fmt: skip
        told = {"dataObjectApiName": shape.path, "search_query_info": asked}
        data = fields_of((yield self._act(shape, "query", told)))["data"]
        found: Rows = data["dataList"]
        return found

    def _row(self, shape: Shape, number: str) -> Steps[dict[str, Any]]:
        """Read the row of a number; raises Refused, since an empty list is a yes to the vendor."""
        found = yield from self._query(shape, [_filter(shape.key, "EQ", number)], 1)
        if not found:
            raise Refused("not-found", status=200, detail=f"no {shape.path} has the number {number}")
        return found[0]


def _filter(field: str, operator: str, value: object) -> dict[str, object]:
    return {"field_name": field, "operator": operator, "field_values": [value]}


def _code(reply: Reply) -> tuple[int, str]:
    """Return the code of a reply and its words; a body that is no JSON object has none, and counts by its status."""
    try:
        told = fields_of(reply)
        return int(told.get("errorCode", 0)), str(told.get("errorMessage", ""))
    except ValueError:
        return (0, "") if reply.status >= 400 else (-2, "the body is no JSON object")
