"""Subjects: what becomes of people who ask for their data, or to be forgotten."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import NamedTuple

import orjson

from scenarios.actors import Actor
from scenarios.answers import AuditEntry, OnFile, Page, SubjectAnswer
from scenarios.crm import CRM, Answer
from scenarios.library.newcomers import newcomers
from scenarios.library.security.attempts import Attempt, attempt, need
from scenarios.library.security.cases import PEOPLE, Case, cases
from scenarios.library.security.ground import laid_out
from scenarios.library.security.sightings import spotted
from scenarios.port import Refused, Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, at_least, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Consent, Customer, Interaction, Record, Ticket

#: Words by which a target says that it did not erase.
KEPT = frozenset({"refused", "restricted"})
#: How many people ask for their data before they ask to be forgotten.
ASKERS = 6


class Subject(NamedTuple):
    """One case: what was on file before and after the request for erasure, and what the target answered."""

    case: Case
    before: Attempt[tuple[OnFile, ...]]
    answer: Attempt[SubjectAnswer]
    after: Attempt[tuple[OnFile, ...]]
    record: Attempt[OnFile]  # read by compliance afterwards
    use_before: Attempt[OnFile]  # ordinary use by the banker
    use_after: Attempt[OnFile]
    deletion: Attempt[None] | None  # of records that the law wants kept

    @property
    def right(self) -> bool:
        """Whether the law was kept: gone where it may be, kept and answered where it must be."""
        if not (self.before.ok and len(self.before.value) == 1 and self.answer.ok):
            return False
        if self.case.erasable:
            return self.answer.value.status == "done" and self.after.value == () and not self.record.ok
        return self.answer.value.status in KEPT and self.record.ok


class Seen(NamedTuple):
    """All cases, the copies of their data, other requests, and what is left in the end."""

    subjects: tuple[Subject, ...]
    copies: tuple[tuple[Case, Attempt[SubjectAnswer]], ...]
    portable: Attempt[SubjectAnswer]
    audit_before: Attempt[tuple[AuditEntry, ...]]
    audit_after: Attempt[tuple[AuditEntry, ...]]
    residue: bytes  # all that searches, lists, the export and the audit gave after the last erasure
    talks: tuple[OnFile, ...]  # interactions of erased people that are still listed
    rectified: Attempt[OnFile]
    consents: Attempt[Page]  # of the one who objected
    kinds: frozenset[type[Record]]  # that the product keeps


@scenario("SEC-11")
def thirty_people_ask_for_their_rights(crm: CRM, bank: Bank) -> Seen:
    """Thirty people in nine situations ask for their data and to be forgotten; the law says who is and who is not."""
    need(crm, Actor.INTEGRATION, Actor.COMPLIANCE, Actor.RM_A)
    told, accounts = cases(newcomers(crm, bank, PEOPLE), _today(crm))
    others = [record for case in told for record in case.records]
    desk = crm.acting_as(Actor.COMPLIANCE)
    with laid_out(crm, (*(case.customer for case in told), *accounts, *others)) as kinds:
        since = _now(crm) - timedelta(seconds=5)
        copies = tuple((case, _request(desk, case, "access")) for case in _spread(told))
        portable = _request(desk, told[0], "portability")
        rectified, consents = _rectified(crm, told[1]), _objected(crm, _first_erasable(told))
        audit_before = attempt(crm.acting_as(Actor.AUDITOR), "audit", partial(CRM.audit, since=since))
        subjects = tuple(_ask_to_be_forgotten(crm, case) for case in told)
        audit_after = attempt(crm.acting_as(Actor.AUDITOR), "audit", partial(CRM.audit, since=since))
        gone = [subject.case.customer for subject in subjects if subject.case.erasable]
        talks = tuple(_talks(crm, gone))
        residue = b"\n".join((*_traces(crm, gone), audit_after.bytes))
        return Seen(subjects, copies, portable, audit_before, audit_after, residue, talks, rectified, consents, kinds)


def _now(crm: CRM) -> datetime:
    told = attempt(crm.acting_as(Actor.INTEGRATION), "clock", lambda view: view.now())
    return min(told.value, crm.clock.now()) if told.ok else crm.clock.now()


def _today(crm: CRM) -> date:
    told = attempt(crm.acting_as(Actor.INTEGRATION), "clock", lambda view: view.now())
    return (told.value if told.ok else crm.clock.now()).astimezone(UTC).date()


def _spread(told: tuple[Case, ...]) -> tuple[Case, ...]:
    return told[:: len(told) // ASKERS][:ASKERS]


def _request(desk: CRM, case: Case, request: str, **details: object) -> Attempt[SubjectAnswer]:
    ask = partial(CRM.subject_request, customer=case.customer.number, request=request, details=details)
    return attempt(desk, request, ask)


def _first_erasable(told: tuple[Case, ...]) -> Case:
    """Return a person whom nothing binds to the bank: what their objection adds to the file goes with them."""
    return next(case for case in told if case.erasable)


def _rectified(crm: CRM, case: Case) -> Attempt[OnFile]:
    """Have a fact corrected, by a plain change where the product knows no requests of data subjects."""
    desk, right = crm.acting_as(Actor.COMPLIANCE), {"occupation": "Lighthouse keeper"}
    if crm.offers("subject_request"):
        _request(desk, case, "rectify", **right)
    else:
        attempt(desk, "update", lambda view: view.update(Customer, case.customer.number, right))
    return attempt(crm, "get", lambda view: view.get(Customer, case.customer.number))


def _objected(crm: CRM, case: Case) -> Attempt[Page]:
    _request(crm.acting_as(Actor.COMPLIANCE), case, "object")
    return attempt(crm, "consents", lambda view: view.list(Consent, where={"customer": case.customer.number}))


def _ask_to_be_forgotten(crm: CRM, case: Case) -> Subject:
    desk, banker = crm.acting_as(Actor.COMPLIANCE), crm.acting_as(Actor.RM_A)
    number, id_number = case.customer.number, case.customer.national_id

    def found(view: CRM) -> Attempt[tuple[OnFile, ...]]:
        return attempt(view, "find", lambda one: one.find(Customer, national_id=id_number))

    def read(view: CRM) -> Attempt[OnFile]:
        return attempt(view, "get", lambda one: one.get(Customer, number))

    before, use_before = found(desk), read(banker)
    answer = _request(desk, case, "erase")
    deletion = attempt(desk, "delete", lambda view: view.delete(Customer, number)) if case.retained else None
    return Subject(case, before, answer, found(desk), read(desk), use_before, read(banker), deletion)


def _talks(crm: CRM, gone: Iterable[Customer]) -> Iterator[OnFile]:
    """List the talks of people who were erased, as the core system sees them."""
    for one in gone:
        where = {"customer": one.number}
        listed = attempt(crm, "interactions", partial(CRM.list, kind=Interaction, where=where))
        yield from listed.value.rows if listed.ok else ()


def _traces(crm: CRM, gone: Iterable[Customer]) -> Iterator[bytes]:
    """Read on all wide paths what may still tell of people who were erased."""
    desk = crm.acting_as(Actor.COMPLIANCE)
    for one in gone:
        yield attempt(desk, "search", partial(CRM.search, kind=Customer, text=one.latin_name)).bytes
        yield attempt(desk, "history", partial(CRM.history, kind=Customer, number=one.number)).bytes
        yield attempt(desk, "find", _by_mobile(one)).bytes
    yield attempt(desk, "export", lambda view: view.export(Customer)).bytes


def _by_mobile(one: Customer) -> Callable[[CRM], Answer[tuple[OnFile, ...]]]:
    return lambda view: view.find(Customer, mobile=one.mobile)


def _answered(seen: Seen) -> tuple[Subject, ...]:
    if not any(subject.answer.offered for subject in seen.subjects):
        raise Unsupported("the product takes no data-subject requests")
    return seen.subjects


def _is_there(subject: Subject) -> bool:
    return subject.before.ok and len(subject.before.value) == 1


@thirty_people_ask_for_their_rights.harm
def records_under_retention_are_kept(seen: Seen) -> Verdict:
    """What the law wants kept is kept, whoever asks for its erasure or deletes it."""
    held = [subject for subject in _answered(seen) if subject.case.retained]
    lost = [
        f"{subject.case.kind}: {subject.case.customer.number}"
        for subject in held
        if _is_there(subject) and not subject.record.ok
    ]
    return none_of(lost, what="record lost inside its retention", note=f"{len(held)} people")


@thirty_people_ask_for_their_rights.check
def a_request_is_taken(seen: Seen) -> Verdict:
    """Requests for a copy and for erasure are operations of the product."""
    done = [attempted for _, attempted in seen.copies if attempted.ok and attempted.value.status == "done"]
    taken = [subject for subject in _answered(seen) if subject.answer.ok]
    return holds(bool(done and taken), observed=f"{len(done)} copies, {len(taken)} answers", expected="some of both")


@thirty_people_ask_for_their_rights.check
def the_erased_are_found_no_more(seen: Seen) -> Verdict:
    """Who was on file and was lawfully erased is found no more, by number or by identity."""
    erased = [subject for subject in _answered(seen) if subject.case.erasable]
    wrong = [
        f"{subject.case.kind}: {subject.case.customer.number}"
        for subject in erased
        if not _is_there(subject) or subject.record.ok or subject.after.value != ()
    ]
    return none_of(wrong, what="erased person still on file, or never on it", note=f"{len(erased)} people")


@thirty_people_ask_for_their_rights.check
def a_refusal_names_reason_basis_and_date(seen: Seen) -> Verdict:
    """Who may not be erased yet is told why, by which rule, and until when where that is known."""
    refused = [subject for subject in _answered(seen) if not subject.case.erasable]
    wrong = [f"{subject.case.kind}: {why}" for subject in refused if (why := _unexplained(subject))]
    return none_of(wrong, what="refusal that does not explain itself", note=f"{len(refused)} refusals")


def _unexplained(subject: Subject) -> str:
    """Return what a refusal lacks, empty if nothing."""
    if not subject.answer.ok:
        return f"the request failed: {subject.answer.reason}"
    answer = subject.answer.value
    if answer.status not in KEPT:
        return f"status {answer.status}"
    if not answer.basis:
        return "no basis"
    if subject.case.until is None:
        return ""
    try:
        told = date.fromisoformat(answer.until[:10])
    except ValueError:
        return f"until {answer.until!r}"
    return "" if abs(told - subject.case.until) <= timedelta(days=1) else f"until {told}, not {subject.case.until}"


@thirty_people_ask_for_their_rights.check
def kept_records_are_restricted(seen: Seen) -> Verdict:
    """Records that are kept by law alone are stored and no longer used: the banker sees them no more."""
    usable = [subject for subject in _answered(seen) if subject.case.retained and subject.use_before.ok]
    if not usable:
        raise NotTestable("the banker saw none of the records before the request")
    still = [f"{one.case.kind}: {one.case.customer.number}" for one in usable if one.use_after.ok]
    return none_of(still, what="kept record in ordinary use", note=f"{len(usable)} people")


@thirty_people_ask_for_their_rights.check
def subjects_are_treated_right(seen: Seen) -> Verdict:
    """All thirty are treated as the law says: erased where it may be, kept and told why where it must be."""
    subjects = _answered(seen)
    wrong = sorted(f"{one.case.kind}: {one.answer.reason}" for one in subjects if not one.right)
    share = 1 - len(wrong) / len(subjects)
    return none_of(wrong, what="person treated wrongly", note=f"{len(subjects)} people", subjects_right_share=share)


@thirty_people_ask_for_their_rights.check
def access_is_complete(seen: Seen) -> Verdict:
    """The copy of a person's data holds at least 99 of 100 facts on file about them."""
    facts = [(fact, _text(copy)) for case, copy in seen.copies for fact in _facts(case, seen.kinds)]
    lost = [fact for fact, text in facts if fact not in text]
    share = 1 - len(lost) / len(facts)
    return at_least(share, 0.99, note=f"{len(facts)} facts of {len(seen.copies)} people", facts_found_share=share)


def _text(copy: Attempt[SubjectAnswer]) -> str:
    return orjson.dumps(dict(copy.value.data), default=str).decode()


def _facts(case: Case, kinds: frozenset[type[Record]]) -> Iterator[str]:
    """Return what was put on file about a person: ten fields, and a talk, a ticket and a consent if they are kept."""
    one = case.customer
    yield from (one.name, one.latin_name, one.national_id, one.mobile, one.email, one.address, one.card_number)
    yield from (one.birth_date.isoformat(), one.occupation, one.employer)
    others = {Interaction: f"Talk {one.number} about fees", Ticket: f"Matter {one.number}", Consent: f"S{one.number}"}
    yield from (fact for kind, fact in others.items() if kind in kinds)


@thirty_people_ask_for_their_rights.check
def nothing_of_the_erased_is_left(seen: Seen) -> Verdict:
    """No value of an erased person turns up in searches, histories, the export, talks or the audit."""
    erased = [one.case.customer for one in _answered(seen) if one.case.erasable]
    if not any(one.answer.ok and one.answer.value.status == "done" for one in seen.subjects if one.case.erasable):
        raise Refused("refused", detail="nobody was erased")
    left = [*spotted(erased, seen.residue), *(f"talk {row.number}" for row in seen.talks)]
    return none_of(left, what="trace of an erased person", note=f"{len(erased)} people")


@thirty_people_ask_for_their_rights.check
def the_audit_survives_erasure(seen: Seen) -> Verdict:
    """Entries of what was done to people remain when the people are erased."""
    before, after = seen.audit_before.value, {entry.id for entry in seen.audit_after.value}
    if not before:
        raise Refused("not-found", detail="the audit was empty before the erasures")
    return none_of(
        (entry.id for entry in before if entry.id not in after), what="entry lost", note=f"{len(before)} before"
    )


@thirty_people_ask_for_their_rights.check
def the_copy_is_machine_readable(seen: Seen) -> Verdict:
    """The portable copy is data with named parts, in which the person's name stands under a name of its own."""
    data, name = seen.portable.value.data, seen.subjects[0].case.customer.name
    return holds(name in set(_leaves(data)), observed=sorted(data)[:20], expected="a value that is exactly the name")


def _leaves(value: object) -> Iterator[object]:
    """Walk through a JSON value down to what holds no other."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


@thirty_people_ask_for_their_rights.check
def a_wrong_fact_is_corrected(seen: Seen) -> Verdict:
    """A person who has a fact corrected finds it corrected on file."""
    return holds(
        seen.rectified.value.text("occupation") == "Lighthouse keeper",
        observed=seen.rectified.value.text("occupation"),
        expected="Lighthouse keeper",
    )


@thirty_people_ask_for_their_rights.check
def an_objection_ends_marketing(seen: Seen) -> Verdict:
    """After an objection the latest word on marketing is a no."""
    marketing = [row for row in seen.consents.value if row.text("purpose") == "marketing"]
    latest = max(marketing, key=lambda row: row.text("at"), default=None)
    granted = latest["granted"] if latest else "no consent on file"
    return holds(latest is not None and granted is False, observed=granted, expected=False)
