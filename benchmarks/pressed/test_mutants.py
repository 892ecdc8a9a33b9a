"""What only load betrays, tried on real systems: the reference CRM does not fail, and each planted defect does.

Takes most of an hour on a quiet machine; ``-k`` chooses. A run that the machine could not carry is skipped and says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from loadtests.enlargement import enlargement
from loadtests.findings import Finding
from loadtests.harvest import JUDGES
from loadtests.headroom import PROMISE, SCOPE, headroom
from loadtests.objectives import objective
from loadtests.result import LoadResult
from loadtests.workload import Workload, parse, workload
from poc import acts
from poc.enlarging import enlarged
from poc.knee import SaturatedError, knee
from poc.lab.house import House
from poc.settings import Target, target
from scenarios.evidence import Outcome
from synthetic_data.bank import Bank
from synthetic_data.generator import generate

CUSTOMERS = 400


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=7, customers=CUSTOMERS).bank


@contextmanager
def served(folder: Path, bank: Bank, mutants: Sequence[str]) -> Iterator[Target]:
    """Serve a reference CRM with these defects and the bank inside."""
    listed = folder / "targets.toml"
    with House.open(folder / "lab") as house:
        acts.serve(house, "pressed", targets=listed, mutants=mutants)
        known = acts.admit(target("pressed", listed), bank, house, targets=listed)
        acts.pour(known, bank)
        yield known


def findings(folder: Path, bank: Bank, mutants: Sequence[str], load: Workload) -> Mapping[str, Finding]:
    with served(folder, bank, mutants) as known:
        result = acts.pressed(known, bank, load)
    told = {one.check: one for one in JUDGES[str(load.proves)][1](result)}
    print("\n", mutants or "good", [(name, one.outcome.value, one.observed, one.note) for name, one in told.items()])
    skip_if_busy(result, told)
    return told


def skip_if_busy(result: LoadResult, told: Mapping[str, Finding]) -> None:
    if any(one.outcome is Outcome.BLOCKED for one in told.values()):
        pytest.skip(result.exhausted() or "blocked")


def failed(told: Mapping[str, Finding]) -> set[str]:
    return {name for name, one in told.items() if one.outcome is Outcome.FAILED}


def night() -> Workload:
    """A short night: three hundred calls of an import, which do not end within their minute if each takes its time."""
    load = workload("batch-window").as_dict()
    batch = {"begins": 40, "hands": 2, "items": 300, "mix": {"import_500": 1}}
    promised = {"read": ["slowdown <= 20 %"], "batch": ["done within 60 s"]}
    return parse({**load, "rate": 30, "seconds": 120, "users": 48, "batch": batch, "objectives": promised})


SPIKE = {**workload("ten-times").as_dict(), "rate": 60, "seconds": 330, "client": "raw"}
SOAK = {**workload("soak").as_dict(), "rate": 40, "seconds": 660, "client": "raw"}


@pytest.mark.parametrize(
    ("load", "mutants", "kills"),
    [
        (night(), ("import_holds_everybody",), {"online_work_hardly_feels_the_batch"}),
        (night(), ("import_takes_its_time",), {"the_batch_is_done_in_time"}),
        (parse(SPIKE), ("never_calms_down",), {"it_recovers_from_a_spike"}),
        (
            parse(SOAK),
            ("leak", "slower_with_age", "gives_out"),
            {"memory_does_not_only_grow", "latency_does_not_drift", "the_service_survives"},
        ),
    ],
    ids=["batch-held", "batch-slow", "spike", "soak"],
)
def test_a_defect_fails_where_the_good_system_does_not(
    tmp_path: Path, bank: Bank, load: Workload, mutants: Sequence[str], kills: set[str]
) -> None:
    assert failed(findings(tmp_path / "mutant", bank, mutants, load)) >= kills
    assert not failed(findings(tmp_path / "good", bank, (), load)) & kills


@pytest.mark.parametrize(
    ("mutant", "kills"),
    [
        ("search_reads_everybody", "answers_hardly_slow_down_with_data"),
        ("search_without_end", "queries_do_not_time_out"),
    ],
)
def test_growing_data_betrays_who_reads_all_of_it(tmp_path: Path, mutant: str, kills: str) -> None:
    sizes = (500, 1500, 4500) if mutant == "search_reads_everybody" else (500,)
    asked = parse({**workload("growing-data").at(seconds=25).as_dict(), "client": "raw", "rate": 20})
    sides = {}
    for name, planted in (("mutant", (mutant,)), ("good", ())):
        series = enlarged(
            "reference", sizes, lab=tmp_path / name, folder=tmp_path / name / "series", asked=asked,
            times=2, mutants=planted,
        )  # fmt: skip
        sides[name] = {one.check: one for one in enlargement(series)}
        print("\n", name, [(one.check, one.outcome.value, one.observed, one.note) for one in sides[name].values()])
    if (one := sides["mutant"][kills]).outcome is Outcome.BLOCKED:
        pytest.skip(f"{one.note}; {one.observed}")
    assert kills in failed(sides["mutant"])
    assert kills not in failed(sides["good"])


def test_a_system_that_takes_one_after_the_other_has_no_room(tmp_path: Path, bank: Bank) -> None:
    promise = objective(SCOPE, PROMISE)
    asked = parse({**workload("growing-data").at(rate=30).as_dict(), "client": "raw"})
    try:
        with served(tmp_path, bank, ("one_after_the_other",)) as known:
            found = knee(known, bank, asked, promise, most=400)
    except SaturatedError as fault:
        pytest.skip(str(fault))
    (one,) = headroom(found, promise, 40.0)
    print("\n", one)
    assert one.outcome is Outcome.FAILED
    assert 0.9 < one.measures["knee_per_peak"] < 1.4
