"""Reference answers: what the reference CRM's JSON means in our nouns."""

from collections.abc import Iterable, Mapping
from typing import Any

from poc.connectors.replies import fields_of, moment
from poc.connectors.shape import Shape, Shapes
from scenarios.answers import AuditEntry, Change, OnFile, Session, TicketClock
from scenarios.port import REASONS, Refused, Reply
from synthetic_data import records as ours
from synthetic_data.records import Record

SHAPES = Shapes(
    *(
        # a consent has a version of its own (of the text agreed to), so its record's is called revision
        Shape(kind=kind, path=f"/v1/{path}", version="revision" if kind is ours.Consent else "version")
        for kind, path in (
            (ours.Customer, "customers"),
            (ours.Company, "companies"),
            (ours.Relation, "relations"),
            (ours.Household, "households"),
            (ours.Membership, "memberships"),
            (ours.Account, "accounts"),
            (ours.Holding, "holdings"),
            (ours.Interaction, "interactions"),
            (ours.Ticket, "tickets"),
            (ours.Opportunity, "opportunities"),
            (ours.Campaign, "campaigns"),
            (ours.CampaignMember, "campaign-members"),
            (ours.Consent, "consents"),
            (ours.KycFile, "kyc-files"),
        )
    )
)
PLACES = {place_of.path.removeprefix("/v1/"): place_of for place_of in SHAPES}


def place(kind: type[Record]) -> str:
    """Return the path segment of a kind."""
    return SHAPES.of(kind).path.removeprefix("/v1/")


def refused(reply: Reply) -> Refused:
    """Return the refusal that a problem document (RFC 9457) tells; its type ends in the reason."""
    try:
        problem = fields_of(reply)
    except ValueError:
        problem = {}
    word = str(problem.get("type", "")).rpartition("/")[2].rpartition(":")[2]
    broken = "server-error" if reply.status >= 500 else "refused"
    errors = problem.get("errors") or ()
    return Refused(
        REASONS.get(reply.status, broken) if word in ("", "blank") else word,
        status=reply.status,
        detail=str(problem.get("detail") or ""),
        fields=tuple(str(error.get("field", "")) for error in errors),
    )


def opened(reply: Reply) -> Session:
    """Return the session that a token reply opens."""
    told = fields_of(reply)
    return Session(
        headers={"Authorization": f"Bearer {told['access_token']}"},
        renewal=told.get("refresh_token"),
        seconds=told.get("expires_in"),
    )


def shown(shape: Shape, row: Mapping[str, Any]) -> OnFile:
    """Return a record with what was asked to be included."""
    included = {name: all_shown(PLACES[name], rows) for name, rows in (row.get("included") or {}).items()}
    return shape.ours({name: value for name, value in row.items() if name != "included"}, included=included)


def all_shown(shape: Shape, rows: Iterable[Mapping[str, Any]]) -> tuple[OnFile, ...]:
    """Return the records of a list."""
    return tuple(shown(shape, row) for row in rows)


def clock(told: Mapping[str, Any]) -> TicketClock:
    """Return a ticket's clock."""
    return TicketClock(
        number=told["number"],
        due_at=moment(told["due_at"]) if told.get("due_at") else None,
        status=told["status"],
        breached=bool(told.get("breached")),
        escalated_at=moment(told["escalated_at"]) if told.get("escalated_at") else None,
        events=tuple(told.get("events") or ()),
    )


def change(told: Mapping[str, Any]) -> Change:
    """Return one change of a record's history."""
    return Change(
        id=str(told["id"]),
        at=moment(told["at"]),
        who=told.get("who") or "",
        field=told["field"],
        before=told.get("before"),
        after=told.get("after"),
        source=told.get("source") or "",
    )


def entry(told: Mapping[str, Any]) -> AuditEntry:
    """Return one entry of the audit trail."""
    return AuditEntry(
        id=str(told["id"]),
        at=moment(told["at"]),
        who=told.get("who") or "",
        action=told["action"],
        subject=told.get("subject") or "",
        where=told.get("where") or "",
        before=told.get("before"),
        after=told.get("after"),
        result=told.get("result") or "",
        trace=told.get("trace") or "",
    )
