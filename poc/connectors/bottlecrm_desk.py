"""Desk: what BottleCRM offers beside records: a case's time and history, who did what, people, documents, webhooks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from poc.connectors.bottlecrm_forms import CASES, CONTACTS, CUSTOM, form_of
from poc.connectors.bottlecrm_rows import Row, path_of, row_of, safe
from poc.connectors.replies import fields_of, moment
from scenarios.actors import Credential
from scenarios.answers import AuditEntry, Change, TicketClock
from scenarios.papers import Attachment, Paper
from scenarios.port import Connector, Refused, Request, Steps, Unsupported
from scenarios.verdict import NotTestable
from synthetic_data.records import Record, Ticket

#: What an act on a ticket is to the product: the status that a case is given.
ACTS: Mapping[str, str] = {"pause": "Pending", "resume": "Assigned", "resolve": "Closed", "reopen": "New"}
#: The product's words for what was done, in the port's (scenarios/library/security/acts.py reads them).
DONE: Mapping[str, str] = {"CREATE": "record.create", "UPDATE": "record.update", "DELETE": "record.delete"}
#: Two roles there are: whoever administers sees all and may all; anybody else sees what is assigned to him.
ADMINISTRATORS = frozenset({"admin", "integration"})
#: The longest activity feed that the product hands out.
FEED = 50


class BottleDesk(Connector):
    """Tickets' time, the activity feed, users, documents."""

    # -- service -----------------------------------------------------------------------------------------------------
    def ticket_clock(self, ticket: str) -> Steps[TicketClock]:
        """Read a case's deadline (the product's, of its resolution) and what happened to it."""
        return (yield from _clock((yield from row_of(CASES, ticket)), ticket))

    def ticket_act(self, ticket: str, act: str, details: Mapping[str, object] | None = None) -> Steps[TicketClock]:
        """Act on a case: the product has a status for each act, and a priority to re-grade."""
        path = yield from path_of(CASES, ticket)
        yield Request(method="PATCH", path=path, json=_acted(act, details or {}))
        return (yield from _clock((yield from row_of(CASES, ticket)), ticket))

    # -- accountability ----------------------------------------------------------------------------------------------
    def history(self, kind: type[Record], number: str) -> Steps["tuple[Change, ...]"]:
        """Read the changes of a case; of all else the product tells that it was changed, and not what."""
        if kind is not Ticket:
            raise Unsupported(f"the product keeps no values of changes of {form_of(kind).shape.path}")
        happened = yield from _activities((yield from row_of(CASES, number)))
        return tuple(change for one in reversed(happened) for change in _changes(one))

    def audit(
        self,
        *,
        subject: str | None = None,
        who: str | None = None,
        action: str | None = None,
        since: datetime | None = None,
    ) -> Steps["tuple[AuditEntry, ...]"]:
        """Read the activity feed: the last fifty writes. The security log is closed to tokens.

        It names records by UUID; those of contacts that are still there are told by the bank's number.
        """
        told = fields_of((yield Request(method="GET", path="/api/activities/", query={"limit": str(FEED)})))
        entries = []
        known: dict[str, str] = {}
        for one in reversed(told["activities"]):
            number = str(one["entity_id"])
            if one["entity_type"] == CONTACTS.target:
                if number not in known:
                    known[number] = yield from _number_of(number)
                number = known[number]
            entries.append(_entry(one, number))
        return tuple(entry for entry in entries if _asked(entry, subject, who, action, since))

    # -- people ------------------------------------------------------------------------------------------------------
    def add_user(self, credential: Credential, role: str) -> Steps[None]:
        """Say why nobody is made here who could be used: a first token is made after a sign-in by mail."""
        raise NotTestable("whom the product takes on signs in with a mailed code, which no bench can read")

    def disable(self, username: str) -> Steps[None]:
        """Make a user inactive."""
        user = yield from _user(username)
        yield Request(method="POST", path=f"/api/user/{user}/status/", json={"status": "Inactive"})

    def assign(self, username: str, role: str) -> Steps[None]:
        """Give a user another role, of the two that there are."""
        yield Request(method="PATCH", path=f"/api/user/{(yield from _user(username))}/", json={"role": _role(role)})

    # -- machines ----------------------------------------------------------------------------------------------------
    def contract(self) -> Steps[Mapping[str, object]]:
        """Read the OpenAPI document, which only those inside are shown."""
        kind = "application/vnd.oai.openapi+json"
        return fields_of((yield Request(method="GET", path="/schema/", headers={"accept": kind})))

    def subscribe(self, url: str) -> Steps[str]:
        """Say why webhooks cannot be received here."""
        raise NotTestable(
            "the product sends webhooks to public https addresses only, and takes no access token to set them up"
        )

    # -- documents ---------------------------------------------------------------------------------------------------
    def attach(self, kind: type[Record], number: str, *, name: str, media_type: str, content: bytes) -> Steps[str]:
        """Hang a document on a record; the product may give it another name, so that the newest is the one."""
        form = form_of(kind)
        path = yield from path_of(form, number)
        told = fields_of((yield _upload(path, form.paper, name, media_type, content)))
        newest = max(told["attachments"], key=lambda one: str(one["created_at"]), default=None)
        if newest is None:
            raise Refused("invalid", status=200, detail="the product took no document", fields=(form.paper,))
        return f"{form.shape.path}.{newest['id']}"

    def attachments(self, kind: type[Record], number: str) -> Steps["tuple[Attachment, ...]"]:
        """Read which documents hang on a record; the product tells neither their kind nor their size."""
        form = form_of(kind)
        told = fields_of((yield Request(method="GET", path=(yield from path_of(form, number)))))
        return tuple(
            Attachment(number=f"{form.shape.path}.{one['id']}", name=one["file_name"]) for one in told["attachments"]
        )

    def read_attachment(self, document: str, reason: str = "") -> Steps[Paper]:
        """Download a document; the product asks for no reason."""
        path = f"/api/attachments/{safe(document.rpartition('.')[2])}/download/"
        reply = yield Request(method="GET", path=path, headers={"accept": "*/*"})
        told = reply.headers
        return Paper(
            content=reply.body,
            media_type=told.get("content-type", ""),
            disposition=told.get("content-disposition", ""),
            sniffing=told.get("x-content-type-options", ""),
        )

    def detach(self, document: str) -> Steps[None]:
        """Take a document off file."""
        path, _, number = document.partition(".")
        yield Request(method="DELETE", path=f"/api/{safe(path)}/attachment/{safe(number)}/")


def _acted(act: str, details: Mapping[str, object]) -> dict[str, object]:
    if act == "severity":
        told = CASES.shape.changes({"severity": details["severity"]})
        return dict(told)
    if act not in ACTS:
        raise Unsupported(f"the product knows no act {act!r} on a case")
    custom = {name: value for name, value in details.items() if f"{CUSTOM}{name}" in CASES.shape.names.values()}
    return {"status": ACTS[act], **({"custom_fields": custom} if custom else {})}


def _clock(row: Row, number: str) -> Steps[TicketClock]:
    happened = yield from _activities(row)
    fired = row["last_escalation_fired_at"]
    due = row["resolution_sla_deadline"]
    return TicketClock(
        number=number,
        due_at=moment(due) if due else None,
        status=CASES.seen(row).text("status"),
        breached=bool(row["is_sla_resolution_breached"]),
        escalated_at=moment(fired) if fired else None,
        events=tuple(str(one["action"]).lower() for one in reversed(happened)),
    )


def _activities(row: Row) -> Steps[list[Row]]:
    """Read what happened to a case, newest first."""
    path = f"{CASES.path}{row['id']}/activities/"
    told = fields_of((yield Request(method="GET", path=path, query={"limit": "100"}, step="a case's activities")))
    found: list[Row] = told["activities"]
    return found


def _changes(one: Row) -> list[Change]:
    """Return what an activity tells of fields: several at once, or the one that its name tells (STATUS_CHANGED)."""
    told: Mapping[str, Any] = one["metadata"] or {}
    if "before" in told:
        told = {"changes": {str(one["action"]).removesuffix("_CHANGED").lower(): told}}
    who = str(((one["user"] or {}).get("user_details") or {}).get("email") or "")
    return [
        Change(at=moment(one["created_at"]), who=who, id=str(one["id"]), **_change(name, values))
        for name, values in told.get("changes", {}).items()
    ]


def _change(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return which field changed, from what to what, in our names and words."""
    shown = {side: CASES.shape.ours({name: values.get(side)}).fields for side in ("before", "after")}
    field = next(iter(shown["after"]))
    return {"field": field, **{side: told[field] for side, told in shown.items()}}


def _number_of(contact: str) -> Steps[str]:
    """Return the bank's number of a contact, its UUID if it is gone."""
    try:
        told = fields_of((yield Request(method="GET", path=f"{CONTACTS.path}{contact}/", step="a contact")))
    except Refused as no:
        if no.reason != "not-found":
            raise
        return contact
    return CONTACTS.seen(told[CONTACTS.detail]).number


def _entry(one: Row, subject: str) -> AuditEntry:
    user = one["user"] or {}
    return AuditEntry(
        id=str(one["id"]),
        at=moment(one["timestamp"]),
        who=str(user.get("email") or ""),
        action=DONE.get(one["action"], str(one["action"]).lower()),
        subject=subject,
    )


def _asked(entry: AuditEntry, subject: str | None, who: str | None, action: str | None, since: datetime | None) -> bool:
    return (
        subject in (None, entry.subject)
        and who in (None, entry.who)
        and action in (None, entry.action)
        and (since is None or entry.at >= since)
    )


def _role(role: str) -> str:
    return "ADMIN" if role in ADMINISTRATORS else "USER"


def _user(username: str) -> Steps[str]:
    """Return the id of a user, by the address that is his name."""
    told = fields_of((yield Request(method="GET", path="/api/users/", query={"email": username, "limit": "20"})))
    for side in ("active_users", "inactive_users"):
        for one in told[side][side]:
            if one["user_details"]["email"] == username:
                return str(one["user_details"]["id"])
    raise Refused("not-found", status=200, detail=f"there is no user {username}")


def _upload(path: str, field: str, name: str, media_type: str, content: bytes) -> Request:
    """Return an upload as a form does it (RFC 7578); the boundary follows from what is sent, so that it can be told."""
    boundary = uuid5(NAMESPACE_OID, f"{path} {name} {len(content)}").hex
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{quoted}"\r\n'
        f"Content-Type: {media_type}\r\n\r\n"
    )
    return Request(
        method="POST",
        path=path,
        content=head.encode() + content + f"\r\n--{boundary}--\r\n".encode(),
        headers={"content-type": f"multipart/form-data; boundary={boundary}"},
    )
