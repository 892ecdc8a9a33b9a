"""The curve of quantiles lies between its bounds and reaches as far as the sample."""

from poc.pressure.quantiles import curve
from tests.poc.pressure.sample import pressed


def test_the_curve_agrees_with_the_histogram_and_never_falls() -> None:
    result = pressed(seconds=60)
    points = curve(result)
    n = result.histogram().n
    assert points[-1].q <= 1 - 1 / n
    assert [one.ms for one in points] == sorted(one.ms for one in points)
    p99 = next(one for one in points if abs(one.q - 0.99) < 1e-9)
    assert p99.ms == (result.histogram().quantile(0.99) or 0) / 1000


def test_bounds_hold_the_curve_and_are_wide_where_requests_fail_in_clumps() -> None:
    calm, clumped = (
        next(one for one in curve(pressed(seconds=60, stalls=stalls)) if abs(one.q - 0.9) < 1e-9)
        for stalls in ((), (5, 20, 21, 40))
    )
    for one in (calm, clumped):
        assert one.lower is not None
        assert one.upper is not None
        assert one.lower <= one.ms <= one.upper
    assert clumped.upper / clumped.lower > 1.5 * calm.upper / calm.lower


def test_what_no_sample_bounds_has_no_bound() -> None:
    assert curve(pressed())[-1].upper is None


def test_without_an_answer_there_is_no_curve() -> None:
    assert curve(pressed(), "no metric") == ()
