"""Agreement: every measure on the example by which its author taught it."""

import math

import pytest

from scorecards.methods.agreement import (
    cohen_kappa,
    fleiss_kappa,
    intraclass,
    kendall_w,
    krippendorff,
    krippendorff_interval,
)
from scorecards.methods.tables import TableError
from tests.scorecards.methods.published import FLEISS, KRIPPENDORFF, SHROUT_FLEISS


def test_kendall_s_w_corrects_for_ties():
    seen = kendall_w([[1, 2.5, 2.5, 4], [1, 2, 3, 4], [2, 1, 3.5, 3.5]])
    assert seen.w == pytest.approx(0.8214286, abs=1e-6)
    assert 0.001 < seen.p < 0.2


def test_complete_agreement_is_one_by_ranks_and_by_ratings():
    assert kendall_w([[1, 2, 3]] * 4).w == pytest.approx(1)
    assert kendall_w([[5, 3, 1], [9, 8, 7]], are_ranks=False).w == pytest.approx(1)


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorff_s_own_example_with_abstentions(level, alpha):
    assert krippendorff(KRIPPENDORFF, level=level) == pytest.approx(alpha, abs=1e-3)


def test_alpha_s_interval_holds_alpha_and_nobody_s_opinion_has_none():
    low, high = krippendorff_interval(KRIPPENDORFF, draws=200)
    assert low < 0.815 < high
    assert math.isnan(krippendorff([[1, None], [None, 2]]))
    assert krippendorff([[3, 3], [3, 3]]) == 1


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("ICC(1,1)", 0.17), ("ICC(2,1)", 0.29), ("ICC(3,1)", 0.71), ("ICC(1,k)", 0.44), ("ICC(2,k)", 0.62),
        ("ICC(3,k)", 0.91),
    ],
)  # fmt: skip
def test_the_six_forms_of_shrout_and_fleiss_1979(form, value):
    assert intraclass(SHROUT_FLEISS, form=form) == pytest.approx(value, abs=5e-3)


def test_fleiss_kappa_of_its_textbook_example():
    assert fleiss_kappa(FLEISS) == pytest.approx(0.2099, abs=1e-3)


def test_cohen_s_kappa_and_its_weights():
    first = ["y"] * 25 + ["n"] * 25
    second = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    assert cohen_kappa(first, second) == pytest.approx(0.4)
    assert cohen_kappa([1, 2, 3, 3], [1, 2, 3, 2], weights="quadratic") > cohen_kappa([1, 2, 3, 3], [1, 2, 3, 2])


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(TableError, match="two judges"):
        kendall_w([[1, 2]])
    with pytest.raises(TableError, match="same number"):
        fleiss_kappa([[1, 2], [3, 3]])
    with pytest.raises(TableError, match="every cell"):
        intraclass([[1, None], [2, 3]])


def test_the_three_executives_of_siegel_1956_hardly_agree():
    """Nonparametric Statistics, chapter 9: six applicants, s = 25.5, W = 0.16."""
    assert kendall_w([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]).w == pytest.approx(0.16, abs=5e-3)
