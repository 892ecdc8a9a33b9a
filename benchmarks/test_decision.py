"""Decision: rank acceptability of ten vendors by 120 criteria in 100,000 draws, a moved slider, and a business case."""

import resource
import subprocess
import sys
from typing import Any

import numpy as np

from scorecards.business.reading import example_case
from scorecards.business.simulation import simulate
from scorecards.robustness.acceptability import smaa
from scorecards.robustness.cells import Cells, by_grade, exactly
from scorecards.robustness.draws import Tree, around, chance

VENDORS, CRITERIA, DRAWS = 10, 120, 100_000
GRADES = ("E0", "E1v", "E1t", "E2", "E3", "E4", "")
#: Peak memory is told by a process of its own: this one has the test runner in it.
ALONE = "import resource; from benchmarks import test_decision as t; t.in_full(); print(t.peak_mb())"


def table() -> Cells:
    source = np.random.default_rng(1)
    points = source.integers(0, 6, (VENDORS, CRITERIA)).astype(np.float64)
    grades = source.choice(np.array(GRADES, dtype=object), (VENDORS, CRITERIA))
    return by_grade(points, grades)


def weights() -> Any:
    tree = Tree.of([place % 7 for place in range(CRITERIA)], [1.0] * CRITERIA)
    outer = around([0.30, 0.18, 0.16, 0.12, 0.08, 0.08, 0.08], DRAWS, chance(1))
    return tree.spread(outer.astype(np.float32)).astype(np.float32)


def in_full() -> Any:
    return smaa(weights(), table(), source=chance(2))


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_rank_acceptability_with_weights_and_evidence_drawn(benchmark: Any) -> None:
    found = benchmark.pedantic(in_full, rounds=3)
    alone = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    benchmark.extra_info["peak MB of a process of its own"] = float(alone.stdout)
    assert np.allclose(found.ranks.sum(axis=1), 1)


def test_rank_acceptability_with_weights_drawn_only(benchmark: Any) -> None:
    drawn, cells = weights(), exactly(table().mean)
    found = benchmark.pedantic(smaa, args=(drawn, cells), rounds=5)
    assert np.allclose(found.ranks.sum(axis=0), 1)


def test_a_business_case_of_five_years_in_100_000_draws(benchmark: Any) -> None:
    case = example_case()
    found = benchmark.pedantic(simulate, args=(case,), kwargs={"draws": DRAWS}, rounds=3)
    benchmark.extra_info["NPV P50 (m)"] = found.quantiles()[1] / 1e6
    assert len(found.npv) == DRAWS
