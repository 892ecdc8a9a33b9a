"""Sla: when a ticket is due, what stops its clock, and what happens when nobody keeps it."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from poc.reference_crm.domain.calendar import WorkCalendar

NOTHING = timedelta(0)

#: act -> (statuses from which it may be done, status afterwards; None = unchanged)
ACTS: dict[str, tuple[frozenset[str], str | None]] = {
    "pause": (frozenset({"open"}), "paused"),
    "resume": (frozenset({"paused"}), "open"),
    "resolve": (frozenset({"open", "paused"}), "resolved"),
    "reopen": (frozenset({"resolved", "closed"}), "open"),
    "reassign": (frozenset({"open", "paused"}), None),
    "severity": (frozenset({"open", "paused"}), None),
    "close": (frozenset({"resolved"}), "closed"),
}


class ActRefused(Exception):
    """An act that a ticket's standing or the policy does not allow; ``field`` names what to change."""

    def __init__(self, field: str, detail: str) -> None:
        """Keep the field and one plain sentence."""
        super().__init__(detail)
        self.field, self.detail = field, detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The service policy: spans of business time by severity, calendar days for complaints, and what may pause."""

    spans: dict[str, timedelta]
    complaint_days: int
    complaint_pauses: bool
    reopened_share: float
    silence: timedelta
    pause_reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A ticket as it was opened; ``status`` is the one it was put on file with, ``filed_at`` when that was.

    Tickets from an older system are filed long after they were opened: nothing was escalated here before.
    """

    opened_at: datetime
    severity: str
    complaint: bool = False
    status: str = "open"
    filed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a ticket; ``detail`` is the reason, severity, root cause or new owner."""

    at: datetime
    act: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a ticket stands at a moment. ``due_at`` of a paused ticket is what it was when the pause began."""

    due_at: datetime
    status: str
    severity: str
    breached: bool
    escalated_at: datetime | None
    paused_seconds: int
    root_cause: str | None


def span_of(policy: Policy, severity: str) -> timedelta:
    """Return the business time that a severity allows; raises ActRefused for one that the policy does not know."""
    try:
        return policy.spans[severity]
    except KeyError:
        raise ActRefused("severity", f"severity is one of {', '.join(policy.spans)}") from None


def complaint_due(opened_at: datetime, policy: Policy, calendar: WorkCalendar) -> datetime:
    """Return when a complaint must be answered: so many calendar days later, by closing time."""
    day = calendar.day_of(opened_at) + timedelta(days=policy.complaint_days)
    return calendar.at(day, calendar.closes)


def pauses_of(ticket: Opened, events: Sequence[Event]) -> list[tuple[datetime, datetime | None]]:
    """Return the stretches in which a ticket was paused, in order; the last may still run (no end)."""
    began = ticket.opened_at if ticket.status == "paused" else None
    pauses: list[tuple[datetime, datetime | None]] = []
    for event in events:
        if event.act == "pause":
            began = event.at
        elif began is not None and event.act in ("resume", "resolve"):
            pauses.append((began, event.at))
            began = None
    return pauses if began is None else [*pauses, (began, None)]


def running_due(
    start: datetime, span: timedelta, pauses: Iterable[tuple[datetime, datetime | None]], calendar: WorkCalendar
) -> datetime:
    """Return when ``span`` of business time outside the pauses has passed since ``start``."""
    left = span
    for began, ended in pauses:
        if ended is not None and ended <= start:
            continue
        worked = calendar.between(start, max(start, began))
        if worked >= left:
            break
        left, start = left - worked, max(start, began if ended is None else ended)
    return calendar.after(start, left)


def start_of(ticket: Opened, events: Sequence[Event]) -> tuple[datetime, bool]:
    """Return from when the clock runs, and whether that is a reopening."""
    reopened = [event.at for event in events if event.act == "reopen"]
    return (reopened[-1], True) if reopened else (ticket.opened_at, False)


def severity_of(ticket: Opened, events: Sequence[Event]) -> str:
    """Return the severity that holds: the last one given."""
    given = [event.detail for event in events if event.act == "severity"]
    return given[-1] if given else ticket.severity


def due_at(ticket: Opened, events: Sequence[Event], policy: Policy, calendar: WorkCalendar) -> datetime:
    """Return when a ticket is due. A change of severity counts from the opening, a reopening gives a fresh share."""
    if ticket.complaint and not policy.complaint_pauses:
        return complaint_due(ticket.opened_at, policy, calendar)
    start, again = start_of(ticket, events)
    span = span_of(policy, severity_of(ticket, events)) * (policy.reopened_share if again else 1)
    return running_due(start, span, pauses_of(ticket, events), calendar)


def status_of(ticket: Opened, events: Sequence[Event]) -> str:
    """Return the status after all events."""
    for event in reversed(events):
        after = ACTS[event.act][1] if event.act in ACTS else None
        if after is not None:
            return after
    return ticket.status


def ended_at(ticket: Opened, events: Sequence[Event]) -> datetime | None:
    """Return when work on a ticket ended, None while it goes on; one filed as ended counts as ended when opened."""
    if status_of(ticket, events) not in ("resolved", "closed"):
        return None
    resolved = [event.at for event in events if event.act == "resolve"]
    return resolved[-1] if resolved else ticket.opened_at


def is_breached(due: datetime, end: datetime) -> bool:
    """Whether a ticket that was worked on until ``end`` is late."""
    return end > due


def standing(
    ticket: Opened, events: Sequence[Event], now: datetime, policy: Policy, calendar: WorkCalendar
) -> Standing:
    """Return how a ticket stands at a moment, from what it was opened with and what happened since."""
    due, status = due_at(ticket, events, policy, calendar), status_of(ticket, events)
    stopped = status == "paused" and not (ticket.complaint and not policy.complaint_pauses)
    end = pauses_of(ticket, events)[-1][0] if stopped else (ended_at(ticket, events) or now)
    start, _ = start_of(ticket, events)
    escalated = [event.at for event in events if event.act == "escalated" and event.at >= start]
    causes = [event.detail for event in events if event.act == "resolve" and event.detail]
    return Standing(
        due_at=due,
        status=status,
        severity=severity_of(ticket, events),
        breached=is_breached(due, end),
        escalated_at=escalated[-1] if escalated else None,
        paused_seconds=paused_seconds(ticket, events, now),
        root_cause=causes[-1] if causes else None,
    )


def paused_seconds(ticket: Opened, events: Sequence[Event], now: datetime) -> int:
    """Return how long a ticket has been paused in all, in seconds by the wall."""
    return sum(int(((ended or max(now, began)) - began).total_seconds()) for began, ended in pauses_of(ticket, events))


def expected(
    ticket: Opened, events: Sequence[Event], now: datetime, policy: Policy, calendar: WorkCalendar
) -> Iterator[Event]:
    """Yield what the clock itself does until ``now`` and has not yet done: escalation of a breach, silence broken."""
    state = standing(ticket, events, now, policy, calendar)
    if state.status != "open" and not (ticket.complaint and state.status == "paused"):
        return
    if state.breached and state.escalated_at is None:
        yield Event(at=not_before_filing(ticket, state.due_at), act="escalated", detail="breach")
    silent_at = silent_from(ticket, events, policy, calendar)
    if state.status == "open" and silent_at is not None and silent_at < now:
        yield Event(at=silent_at, act="reassigned", detail="silence")


def not_before_filing(ticket: Opened, moment: datetime) -> datetime:
    """Return the moment, or that of filing if the ticket was not on file yet."""
    return moment if ticket.filed_at is None else max(moment, ticket.filed_at)


def silent_from(ticket: Opened, events: Sequence[Event], policy: Policy, calendar: WorkCalendar) -> datetime | None:
    """Return when silence on a ticket becomes too long; None when that was dealt with since the last act.

    Silence before a ticket came to our files is somebody else's.
    """
    acts = [(ticket.opened_at, "opened"), *((event.at, event.act) for event in events if event.act != "escalated")]
    last, what = acts[-1]
    return None if what == "reassigned" else calendar.after(not_before_filing(ticket, last), policy.silence)


def next_move(ticket: Opened, events: Sequence[Event], policy: Policy, calendar: WorkCalendar) -> datetime | None:
    """Return when the clock itself will next have to do something, None if never (for an index of what is due)."""
    horizon = datetime.max.replace(tzinfo=ticket.opened_at.tzinfo)
    moves = [event.at for event in expected(ticket, events, horizon, policy, calendar)]
    return min(moves, default=None)


def act_on(ticket: Opened, events: Sequence[Event], event: Event, policy: Policy) -> Event:
    """Return the event if it may happen now; raises ActRefused when it may not."""
    if event.act not in ACTS:
        raise ActRefused("act", f"act is one of {', '.join(ACTS)}")
    status = status_of(ticket, events)
    if status not in ACTS[event.act][0]:
        raise ActRefused("status", f"a ticket that is {status} cannot be: {event.act}")
    if event.act == "pause" and event.detail not in policy.pause_reasons:
        raise ActRefused("reason", f"reason is one of {', '.join(policy.pause_reasons)}")
    if event.act == "severity":
        span_of(policy, event.detail)
    if any(earlier.at > event.at for earlier in events):
        return replace(event, at=max(earlier.at for earlier in events))
    return event


def policy_of(section: Mapping[str, Any]) -> Policy:
    """Return the service policy that a section of the bank's policy file states."""
    return Policy(
        spans={name: timedelta(hours=hours) for name, hours in section["hours"].items()},
        complaint_days=section["complaint_days"],
        complaint_pauses=section["complaint_pauses"],
        reopened_share=section["reopen_share"],
        silence=timedelta(hours=section["silence_hours"]),
        pause_reasons=tuple(section["pause_reasons"]),
    )


@cache
def bank_policy() -> Policy:
    """Return the service policy on file: section ``sla`` of policy.toml."""
    text = files("poc.reference_crm").joinpath("policy.toml").read_text("utf-8")
    return policy_of(tomllib.loads(text)["sla"])
