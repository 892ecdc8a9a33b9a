"""Ledger: a vendor whose whole product is a dict, for tests of seeding."""

from collections.abc import Mapping, Sequence

from scenarios.actors import Actor, Credential
from scenarios.answers import BulkReport, OnFile, Page, Rejection, Session
from scenarios.crm import CRM
from scenarios.lines import plain
from scenarios.port import Connector, Refused, Reply, Request, Steps
from scenarios.recording import Memory, Recording
from synthetic_data.records import Record
from tests.doubles import AcmeServer, QuietClock


class Ledger(Connector):
    """A vendor whose whole product is a dict; it can be told to reject, lose or garble a customer."""

    def __init__(self) -> None:
        self.rows: dict[tuple[type[Record], str], Record] = {}
        self.jobs: list[str] = []
        self.users: dict[str, str] = {}
        self.disabled: list[str] = []
        self.reverts: dict[str, list[tuple[type[Record], str]]] = {}
        self.keeps_back = self.rejects = self.loses = self.garbles = self.hides = ""

    def sign_in(self, credential: Credential) -> Steps[Session]:
        yield Request(method="POST", path="/login")
        return self.session_of(f"token-of-{credential.username}")

    def sign_out(self) -> Steps[None]:
        yield Request(method="POST", path="/logout")
        self.jobs.append("signed out")

    def bulk(self, records: Sequence[Record], *, dry_run: bool = False, job: str | None = None) -> Steps[BulkReport]:
        yield Request(method="POST", path="/bulk")
        self.jobs.append(job or "")
        rejected = [
            Rejection(row=row, field="name", reason="too long")
            for row, record in enumerate(records)
            if record.number == self.rejects
        ]
        self.rows.update({(type(one), one.number): one for one in records if one.number != self.loses})
        self.reverts[job or ""] = [(type(one), one.number) for one in records]
        return BulkReport(job=job or "", accepted=len(records) - len(rejected), rejected=tuple(rejected))

    def revert(self, job: str) -> Steps[BulkReport]:
        yield Request(method="POST", path="/revert")
        if job not in self.reverts:
            raise Refused("not-found", status=404)
        gone = [key for key in self.reverts.pop(job) if key[1] != self.keeps_back and self.rows.pop(key, None)]
        return BulkReport(job=job, accepted=len(gone), state="reverted")

    def list(
        self,
        kind: type[Record],
        *,
        where: Mapping[str, str] | None = None,
        sort: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Steps[Page]:
        yield Request(method="GET", path="/list")
        start, found = int(cursor or 0), [one for (of, _), one in self.rows.items() if of is kind]
        rows = tuple(
            OnFile(kind=kind.__name__, number=one.number, fields=plain(one))  # type: ignore[arg-type]
            for one in found[start : start + limit]
        )
        return Page(rows=rows, next=str(start + limit) if start + limit < len(found) else None)

    def get(self, kind: type[Record], number: str, *, include: object = ()) -> Steps[OnFile]:
        yield Request(method="GET", path="/one")
        if (kind, number) not in self.rows:
            raise Refused("not-found", status=404)
        fields: dict[str, object] = plain(self.rows[kind, number])  # type: ignore[assignment]
        if number == self.garbles:
            fields["name"] = "?"
        return OnFile(kind=kind.__name__, number=number, fields=fields)

    def find(self, kind: type[Record], /, **by: str) -> Steps[tuple[OnFile, ...]]:
        yield Request(method="GET", path="/find")
        found = [
            one
            for (of, number), one in self.rows.items()
            if of is kind and number != self.hides and all(getattr(one, name) == value for name, value in by.items())
        ]
        return tuple(OnFile(kind=kind.__name__, number=one.number, fields={}) for one in found)

    def add_user(self, credential: Credential, role: str) -> Steps[None]:
        yield Request(method="POST", path="/users")
        if credential.username in self.users:
            raise Refused("duplicate", status=409)
        self.users[credential.username] = role

    def disable(self, username: str) -> Steps[None]:
        yield Request(method="POST", path="/disable")
        self.disabled.append(username)


class Nodding(AcmeServer):
    """A wire to a system that says yes to all."""

    __slots__ = ()

    def send(self, request: Request) -> Reply:
        return Reply(status=200, headers={}, body=b"{}")


def meet(ledger: Connector, wire: AcmeServer | None = None, clock: QuietClock | None = None) -> CRM:
    """A ledger as the core system and its administrator meet it, with nobody waiting for anything."""
    return CRM(
        ledger,
        wire or Nodding(),
        credentials={
            Actor.INTEGRATION: Credential(username="x", secret="y"),
            Actor.ADMIN: Credential(username="admin", secret="boot"),
        },
        recorder=Recording(Memory()),
        clock=clock or QuietClock(),
    )
