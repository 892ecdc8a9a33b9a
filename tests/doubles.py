"""Doubles: a clock that does not wait, and Acme, a vendor in memory that answers 200 to everything."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from poc.connectors.replies import fields_of
from poc.connectors.shape import Shape, Shapes
from scenarios.actors import Actor, Credential
from scenarios.answers import OnFile, Page, Session
from scenarios.crm import CRM, Handshake, Recorder
from scenarios.port import BenchFault, Connector, Refused, Reply, Request, Steps
from scenarios.recording import Memory, Recording
from synthetic_data.records import Account, Customer, Record

START = datetime(2026, 6, 30, 1, 0, tzinfo=UTC)


@dataclass(slots=True)
class QuietClock:
    """A clock that moves when it is asked to wait, and a little each time it is looked at."""

    moment: datetime = START
    step: timedelta = timedelta(milliseconds=1)
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        self.moment += self.step
        return self.moment

    def at(self) -> float:
        return self.moment.timestamp()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)


SHAPES = Shapes(
    Shape(
        kind=Customer,
        path="/v3/contacts",
        names={"number": "customer_no", "name": "full_name", "national_id": "tax_id", "branch": "office"},
        words={"gender": {"F": "female", "M": "male"}},
        key="customer_no",
        version="rev",
    ),
    Shape(kind=Account, path="/v3/contracts", names={"number": "contract_no"}, key="contract_no", version="rev"),
)
REASONS = {"E401": "unauthenticated", "E403": "forbidden", "E404": "not-found", "E409": "duplicate", "E412": "conflict"}


class Acme(Connector):
    """Acme cannot erase, merge or audit, so none of it is here; it refuses in the body and throttles by silence."""

    title = "Acme"

    def error_of(self, reply: Reply) -> Refused | None:
        if reply.status >= 400:
            return super().error_of(reply)
        code = fields_of(reply).get("error", "") if reply.body else ""
        return Refused(REASONS.get(code, "refused"), status=reply.status, detail=code) if code else None

    def throttle_of(self, reply: Reply) -> float | None:
        return 2.0 if reply.status == 200 and not reply.body else None

    def sign_in(self, credential: Credential) -> Steps[Session]:
        told = {"user": credential.username, "password": credential.secret}
        reply = yield Request(method="POST", path="/v3/login", json=told)
        return self.session_of(fields_of(reply)["token"])

    def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
        shape = SHAPES.of(type(record))
        reply = yield Request(method="POST", path=shape.path, json=shape.theirs(record))
        return str(fields_of(reply)["id"])

    def get(self, kind: type[Record], number: str, *, include: object = ()) -> Steps[OnFile]:
        shape = SHAPES.of(kind)
        reply = yield Request(method="POST", path=f"{shape.path}/read", json={"id": number})
        return shape.ours(fields_of(reply)["data"])

    def find(self, kind: type[Record], /, **by: str) -> Steps[tuple[OnFile, ...]]:
        shape = SHAPES.of(kind)
        reply = yield Request(method="POST", path=f"{shape.path}/query", json=shape.named(by))
        return tuple(shape.ours(row) for row in fields_of(reply)["data"])

    def list(
        self,
        kind: type[Record],
        *,
        where: Mapping[str, str] | None = None,
        sort: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Steps[Page]:
        shape = SHAPES.of(kind)
        told = {**shape.named(where or {}), "_limit": limit, "_from": int(cursor or 0)}
        reply = yield Request(method="POST", path=f"{shape.path}/query", json=told)
        read = fields_of(reply)
        return Page(rows=tuple(shape.ours(row) for row in read["data"]), next=read["next"])

    def update(
        self, kind: type[Record], number: str, changes: Mapping[str, object], *, version: str | None = None
    ) -> Steps[OnFile]:
        shape = SHAPES.of(kind)
        told = {"id": number, "rev": version, "set": shape.changes(changes)}
        reply = yield Request(method="POST", path=f"{shape.path}/change", json=told)
        return shape.ours(fields_of(reply)["data"])


@dataclass(slots=True)
class AcmeServer:
    """Acme's service in memory, as a wire: every reply is a 200; each ``silent_every``-th is empty (too fast)."""

    silent_every: int = 0
    down: bool = False
    password: str = "open-sesame-1"
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    asked: int = 0
    lock: Any = field(default_factory=Lock)

    def send(self, request: Request) -> Reply:
        if self.down:
            raise BenchFault("no reply from acme: it is down; check the address and that it is up")
        with self.lock:
            self.asked += 1
            if self.silent_every and self.asked % self.silent_every == 0:
                return Reply(status=200, headers={}, body=b"", seconds=0.001)
            told = self._answer(request, json.loads(request.body or b"{}"))
        body = json.dumps(told, ensure_ascii=False).encode()
        return Reply(status=200, headers={"content-type": "application/json"}, body=body, seconds=0.002)

    def handshake(self, version: str, *, suites: str | None = None, verify: bool = False) -> Handshake:
        return Handshake(accepted=version == "TLSv1.3", version=version)

    def plain(self, path: str) -> Reply | None:
        return None

    def _answer(self, request: Request, told: dict[str, Any]) -> dict[str, Any]:
        if request.path == "/v3/login":
            return self._login(told)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            return {"error": "E401"}
        _, _, noun, *verb = request.path.split("/")
        table = self.rows.setdefault(noun, {})
        actions: dict[str, Callable[[], dict[str, Any]]] = {
            "": lambda: self._create(table, told),
            "read": lambda: {"data": table[told["id"]]} if told["id"] in table else {"error": "E404"},
            "query": lambda: self._query(table, told),
            "change": lambda: self._change(table, told),
        }
        return actions[verb[0] if verb else ""]()

    def _login(self, told: dict[str, Any]) -> dict[str, Any]:
        if told.get("password") != self.password:
            return {"error": "E401"}
        token = f"token-{told['user']}-{len(self.tokens)}"
        self.tokens.add(token)
        return {"token": token}

    def _create(self, table: dict[str, dict[str, Any]], told: dict[str, Any]) -> dict[str, Any]:
        number = told.get("customer_no") or told.get("contract_no")
        if number in table or any(row.get("tax_id") == told.get("tax_id", row) for row in table.values()):
            return {"error": "E409"}
        table[str(number)] = {**told, "rev": 1}
        return {"id": number}

    def _query(self, table: dict[str, dict[str, Any]], told: dict[str, Any]) -> dict[str, Any]:
        start, limit = told.pop("_from", 0), told.pop("_limit", 1000)
        found = [row for row in table.values() if all(row.get(name) == value for name, value in told.items())]
        return {
            "data": found[start : start + limit],
            "next": str(start + limit) if start + limit < len(found) else None,
        }

    def _change(self, table: dict[str, dict[str, Any]], told: dict[str, Any]) -> dict[str, Any]:
        row = table.get(told["id"])
        if row is None:
            return {"error": "E404"}
        if told["rev"] is not None and told["rev"] != str(row["rev"]):
            return {"error": "E412"}
        row.update(told["set"], rev=row["rev"] + 1)
        return {"data": row}


def acme(
    server: AcmeServer | None = None,
    *,
    recorder: Recorder | None = None,
    password: str = "",
    extra: Mapping[Actor, Credential] | None = None,
) -> CRM:
    """Acme as the integration application meets it, with nobody waiting for anything."""
    service = server or AcmeServer()
    secret = password or service.password
    actors = (Actor.INTEGRATION, Actor.RM_A, Actor.ADMIN, Actor.AUDITOR)
    credentials = {actor: Credential(username=actor.value.lower(), secret=secret, branch="BR01") for actor in actors}
    credentials.update(extra or {})
    return CRM(Acme(), service, credentials=credentials, recorder=recorder or Recording(Memory()), clock=QuietClock())
