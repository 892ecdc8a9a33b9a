"""Figures: the middle of the repeats and how far they lie apart, by rate; what was stopped early does not count."""

from dataclasses import replace

from loadtests.result import Row
from poc.contest.figures import Spread, pressed
from tests.poc.pages.sample import pressed as sample


def test_repeats_are_gathered_by_rate() -> None:
    one = sample("reference")
    lost = replace(one, rows=tuple(refused(row) for row in one.rows), finished=650)
    seen = pressed([one, lost, one, replace(one, stopped_early=True)])
    assert list(seen) == [100.0]
    found = seen[100.0]
    assert (found.repeats, found.faults) == (3, ())
    assert found.errors == Spread(middle=0.0, least=0.0, most=1.0)
    assert found.finished == Spread(middle=1.0, least=0.5, most=1.0)
    assert found.requests == Spread(middle=100.0, least=0.0, most=100.0)
    assert found.reads_p95.middle is not None
    assert 38 < found.reads_p95.middle < 42
    assert found.writes_p95 == Spread(middle=None, least=None, most=None)


def refused(row: Row) -> Row:
    return row._replace(outcome="refused")
