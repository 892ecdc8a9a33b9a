"""Business: a bank's case worked out once, at face value and as its evidence allows, for every door that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scorecards.business.amounts import told
from scorecards.business.case import Case
from scorecards.business.cashflow import Summary
from scorecards.business.offers import Quoted, by_line, quoted
from scorecards.business.reading import CaseError, example_case, read_case
from scorecards.business.register import Entry, register
from scorecards.business.simulation import Outcome, at_medians, break_even, simulate, stress, tornado, variance_shares
from scorecards.methods.tables import Floats

#: So often a case is drawn unless somebody asks for more or fewer; so often each offer, beside the case.
DRAWS, BESIDE = 100_000, 20_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """An offer worked out: the bank's case with this vendor's costs; ``lines`` its planned costs by line and year."""

    quoted: Quoted
    outcome: Outcome
    lines: Mapping[str, Floats]

    @property
    def per_user_month(self) -> float | None:
        """The median total cost of one user in one month; None where nobody counted the users."""
        case = self.quoted.case
        return self.outcome.quantiles("tco")[1] / (case.users * 12 * case.years) if case.users else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worked:
    """A case worked out: as believed, as its claims put it, under stress, and what each claim would have to reach.

    Money in the currency in which the case is to be read; effects as fractions; ``break_even`` is None where no effect
    would do. ``offers`` are what vendors ask, ``lines`` the case's own planned costs by line and year.
    """

    case: Case
    graded: Outcome
    face: Outcome
    medians: Summary
    stress: Mapping[float, tuple[float, float, float]]
    break_even: Mapping[str, float | None]
    tornado: tuple[tuple[str, float, float], ...]
    shares: Mapping[str, float]
    lines: Mapping[str, Floats]
    offers: tuple[Asked, ...]
    draws: int
    seed: int

    def money(self, amount: float, language: str) -> str:
        """Return an amount of the case as people read it."""
        return told(amount, self.case.currency, language)

    @property
    def by_year(self) -> tuple[Floats, Floats]:
        """Costs and benefits of years 0 ... ``years``, every input at its median."""
        costs, benefits, _ = self.case.flows({name: np.array([one.median]) for name, one in self.case.inputs.items()})
        return costs[0], benefits[0]

    def benefits(self) -> tuple[Entry, ...]:
        """Return the register of benefits, empty before the day of going live is known."""
        return () if self.case.live_since is None else register(self.case, self.case.live_since, self.case.readings)


def worked(case: Case, *, draws: int = DRAWS, seed: int = 1) -> Worked:
    """Work a case out in the currency in which it is to be read; raises CaseError where draws are too few to tell."""
    if not 100 <= draws <= 10_000_000:
        raise CaseError(f"draws = {draws}: between 100 and 10,000,000 tell something; {DRAWS:,} is usual")
    case = case.shown()
    earning = [one.name for one in case.drivers if one.way != "nothing"]
    return Worked(
        case=case,
        graded=simulate(case, draws=draws, seed=seed),
        face=simulate(case.at_face_value(), draws=1, seed=seed),
        medians=at_medians(case),
        stress=stress(case, seed=seed),
        break_even={name: break_even(case, name, seed=seed) for name in earning},
        tornado=tornado(case),
        shares=variance_shares(case, seed=seed),
        lines=by_line(case),
        offers=tuple(
            Asked(quoted=one, outcome=simulate(one.case, draws=min(draws, BESIDE), seed=seed), lines=by_line(one.case))
            for one in quoted(case)
        ),
        draws=draws,
        seed=seed,
    )


def case_at(file: Path | None) -> Case:
    """Return the case of a TOML file, or the labelled example where none is named; raises CaseError."""
    return example_case() if file is None else read_case(file)


def facts(done: Worked) -> dict[str, object]:
    """Return a worked case for machines: money in its currency, shares as fractions, what never happens as null."""
    return {
        "case": done.case.name,
        "example": done.case.example,
        "currency": done.case.currency,
        "home_currency": done.case.home or done.case.currency,
        "exchange": [{"currency": one.currency, "worth": str(one.worth), "on": one.on.isoformat(), "source": one.source,
                      "by": one.by} for one in done.case.exchange],
        "years": done.case.years,
        "rate": done.case.rate,
        "npv": _quantiles(done.graded, "npv"),
        "roi": _quantiles(done.graded, "roi"),
        "payback_years": _quantiles(done.graded, "payback"),
        "total_cost": _quantiles(done.graded, "tco"),
        "chance_of_gain": done.graded.chance_of_gain,
        "face_value": {"npv": float(done.face.npv[0]), "roi": _finite(float(done.face.roi[0])),
                       "payback_years": _finite(float(done.face.payback[0]))},
        "internal_return": {"state": done.medians.returns.state, "rates": list(done.medians.returns.rates),
                            "modified": done.medians.modified},
        "stress": [{"claims_at": share, **_named(found)} for share, found in done.stress.items()],
        "break_even": [{"driver": one.name, "stated": one.stated, "believed": one.effect.median,
                        "needed": done.break_even[one.name], "worth": done.graded.worth[one.name]}
                       for one in done.case.drivers if one.name in done.break_even],
        "tornado": [{"input": name, "at_5": low, "at_95": high} for name, low, high in done.tornado],
        "variance_shares": dict(done.shares),
        "offers": [_offer(one) for one in done.offers],
        "claims": [{"driver": one.name, "quote": one.quote, "source": one.source, "interest": one.interest,
                    "grade": one.grade, "at_face_value": done.face.worth[one.name],
                    "as_believed": done.graded.worth[one.name]} for one in done.case.drivers],
        "losses": [{"risk": one.name, "a_year": one.a_year.mean, "reduction": one.reduction.mean}
                   for one in done.case.risks],
        "register": [_benefit(one) for one in done.benefits()],
        "draws": done.draws,
        "seed": done.seed,
    }  # fmt: skip


def _offer(one: Asked) -> dict[str, object]:
    return {
        "name": one.quoted.offer.name, "title": one.quoted.offer.named("en"), "currency": one.quoted.offer.currency,
        "source": one.quoted.offer.source, "missing_lines": list(one.quoted.missing),
        "total_cost": _quantiles(one.outcome, "tco"), "npv": _quantiles(one.outcome, "npv"),
        "per_user_month": one.per_user_month,
        "lines": {name: [float(value) for value in flows] for name, flows in one.lines.items()},
    }  # fmt: skip


def _benefit(one: Entry) -> dict[str, object]:
    return {
        "driver": one.driver, "owner": one.owner, "believed": one.believed,
        "due": {str(month): day.isoformat() for month, day in one.due.items()},
        "measured": {
            str(month): {"on": seen.on.isoformat(), "effect": seen.effect, "by": seen.by, "run": seen.run}
            for month, seen in one.readings.items()
        },
    }  # fmt: skip


def _quantiles(outcome: Outcome, of: str) -> dict[str, float | None]:
    return _named(outcome.quantiles(of))


def _named(found: tuple[float, float, float]) -> dict[str, float | None]:
    return {name: _finite(value) for name, value in zip(("p10", "p50", "p90"), found, strict=True)}


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
