"""Offers are comparable: in one currency, and with nothing left out that another vendor prices."""

import pytest

from scorecards.business.case import Case
from scorecards.business.offers import by_line, quoted
from scorecards.business.reading import CaseError, case_of, example_case

PLAIN = {
    "name": "plain", "currency": "CNY", "years": 3, "rate": 0.1,
    "costs": {"seats": {"yearly": 1}, "internal": {"once": 7, "yearly": 2}},
}  # fmt: skip
FULL = {"costs": {"seats": {"yearly": 10}, "exit": {"once": 50}}}
DEAR = {"costs": {"seats": {"yearly": 20}, "exit": {"once": 80}}}
DOLLAR = {"worth": "7.0", "on": "2026-06-30", "source": "the treasury"}


def case(**more: object) -> Case:
    return case_of({**PLAIN, **more})


def test_a_missing_line_is_as_dear_as_at_the_dearest_bidder():
    found = {one.offer.name: one for one in quoted(case(offers={"full": FULL, "dear": DEAR, "thin": {"costs": {}}}))}
    assert found["thin"].missing == ("seats", "exit")
    assert found["full"].missing == ()
    own = 7 + 3 * 2
    assert found["thin"].case.planned_costs().sum() == 3 * 20 + 80 + own
    assert found["full"].case.planned_costs().sum() == 3 * 10 + 50 + own


def test_a_line_priced_at_nothing_is_not_missing():
    free = {"costs": {"seats": {"yearly": 5}, "exit": {}}}
    found = {one.offer.name: one for one in quoted(case(offers={"full": FULL, "free": free}))}
    assert found["free"].missing == ()
    assert "exit" not in by_line(found["free"].case)


def test_an_offer_in_another_currency_is_converted_by_the_rate_that_somebody_put_down():
    offer = {"currency": "USD", **FULL}
    home, abroad = (quoted(case(exchange={"USD": DOLLAR}, offers={"x": one}))[0] for one in (FULL, offer))
    own = 7 + 3 * 2
    assert abroad.case.planned_costs().sum() - own == pytest.approx(7 * (home.case.planned_costs().sum() - own))


def test_an_offer_in_a_currency_without_a_rate_is_refused_with_what_is_missing():
    with pytest.raises(CaseError, match=r"exchange.USD is missing: amounts in USD and CNY are never mixed"):
        case(offers={"x": {"currency": "USD", **FULL}})


def test_a_single_line_in_another_currency_is_converted_too():
    costs = {"seats": {"yearly": 1, "currency": "USD"}}
    assert case_of({**PLAIN, "costs": costs, "exchange": {"USD": DOLLAR}}).planned_costs().sum() == pytest.approx(21)
    with pytest.raises(CaseError, match=r"exchange.USD is missing"):
        case_of({**PLAIN, "costs": costs})


def test_lines_sum_to_what_the_case_costs_at_its_medians():
    known = example_case()
    over = sum(one.flows(known.years).sum() * (known.overrun.median if one.overruns else 1) for one in known.costs)
    assert sum(flows.sum() for flows in by_line(known).values()) == pytest.approx(over)
