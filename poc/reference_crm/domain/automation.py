"""Automation: what an event starts or stops, when it falls due, and whether it may happen then."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from poc.reference_crm.domain.calendar import WorkCalendar, next_allowed

#: Actions that advertise: they need a marketing consent, and stop where processing is restricted.
MARKETING = frozenset({"message"})
ACTIONS = ("remind", "follow_up", "message")
SKIPS = ("weekend", "holiday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """When ``trigger`` happens to a customer, after ``wait`` do ``action``, ``repeat`` times; ``stop_on`` ends it."""

    trigger: str
    action: str
    wait: timedelta = timedelta(0)
    skip: frozenset[str] = frozenset()
    stop_on: str | None = None
    repeat: int = 1


def is_started(recipe: Recipe, event: str, *, pending: bool) -> bool:
    """Whether an event starts a recipe for a customer; while one is pending, it is not started twice."""
    return recipe.trigger == event and not pending


def is_stopped(recipe: Recipe, event: str) -> bool:
    """Whether an event ends what a recipe still has pending for a customer."""
    return recipe.stop_on == event


def due(recipe: Recipe, since: datetime, calendar: WorkCalendar) -> datetime:
    """Return when a recipe acts that was started, or acted last, at ``since``: after its wait, on an allowed day."""
    return next_allowed(calendar, since + recipe.wait, recipe.skip)


def may_act(action: str, *, consented: bool, restricted: bool) -> bool:
    """Whether an action may reach the customer at this moment."""
    return action not in MARKETING or (consented and not restricted)


def is_consented(granted: bool | None) -> bool:
    """Whether the latest word of the customer on marketing, if there is any, is a yes."""
    return granted is True
