"""quoted(): what every vendor asks over the years, made comparable: one currency, the same 22 lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scorecards.business.case import Case, CostLine, Offer
from scorecards.business.reading import cost_lines
from scorecards.methods.tables import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """An offer as a case of its own: the bank's case with the offer's costs, and which lines the vendor left out."""

    offer: Offer
    case: Case
    missing: tuple[str, ...]


def quoted(case: Case) -> tuple[Quoted, ...]:
    """Return the offers of a case in its currency, as dear as they are once nothing is missing (criterion ROI-02).

    A line that some vendor prices and another leaves out counts for the latter as at the dearest bidder, and is named.
    A line that no vendor prices is the bank's own (its staff, its dip at the start) and the same for all.
    """
    rows = {one.name: _in(case, one) for one in case.offers}
    priced = [line for lines in rows.values() for line in lines]
    own = tuple(line for line in case.costs if line.name not in {one.name for one in priced})
    found = []
    for offer in case.offers:
        given = {line.name for line in rows[offer.name]}
        missing = tuple(name for name in cost_lines() if name not in given and name in {one.name for one in priced})
        dearest = tuple(_dearest(name, priced, case.years) for name in missing)
        costs = (*rows[offer.name], *dearest, *own)
        found.append(Quoted(offer=offer, case=replace(case, costs=costs, offers=()), missing=missing))
    return tuple(found)


def _in(case: Case, offer: Offer) -> tuple[CostLine, ...]:
    """Return an offer's lines in the case's currency; the case has refused a currency without a rate."""
    by = float(case.worths[offer.currency] / case.worths[case.currency])
    return tuple(line.times(by) for line in offer.costs)


def _dearest(name: str, lines: Sequence[CostLine], years: int) -> CostLine:
    return max((one for one in lines if one.name == name), key=lambda one: float(one.flows(years).sum()))


def by_line(case: Case) -> Mapping[str, Floats]:
    """Return what each line costs in years 0 ... ``years``, the overrun at its median; lines of nothing left out."""
    over = case.overrun.median
    found = {one.name: one.flows(case.years) * (over if one.overruns else 1.0) for one in case.costs}
    return {name: flows for name, flows in found.items() if flows.any()}
