"""Tryton: parties, opportunities and the log of Tryton 8.2 over its REST interface, searched in its domains.

Only a module of the bank's own, written in Python, adds fields to Tryton. Without one, a party has name and code; all
else that a bank keeps of a customer is an identifier ``field:value``, which the product indexes and finds again. The
bank's number is the party's code, and an opportunity's reference.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from poc.connectors.replies import fields_of
from poc.connectors.tryton_words import FIELDS, OWN, buttons, changed, coded, condition, ours, whole
from scenarios.actors import Credential
from scenarios.answers import AuditEntry, OnFile, Page, Session
from scenarios.port import REASONS, Connector, Refused, Reply, Request, Steps, Unsupported
from synthetic_data.records import Customer, Opportunity, Record

MODELS = {Customer: "party.party", Opportunity: "sale.opportunity"}
#: The company and its only employee, as the vendor lab founds them.
CONTEXT = {"company": 1, "employee": 1}
#: Rows of a page at most.
PAGE_ROWS = 1000
Row = dict[str, Any]
Rows = list[Row]
Domain = list[Any]
#: What is read of the log.
LOG = ("event", "target", "user.login", "resource", "create_date")


class TrytonConnector(Connector):
    """Tryton 8.2: a key of a user's own opens the REST interface; it does not run out."""

    title = "Tryton"

    # -- what a reply means ------------------------------------------------------------------------------------------
    def error_of(self, reply: Reply) -> Refused | None:
        """Return the refusal; what a user may not do is a 403, or a 400 that says so in its message."""
        if reply.status < 400:
            return None
        told = _message(reply)
        reason = "server-error" if reply.status >= 500 else REASONS.get(reply.status, "refused")
        if reply.status == 400 and "not allowed" in told:
            reason = "forbidden"
        return Refused(reason, status=reply.status, detail=told[:200])

    # -- sessions ----------------------------------------------------------------------------------------------------
    def session_of(self, token: str) -> Session:
        """Return the session of a key, in the bank's company."""
        return Session(headers={"Authorization": f"Bearer {token}", "X-Tryton-Context": coded(CONTEXT)})

    def sign_in(self, credential: Credential) -> Steps[Session]:
        """Sign in by password (JSON-RPC), then have a key made; the product slows down who guesses, up to a 429."""
        told = {"id": 0, "method": "common.db.login", "params": [credential.username, {"password": credential.secret}]}
        reply = yield Request(method="POST", path="/rpc/", json=told)
        entered = fields_of(reply).get("result")
        if not entered:
            raise Refused(
                "unauthenticated", status=reply.status, detail="the product takes user and password for wrong"
            )
        proof = base64.b64encode(f"{credential.username}:{entered[0]}:{entered[1]}".encode()).decode()
        headers = {"Authorization": f"Session {proof}"}
        wanted = [{"user": entered[0], "application": "rest"}]
        made = yield _call("res.user.application.create", [wanted], headers)
        read = yield _call("res.user.application.read", [fields_of(made)["result"], ["key"]], headers)
        (row,) = fields_of(read)["result"]
        return self.session_of(str(row["key"]))

    # -- records -----------------------------------------------------------------------------------------------------
    def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
        """Put a record on file; the product knows no idempotency, so that ``key`` cannot help."""
        path, told = _path(type(record)), whole(record)
        if isinstance(record, Opportunity):
            told |= {"party": (yield from self._row(Customer, record.customer))["id"], **CONTEXT}
        made = fields_of((yield Request(method="POST", path=path, json=told)))
        if isinstance(record, Opportunity):
            yield from self._lead(made["id"], buttons(record.stage, "lead"))
        return record.number

    def get(self, kind: type[Record], number: str, *, include: Sequence[type[Record]] = ()) -> Steps[OnFile]:
        """Read a record by the bank's number."""
        return ours(kind, (yield from self._row(kind, number)))

    def list(
        self,
        kind: type[Record],
        *,
        where: Mapping[str, str] | None = None,
        sort: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Steps[Page]:
        """Read a page; the product sorts by fields of its own only."""
        rows, start = min(limit, PAGE_ROWS), int(cursor or 0)
        found = yield from self._search(kind, _domain(kind, where or {}), rows, start, _order(kind, sort))
        seen = tuple(ours(kind, row) for row in found)
        return Page(rows=seen, next=str(start + rows) if len(found) == rows else None)

    def find(self, kind: type[Record], /, **by: str) -> Steps["tuple[OnFile, ...]"]:
        """Look up by exact values."""
        found = yield from self._search(kind, _domain(kind, by), PAGE_ROWS, 0, None)
        return tuple(ours(kind, row) for row in found)

    def search(self, kind: type[Record], text: str, *, limit: int = 20) -> Steps["tuple[OnFile, ...]"]:
        """Search customers by a part of the name."""
        if kind is not Customer:
            raise Unsupported("opportunities have no name to search by")
        found = yield from self._search(kind, [["name", "ilike", f"%{text}%"]], min(limit, PAGE_ROWS), 0, None)
        return tuple(ours(kind, row) for row in found)

    def update(
        self, kind: type[Record], number: str, changes: Mapping[str, object], *, version: str | None = None
    ) -> Steps[OnFile]:
        """Change fields; the REST interface knows no condition."""
        if version is not None:
            raise Unsupported("the product's REST interface offers no change on condition of a version")
        row = yield from self._row(kind, number)
        told = changed(kind, changes, row)
        pressed = buttons(str(changes["stage"]), str(row["state"])) if "stage" in changes else ()
        reply = yield Request(method="PUT", path=f"{_path(kind)}/{row['id']}?{_asked(FIELDS[kind])}", json=told)
        yield from self._lead(row["id"], pressed)
        return (yield from self.get(kind, number)) if pressed else ours(kind, fields_of(reply))

    def delete(self, kind: type[Record], number: str) -> Steps[None]:
        """Take a record off file."""
        row = yield from self._row(kind, number)
        yield Request(method="DELETE", path=f"{_path(kind)}/{row['id']}")

    # -- accountability ----------------------------------------------------------------------------------------------
    def audit(
        self,
        *,
        subject: str | None = None,
        who: str | None = None,
        action: str | None = None,
        since: datetime | None = None,
    ) -> Steps["tuple[AuditEntry, ...]"]:
        """Read the log of changes and deletions; it names fields and keeps no values, and reading is not in it."""
        wanted: Domain = []
        if subject is not None:
            found = yield from self._search(Customer, [["code", "=", subject]], 1, 0, None)
            wanted.append(["resource", "=", f"party.party,{found[0]['id'] if found else -1}"])
        if who is not None:
            wanted.append(["user.login", "=", who])
        asked = _asked(LOG, d=coded(wanted), o=coded([["id", "ASC"]]), s=str(PAGE_ROWS))
        told: Any = (yield Request(method="GET", path=f"/rest/model/ir.model.log?{asked}")).json
        entries = (_entry(one, subject) for one in told)
        return tuple(one for one in entries if action in (None, one.action) and (since is None or one.at >= since))

    # -- how it is said ----------------------------------------------------------------------------------------------
    def _search(self, kind: type[Record], domain: Domain, rows: int, start: int, order: object) -> Steps[Rows]:
        asked = _asked(FIELDS[kind], d=coded(domain), s=str(rows), p=str(start), o=coded(order or [["id", "ASC"]]))
        told: Any = (yield Request(method="GET", path=f"{_path(kind)}?{asked}")).json
        found: Rows = told
        return found

    def _lead(self, number: int, pressed: Sequence[str]) -> Steps[None]:
        """Lead an opportunity on, button by button."""
        for button in pressed:
            yield Request(method="POST", path=f"{_path(Opportunity)}/{number}/{button}", json={})

    def _row(self, kind: type[Record], number: str) -> Steps[Row]:
        found = yield from self._search(kind, _domain(kind, {"number": number}), 1, 0, None)
        if not found:
            raise Refused("not-found", status=200, detail=f"no {MODELS[kind]} has the number {number}")
        return found[0]


def _path(kind: type[Record]) -> str:
    if kind not in MODELS:
        raise Unsupported(f"the product keeps no {kind.__name__} records")
    return f"/rest/model/{MODELS[kind]}"


def _asked(shown: Sequence[str], **query: str) -> str:
    """Return a query; the product takes a field that is to be shown as a parameter of its own."""
    return urlencode([*(("f", name) for name in shown), *query.items()])


def _domain(kind: type[Record], where: Mapping[str, str]) -> Domain:
    _path(kind)
    if tail := next((name for name in where if "__" in name), ""):
        raise Unsupported(f"what has no field of its own is found by its equal only ({tail})")
    return [condition(kind, name, value) for name, value in where.items()]


def _order(kind: type[Record], sort: str | None) -> list[list[str]] | None:
    if sort is None:
        return None
    own = OWN[kind].get(sort.removeprefix("-"))
    if own is None:
        raise Unsupported(f"the product sorts by fields of its own only, and {sort} is none")
    return [[own, "DESC" if sort.startswith("-") else "ASC"]]


def _call(method: str, arguments: Sequence[object], headers: Mapping[str, str]) -> Request:
    told = {"id": 1, "method": f"model.{method}", "params": [*arguments, {}]}
    return Request(method="POST", path="/rpc/", json=told, headers=headers)


def _entry(told: Row, subject: str | None) -> AuditEntry:
    at = told["create_date"]
    day = datetime(at["year"], at["month"], at["day"], at["hour"], at["minute"], at["second"], tzinfo=UTC)
    return AuditEntry(
        id=str(told["id"]),
        at=day.replace(microsecond=at.get("microsecond", 0)),
        who=str((told.get("user") or {}).get("login", "")),
        action=str(told["event"]),
        subject=subject or str(told.get("resource") or ""),
        after=told.get("target"),
    )


def _message(reply: Reply) -> str:
    try:
        return str(fields_of(reply).get("message", ""))
    except ValueError:
        return ""
