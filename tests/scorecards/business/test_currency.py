"""A case told in another currency is the same case: money changes its unit, shares and times stay."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorecards.business.beliefs import Belief, lognormal, triangular
from scorecards.business.reading import CaseError, case_from, case_of, example_case
from scorecards.business.readings import Reading
from scorecards.business.simulation import at_medians, simulate
from scorecards.business.writing import typed
from scorecards.methods.tables import TableError

PLAIN = {"name": "plain", "currency": "CNY", "years": 3, "rate": 0.1, "costs": {"seats": {"yearly": 10}}}


def test_results_are_those_of_the_home_case_at_the_rate():
    home, abroad = example_case(), example_case().told_in("USD")
    assert abroad.currency == "USD"
    assert at_medians(abroad).npv == pytest.approx(at_medians(home).npv / 7.1)
    one, other = simulate(home, draws=200), simulate(abroad, draws=200)
    assert other.npv == pytest.approx(one.npv / 7.1)
    assert other.roi == pytest.approx(one.roi)
    assert other.quantiles("payback") == one.quantiles("payback")


def test_there_and_back_it_is_the_same_case():
    back = example_case().told_in("USD").told_in("CNY")
    assert back.planned_costs() == pytest.approx(example_case().planned_costs())
    assert at_medians(back).npv == pytest.approx(at_medians(example_case()).npv)


def test_a_currency_without_a_rate_is_refused():
    with pytest.raises(TableError, match=r"exchange.EUR is missing"):
        example_case().told_in("EUR")
    with pytest.raises(CaseError, match=r"exchange.EUR is missing"):
        case_of({**PLAIN, "shown_in": "EUR"})


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        ({"worth": 0, "on": "2026-06-30", "source": "x"}, "exchange.USD.worth"),
        ({"worth": 7, "source": "x"}, "exchange.USD.on"),
        ({"worth": 7, "on": "2026-06-30", "source": ""}, "exchange.USD.source"),
        ({"worth": 7, "on": "2026-06-30", "source": " "}, "exchange.USD: source is empty"),
    ],
)
def test_a_rate_bears_worth_day_and_source(rate: dict[str, object], told: str):
    with pytest.raises(CaseError, match=told):
        case_of({**PLAIN, "exchange": {"USD": rate}})


def test_the_home_currency_needs_no_rate():
    with pytest.raises(CaseError, match=r"exchange.CNY is the case's own currency"):
        case_of({**PLAIN, "exchange": {"CNY": {"worth": 1, "on": "2026-06-30", "source": "x"}}})


@settings(max_examples=25)
@given(by=st.floats(0.01, 100), share=st.floats(0.01, 0.99))
def test_so_many_times_a_belief_has_so_many_times_its_values(by: float, share: float):
    for one in (triangular(1, 2, 5), lognormal(3, 0.4), Belief(kind="gamma", a=2, b=0.7),
                Belief(kind="uniform", a=1, c=4), Belief(kind="exactly", a=3)):  # fmt: skip
        assert float(one.times(by).at(share)) == pytest.approx(by * float(one.at(share)))


def test_what_was_typed_in_is_read_back_from_the_document():
    case = example_case()
    reading = Reading(driver="training", on=date(2027, 1, 5), effect=0.11, by="HR", run="r7")
    content = typed(
        b'name = "plain"\ncurrency = "CNY"\nyears = 3\nrate = 0.1\n[costs]\nseats = { yearly = 10 }\n', shown_in="USD",
        exchange=case.exchange, live_since=date(2026, 10, 1), readings=[reading],
    )  # fmt: skip
    found = case_from(content, "x")
    assert (found.shown_in, found.exchange) == ("USD", case.exchange)
    assert (found.live_since, found.readings) == (date(2026, 10, 1), (reading,))
