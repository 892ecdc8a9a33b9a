"""Insiders: defects in what is told and stopped of misuse by people who are let in."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from poc.mutants.mutant import Mutant
from poc.reference_crm.domain import misuse


def _deaf_to(*rules: str) -> Callable[[Any], Any]:
    """Return a maker after which what some rules look for counts for nothing."""

    def make(weight: Any) -> Any:
        return lambda one, deed, zone: None if one.name in rules else weight(one, deed, zone)

    return make


def _each_export_for_itself(count: Any) -> Any:
    def counted(self: Any, one: Any, deed: Any) -> Any:
        if one.name == "bulk-export":
            self._seen[one.name, deed.who] = deque()
        return count(self, one, deed)

    return counted


def _only_what_was_shown(weight: Any) -> Any:
    def told(one: Any, deed: Any, zone: Any) -> Any:
        return None if deed.home and deed.branch != deed.home else weight(one, deed, zone)

    return told


def _told_later(tell: Any) -> Any:
    async def later(self: Any, alarm: Any) -> None:
        await tell(self, replace(alarm, at=alarm.at - timedelta(minutes=6)))

    return later


def _looks_alarm(weight: Any) -> Any:
    def told(one: Any, deed: Any, zone: Any) -> Any:
        if one.name == "night-browsing" and deed.action in misuse.LOOKS:
            return f"{deed.at}", 1
        return weight(one, deed, zone)

    return told


def _tells_only(tell: Any) -> Any:
    async def told(self: Any, alarm: Any) -> None:
        await tell(self, replace(alarm, rule=replace(alarm.rule, then="alert")))

    return told


def _nobody_named(told: Any) -> Any:
    def values(self: Any, caller: Any, at: Any) -> Any:
        row = told(self, caller, at)
        return (row[0], "system" if caller.username.startswith("play-") else row[1], *row[2:])

    return values


PARTS = (
    ("exports_unwatched", "No export is watched, however large.", "bulk_export_is_noticed", ("bulk-export",)),
    ("nights_unwatched", "Nobody is watched at night.", "night_browsing_is_noticed", ("night-browsing",)),
    ("leavers_unwatched", "Who is leaving is watched like anybody else.", "a_leavers_export_is_noticed",
     ("leavers-export",)),
    ("makers_check", "Deciding on one's own request is refused and told to nobody.", "conflicting_duties_are_noticed",
     ("conflicting-duties",)),
    ("accounts_are_lent", "One account may be entered by any number of people at once.", "a_shared_account_is_noticed",
     ("shared-account",)),
)  # fmt: skip

MUTANTS = (
    *(
        Mutant(
            name=name,
            defect=defect,
            killed_by=(check,),
            place="domain.misuse:weight",
            make=_deaf_to(*rules),
            precedent="CWE-778",
        )
        for name, defect, check, rules in PARTS
    ),
    Mutant(
        name="each_export_for_itself",
        defect="Exports do not add up: many small ones pass where one large is told.",
        killed_by=("bulk_export_is_noticed",),
        place="domain.misuse:Watch._count",
        make=_each_export_for_itself,
        precedent="CWE-799",
    ),
    Mutant(
        name="only_what_was_shown",
        defect="Asking for customers that are not shown counts for nothing.",
        killed_by=("foreign_customers_are_noticed",),
        place="domain.misuse:weight",
        make=_only_what_was_shown,
        precedent="CWE-778",
    ),
    Mutant(
        name="alerts_come_late",
        defect="Alerts are told six minutes after the act.",
        killed_by=("alerts_come_in_time",),
        place="operations.alerts:Guard._tell",
        make=_told_later,
        precedent="CWE-223",
    ),
    Mutant(
        name="every_look_alarms",
        defect="Any look at any customer counts as browsing at night.",
        killed_by=("clean_days_raise_few_alarms",),
        place="domain.misuse:weight",
        make=_looks_alarm,
        precedent="CWE-1023",
    ),
    Mutant(
        name="stop_says_stopped",
        defect="An alert says that the user was stopped, and the user goes on.",
        killed_by=("misuse_is_stopped",),
        place="operations.alerts:Guard._tell",
        make=_tells_only,
        precedent="CWE-393",
    ),
    Mutant(
        name="misuse_without_names",
        defect="The audit names the service where a person acted.",
        killed_by=("misuse_is_logged",),
        place="audit:Entry.values",
        make=_nobody_named,
        precedent="CWE-223",
    ),
)
