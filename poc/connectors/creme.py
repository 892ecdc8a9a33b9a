"""Creme: Creme CRM 2.8 as people meet it, through the forms and lists of its pages: it has no interface for machines.

A customer is a contact, a company an organisation, an interaction an activity. A record is found by the bank's own
number, which stands in a field of the product's or a custom one; lists are asked by the condition that their own links
carry (``q_filter``). A branch is a team, which owns its customers and all that hangs on them (docs/vendors.md).
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence

from poc.connectors.creme_desk import CremeDesk
from poc.connectors.creme_forms import CONTACTS, DIALECT, OWNER, TICKETS, Form, condition, form_of, talked, tied
from poc.connectors.creme_pages import Line, error_of
from poc.connectors.creme_papers import CremePapers
from poc.connectors.creme_rows import SIZES, customer_of, line_of, listed, send, shown_form, taken_off
from poc.webforms import SENT_AS, WebForm
from scenarios.actors import Credential
from scenarios.answers import OnFile, Overview, Page, Session
from scenarios.port import Refused, Reply, Request, Steps, Unsupported
from synthetic_data.records import Customer, Interaction, Opportunity, Record, Ticket

_COOKIES = re.compile(r"\b(csrftoken|sessionid)=([^;,\s]+)")
#: What a list shows behind the name of a team, and a form does not.
TEAM = " (team)"
#: The status with which the product leads those who left to the door.
LEFT = 302
#: Django compares this cookie with the header and draws nothing from it; a session that is over needs one all the same.
NO_TOKEN = "0" * 32


class CremeConnector(CremeDesk, CremePapers):
    """Creme CRM by its forms: user name and password, a session cookie, a token of forms in a header."""

    title = "Creme CRM"

    def error_of(self, reply: Reply) -> Refused | None:
        """Return the refusal in a reply: most come with 200."""
        return error_of(reply)

    # -- sessions ----------------------------------------------------------------------------------------------------
    def sign_in(self, credential: Credential) -> Steps[Session]:
        """Send the form of the door; the token of forms stands in a cookie and is told in a header."""
        shown = yield Request(method="GET", path="/creme_login/")
        cookie = dict(_COOKIES.findall(shown.headers.get("set-cookie", ""))).get("csrftoken", NO_TOKEN)
        form = WebForm(fields={"username": (), "password": ()}, labels={}, choices={})
        told = form.filled({"username": credential.username, "password": credential.secret})
        headers = {**SENT_AS, "Cookie": f"csrftoken={cookie}", "X-CSRFToken": cookie}
        try:
            reply = yield Request(method="POST", path="/creme_login/", content=told, headers=headers)
        except Refused as no:
            reason = "unauthenticated" if no.reason == "invalid" else no.reason
            raise Refused(reason, status=no.status, detail=str(no)) from None
        held = dict(_COOKIES.findall(reply.headers.get("set-cookie", "")))
        return _session(held["sessionid"], held["csrftoken"])

    def session_of(self, token: str) -> Session:
        """Return the session whose cookie was kept."""
        return _session(token, NO_TOKEN)

    def sign_out(self) -> Steps[None]:
        """End the session; who has left stands before the door."""
        try:
            yield Request(method="POST", path="/creme_logout/")
        except Refused as no:
            if no.status != LEFT:
                raise

    # -- records -----------------------------------------------------------------------------------------------------
    def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
        """Put a record on file; a repeat under a ``key`` finds what the first one made."""
        form = form_of(type(record))
        if key is not None and (yield from self._there(form, record)):
            return record.number
        told = form.told(DIALECT.record(form.shape, record))
        told |= yield from self._ties(form, record)
        later = {name: told.pop(name) for name in ("status",) if form is TICKETS}
        path = f"{form.entry}/add"
        made = yield from send(path, (yield from shown_form(path)), told, form.shape.names)
        if later and later["status"] != TICKETS.shape.words["status"]["open"]:
            yield from self._edit(form, made.headers["location"].rpartition("/")[2], later)
        return record.number

    def get(self, kind: type[Record], number: str, *, include: Sequence[type[Record]] = ()) -> Steps[OnFile]:
        """Read a record by the bank's number: the row of a list that has it alone."""
        form = form_of(kind)
        seen = form.seen((yield from line_of(form, number)))
        related = {}
        for other in include:
            form_of(other)
            related[other.__name__] = (yield from self.list(other, where={"customer": number})).rows
        return OnFile(kind=seen.kind, number=seen.number, fields=seen.fields, included=related)

    def list(
        self,
        kind: type[Record],
        *,
        where: Mapping[str, str] | None = None,
        sort: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Steps[Page]:
        """Read a page; the product's have 10, 25, 50, 100 or 200 rows, so that one may come back shorter than asked."""
        form, start = form_of(kind), int(cursor or 0)
        size = next((one for one in SIZES if one >= limit), SIZES[-1])
        order = form.order(sort) if sort is not None else {}
        asked = condition("AND", form.asked(where or {}))
        shown = yield from listed(form, asked, rows=size, page=start // size + 1, order=order)
        lines = shown.lines[start % size : start % size + limit]
        after = start + len(lines)
        seen = tuple(one for one in map(form.seen, lines) if one.number and _fits(one, where or {}))
        return Page(
            rows=seen, next=str(after) if lines and after < shown.total else None, total=None if where else shown.total
        )

    def find(self, kind: type[Record], /, **by: str) -> Steps["tuple[OnFile, ...]"]:
        """Look up by exact values."""
        return (yield from self.list(kind, where=by, limit=SIZES[-1])).rows

    def search(self, kind: type[Record], text: str, *, limit: int = 20) -> Steps["tuple[OnFile, ...]"]:
        """Search as the lists' quick search does, by a part of a field, in several fields at once."""
        form = form_of(kind)
        words: dict[str, object] = {"op": "OR", "val": [[f"{name}__icontains", text] for name in form.words_in]}
        asked: dict[str, object] = {"op": "AND", "val": [*map(list, form.only), words]}
        shown = yield from listed(form, asked, rows=next((one for one in SIZES if one >= limit), SIZES[-1]))
        return tuple(map(form.seen, shown.lines[:limit]))

    def update(
        self, kind: type[Record], number: str, changes: Mapping[str, object], *, version: str | None = None
    ) -> Steps[OnFile]:
        """Change fields in the form that edits a record; the product knows no conditional change: none is pretended."""
        if version is not None:
            raise Unsupported("the product offers no change on condition of a version")
        form = form_of(kind)
        line = yield from line_of(form, number)
        told = form.told(DIALECT.changes(form.shape, changes))
        if kind is Customer and "branch" in changes:
            told[OWNER] = str(changes["branch"])
        yield from self._edit(form, line.entity, told)
        return form.seen((yield from line_of(form, str(changes.get("number", number)))))

    def delete(self, kind: type[Record], number: str) -> Steps[None]:
        """Take a record off file: into the trash, then out of it; one that is refused there is put back."""
        yield from taken_off((yield from line_of(form_of(kind), number)).entity)

    def count(self, kind: type[Record], by: str) -> Steps[Mapping[str, int]]:
        """Count records by a field of few words: the product tells how many rows a list has, asked once for each."""
        form = form_of(kind)
        if by not in form.shape.words:
            raise Unsupported(f"the product counts no {form.shape.path} by {by}")
        counts = {}
        for word in form.shape.words[by]:
            counts[word] = (yield from listed(form, condition("AND", form.asked({by: word})))).total
        return {word: count for word, count in counts.items() if count}

    def export(self, kind: type[Record]) -> Steps["tuple[OnFile, ...]"]:
        """Download the list as the CSV that the product makes of it; its columns are named by their titles."""
        form = form_of(kind)
        shown = yield from listed(form, condition("AND", list(form.only)))
        back = {title: name for name, title in shown.titles.items()}
        query = {"ct_id": shown.kind, "type": "csv", "hfilter": form.view}
        reply = yield Request(method="GET", path="/creme_core/mass_export", query=query, headers={"accept": "*/*"})
        rows = csv.DictReader(io.StringIO(reply.body.decode("utf-8-sig")))
        named = ({back[title]: value for title, value in row.items() if title in back} for row in rows)
        seen = (form.seen(Line(entity="", cells=row)) for row in named)
        return tuple(one for one in seen if one.number)

    # -- people ------------------------------------------------------------------------------------------------------
    def overview(self, customer: str) -> Steps[Overview]:
        """Read a customer at one glance: who it is, the deals, tickets and interactions (a list for each)."""
        one = CONTACTS.seen((yield from line_of(CONTACTS, customer)))
        domains: dict[str, tuple[Mapping[str, object], ...]] = {
            "identity": (_some(one, "name", "latin_name", "birth_date", "national_id"),),
            "contact": (_some(one, "mobile", "email", "address"),),
            "risk": (_some(one, "risk_level", "aml_rating"),),
        }
        for domain, kind in (("opportunities", Opportunity), ("tickets", Ticket), ("interactions", Interaction)):
            rows = (yield from self.list(kind, where={"customer": customer}, limit=25)).rows
            domains[domain] = tuple(row.fields for row in rows)
        return Overview(customer=one, domains=domains, calls=4)

    def merge(self, keep: str, drop: str) -> Steps[OnFile]:
        """Make one contact of two by the form that shows both; the values of ``keep`` stand in it already."""
        kept = (yield from line_of(CONTACTS, keep)).entity
        gone = (yield from line_of(CONTACTS, drop)).entity
        query = {"id1": kept, "id2": gone}
        form = yield from shown_form("/creme_core/entity/merge", query)
        yield Request(
            method="POST", path="/creme_core/entity/merge", query=query, content=form.filled({}), headers=SENT_AS
        )
        return CONTACTS.seen((yield from line_of(CONTACTS, keep)))

    # -- how it is said ----------------------------------------------------------------------------------------------
    def _there(self, form: Form, record: Record) -> Steps[bool]:
        try:
            yield from line_of(form, record.number)
        except Refused as no:
            if no.reason != "not-found":
                raise
            return False
        return True

    def _ties(self, form: Form, record: Record) -> Steps[dict[str, str]]:
        """Return who owns a record, and what it is tied to: what hangs on a customer belongs to the customer's team."""
        if not form.tie:
            return {OWNER: str(getattr(record, "branch", ""))}
        shown, line = yield from customer_of(str(getattr(record, "customer", "")))
        told = {OWNER: line.cells.get(OWNER, "").removesuffix(TEAM), **tied(form, shown.kind, line.entity)}
        return told | (talked(record) if isinstance(record, Interaction) else {})


def _session(session: str, token: str) -> Session:
    return Session(headers={"Cookie": f"csrftoken={token}; sessionid={session}", "X-CSRFToken": token})


def _fits(seen: OnFile, where: Mapping[str, str]) -> bool:
    """Whether a row is what was asked for, where a second custom field was asked that the product cannot compare."""
    return all("__" in name or seen.text(name) == str(value) for name, value in where.items())


def _some(one: OnFile, *names: str) -> dict[str, object]:
    return {name: one[name] for name in names}
