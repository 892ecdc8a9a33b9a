"""Intelligence: defects in what should follow from an event."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from poc.mutants.mutant import Mutant, always


def _twice(write: Any) -> Any:
    return lambda connection, acted: write(connection, [*acted, *acted])


def _ten_minutes_late(due: Callable[..., datetime]) -> Callable[..., datetime]:
    return lambda *given: due(*given) + timedelta(minutes=10)


def _without_weekends(skipped: Callable[..., bool]) -> Callable[..., bool]:
    return lambda calendar, day, skip: skipped(calendar, day, skip - {"weekend"})


MUTANTS = (
    Mutant(
        name="acts_twice",
        defect="What is due is done twice.",
        killed_by=(
            "a_trigger_fires_once",
            "a_maturity_starts_a_reminder",
            "a_large_inflow_starts_a_task",
            "no_answer_starts_a_follow_up",
        ),
        place="operations.firing:_write_fired",
        make=_twice,
    ),
    Mutant(
        name="never_stops",
        defect="Neither a complaint nor a reply stops what is under way.",
        killed_by=("a_complaint_stops_marketing", "a_reply_stops_the_sequence"),
        place="domain.automation:is_stopped",
        make=always(lambda recipe, event: False),
    ),
    Mutant(
        name="works_weekends",
        defect="Reminders that are to spare weekends go out on Saturday.",
        killed_by=("weekends_are_skipped",),
        place="domain.calendar:is_skipped",
        make=_without_weekends,
    ),
    Mutant(
        name="greets_everybody",
        defect="Greetings go to customers who agreed to no marketing.",
        killed_by=("a_birthday_starts_a_greeting",),
        place="domain.automation:may_act",
        make=always(lambda action, consented, restricted: True),
    ),
    Mutant(
        name="ten_minutes_late",
        defect="Timers go off ten minutes late.",
        killed_by=("timers_are_on_time",),
        place="domain.automation:due",
        make=_ten_minutes_late,
    ),
)
