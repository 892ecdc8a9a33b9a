"""Cash flow: published examples, and honesty where a return is not unique."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorecards.business.cashflow import (
    internal_returns,
    internal_returns_dated,
    modified_return,
    npv,
    payback,
    summary,
    xnpv,
)
from scorecards.methods.tables import TableError

DATED = [-10000, 2750, 4250, 3250, 2750]
DATES = [date(2008, 1, 1), date(2008, 3, 1), date(2008, 10, 30), date(2009, 2, 15), date(2009, 4, 1)]


def test_present_values_of_the_documentations_of_numpy_financial_and_spreadsheets():
    assert npv(0.08, [-40000, 5000, 8000, 12000, 30000]) == pytest.approx(3065.22267, abs=1e-4)
    assert npv(0.10, [-10000, 3000, 4200, 6800], first_at=1) == pytest.approx(1188.4434, abs=1e-4)
    assert xnpv(0.09, DATED, DATES) == pytest.approx(2086.6476, abs=1e-3)


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([-100, 39, 59, 55, 20], 0.2809484),
        ([-100, 0, 0, 74], -0.0954958),
        ([-70000, 12000, 15000, 18000, 21000, 26000], 0.0866309),
    ],
)
def test_internal_returns_of_the_documentations(flows, rate):
    assert internal_returns(flows).rate == pytest.approx(rate, abs=1e-6)


def test_dated_and_modified_returns_of_the_documentations():
    assert internal_returns_dated(DATED, DATES).rate == pytest.approx(0.3733625, abs=1e-6)
    flows = [-120000, 39000, 30000, 21000, 37000, 46000]
    assert modified_return(flows, finance=0.10, reinvest=0.12) == pytest.approx(0.1260941, abs=1e-6)


def test_several_returns_are_all_told_and_none_is_chosen():
    """The oil pump of Lorie and Savage 1955: -1600, 10000, -10000 returns 25 % and 400 %."""
    found = internal_returns([-1600, 10000, -10000])
    assert found.rates == pytest.approx([0.25, 4.0])
    assert (found.rate, found.state) == (None, "not_unique")


def test_a_present_value_that_only_touches_nothing_has_its_root():
    """-1, 2, -1 is -(1 - x)^2: worth nothing at a rate of 0 and less than nothing at any other."""
    assert internal_returns([-1, 2, -1]).rates == pytest.approx([0.0], abs=1e-5)
    assert internal_returns([-1, 2, -1.01]).state == "none"


def test_the_economic_root_is_not_lost_beside_an_absurd_one():
    """numpy-financial, issue 44: its irr answers -0.99979 here; the root that means something is 1.00427."""
    found = internal_returns([-1678.87, 771.96, 1814.05, 3520.30, 3552.95, 3584.99, 4789.91, -1])
    assert any(rate == pytest.approx(1.00427, abs=1e-5) for rate in found.rates)


def test_flows_without_a_change_of_sign_have_no_return():
    assert internal_returns([100, 20]).state == "none"
    assert modified_return([-1, -2], finance=0.1, reinvest=0.1) is None
    assert payback([-10, 2, 3]) is None


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8))
def test_every_rate_found_makes_the_present_value_nothing(flows):
    size = max(abs(flow) for flow in flows) or 1
    for rate in internal_returns(flows).rates:
        growth = 1 + rate
        pivot = len(flows) - 1 if growth < 1 else 0
        scaled = sum(flow * growth ** (pivot - at) for at, flow in enumerate(flows))
        assert abs(scaled) <= 1e-6 * size * len(flows)


def test_the_published_economic_impact_table():
    """Forrester, The Total Economic Impact of SalesLoft (2020), consolidated three-year risk-adjusted table."""
    seen = summary([53150, 666715, 636772, 647783], [0, 1606511, 3061331, 4229760], rate=0.10)
    assert (seen.costs, seen.benefits, seen.npv) == pytest.approx((1672201, 7168371, 5496170), abs=1)
    assert seen.roi == pytest.approx(3.287, abs=1e-3)
    assert seen.payback_years is not None
    assert seen.payback_years * 12 == pytest.approx(0.68, abs=0.01)


def test_payback_is_linear_inside_a_year_and_may_be_discounted():
    assert payback([-100, 60, 80]) == pytest.approx(1.5)
    assert payback([-100, 60, 80], rate=0.1) == pytest.approx(1 + (100 - 60 / 1.1) / (80 / 1.21))
    assert payback([5, 1]) == 0


@pytest.mark.parametrize(
    ("flows", "printed"),
    [
        ([-1000, 500, 400, 300, 100], (78.82, 0.1449, 0.1211, 2.33, 2.95)),
        ([-1000, 100, 300, 400, 600], (49.18, 0.1179, 0.1133, 3.33, 3.88)),
    ],
)
def test_projects_s_and_l_of_brigham_and_ehrhardt(flows, printed):
    """Financial Management, chapter on capital budgeting, at 10 %: NPV, IRR, MIRR, payback, discounted payback."""
    worth, own, modified, plain, discounted = printed
    assert npv(0.1, flows) == pytest.approx(worth, abs=5e-3)
    assert internal_returns(flows).rate == pytest.approx(own, abs=5e-5)
    assert modified_return(flows, finance=0.1, reinvest=0.1) == pytest.approx(modified, abs=5e-5)
    assert payback(flows) == pytest.approx(plain, abs=5e-3)
    assert payback(flows, rate=0.1) == pytest.approx(discounted, abs=5e-3)


@pytest.mark.parametrize(
    ("flows", "told"), [([], "row of flows"), ([1, float("nan")], "period 1"), (["a"], "give a number")]
)
def test_odd_flows_are_refused(flows, told):
    with pytest.raises(TableError, match=told):
        npv(0.1, flows)


def test_other_misfits_are_refused():
    with pytest.raises(TableError, match="rate"):
        npv(-1, [1])
    for made in (
        lambda: xnpv(-1, DATED, DATES),
        lambda: payback([-1, 2], rate=-2),
        lambda: modified_return([-1, 2], finance=0.1, reinvest=-3),
        lambda: npv(float("nan"), [1]),
    ):
        with pytest.raises(TableError, match="rate"):
            made()
    with pytest.raises(TableError, match="dates"):
        xnpv(0.1, [1, 2], DATES)
    with pytest.raises(TableError, match="benefits: 1 years"):
        summary([1, 2], [1])
    assert summary([0, 0], [1, 1]).roi is None
    assert np.isfinite(summary([1, 0], [0, 2]).npv)
