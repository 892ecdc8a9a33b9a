"""Reference: the reference CRM over its HTTPS interface; it offers every verb."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import orjson

from poc.connectors.reference_answers import (
    SHAPES,
    all_shown,
    change,
    clock,
    entry,
    opened,
    place,
    refused,
    shown,
)
from poc.connectors.reference_approvals import ReferenceApprovals
from poc.connectors.reference_conditions import ReferenceConditions
from poc.connectors.reference_doors import ReferenceDoors, told_at_sign_in
from poc.connectors.reference_oversight import TENANT, ReferenceOversight, in_tenant
from poc.connectors.reference_papers import ReferencePapers
from poc.connectors.reference_proofs import ReferenceProofs
from poc.connectors.reference_transit import ReferenceTransit
from poc.connectors.reference_trust import ReferenceTrust
from poc.connectors.replies import every_item, fields_of, moment
from scenarios.actors import Credential
from scenarios.answers import (
    AuditEntry,
    BulkReport,
    Change,
    Fired,
    OnFile,
    Overview,
    Page,
    Pair,
    Recipe,
    Rejection,
    RollUp,
    Session,
    SubjectAnswer,
    TicketClock,
)
from scenarios.port import Refused, Reply, Request, Steps, Unsupported
from synthetic_data.records import Customer, Record

#: How many rows one bulk call takes at most.
BULK_ROWS = 5000


class ReferenceConnector(
    ReferenceConditions,
    ReferenceDoors,
    ReferenceOversight,
    ReferenceApprovals,
    ReferencePapers,
    ReferenceProofs,
    ReferenceTransit,
    ReferenceTrust,
):
    """The reference CRM: errors are problem+json, cursors are opaque, updates present the version they change."""

    title = "Touchstone reference CRM"

    def error_of(self, reply: Reply) -> Refused | None:
        """Return the refusal in a problem document; its type ends in the reason."""
        if reply.status < 400:
            return None
        return refused(reply)

    # -- sessions ----------------------------------------------------------------------------------------------------
    def sign_in(self, credential: Credential) -> Steps[Session]:
        """Trade a user name and password for tokens."""
        tenant = {TENANT: credential.tenant} if credential.tenant else {}
        reply = yield Request(method="POST", path="/v1/auth/token", json=told_at_sign_in(credential), headers=tenant)
        return in_tenant(opened(reply), credential.tenant)

    def sign_out(self) -> Steps[None]:
        """End the session."""
        yield Request(method="POST", path="/v1/auth/logout")

    def renew(self, session: Session) -> Steps[Session]:
        """Trade the refresh token for new tokens."""
        reply = yield Request(method="POST", path="/v1/auth/refresh", json={"refresh_token": session.renewal})
        return opened(reply)

    # -- records -----------------------------------------------------------------------------------------------------
    def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
        """Put a record on file."""
        shape = SHAPES.of(type(record))
        headers = {"Idempotency-Key": key} if key else {}
        reply = yield Request(method="POST", path=shape.path, json=shape.theirs(record), headers=headers)
        return str(fields_of(reply)["number"])

    def get(self, kind: type[Record], number: str, *, include: Sequence[type[Record]] = ()) -> Steps[OnFile]:
        """Read a record."""
        shape = SHAPES.of(kind)
        query = {"include": ",".join(place(other) for other in include)} if include else {}
        reply = yield Request(method="GET", path=f"{shape.path}/{number}", query=query)
        return shown(shape, fields_of(reply))

    def list(
        self,
        kind: type[Record],
        *,
        where: Mapping[str, str] | None = None,
        sort: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Steps[Page]:
        """Read a page."""
        shape = SHAPES.of(kind)
        query = {"limit": str(limit), **shape.named(where or {})}
        query |= {"sort": shape.field(sort)} if sort else {}
        query |= {"cursor": cursor} if cursor else {}
        reply = yield Request(method="GET", path=shape.path, query=query)
        told = fields_of(reply)
        return Page(rows=all_shown(shape, told["items"]), next=told.get("next"))

    def find(self, kind: type[Record], /, **by: str) -> Steps["tuple[OnFile, ...]"]:
        """Look up by exact value, on encrypted fields through their blind index."""
        shape = SHAPES.of(kind)
        reply = yield Request(method="GET", path=shape.path, query=shape.named(by))
        return all_shown(shape, fields_of(reply)["items"])

    def search(self, kind: type[Record], text: str, *, limit: int = 20) -> Steps["tuple[OnFile, ...]"]:
        """Search customers by parts of their names."""
        shape = SHAPES.of(kind)
        if kind is not Customer:
            raise Unsupported(f"the product searches customers only, not {kind.__name__} records")
        reply = yield Request(method="GET", path=f"{shape.path}/search", query={"q": text, "limit": str(limit)})
        return all_shown(shape, fields_of(reply)["items"])

    def update(
        self, kind: type[Record], number: str, changes: Mapping[str, object], *, version: str | None = None
    ) -> Steps[OnFile]:
        """Change fields; without a version the present one is read first, as the interface always wants one."""
        shape = SHAPES.of(kind)
        if version is None:
            present = yield Request(method="GET", path=f"{shape.path}/{number}")
            version = str(fields_of(present)["version"])
        reply = yield Request(
            method="PATCH",
            path=f"{shape.path}/{number}",
            json=shape.changes(changes),
            headers={"If-Match": f'"{version}"'},
        )
        return shown(shape, fields_of(reply))

    def delete(self, kind: type[Record], number: str) -> Steps[None]:
        """Take a record off file."""
        yield Request(method="DELETE", path=f"{SHAPES.of(kind).path}/{number}")

    def unmask(self, kind: type[Record], number: str, fields: Sequence[str], reason: str) -> Steps[OnFile]:
        """Read masked fields of a customer in clear."""
        shape = SHAPES.of(kind)
        told = {"fields": [shape.field(name) for name in fields], "reason": reason}
        reply = yield Request(method="POST", path=f"{shape.path}/{number}/unmask", json=told)
        return shown(shape, fields_of(reply))

    def count(self, kind: type[Record], by: str) -> Steps[Mapping[str, int]]:
        """Count customers by a field."""
        shape = SHAPES.of(kind)
        place = shape.path.removeprefix("/v1/")
        reply = yield Request(method="GET", path=f"/v1/reports/{place}", query={"by": shape.field(by)})
        groups: Mapping[str, int] = fields_of(reply)["groups"]
        return groups

    def export(self, kind: type[Record]) -> Steps["tuple[OnFile, ...]"]:
        """Read all records of a kind as a stream of lines."""
        shape = SHAPES.of(kind)
        reply = yield Request(method="GET", path=f"/v1/exports/{shape.path.removeprefix('/v1/')}")
        return all_shown(shape, [orjson.loads(line) for line in reply.body.splitlines() if line])

    def bulk(self, records: Sequence[Record], *, dry_run: bool = False, job: str | None = None) -> Steps[BulkReport]:
        """Load records of one kind in calls of 5,000 rows under one job."""
        rejected: list[Rejection] = []
        accepted, state = 0, "done"
        for offset in range(0, len(records), BULK_ROWS):
            rows = records[offset : offset + BULK_ROWS]
            shape = SHAPES.of(type(rows[0]))
            query = {"dry_run": "true" if dry_run else "false", "offset": str(offset)}
            query |= {"job": job} if job else {}
            told = fields_of(
                (
                    yield Request(
                        method="POST",
                        path=f"/v1/bulk/{shape.path.removeprefix('/v1/')}",
                        query=query,
                        content=shape.lines(rows),
                        headers={"Content-Type": "application/x-ndjson"},
                    )
                )
            )
            job, state = str(told["job"]), str(told["state"])
            accepted += int(told["accepted"])
            rejected += [Rejection(row=no["row"], field=no["field"], reason=no["reason"]) for no in told["rejected"]]
        return BulkReport(job=job or "", accepted=accepted, rejected=tuple(rejected), dry_run=dry_run, state=state)

    def revert(self, job: str) -> Steps[BulkReport]:
        """Take a bulk job back."""
        told = fields_of((yield Request(method="POST", path=f"/v1/bulk/jobs/{job}/revert")))
        return BulkReport(job=job, accepted=int(told["accepted"]), state=str(told["state"]))

    # -- people --------------------------------------------------------------------------------------------------
    def overview(self, customer: str) -> Steps[Overview]:
        """Read a customer at one glance, in one call."""
        shape = SHAPES.of(Customer)
        told = fields_of((yield Request(method="GET", path=f"{shape.path}/{customer}/overview")))
        domains = {name: tuple(rows) for name, rows in told.items() if name != "customer"}
        return Overview(customer=shown(shape, told["customer"]), domains=domains, calls=1)

    def duplicates(self) -> Steps["tuple[Pair, ...]"]:
        """Scan all customers of sight for doubles."""
        found = yield from every_item("/v1/duplicates", {})
        return tuple(Pair(first=one["first"], second=one["second"], score=float(one["score"])) for one in found)

    def merge(self, keep: str, drop: str) -> Steps[OnFile]:
        """Make one customer of two."""
        shape = SHAPES.of(Customer)
        reply = yield Request(method="POST", path=f"{shape.path}/{keep}/merge", json={"drop": drop})
        return shown(shape, fields_of(reply))

    def unmerge(self, keep: str, drop: str) -> Steps[None]:
        """Undo a merge."""
        yield Request(method="POST", path=f"/v1/customers/{keep}/unmerge", json={"drop": drop})

    def roll_up(self, household: str, *, at: datetime | None = None) -> Steps[RollUp]:
        """Sum a household's money."""
        query = {"at": at.isoformat()} if at else {}
        told = fields_of((yield Request(method="GET", path=f"/v1/households/{household}/roll-up", query=query)))
        return RollUp(
            household=told["household"],
            total=Decimal(str(told["total"])),
            currency=told["currency"],
            members=frozenset(told["members"]),
        )

    def subject_request(
        self, customer: str, request: str, details: Mapping[str, object] | None = None
    ) -> Steps[SubjectAnswer]:
        """Pass a data subject's request on."""
        told = {"request": request, "details": dict(details or {})}
        reply = yield Request(method="POST", path=f"/v1/customers/{customer}/subject-requests", json=told)
        said = fields_of(reply)
        return SubjectAnswer(
            status=said["status"],
            basis=said.get("basis") or "",
            until=said.get("until") or "",
            data=said.get("data") or {},
        )

    # -- service and automation ------------------------------------------------------------------------------------
    def ticket_clock(self, ticket: str) -> Steps[TicketClock]:
        """Read a ticket's clock."""
        return clock(fields_of((yield Request(method="GET", path=f"/v1/tickets/{ticket}/clock"))))

    def ticket_act(self, ticket: str, act: str, details: Mapping[str, object] | None = None) -> Steps[TicketClock]:
        """Act on a ticket."""
        told = {"act": act, "details": dict(details or {})}
        return clock(fields_of((yield Request(method="POST", path=f"/v1/tickets/{ticket}/acts", json=told))))

    def automate(self, recipe: Recipe) -> Steps[str]:
        """Set an automation up."""
        told = {
            "name": recipe.name,
            "trigger": recipe.trigger,
            "action": recipe.action,
            "wait_seconds": recipe.wait_seconds,
            "skip": list(recipe.skip),
            "stop_on": recipe.stop_on,
            "repeat": recipe.repeat,
        }
        return str(fields_of((yield Request(method="POST", path="/v1/automations", json=told)))["id"])

    def trigger(self, event: str, customer: str) -> Steps[None]:
        """Report an event."""
        yield Request(method="POST", path="/v1/events", json={"event": event, "customer": customer})

    def fired(self, recipe: str) -> Steps["tuple[Fired, ...]"]:
        """Read what an automation did."""
        found = yield from every_item(f"/v1/automations/{recipe}/fired", {})
        return tuple(
            Fired(recipe=one["recipe"], customer=one["customer"], action=one["action"], at=moment(one["at"]))
            for one in found
        )

    # -- accountability ------------------------------------------------------------------------------------------
    def history(self, kind: type[Record], number: str) -> Steps["tuple[Change, ...]"]:
        """Read a record's changes."""
        found = yield from every_item(f"{SHAPES.of(kind).path}/{number}/history", {})
        return tuple(change(one) for one in found)

    def as_of(self, kind: type[Record], number: str, at: datetime) -> Steps[OnFile]:
        """Read a record as it stood."""
        shape = SHAPES.of(kind)
        reply = yield Request(method="GET", path=f"{shape.path}/{number}", query={"as_of": at.isoformat()})
        return shown(shape, fields_of(reply))

    def restore(self, kind: type[Record], number: str, change: str) -> Steps[OnFile]:
        """Undo one change."""
        shape = SHAPES.of(kind)
        reply = yield Request(method="POST", path=f"{shape.path}/{number}/history/{change}/restore")
        return shown(shape, fields_of(reply))

    def audit(
        self,
        *,
        subject: str | None = None,
        who: str | None = None,
        action: str | None = None,
        since: datetime | None = None,
    ) -> Steps["tuple[AuditEntry, ...]"]:
        """Read the audit trail."""
        wanted = {"subject": subject, "who": who, "action": action, "since": since.isoformat() if since else None}
        asked = {name: value for name, value in wanted.items() if value is not None}
        found = yield from every_item("/v1/audit", {"limit": "200", **asked})
        return tuple(sorted((entry(one) for one in found), key=lambda entry: entry.at))

    # -- administration --------------------------------------------------------------------------------------------
    def policy(self) -> Steps[Mapping[str, Sequence[str]]]:
        """Export the access policy."""
        operations: Mapping[str, Sequence[str]] = fields_of((yield Request(method="GET", path="/v1/policy")))[
            "operations"
        ]
        return operations

    def assign(self, username: str, role: str) -> Steps[None]:
        """Give a user another role."""
        yield Request(method="PATCH", path=f"/v1/users/{username}", json={"role": role})

    def disable(self, username: str) -> Steps[None]:
        """Shut a user out."""
        yield Request(method="PATCH", path=f"/v1/users/{username}", json={"disabled": True})

    def add_user(self, credential: Credential, role: str) -> Steps[None]:
        """Create a user."""
        told = {
            "username": credential.username,
            "password": credential.secret,
            "role": role,
            "branch": credential.branch or "",
            "name": credential.username,
        }
        yield Request(method="POST", path="/v1/users", json=told)

    def contract(self) -> Steps[Mapping[str, object]]:
        """Read the OpenAPI document."""
        return fields_of((yield Request(method="GET", path="/openapi.json")))

    def now(self) -> Steps[datetime]:
        """Read the business clock."""
        return moment(fields_of((yield Request(method="GET", path="/v1/clock")))["now"])

    def advance(self, by: timedelta) -> Steps[datetime]:
        """Move the trial clock forward."""
        told = {"advance_seconds": int(by.total_seconds())}
        return moment(fields_of((yield Request(method="POST", path="/v1/clock", json=told)))["now"])
