"""Business: a bank's case worked out once, at face value and as its evidence allows, for every door that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scorecards.business.amounts import told
from scorecards.business.case import Case
from scorecards.business.cashflow import Summary
from scorecards.business.reading import CaseError, example_case, read_case
from scorecards.business.simulation import Outcome, at_medians, break_even, simulate, stress, tornado, variance_shares

#: So often a case is drawn unless somebody asks for more or fewer.
DRAWS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worked:
    """A case worked out: as believed, as its claims put it, under stress, and what each claim would have to reach.

    Money in the case's currency; effects as fractions; ``break_even`` is None where no effect would do.
    """

    case: Case
    graded: Outcome
    face: Outcome
    medians: Summary
    stress: Mapping[float, tuple[float, float, float]]
    break_even: Mapping[str, float | None]
    tornado: tuple[tuple[str, float, float], ...]
    shares: Mapping[str, float]
    draws: int
    seed: int

    def money(self, amount: float, language: str) -> str:
        """Return an amount of the case as people read it."""
        return told(amount, self.case.currency, language)


def worked(case: Case, *, draws: int = DRAWS, seed: int = 1) -> Worked:
    """Work a case out; raises CaseError for a number of draws that tells nothing."""
    if not 100 <= draws <= 10_000_000:
        raise CaseError(f"draws = {draws}: between 100 and 10,000,000 tell something; {DRAWS:,} is usual")
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
        "draws": done.draws,
        "seed": done.seed,
    }  # fmt: skip


def _quantiles(outcome: Outcome, of: str) -> dict[str, float | None]:
    return _named(outcome.quantiles(of))


def _named(found: tuple[float, float, float]) -> dict[str, float | None]:
    return {name: _finite(value) for name, value in zip(("p10", "p50", "p90"), found, strict=True)}


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
