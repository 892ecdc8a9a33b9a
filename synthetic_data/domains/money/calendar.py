"""Calendar: on which days and at which hours people pay."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from synthetic_data.chance import Chance, Floats, Ints
from synthetic_data.columns import Days
from synthetic_data.days import SECONDS, of_date
from synthetic_data.profile_money import Calendar as Claims

#: Where people pay, and whose hours and weekdays they keep there.
WHERE = {"shop": "shop", "online": "online", "transfer": "online", "office": "office"}
THURSDAY = 3  # 1970-01-01


class Calendar:
    """The days from ``begins`` to ``ends``, both included, as days since 1970-01-01 on the bank's own clock."""

    def __init__(self, claims: Claims, begins: int, ends: int) -> None:
        self.begins, self.ends = begins, ends
        self._offset = round(claims.utc_offset.value * 3600)
        self._hours = {w: _rising(_shares(claims, "hours", w)) for w in ("shop", "online", "office")}
        self._days = {where: _rising(self._weights(claims, where)) for where in WHERE}

    def _weights(self, claims: Claims, where: str) -> Floats:
        days = np.arange(self.begins, self.ends + 1)
        weights = np.array(_shares(claims, "weekdays", WHERE[where]))[(days + THURSDAY) % 7]
        day = days.astype("M8[D]")
        last = (day.astype("M8[M]") + 1).astype("M8[D]") - day
        weights *= np.where(last.astype(np.int64) <= 3, claims.month_end.value, 1.0)
        for peak in claims.peaks.values():
            if where in peak.touches:
                for centre in map(of_date, peak.days):
                    near = (days >= centre - peak.before) & (days <= centre + peak.after)
                    weights *= np.where(near, peak.factor, 1.0)
        return weights

    def days(self, chance: Chance, where: str, first: Days | Ints, last: Days | Ints) -> Ints:
        """Return a day between each pair of days, both included, drawn by how much is paid there on it."""
        rising = self._days[where]
        low = rising[np.asarray(first, dtype=np.int64) - self.begins]
        high = rising[np.asarray(last, dtype=np.int64) - self.begins + 1]
        at = low + chance.shares(len(low)) * (high - low)
        found = np.searchsorted(rising, at, side="right") - 1 + self.begins
        return np.asarray(np.clip(found, first, last))

    def seconds(self, chance: Chance, where: str, n: int) -> Ints:
        """Return seconds of the day, drawn by the hours kept there."""
        rising = self._hours[WHERE[where]]
        return np.asarray(np.interp(chance.shares(n), rising, np.arange(25) * 3600.0).astype(np.int64))

    def moments(self, days: Days | Ints, seconds: Ints) -> Ints:
        """Return moments in seconds since 1970 in UTC, of days and seconds on the bank's own clock."""
        return np.asarray(days, dtype=np.int64) * SECONDS + seconds - self._offset

    def local_days(self, moments: Ints) -> Ints:
        """Return the days on the bank's own clock at which moments lie."""
        return np.asarray((moments + self._offset) // SECONDS)


def payday(months: Ints, day: Ints) -> Ints:
    """Return the last working day up to a day of a month (months since 1970-01)."""
    begins = months.astype("M8[M]").astype("M8[D]").astype(np.int64)
    length = (months + 1).astype("M8[M]").astype("M8[D]").astype(np.int64) - begins
    found = begins + np.minimum(day, length) - 1
    weekday = (found + THURSDAY) % 7
    return np.asarray(found - np.maximum(weekday - 4, 0))


def month_of(days: Days | Ints) -> Ints:
    """Return the months since 1970-01 in which days lie."""
    return np.asarray(days, dtype=np.int64).astype("M8[D]").astype("M8[M]").astype(np.int64)


def month_begins(months: Ints) -> Ints:
    """Return the first days of months since 1970-01."""
    return np.asarray(months, dtype=np.int64).astype("M8[M]").astype("M8[D]").astype(np.int64)


def months_before(day: date, months: int) -> int:
    """Return the day after the same day so many months before, as days since 1970-01-01 (a window of whole months)."""
    month = day.year * 12 + day.month - 1 - months
    last = int(month_begins(np.array([month + 1 - 1970 * 12]))[0]) - 1
    begins = int(month_begins(np.array([month - 1970 * 12]))[0])
    return min(begins + day.day - 1, last) + 1


def _shares(claims: Claims, what: str, where: str) -> tuple[float, ...]:
    shares: Mapping[str, float] = getattr(claims, f"{what}_{where}").shares
    return tuple(shares[key] for key in (sorted(shares) if what == "hours" else shares))


def _rising(weights: Floats | tuple[float, ...]) -> Floats:
    rising = np.concatenate([[0.0], np.cumsum(np.asarray(weights, dtype=np.float64))])
    return np.asarray(rising / rising[-1])
