"""simulate(): a business case drawn a hundred thousand times, and what would have to be true for it to pay."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr
from scipy.stats import rankdata

from scorecards.business.beliefs import exactly
from scorecards.business.case import Case, Risk
from scorecards.business.cashflow import Summary, summary
from scorecards.methods.tables import Floats, TableError
from scorecards.robustness.draws import Chance, chance

#: The effects that a claim is put to the test with: all of it, half, a quarter, nothing.
STRESS = (1.0, 0.5, 0.25, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What a simulated case says; arrays run over draws, money in the case's currency.

    ``npv``, ``roi`` (NaN without cost), ``tco`` undiscounted, ``payback`` in years (infinity where never), ``running``
    the 10, 50 and 90 % quantiles of cumulated cash by year, ``worth`` the mean present value of each driver.
    """

    npv: Floats
    roi: Floats
    tco: Floats
    payback: Floats
    running: Floats
    worth: Mapping[str, float]
    seed: int

    def quantiles(self, of: str = "npv") -> tuple[float, float, float]:
        """Return the 10, 50 and 90 % quantiles of npv, roi, tco or payback."""
        # an order statistic, not interpolation: payback may be infinite
        low, middle, high = np.quantile(getattr(self, of), [0.1, 0.5, 0.9], method="nearest")
        return float(low), float(middle), float(high)

    @property
    def chance_of_gain(self) -> float:
        """How often the present value is above 0."""
        return float((self.npv > 0).mean())


def drawn(case: Case, draws: int, source: Chance) -> dict[str, Floats]:
    """Return values of all inputs; tied ones by a Gaussian copula, so that each keeps its own distribution."""
    normal = {name: source.standard_normal(draws) for name in case.inputs}
    for first, second, rho in case.tied:
        normal[second] = rho * normal[first] + np.sqrt(1 - rho**2) * normal[second]
    return {name: belief.at(ndtr(normal[name])) for name, belief in case.inputs.items()}


def simulate(case: Case, *, draws: int = 100_000, seed: int = 1) -> Outcome:
    """Draw all inputs ``draws`` times and work the case out for each; the same seed gives the same figures.

    Raises TableError for no draws.
    """
    if draws < 1:
        raise TableError(f"draws: {draws} tell nothing; give 1 or more")
    costs, benefits, by_driver = case.flows(drawn(case, draws, chance(seed)))
    factor = (1 + case.rate) ** -np.arange(case.years + 1)
    spent, net = costs @ factor, benefits - costs
    npv = net @ factor
    with np.errstate(divide="ignore", invalid="ignore"):
        roi = np.where(spent > 0, npv / spent, np.nan)
    running = np.cumsum(net, axis=1)
    return Outcome(
        npv=npv,
        roi=roi,
        tco=costs.sum(axis=1),
        payback=_payback(running),
        running=np.quantile(running, [0.1, 0.5, 0.9], axis=0),
        worth={name: float((earned @ factor).mean()) for name, earned in by_driver.items()},
        seed=seed,
    )


def _payback(running: Floats) -> Floats:
    """The first time that the running total reaches 0, linear inside the year; infinity where it never does."""
    there = running >= 0
    year = np.where(there.any(axis=1), there.argmax(axis=1), -1)
    found = np.where(year == 0, 0.0, np.inf)
    later = np.flatnonzero(year > 0)
    before = running[later, year[later] - 1]
    found[later] = year[later] - 1 + -before / (running[later, year[later]] - before)
    return found


def at_medians(case: Case) -> Summary:
    """Return the case's summary with every input at its median: one table that can be followed by hand."""
    costs, benefits, _ = case.flows({name: np.array([one.median]) for name, one in case.inputs.items()})
    return summary(costs[0], benefits[0], rate=case.rate)


def stress(case: Case, *, draws: int = 20_000, seed: int = 1) -> Mapping[float, tuple[float, float, float]]:
    """Return the 10, 50 and 90 % quantiles of NPV with all claims at 100, 50, 25 and 0 % of what is stated."""
    return {share: simulate(case.with_claims_at(share), draws=draws, seed=seed).quantiles() for share in STRESS}


def break_even(case: Case, driver: str, *, draws: int = 20_000, seed: int = 1, most: float = 1.0) -> float | None:
    """Return the effect of one driver at which the median NPV is 0, all else as believed; None if none within reach.

    Looked for up to ``most`` (a fraction; 1 is 100 %, beyond which no effect is believable), or up to what is stated
    where that is more. 0 where the case pays without it. Raises TableError for a driver that the case does not have.
    """
    names = [one.name for one in case.drivers]
    if driver not in names:
        raise TableError(f"driver {driver!r}: the case has none of that name; use {', '.join(names)}")
    place = names.index(driver)
    most = max(most, case.drivers[place].stated)
    loose = tuple(tie for tie in case.tied if f"effect:{driver}" not in tie[:2])

    def median(effect: float) -> float:
        drivers = list(case.drivers)
        drivers[place] = replace(drivers[place], effect=exactly(effect))
        trial = replace(case, drivers=tuple(drivers), tied=loose)
        return simulate(trial, draws=draws, seed=seed).quantiles()[1]

    if median(0.0) >= 0:
        return 0.0
    if median(most) < 0:
        return None
    return float(brentq(median, 0.0, most, xtol=1e-5))


def tornado(case: Case) -> tuple[tuple[str, float, float], ...]:
    """Return (input, NPV at its 5 %, NPV at its 95 %), all others at their medians, widest first."""
    inputs = case.inputs
    middle = {name: one.median for name, one in inputs.items()}
    rows = [(name, share) for name in inputs for share in (0.05, 0.95)]
    values = {
        name: np.array([float(belief.at(share)) if name == moved else middle[name] for moved, share in rows])
        for name, belief in inputs.items()
    }
    costs, benefits, _ = case.flows(values)
    npv = (benefits - costs) @ (1 + case.rate) ** -np.arange(case.years + 1)
    found = [(name, float(npv[2 * at]), float(npv[2 * at + 1])) for at, name in enumerate(inputs)]
    return tuple(sorted(found, key=lambda one: -abs(one[2] - one[1])))


def variance_shares(case: Case, *, draws: int = 20_000, seed: int = 1) -> Mapping[str, float]:
    """Return how much of NPV's spread each input explains: squared rank correlations scaled to 1, largest first.

    So the list says which measurement would narrow the result most.
    """
    values = drawn(case, draws, chance(seed))
    costs, benefits, _ = case.flows(values)
    npv = rankdata((benefits - costs) @ (1 + case.rate) ** -np.arange(case.years + 1))
    found = {name: float(np.corrcoef(rankdata(one), npv)[0, 1] ** 2) for name, one in values.items() if np.ptp(one) > 0}
    total = sum(found.values()) or 1.0
    return dict(sorted(((name, share / total) for name, share in found.items()), key=lambda item: -item[1]))


def yearly_losses(risk: Risk, *, draws: int = 100_000, seed: int = 1) -> tuple[Floats, Floats]:
    """Return yearly losses without and with the CRM's reduction (FAIR: events a year x loss of each), by draw.

    The same events happen in both; with the CRM each is spared with the probability of the reduction.
    """
    source = chance(seed)
    counts = source.poisson(risk.a_year.at(source.random(draws)))
    owner = np.repeat(np.arange(draws), counts)
    losses = risk.loss.at(source.random(len(owner)))
    spared = source.random(len(owner)) < np.clip(risk.reduction.at(source.random(draws)), 0, 1)[owner]
    before = np.bincount(owner, weights=losses, minlength=draws).astype(np.float64)
    return before, np.bincount(owner, weights=np.where(spared, 0.0, losses), minlength=draws).astype(np.float64)


def exceedance(losses: Floats, *, points: int = 60) -> tuple[Floats, Floats]:
    """Return amounts and how likely a year's loss exceeds each, for the curve of losses."""
    top = float(np.quantile(losses, 0.9999)) or 1.0
    amounts = np.concatenate([[0.0], np.geomspace(top / 1e4, top, points - 1)])
    order = np.sort(losses)
    return amounts, np.asarray(1.0 - np.searchsorted(order, amounts, side="right") / len(order))
