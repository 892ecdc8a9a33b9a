"""Stairs and growth are kept and found again; laws need enough of what says something."""

import math
from pathlib import Path

import pytest

from poc.pressure.order import place
from poc.pressure.series import Climbed, Grown, climbed, grown, keep_climbed, keep_grown

STEPS = {n: 100 * n / (1 + 0.1 * (n - 1) + 0.01 * n * (n - 1)) for n in (1, 2, 4, 8, 16)}
GROWN = Grown(target="reference", began=1e9, points=((1000, 10.0), (10_000, 11.0), (100_000, 12.1)))


def stairs(began: float = 1e9, **change: object) -> Climbed:
    return Climbed(**{"target": "reference", "began": began, "by": "users", "steps": STEPS, **change})  # type: ignore[arg-type]


def test_the_law_is_found_again_and_steps_that_say_nothing_are_left_out() -> None:
    law = stairs(steps={**STEPS, 32: "the generator was at its end"}).law()
    assert law is not None
    assert law.fit.gamma == pytest.approx(100, rel=0.01)
    assert law.fit.peak == pytest.approx(math.sqrt(0.9 / 0.01), rel=0.02)
    assert stairs(steps={1: 100.0, 2: 180.0, 4: 300.0, 8: "void"}).law() is None


def test_an_exponent_needs_three_sizes() -> None:
    found = GROWN.exponent()
    assert found is not None
    assert found.exponent == pytest.approx(0.0414, abs=1e-3)
    assert Grown(target="x", began=1.0, points=((1000, 1.0), (1000, 2.0), (9000, 3.0))).exponent() is None


def test_what_was_kept_is_found_again_youngest_first_and_spoilt_files_are_passed_over(tmp_path: Path) -> None:
    for one in (stairs(), stairs(began=2e9, steps={1: 10.5, 2: "the generator was at its end"})):
        keep_climbed(one, tmp_path)
    keep_grown(GROWN, tmp_path)
    (place(tmp_path) / "2040-spoilt").mkdir()
    (place(tmp_path) / "2040-spoilt" / "stairs.json").write_text("{", "utf-8")
    assert [one.began for one in climbed(tmp_path)] == [2e9, 1e9]
    assert climbed(tmp_path)[0].steps == {1: 10.5, 2: "the generator was at its end"}
    assert grown(tmp_path) == (GROWN,)
