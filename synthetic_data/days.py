"""Days: calendar arithmetic on whole columns of days since 1970-01-01."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

EPOCH = date(1970, 1, 1).toordinal()
SECONDS = 86_400


def of_date(day: date) -> int:
    """Return a date as days since 1970-01-01."""
    return day.toordinal() - EPOCH


def years_later(days: NDArray[np.integer], years: NDArray[np.integer] | int) -> NDArray[np.int64]:
    """Return the same days so many years later (earlier if negative); of 29 February the 28th."""
    return months_later(days, 12 * np.asarray(years, dtype=np.int64))


def months_later(days: NDArray[np.integer], months: NDArray[np.integer] | int) -> NDArray[np.int64]:
    """Return the same days so many months later (earlier if negative), or the last day of a month too short for it."""
    day = days.astype("M8[D]")
    month = day.astype("M8[M]")
    within = (day - month.astype("M8[D]")).astype(np.int64)
    begins = (month.astype(np.int64) + np.asarray(months, dtype=np.int64)).astype("M8[M]")
    length = ((begins + np.timedelta64(1, "M")).astype("M8[D]") - begins.astype("M8[D]")).astype(np.int64)
    found: NDArray[np.int64] = begins.astype("M8[D]").astype(np.int64) + np.minimum(within, length - 1)
    return found


def years(days: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the years in which days lie."""
    found: NDArray[np.int64] = days.astype("M8[D]").astype("M8[Y]").astype(np.int64) + 1970
    return found


def written(days: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return days as numbers of eight digits: 20260630."""
    day = days.astype("M8[D]")
    month = day.astype("M8[M]")
    within = (day - month.astype("M8[D]")).astype(np.int64) + 1
    months = month.astype(np.int64) + 1970 * 12
    found: NDArray[np.int64] = months // 12 * 10_000 + (months % 12 + 1) * 100 + within
    return found
