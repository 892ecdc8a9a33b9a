"""Desk: what Creme offers beside records: a ticket's acts, histories with old and new values, users and their roles."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from poc.connectors.creme_forms import FORMS, TICKETS, Form, form_of
from poc.connectors.creme_pages import Event, Line, events
from poc.connectors.creme_rows import found_in, line_of, send, shown_form
from poc.webforms import Told
from scenarios.actors import Credential
from scenarios.answers import AuditEntry, Change, TicketClock
from scenarios.port import Connector, Refused, Request, Steps, Unsupported
from synthetic_data.records import Record

#: What an act on a ticket is to the product: the status that it is given.
ACTS: Mapping[str, str] = {"pause": "paused", "resume": "open", "resolve": "resolved", "reopen": "open"}
#: The product's words for what was done, by their beginning, in the port's (scenarios/library/security/acts.py).
DEEDS: Mapping[str, str] = {"Creation": "record.create", "Edition": "record.update", "Deletion": "record.delete"}
#: The block of a page that tells the history, and how many lines it shows at a time; of all records no more pages.
BLOCK, LINES, PAGES = "regular-creme_core-history", 10, 10
ADMINISTRATOR = "admin"


class CremeDesk(Connector):
    """Tickets' acts, histories, users."""

    # -- service -----------------------------------------------------------------------------------------------------
    def ticket_clock(self, ticket: str) -> Steps[TicketClock]:
        """Read how a ticket stands and what happened to it; the product gives no time in which it is due."""
        return (yield from self._clock(ticket))

    def ticket_act(self, ticket: str, act: str, details: Mapping[str, object] | None = None) -> Steps[TicketClock]:
        """Act on a ticket: the product has a status for each act, and a priority to re-grade."""
        line = yield from line_of(TICKETS, ticket)
        yield from self._edit(TICKETS, line.entity, _acted(act, details or {}))
        return (yield from self._clock(ticket))

    # -- accountability ----------------------------------------------------------------------------------------------
    def history(self, kind: type[Record], number: str) -> Steps["tuple[Change, ...]"]:
        """Read all changes of a record, with old and new values, from the block of its page that tells them."""
        form = form_of(kind)
        shown, line = yield from found_in(form, number)
        names = {title: name for name, title in shown.titles.items()}
        happened = yield from _of_record(line.entity)
        return tuple(change for one in reversed(happened) for change in _changes(form, names, one))

    def audit(
        self,
        *,
        subject: str | None = None,
        who: str | None = None,
        action: str | None = None,
        since: datetime | None = None,
    ) -> Steps["tuple[AuditEntry, ...]"]:
        """Read what was done to a record, or the last acts on all; the product notes no reads and no sign-ins.

        Acts on all are told by the name that a record shows, for the product has no number of the bank's there.
        """
        happened = (yield from _last_of_all()) if subject is None else (yield from self._about(subject))
        entries = (_entry(one, subject or one.about) for one in reversed(happened))
        return tuple(
            one
            for one in entries
            if who in (None, one.who) and action in (None, one.action) and (since is None or one.at >= since)
        )

    # -- people ------------------------------------------------------------------------------------------------------
    def add_user(self, credential: Credential, role: str) -> Steps[None]:
        """Create a user with a password; who has no role is a superuser to the product."""
        path = "/creme_config/user/add"
        told: Told = {
            "username": credential.username,
            "last_name": credential.username,
            "first_name": role,
            "displayed_name": credential.username,
            "email": f"{credential.username}@bank.example",
            "password_1": credential.secret,
            "password_2": credential.secret,
            "roles": _roles(role),
            "relation": "persons-subject_employed_by",
        }
        yield from send(path, (yield from shown_form(path)), told, {"role": "roles"})

    def assign(self, username: str, role: str) -> Steps[None]:
        """Give a user another role."""
        path = f"/creme_config/user/edit/{(yield from _user(username))}"
        yield from send(path, (yield from shown_form(path)), {"roles": _roles(role)}, {"role": "roles"})

    def disable(self, username: str) -> Steps[None]:
        """Deactivate a user."""
        user = yield from _user(username)
        yield Request(method="POST", path=f"/creme_config/user/deactivate/{user}")

    # -- how it is said ----------------------------------------------------------------------------------------------
    def _edit(self, form: Form, entity: str, told: Told) -> Steps[None]:
        path = f"{form.entry}/edit/{entity}"
        yield from send(path, (yield from shown_form(path)), told, form.shape.names)

    def _clock(self, ticket: str) -> Steps[TicketClock]:
        line = yield from line_of(TICKETS, ticket)
        happened = yield from _of_record(line.entity)
        return TicketClock(
            number=ticket,
            due_at=None,
            status=TICKETS.seen(line).text("status"),
            events=tuple(one.deed.lower() for one in reversed(happened)),
        )

    def _about(self, number: str) -> Steps[list[Event]]:
        """Read the history of the record with this number, of whichever kind it is."""
        for form in FORMS.values():
            try:
                return (yield from _of_record((yield from line_of(form, number)).entity))
            except Refused as no:
                if no.reason not in ("not-found", "forbidden"):
                    raise
        return []


def _acted(act: str, details: Mapping[str, object]) -> dict[str, str]:
    words = TICKETS.shape.words
    if act == "severity":
        return {"priority": str(words["severity"].get(str(details["severity"]), details["severity"]))}
    if act not in ACTS:
        raise Unsupported(f"the product knows no act {act!r} on a ticket")
    solved = {"solution": str(details["root_cause"])} if "root_cause" in details else {}
    return {"status": str(words["status"][ACTS[act]]), **solved}


def _roles(role: str) -> tuple[str, ...]:
    return () if role == ADMINISTRATOR else (role,)


def _user(username: str) -> Steps[str]:
    """Return the number of an active user; the form that makes a team offers them all."""
    known = (yield from shown_form("/creme_config/team/add")).choices["teammates"]
    if username not in known:
        raise Refused("not-found", status=200, detail=f"there is no active user {username}")
    return known[username]


def _of_record(entity: str) -> Steps[list[Event]]:
    return (yield from _history(f"/creme_core/bricks/reload/detailview/{entity}", pages=1_000))


def _last_of_all() -> Steps[list[Event]]:
    return (yield from _history("/creme_core/bricks/reload/home", pages=PAGES))


def _history(path: str, pages: int) -> Steps[list[Event]]:
    """Read a block of history, page after page, newest first; past its end the product shows the last page again."""
    found: list[Event] = []
    last: tuple[Event, ...] = ()
    for page in range(1, pages + 1):
        query = {"brick_id": BLOCK, f"{BLOCK}_page": str(page)}
        reply = yield Request(method="GET", path=path, query=query, step="a history")
        shown = events(cast(list[list[str]], reply.json)[0][1])
        if shown == last:
            break
        found += shown
        last = shown
        if len(shown) < LINES:
            break
    return found


def _changes(form: Form, names: Mapping[str, str], one: Event) -> list[Change]:
    """Return the changes of an event in our names and words, as far as they are fields of the bank's."""
    back = {theirs: ours for ours, theirs in form.shape.names.items()}
    found = []
    for title, before, after in one.changes:
        theirs = names.get(title, title)
        if theirs in back:
            values = [
                form.seen(Line(entity="", cells={theirs: value})).fields[back[theirs]] for value in (before, after)
            ]
            found.append(
                Change(at=one.at, who=one.who, field=back[theirs], before=values[0], after=values[1], source="ui")
            )
    return found


def _entry(one: Event, subject: str) -> AuditEntry:
    action = next((ours for theirs, ours in DEEDS.items() if one.deed.startswith(theirs)), one.deed.lower())
    changes = one.changes
    return AuditEntry(
        id=f"{one.at.isoformat()} {one.deed} {subject}",
        at=one.at,
        who=one.who,
        action=action,
        subject=subject,
        before={field: before for field, before, _ in changes} or None,
        after={field: after for field, _, after in changes} or None,
    )
