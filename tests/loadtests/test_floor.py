"""A floor says whether its rate was carried, and knows which latencies lie within it."""

import pytest

from loadtests.floor import Floor, floor_from
from loadtests.histogram import Histogram


def floor(**change):
    facts = {
        "machine": "m", "client": "raw", "secure": True, "workers": 0, "rate": 300.0, "refused": "", "disturbed": "",
        "p50_ms": 0.5, "p99_ms": 1.5, "p999_ms": 4.0, "lag_p99_ms": 0.2, "cpu_percent": 20.0,
        "measured": "2026-11-24T00:00:00+00:00",
    }  # fmt: skip
    return Floor(**{**facts, **change})


@pytest.mark.parametrize(("q", "ms"), [(0.3, 0.5), (0.5, 0.5), (0.95, 0.5), (0.99, 1.5), (0.9999, 4.0)])
def test_a_quantile_has_the_floor_of_the_nearest_one_below_it(q, ms):
    assert floor().at(q) == ms
    assert floor(disturbed="busy").at(q) is None


def test_latencies_below_twice_the_floor_lie_within_it():
    seen = Histogram()
    for number in range(10_000):
        seen.record(5000 if number < 9900 else 2500 + 1000 * (number % 5))
    assert [name for name, _, _ in floor(p50_ms=3.0, p99_ms=1.0, p999_ms=6.0).within(seen)] == ["p50", "p999"]
    assert floor(p50_ms=3.0, disturbed="busy").within(seen) == ()


def test_a_floor_is_read_back_as_it_was_and_one_of_another_form_is_none():
    assert floor_from(floor().as_dict()) == floor()
    assert floor_from({}) is None
    assert floor_from({"rate": 3}) is None
