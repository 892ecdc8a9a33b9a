"""Salesforce: Financial Services Cloud over the REST API, written from the public documents.

A customer is a person account, an account a ``FinServ__FinancialAccount__c``. The administrator adds ``Number__c``, the
bank's own number, as a unique external ID to each object, and fields that the cloud lacks as custom ones of our name
(``National_Id__c``); see docs/clouds.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from poc.connectors.dialect import Dialect, kept
from poc.connectors.replies import fields_of
from poc.connectors.salesforce_words import error_of, used_up, wait_of
from poc.connectors.shape import Shape, Shapes
from scenarios.actors import Credential
from scenarios.answers import BulkReport, OnFile, Page, Rejection, Session
from scenarios.port import BenchFault, Connector, Refused, Reply, Request, Steps, Unsupported
from synthetic_data.records import Account, Customer, Holding, Opportunity, Record, Ticket

#: The release of the interface; the vendor keeps one for years.
DATA = "/services/data/v62.0"
DIALECT = Dialect(number=float)
#: A session ends after two hours without a call, unless the organisation says otherwise (the vendor's default).
SESSION_SECONDS = 7200
#: Rows of a page at most, the deepest OFFSET that SOQL takes, rows of one collection call.
PAGE_ROWS, DEEPEST, COLLECTION = 2000, 2000, 200
#: Objects that must have a name; ours have none and take their number.
NAMED = frozenset({"FinServ__FinancialAccount__c", "FinServ__FinancialHolding__c", "Opportunity"})
_OPERATORS = {"": "=", "gt": ">", "lt": "<", "gte": ">=", "lte": "<="}


def _shape(
    kind: type[Record], path: str, words: Mapping[str, Mapping[str, str]] | None = None, **standard: str
) -> Shape:
    """Return a shape in which every field that is not standard is a custom one of our name."""
    named = {name: standard.get(name) or f"{name.title()}__c" for name in kept(kind)}
    return Shape(kind=kind, path=path, names=named, words=words or {}, key="Number__c", version="")


SHAPES = Shapes(
    _shape(
        Customer, "Account",
        name="LastName", email="PersonEmail", mobile="PersonMobilePhone", birth_date="PersonBirthdate",
    ),
    _shape(
        Account, "FinServ__FinancialAccount__c",
        customer="FinServ__PrimaryOwner__r.Number__c", product="FinServ__FinancialAccountType__c",
        balance="FinServ__Balance__c", opened="FinServ__OpenDate__c", closed="FinServ__CloseDate__c",
    ),
    _shape(
        Holding, "FinServ__FinancialHolding__c",
        account="FinServ__FinancialAccount__r.Number__c", units="FinServ__Shares__c", value="FinServ__MarketValue__c",
    ),
    _shape(
        Opportunity, "Opportunity",
        {"stage": {
            "qualified": "Qualification", "proposed": "Proposal/Price Quote", "negotiated": "Negotiation/Review",
            "won": "Closed Won", "lost": "Closed Lost",
        }},
        customer="Account.Number__c", stage="StageName", amount="Amount", closes="CloseDate",
    ),
    _shape(
        Ticket, "Case",
        {"status": {"open": "New", "closed": "Closed"}, "severity": {"low": "Low", "normal": "Medium", "high": "High"}},
        customer="Account.Number__c", subject="Subject", text="Description", severity="Priority", status="Status",
    ),
)  # fmt: skip


class SalesforceConnector(Connector):
    """Salesforce FSC: a user name is a connected app's client id, a secret its client secret (client credentials)."""

    title = "Salesforce Financial Services Cloud"
    from_documents = "https://developer.salesforce.com/docs/platform/api-rest/guide/"

    # -- what a reply means ------------------------------------------------------------------------------------------
    def error_of(self, reply: Reply) -> Refused | None:
        """Return the refusal in the list of errors."""
        return error_of(reply)

    def throttle_of(self, reply: Reply) -> float | None:
        """Return the seconds to wait while too many calls are under way; raises BenchFault when the day is used up."""
        if spent := used_up(reply):
            raise BenchFault(spent)
        return wait_of(reply)

    # -- sessions ----------------------------------------------------------------------------------------------------
    def sign_in(self, credential: Credential) -> Steps[Session]:
        """Trade an app's secret for a token (OAuth 2.0 client credentials; sent to the organisation's own domain)."""
        told = {"grant_type": "client_credentials", "client_id": credential.username}
        got = fields_of(
            (
                yield Request(
                    method="POST",
                    path="/services/oauth2/token",
                    content=urlencode({**told, "client_secret": credential.secret}).encode(),
                    headers={"content-type": "application/x-www-form-urlencoded"},
                )
            )
        )
        return Session(headers={"authorization": f"Bearer {got['access_token']}"}, seconds=SESSION_SECONDS)

    # -- records -----------------------------------------------------------------------------------------------------
    def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
        """Put a record on file (sObject Basic Information); a number that is on file is refused, ``key`` or not."""
        shape = SHAPES.of(type(record))
        yield Request(method="POST", path=f"{DATA}/sobjects/{shape.path}", json=_told(shape, record))
        return record.number

    def get(self, kind: type[Record], number: str, *, include: Sequence[type[Record]] = ()) -> Steps[OnFile]:
        """Read a record by external ID; its version is the ETag, which the vendor gives for accounts only."""
        shape = SHAPES.of(kind)
        if any("." in name for name in shape.names.values()):
            found = yield from self._select(shape, [f"Number__c = {_literal(number)}"], "LIMIT 1")
            if not found:
                raise Refused("not-found", status=200, detail=f"no {shape.path} has the number {number}")
            return DIALECT.on_file(shape, found[0])
        reply = yield Request(method="GET", path=_path(shape, number))
        seen = DIALECT.on_file(shape, fields_of(reply))
        return OnFile(kind=seen.kind, number=seen.number, fields=seen.fields, version=reply.headers.get("etag"))

    def list(
        self,
        kind: type[Record],
        *,
        where: Mapping[str, str] | None = None,
        sort: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Steps[Page]:
        """Read a page (SOQL); unsorted lists go on after the last Id, as no OFFSET may pass 2,000."""
        shape, rows = SHAPES.of(kind), min(limit, PAGE_ROWS)
        wanted = [*_conditions(shape, where or {})]
        if sort is None:
            wanted += [f"Id > {_literal(cursor)}"] if cursor else []
            found = yield from self._select(shape, wanted, f"ORDER BY Id LIMIT {rows}")
            following = str(found[-1]["Id"]) if len(found) == rows else None
        else:
            start, way = int(cursor or 0), " DESC" if sort.startswith("-") else ""
            order = f"ORDER BY {shape.field(sort.removeprefix('-'))}{way} LIMIT {rows} OFFSET {start}"
            found = yield from self._select(shape, wanted, order)
            following = str(start + rows) if len(found) == rows and start + rows <= DEEPEST else None
        return Page(rows=tuple(DIALECT.on_file(shape, row) for row in found), next=following)

    def find(self, kind: type[Record], /, **by: str) -> Steps["tuple[OnFile, ...]"]:
        """Look up by exact values (SOQL)."""
        shape = SHAPES.of(kind)
        found = yield from self._select(shape, [*_conditions(shape, by)], "")
        return tuple(DIALECT.on_file(shape, row) for row in found)

    def search(self, kind: type[Record], text: str, *, limit: int = 20) -> Steps["tuple[OnFile, ...]"]:
        """Search customers by a part of their names (SOQL LIKE)."""
        shape = SHAPES.of(kind)
        if kind is not Customer:
            raise Unsupported(f"{kind.__name__} records have no name to search by")
        like = _literal(f"%{text.replace('%', chr(92) + '%').replace('_', chr(92) + '_')}%", escaped=True)
        found = yield from self._select(shape, [f"{shape.field('name')} LIKE {like}"], f"LIMIT {limit}")
        return tuple(DIALECT.on_file(shape, row) for row in found)

    def update(
        self, kind: type[Record], number: str, changes: Mapping[str, object], *, version: str | None = None
    ) -> Steps[OnFile]:
        """Change fields; on condition of an ETag by the vendor's own Id, else by external ID and never creating."""
        shape = SHAPES.of(kind)
        told = _nested(DIALECT.changes(shape, changes))
        if version is None:
            yield Request(method="PATCH", path=_path(shape, number), query={"updateOnly": "true"}, json=told)
        else:
            if shape.path != "Account":
                raise Unsupported("the product offers a change on condition of a version for accounts only")
            row = fields_of((yield Request(method="GET", path=_path(shape, number))))
            path = f"{DATA}/sobjects/{shape.path}/{row['Id']}"
            yield Request(method="PATCH", path=path, json=told, headers={"If-Match": version})
        return (yield from self.get(kind, number))

    def delete(self, kind: type[Record], number: str) -> Steps[None]:
        """Take a record off file; the vendor keeps it in its recycle bin."""
        yield Request(method="DELETE", path=_path(SHAPES.of(kind), number))

    def bulk(self, records: Sequence[Record], *, dry_run: bool = False, job: str | None = None) -> Steps[BulkReport]:
        """Load in collections of 200, each upserted by external ID, so that the same rows again double nothing.

        Every call is a 200; each row says for itself whether it was taken.
        """
        if dry_run:
            raise Unsupported("the product offers no bulk load on trial")
        accepted, rejected = 0, list[Rejection]()
        for start in range(0, len(records), COLLECTION):
            rows = records[start : start + COLLECTION]
            shape = SHAPES.of(type(rows[0]))
            told = [{"attributes": {"type": shape.path}, **_told(shape, one)} for one in rows]
            path = f"{DATA}/composite/sobjects/{shape.path}/Number__c"
            reply = yield Request(method="PATCH", path=path, json={"allOrNone": False, "records": told})
            results: Any = reply.json
            accepted += sum(1 for one in results if one["success"])
            rejected += [
                Rejection(row=start + at, field=", ".join(no["errors"][0]["fields"]), reason=no["errors"][0]["message"])
                for at, no in enumerate(results)
                if not no["success"]
            ]
        return BulkReport(job=job or "", accepted=accepted, rejected=tuple(rejected))

    def count(self, kind: type[Record], by: str) -> Steps[Mapping[str, int]]:
        """Count records by a field (SOQL GROUP BY)."""
        shape = SHAPES.of(kind)
        field = shape.field(by)
        asked = f"SELECT {field} word, COUNT(Id) n FROM {shape.path} GROUP BY {field}"
        told = fields_of((yield Request(method="GET", path=f"{DATA}/query", query={"q": asked})))
        return {str(row["word"]): int(row["n"]) for row in told["records"]}

    # -- how it is said ----------------------------------------------------------------------------------------------
    def _select(self, shape: Shape, wanted: Sequence[str], tail: str) -> Steps[Sequence[dict[str, Any]]]:
        """Read all rows of a query, batch after batch."""
        condition = f" WHERE {' AND '.join(wanted)}" if wanted else ""
        asked = f"SELECT {', '.join(['Id', *shape.names.values()])} FROM {shape.path}{condition} {tail}".strip()
        told = fields_of((yield Request(method="GET", path=f"{DATA}/query", query={"q": asked})))
        found = [_flat(row) for row in told["records"]]
        while not told["done"]:
            told = fields_of((yield Request(method="GET", path=str(told["nextRecordsUrl"]))))
            found += [_flat(row) for row in told["records"]]
        return found


def _path(shape: Shape, number: str) -> str:
    return f"{DATA}/sobjects/{shape.path}/Number__c/{quote(number, safe='')}"


def _told(shape: Shape, record: Record) -> dict[str, Any]:
    named = {"Name": record.number} if shape.path in NAMED else {}
    return {**named, **_nested(DIALECT.record(shape, record))}


def _nested(flat: Mapping[str, object]) -> dict[str, Any]:
    """Return fields with relations (``Account.Number__c``) as the objects that they are when written."""
    made: dict[str, Any] = {}
    for name, value in flat.items():
        stem, dot, field = name.partition(".")
        made[stem] = {field: value} if dot else value
    return made


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in row.items() if name != "attributes" and not isinstance(value, dict)}
    related = {name: value for name, value in row.items() if name != "attributes" and isinstance(value, dict)}
    return own | {f"{name}.{field}": value for name, inner in related.items() for field, value in inner.items()}


def _conditions(shape: Shape, by: Mapping[str, str]) -> Iterator[str]:
    known = kept(shape.kind)
    for name, value in by.items():
        stem, _, tail = name.partition("__")
        ((field, written),) = DIALECT.changes(shape, {stem: value}).items()
        yield f"{field} {_OPERATORS[tail]} {_value(known[stem].type if stem in known else str, written)}"


def _value(how: type, written: object) -> str:
    """Return a value as SOQL takes it: days, moments, numbers and booleans bare, text in quotes."""
    if how is bool:
        return str(written).lower()
    return str(written) if how in (date, datetime, Decimal) else _literal(str(written))


def _literal(text: str, *, escaped: bool = False) -> str:
    """Return text as SOQL quotes it (Quoted String Escape Sequences); LIKE's own escapes may be in it already."""
    inner = text if escaped else text.replace("\\", "\\\\")
    return "'" + inner.replace("'", "\\'") + "'"
