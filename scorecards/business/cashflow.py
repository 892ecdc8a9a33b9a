"""Cash flow: present value, returns and payback of a row of flows; where a return is not unique, that is said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize_scalar

from scorecards.methods.tables import Floats, TableError

#: Rates between which internal returns are looked for.
LOWEST, HIGHEST = -0.99, 10.0


def flows(values: ArrayLike) -> Floats:
    """Return flows as numbers; raises TableError for none, text, NaN or infinity."""
    try:
        found = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as fault:
        raise TableError(f"flows: {fault}; give a number for each period") from None
    if found.ndim != 1 or not found.size:
        raise TableError(f"flows: shape {found.shape} is no row of flows; give one for each period")
    if not np.isfinite(found).all():
        raise TableError(f"flows: period {int(np.argmin(np.isfinite(found)))} is not a finite number; give an amount")
    return found


def npv(rate: float, values: ArrayLike, *, first_at: float = 0) -> float:
    """Return the net present value, flows one period apart, the first at ``first_at`` (1: at the first year's end)."""
    found = flows(values)
    return float((found / (1.0 + _rate(rate)) ** (np.arange(found.size) + first_at)).sum())


def _rate(rate: float) -> float:
    if not -1 < rate < np.inf:
        raise TableError(f"rate: {rate} discounts by nothing or less; give a rate above -1, such as 0.10")
    return rate


def _years(dates: Sequence[date], n: int) -> Floats:
    if len(dates) != n:
        raise TableError(f"dates: {len(dates)} given for {n} flows; give one for each")
    return np.array([(day - dates[0]).days / 365.0 for day in dates])


def xnpv(rate: float, values: ArrayLike, dates: Sequence[date]) -> float:
    """Return the net present value of dated flows, years of 365 days from the first date."""
    found = flows(values)
    return float((found / (1.0 + _rate(rate)) ** _years(dates, found.size)).sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """The internal rates of return: every rate in (-0.99, 10) at which the present value is 0, smallest first."""

    rates: tuple[float, ...]

    @property
    def rate(self) -> float | None:
        """The rate where there is just one, else None: with several, none of them means anything on its own."""
        return self.rates[0] if len(self.rates) == 1 else None

    @property
    def state(self) -> str:
        """One of unique, not_unique, none."""
        return "none" if not self.rates else "unique" if len(self.rates) == 1 else "not_unique"


def internal_returns(values: ArrayLike) -> Returns:
    """Return all internal rates of return of flows one period apart; none where no sign changes or no root lies near.

    Roots are bracketed on a fine grid and closed in by Brent's method, never followed from a guess.
    """
    found = flows(values)
    return _roots(found, np.arange(found.size, dtype=np.float64))


def internal_returns_dated(values: ArrayLike, dates: Sequence[date]) -> Returns:
    """Return all internal rates of return of dated flows."""
    found = flows(values)
    return _roots(found, _years(dates, found.size))


def _roots(values: Floats, times: Floats) -> Returns:
    if not ((values > 0).any() and (values < 0).any()):
        return Returns(rates=())

    def worth(rates: Floats) -> Floats:
        # multiplied by a positive power so that far rates neither vanish nor overflow: roots stay where they are
        growth = 1.0 + rates
        pivot = np.where(growth < 1, times.max(), 0.0)
        return np.asarray((values * growth[:, None] ** (pivot[:, None] - times)).sum(axis=1))

    def at(rate: float) -> float:
        return float(worth(np.array([rate]))[0])

    grid = np.expm1(np.linspace(np.log1p(LOWEST), np.log1p(HIGHEST), 4_001))
    levels = worth(grid)
    found = [float(grid[place]) for place in np.flatnonzero(levels == 0)]
    for place in np.flatnonzero(levels[:-1] * levels[1:] < 0):
        found.append(float(brentq(at, grid[place], grid[place + 1], xtol=1e-13, rtol=1e-13)))
    return Returns(rates=tuple(sorted(found + _touching(at, grid, levels))))


def _touching(at: Callable[[float], float], grid: Floats, levels: Floats) -> list[float]:
    """Return rates at which the present value touches 0 without crossing it: double roots, such as 0 of -1, 2, -1."""
    size = np.abs(levels)
    inner = np.flatnonzero((size[1:-1] < size[:-2]) & (size[1:-1] < size[2:]) & (levels[:-2] * levels[2:] > 0)) + 1
    found = []
    for place in inner:
        best = minimize_scalar(lambda rate: abs(at(rate)), bounds=(grid[place - 1], grid[place + 1]), method="bounded",
                               options={"xatol": 1e-12})  # fmt: skip
        if best.fun <= 1e-12 * size.max():
            found.append(float(best.x))
    return found


def modified_return(values: ArrayLike, *, finance: float, reinvest: float) -> float | None:
    """Return the modified internal rate: (FV of inflows at ``reinvest`` / PV of outflows at ``finance``)^(1/n) - 1.

    None without both an inflow and an outflow. It is unique where internal rates are not.
    """
    found = flows(values)
    n = found.size - 1
    gained = float((np.maximum(found, 0) * (1 + _rate(reinvest)) ** (n - np.arange(n + 1))).sum())
    spent = -npv(finance, np.minimum(found, 0))
    if n < 1 or gained <= 0 or spent <= 0:
        return None
    return float((gained / spent) ** (1 / n) - 1)


def payback(values: ArrayLike, *, rate: float = 0.0) -> float | None:
    """Return after how many periods the running total reaches 0 for good or bad, flows spread evenly over each period.

    The first flow is at once. ``rate`` above 0 discounts first. None where the total never gets there.
    """
    found = flows(values)
    running = np.cumsum(found / (1.0 + _rate(rate)) ** np.arange(found.size))
    if running[0] >= 0:
        return 0.0
    there = np.flatnonzero(running >= 0)
    if not there.size:
        return None
    period = int(there[0])
    before = float(running[period - 1])
    return period - 1 + -before / (float(running[period]) - before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures of a total-economic-impact table; money in the case's currency, rates as fractions."""

    costs: float
    benefits: float
    npv: float
    roi: float | None
    returns: Returns
    modified: float | None
    payback_years: float | None


def summary(costs: ArrayLike, benefits: ArrayLike, *, rate: float = 0.10) -> Summary:
    """Return present values and returns of yearly costs and benefits, both positive, year 0 undiscounted.

    NPV = PV(B) - PV(C), ROI = NPV / PV(C), as Forrester's Total Economic Impact defines them; ROI is None without cost.
    """
    out, gain = flows(costs), flows(benefits)
    if out.size != gain.size:
        raise TableError(f"benefits: {gain.size} years against {out.size} of costs; give one for each year of both")
    spent, gained = npv(rate, out), npv(rate, gain)
    net = gain - out
    return Summary(
        costs=spent,
        benefits=gained,
        npv=gained - spent,
        roi=(gained - spent) / spent if spent > 0 else None,
        returns=internal_returns(net),
        modified=modified_return(net, finance=rate, reinvest=rate),
        payback_years=payback(net),
    )
