"""Tickets: a second is too much, a missing due time a day, an escalation counts from the due time."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scenarios.answers import TicketClock
from scenarios.library.customers import tickets as t
from scenarios.library.customers.sla import promise
from tests.scenarios.library.answering import at, customer, shown, yes

ADA = customer()
PILE = tuple(t._pile(ADA, 7))
RULE = promise()
SECOND = timedelta(seconds=1)


def desk(off: timedelta | None = timedelta(0), *, only: str = "") -> t.Desk:
    """A desk that is off by so much (None: names no due time), on all tickets or only on one severity."""

    def told(ticket: t.Ticket) -> t.Timed:
        due = t._due(RULE, ticket)
        wrong = only in ("", ticket.severity)
        said = due if not wrong else None if off is None else due + off
        return t.Timed(ticket, due, yes(TicketClock(number=ticket.number, due_at=said, status="open")))

    return t.Desk(tuple(told(ticket) for ticket in PILE))


EXACT = (t.due_times_are_exact, t.holidays_are_skipped, t.complaints_run_on_the_regulators_clock)


@pytest.mark.parametrize("check", EXACT)
def test_exact_is_exact(check: object) -> None:
    assert check(desk()).passed  # type: ignore[operator]
    verdict = check(desk(SECOND))  # type: ignore[operator]
    assert not verdict.passed
    assert verdict.measures["due_error_s"] == 1


def test_a_ticket_without_due_time_fails_and_counts_as_a_day_off() -> None:
    assert t.a_ticket_has_a_due_time(desk()).passed
    assert not t.a_ticket_has_a_due_time(desk(None)).passed
    assert t.due_times_are_exact(desk(None)).measures["due_error_s"] == 86_400


def test_one_span_for_all_severities_fails() -> None:
    assert t.due_time_follows_severity(desk()).passed
    last = desk().timed[-1].due
    same = t.Desk(tuple(x._replace(answer=yes(replace(x.answer.value, due_at=last))) for x in desk().timed))
    assert not t.due_time_follows_severity(same).passed


def test_the_pile_holds_all_that_is_judged() -> None:
    plain = [x for x in PILE if not x.complaint]
    assert len(PILE) - len(plain) == t.COMPLAINTS
    assert {x.severity for x in plain} == set(RULE.spans)
    assert sum(RULE.crosses_holiday(x.opened_at, t._due(RULE, x)) for x in plain) >= len(t.EVES)
    assert len({x.number for x in PILE}) == len(PILE)


def clock(due: datetime | None, *, breached: bool = False, escalated: datetime | None = None) -> TicketClock:
    return TicketClock(number="T1", due_at=due, status="open", breached=breached, escalated_at=escalated)


def shift(**other: object) -> t.Shift:
    due, span = at(14), t.Span(at(14), at(14) + SECOND)
    good = t.Shift(
        status=("open", "resolved"),
        cause=yes(shown(PILE[0], root_cause="worn card reader")),
        paused=(yes(clock(due)), span),
        graver=(yes(clock(due)), due),
        reopened=(yes(clock(due)), span),
        breached=yes(clock(due, breached=True, escalated=due)),
        breach_due=due,
        silent=yes(replace(clock(due), events=("reassigned 2026-03-12",))),
    )
    return good._replace(**other)


CHECKS = {check.name: check.judge for check in t.a_working_day_passes.checks}


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_good_day_passes_every_check(name: str) -> None:
    assert CHECKS[name](shift()).passed


LATE = at(14) + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("a_ticket_keeps_its_status", {"status": ("open", "open")}),
        ("the_root_cause_is_kept", {"cause": yes(shown(PILE[0], root_cause=None))}),
        ("pauses_stop_the_clock", {"paused": (yes(clock(at(12))), t.Span(at(14), at(14)))}),
        ("pauses_stop_the_clock", {"paused": (yes(clock(None)), t.Span(at(14), at(14)))}),
        ("a_new_severity_counts_from_the_opening", {"graver": (yes(clock(LATE)), at(14))}),
        ("a_reopened_ticket_keeps_its_clock", {"reopened": (yes(clock(LATE)), t.Span(at(14), at(14)))}),
        ("a_breach_is_escalated", {"breached": yes(clock(at(14)))}),
        ("a_breach_is_escalated", {"breached": yes(clock(at(14), breached=True))}),
        ("a_breach_is_escalated", {"breached": yes(clock(at(14), breached=True, escalated=LATE))}),
        ("a_breach_is_escalated", {"breached": yes(clock(at(14), breached=True, escalated=at(13)))}),
        ("silence_is_reassigned", {"silent": yes(clock(at(14)))}),
    ],
)
def test_a_bad_day_fails(name: str, bad: dict[str, object]) -> None:
    assert not CHECKS[name](shift(**bad)).passed
