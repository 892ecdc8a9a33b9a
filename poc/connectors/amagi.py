"""Amagi: amagi-crm over its REST API; it was met: contacts, deals, users and an audit trail that tells no values.

A contact has a name, e-mail, phone, company, and tags; it has no fields of one's own. All else that a bank keeps is
therefore a tag ``field:value``, which the product encrypts as it does the rest, and finds again by ``?tag=``. The
bank's number is such a tag, so that each access by it costs the product a look at all contacts (its source says so).
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from poc.connectors.amagi_words import OWN, changed, entry, error_of, ours, stage_of, whole
from poc.connectors.replies import fields_of
from scenarios.answers import AuditEntry, OnFile, Page
from scenarios.port import Connector, Refused, Reply, Request, Steps, Unsupported
from scenarios.trust import Person
from synthetic_data.records import Customer, Opportunity, Record

CONTACTS, DEALS = "/api/contacts", "/api/deals"
#: Rows of a page at most, and entries that the audit trail shows at most: the newest.
PAGE_ROWS, TRAIL = 1000, 1000
Row = dict[str, Any]
Rows = list[Row]
Seen = list[OnFile]


class AmagiConnector(Connector):
    """amagi-crm 0.1: a token for each user, which does not run out; there is no sign-in."""

    title = "amagi-crm"

    # -- what a reply means ------------------------------------------------------------------------------------------
    def error_of(self, reply: Reply) -> Refused | None:
        """Return the refusal with the product's own words."""
        return error_of(reply)

    # -- records -----------------------------------------------------------------------------------------------------
    def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
        """Put a record on file; the product keeps one contact for each e-mail address.

        Under a ``key``, where a bank moves in, the second of two equal addresses becomes a tag, unless it is this very
        record that is on file; without one it is refused as the double that the product takes it for.
        """
        path, told = _path(type(record)), whole(record)
        if isinstance(record, Opportunity):
            told["contact_id"] = (yield from self._contact(record.customer))["id"]
        try:
            yield Request(method="POST", path=path, json=told)
        except Refused as no:
            if key is None or no.reason != "duplicate" or not isinstance(record, Customer):
                raise
            if not (yield from self.find(Customer, number=record.number)):
                told |= {"email": None, "tags": [*told["tags"], f"email:{record.email}"]}
                yield Request(method="POST", path=path, json=told)
        return record.number

    def get(self, kind: type[Record], number: str, *, include: Sequence[type[Record]] = ()) -> Steps[OnFile]:
        """Read a record: its id is looked up first, then it is read by it, which is what the product puts on record."""
        row = yield from self._row(kind, number)
        read = fields_of((yield Request(method="GET", path=f"{_path(kind)}/{row['id']}")))
        return ours(kind, {**row, **read})

    def list(
        self,
        kind: type[Record],
        *,
        where: Mapping[str, str] | None = None,
        sort: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Steps[Page]:
        """Read a page of contacts by name, the product's only order, or of deals, which it hands out all at once."""
        if sort not in (None, "name"):
            raise Unsupported("the product sorts contacts by name and deals by stage, and by nothing else")
        start, wanted = int(cursor or 0), where or {}
        if kind is Customer and _is_enough(wanted):
            rows, more = yield from self._contacts(wanted, min(limit, PAGE_ROWS), start)
        else:
            every = yield from (self._fitting(wanted) if kind is Customer else self._deals(kind, wanted))
            rows, more = every[start : start + limit], start + limit < len(every)
        seen = tuple(ours(kind, row) for row in rows)
        return Page(rows=seen, next=str(start + limit) if more else None)

    def find(self, kind: type[Record], /, **by: str) -> Steps["tuple[OnFile, ...]"]:
        """Look up by exact values, page after page."""
        found: Seen = []
        cursor: str | None = None
        while True:
            page = yield from self.list(kind, where=by, limit=PAGE_ROWS, cursor=cursor)
            found += page.rows
            if (cursor := page.next) is None:
                return tuple(found)

    def search(self, kind: type[Record], text: str, *, limit: int = 20) -> Steps["tuple[OnFile, ...]"]:
        """Search contacts by a part of name, e-mail, phone or company."""
        if kind is not Customer:
            raise Unsupported("the product searches contacts only")
        query = {"search": text, "limit": str(min(limit, PAGE_ROWS))}
        told = fields_of((yield Request(method="GET", path=CONTACTS, query=query)))
        return tuple(ours(kind, row) for row in told["items"])

    def update(
        self, kind: type[Record], number: str, changes: Mapping[str, object], *, version: str | None = None
    ) -> Steps[OnFile]:
        """Change fields; tags and notes go back whole, as the product keeps them."""
        if version is not None:
            raise Unsupported("the product offers no change on condition of a version")
        row = yield from self._row(kind, number)
        told = changed(kind, changes, row)
        path = f"{_path(kind)}/{row['id']}"
        if stage := told.pop("stage", None):
            yield Request(method="POST", path=f"{path}/move", json={"stage": stage})
        if told:
            yield Request(method="PATCH", path=path, json=told)
        return (yield from self.get(kind, number))

    def delete(self, kind: type[Record], number: str) -> Steps[None]:
        """Take a record off file for good."""
        row = yield from self._row(kind, number)
        yield Request(method="DELETE", path=f"{_path(kind)}/{row['id']}")

    def count(self, kind: type[Record], by: str) -> Steps[Mapping[str, int]]:
        """Count deals by stage (the board's columns); the product counts nothing else."""
        if (kind, by) != (Opportunity, "stage"):
            raise Unsupported("the product counts deals by stage only")
        columns: Any = (yield Request(method="GET", path="/api/pipeline")).json
        return {stage_of(one["name"]): int(one["count"]) for one in columns if one["count"]}

    def export(self, kind: type[Record]) -> Steps["tuple[OnFile, ...]"]:
        """Read all contacts as CSV; only an administrator may."""
        if kind is not Customer:
            raise Unsupported("the product exports contacts only")
        reply = yield Request(method="GET", path=f"{CONTACTS}/export.csv")
        return tuple(ours(kind, row) for row in csv.DictReader(io.StringIO(reply.body.decode("utf-8"))))

    # -- accountability ----------------------------------------------------------------------------------------------
    def audit(
        self,
        *,
        subject: str | None = None,
        who: str | None = None,
        action: str | None = None,
        since: datetime | None = None,
    ) -> Steps["tuple[AuditEntry, ...]"]:
        """Read the newest entries, which is all that the product shows; it does not narrow them down, so we do."""
        told: Any = (yield Request(method="GET", path="/api/audit", query={"limit": str(TRAIL)})).json
        own = None if subject is None else (yield from self._subject(subject))
        found = (
            entry(one, subject) for one in told if own is None or (one["entity"], one["entity_id"]) == ("contact", own)
        )
        return tuple(
            one
            for one in found
            if who in (None, one.who) and action in (None, one.action) and (since is None or one.at >= since)
        )

    # -- administration ----------------------------------------------------------------------------------------------
    def disable(self, username: str) -> Steps[None]:
        """Revoke a user's token; the product cannot give it back."""
        yield Request(method="POST", path=f"/api/users/{username}/revoke")

    def whoami(self) -> Steps[Person]:
        """Read whom the product takes the caller for."""
        told = fields_of((yield Request(method="GET", path="/api/me")))
        return Person(username=told["name"], role=told["role"])

    def contract(self) -> Steps[Mapping[str, object]]:
        """Read the OpenAPI document."""
        return fields_of((yield Request(method="GET", path="/openapi.json")))

    # -- how it is said ----------------------------------------------------------------------------------------------
    def _contacts(self, where: Mapping[str, str], limit: int, start: int) -> Steps[tuple[Rows, bool]]:
        """Read a page of contacts and whether there are more; the product narrows down by one value, we by the rest."""
        query = {**_narrowed(where), "limit": str(limit), "offset": str(start)}
        told = fields_of((yield Request(method="GET", path=CONTACTS, query=query)))
        return [row for row in told["items"] if _fits(Customer, row, where)], start + limit < told["total"]

    def _fitting(self, where: Mapping[str, str]) -> Steps[Rows]:
        """Read all contacts that fit values of which the product is asked for one, and we look at the others."""
        found: Rows = []
        start, more = 0, True
        while more:
            rows, more = yield from self._contacts(where, PAGE_ROWS, start)
            found += rows
            start += PAGE_ROWS
        return found

    def _deals(self, kind: type[Record], where: Mapping[str, str]) -> Steps[Rows]:
        """Read all deals that fit, each with the name of its stage."""
        _path(kind)
        columns: Any = (yield Request(method="GET", path="/api/pipeline")).json
        every = ({**deal, "stage": column["name"]} for column in columns for deal in column["deals"])
        return [row for row in every if _fits(kind, row, where)]

    def _row(self, kind: type[Record], number: str) -> Steps[Row]:
        """Read the row of a number; raises Refused where there is none."""
        if kind is Customer:
            return (yield from self._contact(number))
        found = yield from self._deals(kind, {"number": number})
        if not found:
            raise Refused("not-found", status=200, detail=f"no deal has the number {number}")
        return found[0]

    def _contact(self, number: str) -> Steps[Row]:
        rows, _ = yield from self._contacts({"number": number}, 1, 0)
        if not rows:
            raise Refused("not-found", status=200, detail=f"no contact has the number {number}")
        return rows[0]

    def _subject(self, number: str) -> Steps[int]:
        """Return the id under which the trail names a contact; raises Unsupported for one that is not on file."""
        rows, _ = yield from self._contacts({"number": number}, 1, 0)
        if not rows:
            raise Unsupported("the product's trail names contacts by ids, and tells none of those no longer on file")
        return int(rows[0]["id"])


def _path(kind: type[Record]) -> str:
    if kind not in (Customer, Opportunity):
        raise Unsupported(f"the product keeps no {kind.__name__} records")
    return CONTACTS if kind is Customer else DEALS


def _narrowed(where: Mapping[str, str]) -> dict[str, str]:
    """Return what a list is narrowed down by: one tag, else a text in name, e-mail, phone or company."""
    if tail := next((name for name in where if "__" in name), ""):
        raise Unsupported(f"the product compares nothing ({tail}); it finds equal tags only")
    tags = [f"{name}:{value}" for name, value in where.items() if name not in OWN]
    if tags:
        return {"tag": tags[0]}
    return {"search": next(iter(where.values()))} if where else {}


def _is_enough(where: Mapping[str, str]) -> bool:
    """Whether the product itself narrows down to exactly this: nothing, or one tag."""
    return not where or (len(where) == 1 and not OWN.keys() & where.keys())


def _fits(kind: type[Record], row: Row, where: Mapping[str, str]) -> bool:
    seen = ours(kind, row)
    return all(seen.text(name) == value for name, value in where.items())
