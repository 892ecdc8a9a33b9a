"""Simulation: the case of the example bank, and what must hold for any case."""

from dataclasses import replace

import numpy as np
import pytest

from scorecards.business.beliefs import Belief, exactly, lognormal, of_claim, triangular
from scorecards.business.case import Case, CostLine, Risk
from scorecards.business.cashflow import npv
from scorecards.business.drivers import Driver
from scorecards.business.reading import example_case
from scorecards.business.simulation import (
    at_medians,
    break_even,
    drawn,
    exceedance,
    simulate,
    stress,
    tornado,
    variance_shares,
    yearly_losses,
)
from scorecards.methods.tables import TableError
from scorecards.robustness.draws import chance


def driver(**given):
    plain = {
        "name": "saved", "title": "", "title_zh": "", "quote": "", "source": "", "interest": "vendor",
        "grade": "claimed", "way": "amount", "stated": 1.0, "effect": exactly(1.0), "facts": {"yearly_amount": 100.0},
    }  # fmt: skip
    return Driver(**{**plain, **given})


def case(**given):
    plain = {
        "name": "plain", "currency": "CNY", "years": 3, "rate": 0.1, "costs": (CostLine(name="seats", once=150.0),),
        "drivers": (driver(),),
    }  # fmt: skip
    return Case(**{**plain, **given})


def test_a_sure_case_is_its_present_value():
    seen = simulate(case(), draws=10)
    assert seen.npv == pytest.approx(npv(0.1, [-150, 100, 100, 100]))
    assert seen.payback == pytest.approx(1.5)
    assert seen.tco == pytest.approx(150)


def test_a_delay_moves_benefits_by_months_and_a_ramp_lowers_the_first_years():
    late = case(delay_months=exactly(6.0))
    assert simulate(late, draws=2).npv == pytest.approx(npv(0.1, [-150, 50, 100, 100]))
    very_late = case(delay_months=exactly(18.0))
    assert simulate(very_late, draws=2).npv == pytest.approx(npv(0.1, [-150, 0, 50, 100]))
    slow = case(ramp=(exactly(0.2), exactly(0.6)))
    assert simulate(slow, draws=2).npv == pytest.approx(npv(0.1, [-150, 20, 60, 100]))


def test_only_lines_that_overrun_overrun():
    lines = (CostLine(name="seats", yearly=10.0), CostLine(name="integration", once=100.0, overruns=True))
    seen = simulate(case(costs=lines, drivers=(), overrun=exactly(1.5)), draws=2)
    assert seen.tco == pytest.approx(180)


def test_faster_by_a_quarter_is_a_fifth_fewer_hours():
    facts = {"fte": 10.0, "hours_in_scope": 100.0, "captured": 1.0, "hour_cost": 1.0}
    one = driver(way="efficiency", stated=0.25, effect=exactly(0.25), facts=facts)
    assert simulate(case(costs=(), drivers=(one,), rate=0.0), draws=2).npv == pytest.approx(3 * 200)


def test_a_kept_customer_brings_margin_for_three_years():
    facts = {"customers_in_segment": 100.0, "churn_rate": 0.1, "margin_per_customer": 1.0}
    one = driver(way="retention", stated=0.5, effect=exactly(0.5), facts=facts)
    seen = simulate(case(costs=(), drivers=(one,), rate=0.0, years=5), draws=2)
    assert seen.npv == pytest.approx(5 * (1 + 2 + 3 + 3 + 3))


def test_the_example_pays_at_face_value_and_not_when_its_claims_are_graded():
    example = example_case()
    face = simulate(example.at_face_value(), draws=2).quantiles()[1]
    low, middle, high = simulate(example, draws=20_000).quantiles()
    assert face > 10e6
    assert low < middle < high < 0
    assert example.example


def test_the_same_seed_gives_the_same_figures():
    assert simulate(example_case(), draws=500).npv.tolist() == simulate(example_case(), draws=500).npv.tolist()


def test_tied_inputs_move_together_and_keep_their_own_distribution():
    values = drawn(example_case(), 40_000, chance(1))
    together = np.corrcoef(values["effect:retention"], values["effect:cross_sale"])[0, 1]
    assert 0.4 < together < 0.55
    assert values["effect:cross_sale"].mean() == pytest.approx(0.26 / 3, abs=0.002)


def test_claims_under_stress_lose_money_in_order():
    found = stress(example_case(), draws=2_000)
    assert list(found) == [1.0, 0.5, 0.25, 0.0]
    medians = [quantiles[1] for quantiles in found.values()]
    assert medians == sorted(medians, reverse=True)


def test_break_even_is_where_the_median_is_nothing():
    doubtful = case(costs=(CostLine(name="seats", once=200.0),), drivers=(driver(stated=0.5, effect=exactly(0.5)),))
    at = break_even(doubtful, "saved", draws=10)
    assert at == pytest.approx(200 / npv(0.1, [100, 100, 100], first_at=1), abs=1e-4)
    assert break_even(case(costs=()), "saved", draws=10) == 0.0
    assert break_even(case(costs=(CostLine(name="seats", once=1e9),)), "saved", draws=10) is None
    with pytest.raises(TableError, match="'luck': the case has none"):
        break_even(case(), "luck")


def test_an_effect_beyond_all_of_it_is_no_break_even():
    """250 a year of 100 would pay, but nothing saves more than all there is."""
    dear = case(costs=(CostLine(name="seats", once=500.0),), drivers=(driver(stated=0.5, effect=exactly(0.5)),))
    assert break_even(dear, "saved", draws=10) is None
    assert break_even(dear, "saved", draws=10, most=3.0) == pytest.approx(
        500 / npv(0.1, [100] * 3, first_at=1), abs=1e-4
    )
    bold = case(costs=(CostLine(name="seats", once=500.0),), drivers=(driver(stated=3.0, effect=exactly(0.5)),))
    assert break_even(bold, "saved", draws=10) == pytest.approx(2.0106, abs=1e-3)


def test_a_tornado_and_the_shares_of_spread_name_what_matters():
    loose = case(
        drivers=(driver(effect=triangular(0, 1, 2)), driver(name="small", effect=triangular(0.9, 1, 1.1))),
    )
    assert tornado(loose)[0][0] == "effect:saved"
    shares = variance_shares(loose, draws=5_000)
    assert next(iter(shares)) == "effect:saved"
    assert sum(shares.values()) == pytest.approx(1)


def test_medians_make_a_table_that_can_be_followed():
    assert at_medians(case()).npv == pytest.approx(npv(0.1, [-150, 100, 100, 100]))


def test_losses_are_spared_in_proportion_and_never_cash():
    risk = Risk(name="breach", a_year=exactly(2.0), loss=lognormal(1.0, 0.5), reduction=exactly(0.3))
    before, after = yearly_losses(risk, draws=20_000)
    assert before.mean() == pytest.approx(2 * np.exp(0.125), rel=0.03)
    assert after.mean() / before.mean() == pytest.approx(0.7, abs=0.02)
    assert (after <= before).all()
    amounts, chances = exceedance(before)
    assert (np.diff(chances) <= 0).all()
    assert chances[0] == pytest.approx((before > 0).mean())
    assert amounts[0] == 0
    assert simulate(case(risks=(risk,)), draws=5).npv == pytest.approx(simulate(case(), draws=5).npv)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda: triangular(2, 1, 3), "order its values"),
        (lambda: Belief(kind="normal", a=1), "kind"),
        (lambda: of_claim(1, "rumoured"), "grade"),
        (lambda: case(years=0), "years"),
        (lambda: simulate(case(), draws=0), "draws: 0"),
        (lambda: case(rate=3), "rate"),
        (lambda: case(drivers=(driver(), driver())), "counts once"),
        (lambda: case(tied=(("effect:saved", "rain", 0.5),)), "tied"),
        (lambda: driver(way="magic"), "way 'magic'"),
        (lambda: driver(facts={}), "'yearly_amount' is missing"),
        (lambda: case(costs=(CostLine(name="exit", by_year={9: 1.0}),)).planned_costs(), "year 9"),
    ],
)
def test_what_makes_no_case_is_refused_by_name(made, told):
    with pytest.raises(TableError, match=told):
        made()


def test_a_claim_is_believed_by_its_grade():
    assert of_claim(0.3, "measured") == exactly(0.3)
    assert of_claim(0.3, "claimed").mean == pytest.approx(0.3 * 4 / 9)
    assert of_claim(0.3, "unknown").mean == 0
    assert replace(triangular(0, 1, 2), kind="uniform").mean == 1
    gamma = Belief(kind="gamma", a=2.0, b=0.5)
    assert gamma.at(np.linspace(0.0005, 0.9995, 1000)).mean() == pytest.approx(2, abs=0.01)
