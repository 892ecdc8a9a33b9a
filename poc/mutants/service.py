"""Service: defects in the time that the bank promises for tickets."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from poc.mutants.mutant import Mutant, always


def _by_hours(opened_at: Any, policy: Any, calendar: Any) -> Any:
    return calendar.after(opened_at, policy.spans["low"])


def _not_resolved(acts: dict[str, Any]) -> dict[str, Any]:
    return {**acts, "resolve": (acts["resolve"][0], "closed")}


def _without_due(shown: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    return lambda self, now: shown(self, now) | {"due_at": None}


def _whole_span_again(policy_of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda section: replace(policy_of(section), reopened_share=1.0)


def _cause_dropped(detail: Callable[..., str]) -> Callable[..., str]:
    return lambda what, details: "" if what == "resolve" else detail(what, details)


MUTANTS = (
    Mutant(
        name="no_holidays",
        defect="Public holidays count as working days, for tickets and reminders.",
        killed_by=("holidays_are_skipped", "due_times_are_exact", "holidays_are_skipped_by_reminders"),
        place="domain.calendar:holidays_in",
        make=always(lambda published: frozenset()),
    ),
    Mutant(
        name="one_span_for_all",
        defect="Every severity is promised the span of a normal ticket.",
        killed_by=("due_time_follows_severity", "a_new_severity_counts_from_the_opening"),
        place="domain.sla:span_of",
        make=always(lambda policy, severity: policy.spans["normal"]),
    ),
    Mutant(
        name="complaints_by_hours",
        defect="Complaints run on business hours like any ticket.",
        killed_by=("complaints_run_on_the_regulators_clock",),
        place="domain.sla:complaint_due",
        make=always(_by_hours),
    ),
    Mutant(
        name="pauses_run_on",
        defect="The clock runs on while a ticket waits for the customer.",
        killed_by=("pauses_stop_the_clock",),
        place="domain.sla:running_due",
        make=always(lambda start, span, pauses, calendar: calendar.after(start, span)),
    ),
    Mutant(
        name="reopened_anew",
        defect="A reopened ticket gets its whole span again.",
        killed_by=("a_reopened_ticket_keeps_its_clock",),
        place="domain.sla:policy_of",
        make=_whole_span_again,
    ),
    Mutant(
        name="nobody_watches",
        defect="The clock does nothing by itself: no escalation, no reassignment.",
        killed_by=("a_breach_is_escalated", "silence_is_reassigned"),
        place="domain.sla:expected",
        make=always(lambda ticket, events, now, policy, calendar: iter(())),
    ),
    Mutant(
        name="cause_dropped",
        defect="The root cause given on resolving is thrown away.",
        killed_by=("the_root_cause_is_kept",),
        place="operations.tickets:_detail",
        make=_cause_dropped,
    ),
    Mutant(
        name="no_due_time",
        defect="A ticket's clock tells no due time.",
        killed_by=("a_ticket_has_a_due_time",),
        place="operations.ticket_clock:Ticket.shown",
        make=_without_due,
    ),
    Mutant(
        name="resolved_is_closed",
        defect="A resolved ticket is shown as closed.",
        killed_by=("a_ticket_keeps_its_status",),
        place="domain.sla:ACTS",
        make=_not_resolved,
    ),
)
