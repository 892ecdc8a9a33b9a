"""Register: what was promised of each benefit, who answers for it, and what was measured after 3, 6 and 12 months."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from scorecards.business.case import Case
from scorecards.business.readings import Reading
from scorecards.methods.tables import TableError

#: Months after going live at which every driver is measured again (criterion ROI-11).
DUE_MONTHS = (3, 6, 12)
#: A measured effect of this share of what was believed counts as kept; of half of it, as partly kept.
KEPT, PARTLY = 0.9, 0.5


class State(StrEnum):
    """How a benefit stands."""

    NOT_DUE = "not_due"
    OVERDUE = "overdue"
    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One driver in the register; ``due`` are the days of measurement by month, ``readings`` the latest for each."""

    driver: str
    owner: str
    scenarios: tuple[str, ...]
    believed: float
    stated: float
    due: Mapping[int, date]
    readings: Mapping[int, Reading] = field(default_factory=dict)

    def state(self, month: int, today: date) -> State:
        """Return how the benefit stands at one of its days; unknown is never a miss before the day has passed."""
        reading = self.readings.get(month)
        if reading is None:
            return State.OVERDUE if today > self.due[month] else State.NOT_DUE
        if self.believed <= 0:
            return State.KEPT if reading.effect >= 0 else State.MISSED
        share = reading.effect / self.believed
        return State.KEPT if share >= KEPT else State.PARTLY_KEPT if share >= PARTLY else State.MISSED


def register(case: Case, live_since: date, readings: Iterable[Reading] = ()) -> tuple[Entry, ...]:
    """Return the register of a case's drivers; a reading belongs to the last due day at most 45 days after it.

    Raises TableError for a reading of a driver that the case does not have.
    """
    found = {one.name: dict[int, Reading]() for one in case.drivers}
    due = {month: _months_after(live_since, month) for month in DUE_MONTHS}
    for reading in sorted(readings, key=lambda one: one.on):
        if reading.driver not in found:
            raise TableError(f"reading of {reading.driver!r}: the case has no such driver; use {', '.join(found)}")
        fits = [month for month, day in due.items() if (day - reading.on).days <= 45]
        if fits:
            found[reading.driver][max(fits)] = reading
    return tuple(
        Entry(
            driver=one.name, owner=one.owner, scenarios=one.scenarios, believed=one.effect.median, stated=one.stated,
            due=due, readings=found[one.name],
        )
        for one in case.drivers
    )  # fmt: skip


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    last = (date(day.year + year + month // 11, (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(day.year + year, month + 1, min(day.day, last))
