"""Laws of scaling, on the numbers of those who published them."""

import math

import numpy as np
import pytest

from loadtests.arithmetic.scaling import growth, usl, usl_band

#: SPEC SDM91 on a Sun SPARCcenter 2000 (Gunther, Guerrilla Capacity Planning, 2007): load and scripts an hour.
LOAD = [1, 18, 36, 72, 108, 144, 216]
SCRIPTS = [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2]


def test_the_specs_of_gunther_give_his_coefficients() -> None:
    # the usl package for R (Moeding) fits the same data to sigma 0.0277, kappa 0.000104 and a peak at 96.5
    fit = usl(LOAD, SCRIPTS)
    assert fit.sigma == pytest.approx(0.0277, abs=5e-5)
    assert fit.kappa == pytest.approx(0.000104, abs=5e-7)
    assert fit.peak == pytest.approx(96.5, abs=0.1)


def test_a_known_law_is_recovered_within_its_band() -> None:
    chance = np.random.default_rng(3)
    workers = [1, 2, 4, 8, 16, 32, 48, 64]
    truth = [100 * n / (1 + 0.03 * (n - 1) + 0.0004 * n * (n - 1)) for n in workers]
    band = usl_band(workers, [x * (1 + e) for x, e in zip(truth, chance.normal(0, 0.02, 8), strict=True)], chance, 60)
    assert band.lower <= math.sqrt(0.97 / 0.0004) <= band.upper
    assert band.upper / band.lower < 3
    inside = [low <= 100 * n / (1 + 0.03 * (n - 1) + 0.0004 * n * (n - 1)) <= high
              for n in (2, 6, 24, 60) for low, high in [band.between(n)]]  # fmt: skip
    assert sum(inside) >= 3


def test_without_crosstalk_there_is_no_peak() -> None:
    assert usl([1, 2, 4, 8], [10, 20, 40, 80]).peak > 1000


def test_too_few_points_are_refused() -> None:
    with pytest.raises(ValueError, match="four points"):
        usl([1, 2, 3], [1, 2, 3])
    with pytest.raises(ValueError, match="three sizes"):
        growth([1, 2], [1, 2])
    with pytest.raises(ValueError, match="different sizes"):
        growth([5, 5, 5], [1, 2, 3])


def test_an_exponent_is_recovered() -> None:
    sizes = [1e3, 1e4, 1e5, 1e6]
    exact = growth(sizes, [5 * n**0.2 for n in sizes])
    assert exact == pytest.approx((0.2, 0.2, 0.2))
    noisy = growth(sizes, [5 * n**0.05 * e for n, e in zip(sizes, [1.05, 0.97, 1.02, 0.98], strict=True)])
    assert noisy.lower < 0.05 < noisy.upper
