"""Tickets: whether service keeps the time that the bank promises, through holidays, pauses and second thoughts."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.answers import OnFile, TicketClock
from scenarios.crm import CRM, Answer
from scenarios.library.clockwork import advance_to, now
from scenarios.library.customers.sla import Promise, promise
from scenarios.library.newcomers import newcomers, on_file
from scenarios.scenario import scenario
from scenarios.verdict import Verdict, at_most, equal, none_of
from synthetic_data.bank import Bank
from synthetic_data.chance import Chance
from synthetic_data.records import Customer, Ticket

#: Tickets whose due time is reckoned (the row asks for 300), and how many of them are complaints.
TICKETS, COMPLAINTS = 60, 12
#: Afternoons on which only a holiday lies between opening and due time.
EVES = (date(2026, 4, 3), date(2026, 4, 30), date(2026, 6, 18), date(2026, 9, 24), date(2026, 9, 30))
#: Seconds within which a breach must be escalated.
ESCALATED_WITHIN = 60.0

HOUR = timedelta(hours=1)


class Timed(NamedTuple):
    """One ticket, when it is due by the bank's promise, and what the target says."""

    ticket: Ticket
    due: datetime
    answer: Answer[TicketClock]

    @property
    def error(self) -> float:
        """Return by how many seconds the target is wrong; a day where it names no due time."""
        told = self.answer.value.due_at
        return 86_400.0 if told is None else abs((told - self.due).total_seconds())


class Desk(NamedTuple):
    """A pile of tickets, opened at all hours of a year."""

    timed: tuple[Timed, ...]


@scenario("CUS-14")
def tickets_are_opened(crm: CRM, bank: Bank) -> Desk:
    """Tickets of all severities and complaints are opened by day, by night, on weekends and on the eve of holidays."""
    rule, (one,) = promise(), newcomers(crm, bank, 1)
    tickets = tuple(_pile(one, bank.seed))
    with on_file(crm, one, *tickets):
        return Desk(tuple(Timed(t, _due(rule, t), crm.ticket_clock(t.number)) for t in tickets))


def _pile(one: Customer, seed: int) -> Iterator[Ticket]:
    grades = tuple(promise().spans)
    for i, second in enumerate(Chance(seed, 0, "a pile of tickets").whole(0, 250 * 86_400, TICKETS).tolist()):
        moment = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=second)
        yield _ticket(one, i, moment, grades[i % len(grades)], complaint=i < COMPLAINTS)
    for i, eve in enumerate(EVES):
        moment = promise().at(eve, time(15, 10, 7 + i))
        yield _ticket(one, TICKETS + i, moment, ("high", "critical")[i % 2])
    for i, grade in enumerate(grades):
        yield _ticket(one, TICKETS + len(EVES) + i, datetime(2026, 3, 11, 2, 30, 5, tzinfo=UTC), grade)


def _ticket(one: Customer, i: int, opened: datetime, severity: str, *, complaint: bool = False) -> Ticket:
    return Ticket(
        number=f"T{one.number}{i:02d}",
        customer=one.number,
        category="complaint" if complaint else "card",
        severity=severity,
        subject="The card was kept by the machine",
        text="Asked for at the counter and by telephone.",
        opened_at=opened,
        status="open",
        complaint=complaint,
    )


def _due(rule: Promise, ticket: Ticket) -> datetime:
    return rule.complaint_due(ticket.opened_at) if ticket.complaint else rule.due(ticket.opened_at, ticket.severity)


@tickets_are_opened.check
def a_ticket_has_a_due_time(seen: Desk) -> Verdict:
    """Every ticket has a due time."""
    return none_of(
        (t.ticket.number for t in seen.timed if t.answer.value.due_at is None), what="ticket without due time"
    )


@tickets_are_opened.check
def due_time_follows_severity(seen: Desk) -> Verdict:
    """Of four tickets opened at the same moment the graver is due before the lighter."""
    dues = [t.answer.value.due_at for t in seen.timed[-4:]]
    known = [due.isoformat() for due in dues if due is not None]
    in_order = len(set(known)) == 4 and known == sorted(known)
    return Verdict(passed=in_order, observed=known, expected="critical < high < normal < low")


@tickets_are_opened.check
def due_times_are_exact(seen: Desk) -> Verdict:
    """The due time of every ticket is exact to the second."""
    return _exact(t for t in seen.timed if not t.ticket.complaint)


@tickets_are_opened.check
def holidays_are_skipped(seen: Desk) -> Verdict:
    """Public holidays do not count as time to answer a ticket."""
    rule = promise()
    return _exact(t for t in seen.timed if not t.ticket.complaint and rule.crosses_holiday(t.ticket.opened_at, t.due))


@tickets_are_opened.check
def complaints_run_on_the_regulators_clock(seen: Desk) -> Verdict:
    """Complaints are due after calendar days, as the regulator counts, not after business hours."""
    return _exact(t for t in seen.timed if t.ticket.complaint)


def _exact(timed: Iterable[Timed]) -> Verdict:
    errors = {t.ticket.number: t.error for t in timed}
    worst = max(errors.values())
    wrong = [f"{number}: {error:g} s" for number, error in errors.items() if error > 0]
    return none_of(wrong, what="wrong due time", note=f"{len(errors)} tickets", due_error_s=worst)


class Span(NamedTuple):
    """A moment as far as we can tell it: between the target's clock before and after a call."""

    before: datetime
    after: datetime


class Shift(NamedTuple):
    """What became of tickets on a working day of the target's own clock."""

    status: tuple[str, str]  # as shown after opening, and after it was resolved
    cause: Answer[OnFile]
    paused: tuple[Answer[TicketClock], Span]  # and between when and when it is due by the promise
    graver: tuple[Answer[TicketClock], datetime]
    reopened: tuple[Answer[TicketClock], Span]
    breached: Answer[TicketClock]
    breach_due: datetime
    silent: Answer[TicketClock]


@scenario("CUS-14", heavy=True)
def a_working_day_passes(crm: CRM, bank: Bank) -> Shift:
    """On the target's trial clock tickets are paused, re-graded, resolved, opened again, or left until they burn."""
    rule, (one,) = promise(), newcomers(crm, bank, 1)
    day = rule.next_plain_days(now(crm), 2)
    advance_to(crm, rule.at(day, time(9, 30)))
    opened = now(crm).replace(microsecond=0)
    grades = {"breach": "critical", "pause": "high", "grade": "low", "reopen": "normal", "silent": "low"}
    made = {use: _ticket(one, i, opened, grade) for i, (use, grade) in enumerate(grades.items())}
    with on_file(crm, one, *made.values()):
        return _shift(crm, rule, day, {use: ticket.number for use, ticket in made.items()}, opened)


def _shift(crm: CRM, rule: Promise, day: date, numbers: dict[str, str], opened: datetime) -> Shift:
    desk = crm.acting_as(Actor.AGENT)
    opening = crm.get(Ticket, numbers["reopen"]).value.text("status")
    advance_to(crm, opened + HOUR)
    paused = _timed(crm, lambda: desk.ticket_act(numbers["pause"], "pause", {"reason": rule.pause_reason}))
    graver = desk.ticket_act(numbers["grade"], "severity", {"severity": "high"})
    _ = desk.ticket_act(numbers["reopen"], "resolve", {"root_cause": "worn card reader"}).value
    cause = crm.get(Ticket, numbers["reopen"])
    advance_to(crm, opened + 3 * HOUR)
    resumed = _timed(crm, lambda: desk.ticket_act(numbers["pause"], "resume"))
    reopened = _timed(crm, lambda: desk.ticket_act(numbers["reopen"], "reopen"))
    breach_due = rule.due(opened, "critical")
    advance_to(crm, breach_due + timedelta(seconds=ESCALATED_WITHIN))
    breached = crm.ticket_clock(numbers["breach"])
    advance_to(crm, rule.after(opened, rule.silence) + HOUR)
    return Shift(
        status=(opening, cause.value.text("status")),
        cause=cause,
        paused=(
            crm.ticket_clock(numbers["pause"]),
            Span(
                rule.due_after_pause(opened, "high", paused.after, resumed.before),
                rule.due_after_pause(opened, "high", paused.before, resumed.after),
            ),
        ),
        graver=(graver, rule.due(opened, "high")),
        reopened=(
            crm.ticket_clock(numbers["reopen"]),
            Span(*(rule.due(moment, "normal", share=rule.reopened_share) for moment in reopened)),
        ),
        breached=breached,
        breach_due=breach_due,
        silent=crm.ticket_clock(numbers["silent"]),
    )


def _timed(crm: CRM, act: Callable[[], Answer[TicketClock]]) -> Span:
    before = now(crm)
    _ = act().value
    return Span(before, now(crm))


@a_working_day_passes.check
def a_ticket_keeps_its_status(seen: Shift) -> Verdict:
    """A ticket is shown as open after opening and as resolved after it was resolved."""
    return equal(list(seen.status), ["open", "resolved"])


@a_working_day_passes.check
def the_root_cause_is_kept(seen: Shift) -> Verdict:
    """The root cause given on resolving is kept with the ticket."""
    return equal(seen.cause.value.text("root_cause"), "worn card reader")


@a_working_day_passes.check
def pauses_stop_the_clock(seen: Shift) -> Verdict:
    """Time spent waiting for the customer does not count."""
    answer, due = seen.paused
    return _within(answer.value, due)


@a_working_day_passes.check
def a_new_severity_counts_from_the_opening(seen: Shift) -> Verdict:
    """A ticket that becomes graver is due as if it had been so from its opening."""
    answer, due = seen.graver
    return _within(answer.value, Span(due, due))


@a_working_day_passes.check
def a_reopened_ticket_keeps_its_clock(seen: Shift) -> Verdict:
    """A reopened ticket is due after the share of its span that the promise grants anew."""
    answer, due = seen.reopened
    return _within(answer.value, due)


def _within(clock: TicketClock, due: Span) -> Verdict:
    """Judge a due time; where our own calls took time, any moment between both readings of the clock is right."""
    told = clock.due_at
    error = (
        86_400.0 if told is None else max(0.0, (due.before - told).total_seconds(), (told - due.after).total_seconds())
    )
    return Verdict(
        passed=error <= 1.0,
        observed=None if told is None else told.isoformat(),
        expected=f"{due.before.isoformat()} to {due.after.isoformat()}",
        note="to the second",
        measures={"due_error_s": error},
    )


@a_working_day_passes.check
def a_breach_is_escalated(seen: Shift) -> Verdict:
    """A ticket that nobody answers in time is marked and escalated within a minute."""
    clock = seen.breached.value
    if not clock.breached or clock.escalated_at is None:
        return Verdict(passed=False, observed=_shown(clock), expected="breached and escalated")
    late = (clock.escalated_at - seen.breach_due).total_seconds()
    early = late < -1.0
    told = at_most(abs(late), ESCALATED_WITHIN, note=_shown(clock), escalation_s=abs(late))
    return Verdict(passed=False, observed=late, expected="not before it is due") if early else told


@a_working_day_passes.check
def silence_is_reassigned(seen: Shift) -> Verdict:
    """A ticket on which nobody acts for a working day is given to somebody else."""
    events = seen.silent.value.events
    given = [event for event in events if "reassign" in event.lower()]
    return Verdict(passed=bool(given), observed=list(events), expected="an event that reassigns the ticket")


def _shown(clock: TicketClock) -> str:
    return f"{clock.number} due {clock.due_at}, breached {clock.breached}, escalated {clock.escalated_at}"


SCENARIOS = (tickets_are_opened, a_working_day_passes)
