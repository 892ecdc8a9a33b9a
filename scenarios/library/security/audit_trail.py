"""Audit trail: whether what users did can be read afterwards, at once, in full and without secrets."""

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from scenarios.actors import Actor, Credential
from scenarios.answers import AuditEntry
from scenarios.crm import CRM
from scenarios.library.newcomers import newcomers, on_file, quietly
from scenarios.library.security.acts import (
    ACTS,
    ADMINISTRATION,
    DELETED,
    DENIALS,
    EXPORTS,
    LOGINS,
    MERGED,
    ON_FILE,
    READ,
    REFUSED,
    SENSITIVE_READS,
    TO_COME,
    WRITES,
    Cast,
    Mark,
)
from scenarios.library.security.attempts import Attempt, attempt, need, seconds_until
from scenarios.library.security.sightings import spotted
from scenarios.library.security.staffing import seated, taken_on
from scenarios.port import Refused, Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, at_least, at_most, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: How often each act is done (the requirement names 10; an export, the longest of them, is done once).
TIMES = 5
#: An entry must be there within 5 s (requirement SEC-07); until the first has shown up, entries are waited for longer.
IN_TIME_S, LONGEST_S, SHORT_S = 5.0, 60.0, 3.0
#: The roles that do things.
WORKING = ("rm", "manager", "compliance")
#: Customers whom no rule keeps from being deleted or erased: the relationship ended more than ten years ago.
LONG_AGO = date(2012, 3, 31)


class Found(NamedTuple):
    """One kind of act: how often it was done, the entries that were found of it, and after how many seconds."""

    kind: str
    done: int
    entries: tuple[AuditEntry, ...]
    lags: tuple[float, ...]
    offered: bool = True

    @property
    def share(self) -> float:
        """Return which share of the acts is on record."""
        return min(1.0, len(self.entries) / self.done)


class Seen(NamedTuple):
    """What was done, what was found of it, and all bytes in which the audit was told."""

    found: Mapping[str, Found]
    about: Attempt[tuple[AuditEntry, ...]]  # the entries of one customer
    customer: str
    bytes: bytes
    secrets: tuple[str, ...]
    customers: tuple[Customer, ...]


@scenario("SEC-07")
def eighteen_kinds_of_acts_are_done(crm: CRM, bank: Bank) -> Seen:
    """Users do the things that an audit must hold, eighteen kinds and more, five times; the auditor looks for each."""
    need(crm, Actor.INTEGRATION, Actor.AUDITOR)
    people = [replace(one, closed_on=None) for one in newcomers(crm, bank, ON_FILE + TO_COME)]
    for place in (*range(DELETED, MERGED), *range(ON_FILE, ON_FILE + TO_COME)):
        people[place] = replace(people[place], state="closed", closed_on=LONG_AGO, since=date(2005, 1, 3))
    roles = (*((role, role) for role in WORKING), ("spare", "teller"))
    with on_file(crm, *people[:ON_FILE]), _staffed(crm, bank, roles) as credentials, _tidy(crm, people[ON_FILE:]):
        views = {role: seated(crm, credentials[role], role) for role in WORKING}
        cast = Cast(
            views=views,
            people=credentials,
            bank=bank,
            own_users="spare" in credentials,
            on_file=tuple(people[:ON_FILE]),
            to_come=iter(people[ON_FILE:]),
        )
        clerk = Clerk(crm)
        clerk.watch(cast)
        number = cast.on_file[READ].number
        about = attempt(crm.acting_as(Actor.AUDITOR), "audit by subject", lambda view: view.audit(subject=number))
        return Seen(
            found=clerk.found,
            about=about,
            customer=number,
            bytes=b"\n".join((*clerk.told, about.bytes)),
            secrets=tuple(_secrets(crm, cast)),
            customers=tuple(people),
        )


@contextmanager
def _staffed(crm: CRM, bank: Bank, roles: Iterable[tuple[str, str]]) -> Iterator[dict[str, Credential]]:
    """Take users on, or have those stand in who are there already."""
    with taken_on(crm, bank, *roles, stand_in=True) as credentials:
        if missing := [role for role in WORKING if role not in credentials]:
            raise NotTestable(f"nobody with a secret is named in the target's settings as {', '.join(missing)}")
        yield credentials


@contextmanager
def _tidy(crm: CRM, created: Iterable[Customer]) -> Iterator[None]:
    """Take away what bankers and bulk jobs created on the way."""
    try:
        yield
    finally:
        for turn in range(TIMES):
            quietly(crm.acting_as(Actor.INTEGRATION).revert, f"{crm.nonce}-acts-{turn}")
        for customer in tuple(created)[:TIMES] if crm.has(Actor.COMPLIANCE) else ():
            quietly(crm.acting_as(Actor.COMPLIANCE).subject_request, customer.number, "erase")


def _secrets(crm: CRM, cast: Cast) -> Iterator[str]:
    """Return what must never be written down: passwords, right or mistyped, new e-mails, and tokens of the sessions."""
    yield from (credential.secret for credential in cast.people.values())
    yield from (f"Mistyped-{crm.nonce}-{turn}-secret" for turn in range(TIMES))
    yield from (f"turn{turn}.{crm.nonce}@newcomers" for turn in range(TIMES))
    for view in cast.views.values():
        session = view.session()
        for value in session.headers.values() if session else ():
            yield value.removeprefix("Bearer ")


class Clerk:
    """Has acts done kind by kind, and asks the audit after each kind until all its entries are there."""

    def __init__(self, crm: CRM) -> None:
        """Begin with nothing found."""
        self.crm, self.auditor = crm, crm.acting_as(Actor.AUDITOR)
        self.found: dict[str, Found] = {}
        self.told: list[bytes] = []
        self.credited: set[str] = set()
        self.since = self._begin()

    def _begin(self) -> datetime:
        """Return a moment before the first act on the target's own clock, where it tells it."""
        told = attempt(self.crm.acting_as(Actor.INTEGRATION), "clock", lambda view: view.now())
        return min(self.crm.clock.now(), told.value if told.ok else self.crm.clock.now()) - timedelta(seconds=5)

    def watch(self, cast: Cast) -> None:
        """Do all acts; a kind that the product does not offer is left out."""
        late: list[tuple[str, tuple[Mark, ...], datetime]] = []
        for kind in ACTS:
            marks, offered = self._do(kind, cast)
            done_at = self.crm.clock.now()
            self.found[kind] = self._look(kind, marks, done_at, offered=offered)
            if len(self.found[kind].entries) < len(marks):
                late.append((kind, marks, done_at))
        for kind, marks, done_at in late:
            more = self._look(kind, marks, done_at, patience=0.0)
            before = self.found[kind]
            self.found[kind] = before._replace(
                entries=(*before.entries, *more.entries)[: before.done], lags=(*before.lags, *more.lags)[: before.done]
            )

    def _do(self, kind: str, cast: Cast) -> tuple[tuple[Mark, ...], bool]:
        """Do one kind of act; what the system did not let happen is not looked for."""
        marks: list[Mark] = []
        for turn in range(1 if kind in EXPORTS else TIMES):
            try:
                mark, answer = ACTS[kind](self.crm, cast, turn)
            except Unsupported:
                return tuple(marks), bool(marks)
            except Refused:
                continue
            if answer.ok is not (kind in REFUSED):
                marks.append(mark)
        return tuple(marks), True

    def _look(
        self, kind: str, marks: tuple[Mark, ...], done_at: datetime, *, offered: bool = True,
        patience: float | None = None,
    ) -> Found:  # fmt: skip
        """Ask the audit until every act has its entry, or patience ends."""
        entries: dict[str, AuditEntry] = {}
        shown = any(found.entries for found in self.found.values())
        within = patience if patience is not None else SHORT_S if shown else LONGEST_S

        def complete() -> bool:
            entries.update(self._fitting(marks))
            return len(entries) >= len(marks)

        if marks:
            seconds_until(self.crm.clock, complete, within=within, every=0.25)
        lag = (self.crm.clock.now() - done_at).total_seconds()
        self.credited |= set(entries)
        kept = tuple(entries.values())[: len(marks)]
        return Found(kind, len(marks), kept, (lag,) * len(kept), offered)

    def _fitting(self, marks: tuple[Mark, ...]) -> dict[str, AuditEntry]:
        """Return the entries of the acts that were not found before, by id."""
        questions = {tuple(question.items()) for mark in marks for question in mark.questions()}
        fitting = {}
        for question in sorted(questions):
            asked = attempt(self.auditor, "audit", partial(CRM.audit, since=self.since, **dict(question)))
            self.told.append(asked.bytes)
            for entry in asked.value:
                if entry.id not in self.credited and any(mark.fits(entry) for mark in marks):
                    fitting[entry.id] = entry
        return fitting


def _kinds(seen: Seen, kinds: Iterable[str]) -> tuple[Found, ...]:
    there = tuple(seen.found[kind] for kind in sorted(kinds) if kind in seen.found and seen.found[kind].offered)
    if not there:
        raise Unsupported("the product offers none of these acts")
    done = tuple(found for found in there if found.done)
    if not done:
        raise NotTestable(f"none of these acts could be done: {', '.join(found.kind for found in there)}")
    return done


def _p95(seen: Seen) -> float:
    """Return the lag within which 95 of 100 entries showed up; acts without an entry count as never."""
    lags = sorted(
        lag for found in seen.found.values() for lag in (*found.lags, *([math.inf] * (found.done - len(found.entries))))
    )
    if not lags:
        raise NotTestable("no act could be done")
    return lags[math.ceil(0.95 * len(lags)) - 1]


def _share(seen: Seen) -> float:
    done = sum(found.done for found in seen.found.values())
    return sum(len(found.entries) for found in seen.found.values()) / done if done else 0.0


def _measured(seen: Seen, verdict: Verdict) -> Verdict:
    """Add the measures that rubrics read; a lag without end is told as an hour, since JSON has no infinity."""
    measures = {"audit_lag_p95_s": min(_p95(seen), 3600.0), "actions_audited_share": _share(seen)}
    return replace(verdict, measures=measures)


def _all_on_record(seen: Seen, kinds: Iterable[str]) -> Verdict:
    missing = [
        f"{found.kind}: {len(found.entries)} of {found.done}"
        for found in _kinds(seen, kinds)
        if len(found.entries) < found.done
    ]
    return _measured(seen, none_of(missing, what="act without an entry"))


@eighteen_kinds_of_acts_are_done.harm
def no_secret_is_in_the_audit(seen: Seen) -> Verdict:
    """No password, no token and no restricted value in clear is in the audit."""
    secrets = {f"a secret of {len(one)} characters" for one in seen.secrets if one and one.encode() in seen.bytes}
    return none_of((*secrets, *spotted(seen.customers, seen.bytes)), what="secret in the audit")


@eighteen_kinds_of_acts_are_done.check
def the_audit_can_be_read(seen: Seen) -> Verdict:
    """The auditor can read over the interface what was done."""
    entries = sum(len(found.entries) for found in seen.found.values())
    return _measured(seen, at_least(entries, 1))


@eighteen_kinds_of_acts_are_done.check
def writes_are_audited(seen: Seen) -> Verdict:
    """Every creation, update, deletion, merge and bulk load is on record."""
    return _all_on_record(seen, WRITES)


@eighteen_kinds_of_acts_are_done.check
def logins_are_audited(seen: Seen) -> Verdict:
    """Every login is on record, the failed ones too."""
    return _all_on_record(seen, LOGINS)


@eighteen_kinds_of_acts_are_done.check
def administration_is_audited(seen: Seen) -> Verdict:
    """New users, roles, users shut out, second factors, settings, approvals and keys: every one is on record."""
    return _all_on_record(seen, ADMINISTRATION)


@eighteen_kinds_of_acts_are_done.check
def exports_are_audited(seen: Seen) -> Verdict:
    """Every export is on record."""
    return _all_on_record(seen, EXPORTS)


@eighteen_kinds_of_acts_are_done.check
def denials_are_audited(seen: Seen) -> Verdict:
    """Every try that was denied is on record."""
    return _all_on_record(seen, DENIALS)


@eighteen_kinds_of_acts_are_done.check
def sensitive_reads_are_audited(seen: Seen) -> Verdict:
    """At least 95 of 100 reads of one customer, in masked or clear form, are on record."""
    kinds = _kinds(seen, SENSITIVE_READS)
    share = sum(len(found.entries) for found in kinds) / sum(found.done for found in kinds)
    told = ", ".join(f"{found.kind} {len(found.entries)}/{found.done}" for found in kinds)
    return at_least(share, 0.95, note=told, sensitive_reads_audited_share=share)


@eighteen_kinds_of_acts_are_done.check
def entries_show_up_in_time(seen: Seen) -> Verdict:
    """Of 100 acts, 95 can be read in the audit within five seconds."""
    return _measured(seen, at_most(min(_p95(seen), 3600.0), IN_TIME_S))


@eighteen_kinds_of_acts_are_done.check
def entries_say_who_did_what_when(seen: Seen) -> Verdict:
    """An entry names user, moment in UTC, origin, object, values before and after a change, result and trace."""
    entries = [(kind, entry) for kind in sorted(WRITES) for entry in seen.found[kind].entries]
    if not entries:
        raise Refused("not-found", detail="no write has an entry")
    missing = {f"{kind}: {part}" for kind, entry in entries for part in _missing(kind, entry)}
    return none_of(missing, what="entry with a part missing", note=f"{len(entries)} entries")


def _missing(kind: str, entry: AuditEntry) -> Iterator[str]:
    """Return the names of the parts that an entry lacks."""
    parts = {"who": entry.who, "origin": entry.where, "object": entry.subject, "result": entry.result}
    yield from (name for name, value in {**parts, "trace": entry.trace}.items() if not value)
    if entry.at.utcoffset() is None:
        yield "moment with its offset from UTC"
    if kind == "update" and (not entry.before or not entry.after or entry.before == entry.after):
        yield "values before and after"


@eighteen_kinds_of_acts_are_done.check
def the_audit_answers_by_subject(seen: Seen) -> Verdict:
    """Asked for one customer, the audit tells all that was done to it and nothing else."""
    entries = seen.about.value
    strange = [f"{entry.action} of {entry.subject}" for entry in entries if seen.customer not in str(entry.subject)]
    asked = [found for kind in ("read of one customer", "unmasking", "update") if (found := seen.found[kind]).done]
    lost = [
        f"{found.kind} is missing" for found in asked if not {e.id for e in found.entries} <= {e.id for e in entries}
    ]
    silent = [] if entries else ["no entry at all"]
    return none_of([*strange, *lost, *silent], what="wrong answer", note=f"{len(entries)} entries")
