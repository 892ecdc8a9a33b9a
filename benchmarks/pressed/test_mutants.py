"""What only load betrays, tried on real systems: the reference CRM does not fail, and each planted defect does.

Takes most of an hour; ``-k "spike and planted"`` chooses. A run that the machine could not carry is skipped and says
so; a leak and a search that reads everybody are proven on a busy machine too.
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
from loadtests.workload import Workload, parse, workload
from poc import acts
from poc.enlarging import enlarged
from poc.knee import SaturatedError, knee
from poc.lab.house import House
from poc.settings import Target, target
from scenarios.evidence import Outcome
from synthetic_data.bank import Bank
from synthetic_data.generator import generate

CUSTOMERS = 120


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


def findings(
    folder: Path, bank: Bank, mutants: Sequence[str], load: Workload, kills: set[str]
) -> Mapping[str, Finding]:
    with served(folder, bank, mutants) as known:
        result = acts.pressed(known, bank, load)
    told = {one.check: one for one in JUDGES[str(load.proves)][1](result)}
    print("\n", mutants or "good", [(name, one.outcome.value, one.observed, one.note) for name, one in told.items()])
    if any(told[name].outcome is Outcome.BLOCKED for name in kills):
        pytest.skip(result.exhausted() or "blocked")
    return told


def failed(told: Mapping[str, Finding]) -> set[str]:
    return {name for name, one in told.items() if one.outcome is Outcome.FAILED}


def night(begins: float, items: int, seconds: float) -> Workload:
    """A short night, whose imports do not end within half a minute if each takes its time."""
    load = workload("batch-window").as_dict()
    batch = {"begins": begins, "hands": 2, "items": items, "mix": {"import_500": 1}}
    promised = {"read": ["slowdown <= 20 %"], "batch": ["done within 30 s"]}
    return parse({**load, "rate": 30, "seconds": seconds, "users": 48, "batch": batch, "objectives": promised})


#: Ten times the load for fifteen seconds, and then the two minutes within which all must be as before.
SPIKE = {
    **workload("ten-times").as_dict(), "rate": 300, "seconds": 150, "client": "raw",
    "profile": [[0, 0.1], [0.1, 0.1], [0.1, 1], [0.2, 1], [0.2, 0.1], [1, 0.1]],
}  # fmt: skip
SOAK = {**workload("soak").as_dict(), "client": "raw"}
#: Workload, planted defects, and the checks that they must fail.
TRIALS = {
    "batch-held": (night(20, 300, 70), ("import_holds_everybody",), {"online_work_hardly_feels_the_batch"}),
    "batch-slow": (night(5, 12, 45), ("import_takes_its_time",), {"the_batch_is_done_in_time"}),
    "spike": (parse(SPIKE), ("never_calms_down",), {"it_recovers_from_a_spike"}),
    "end": (parse({**SOAK, "rate": 50, "seconds": 60}), ("gives_out",), {"the_service_survives"}),
    "leak": (parse({**SOAK, "rate": 40, "seconds": 660}), ("leak",), {"memory_does_not_only_grow"}),
    "ageing": (parse({**SOAK, "rate": 40, "seconds": 660}), ("slower_with_age",), {"latency_does_not_drift"}),
}  # fmt: skip


@pytest.mark.parametrize("trial", TRIALS)
@pytest.mark.parametrize("side", ["planted", "sound"])
def test_a_defect_fails_where_the_good_system_does_not(tmp_path: Path, bank: Bank, trial: str, side: str) -> None:
    load, mutants, kills = TRIALS[trial]
    found = failed(findings(tmp_path, bank, mutants if side == "planted" else (), load, kills)) & kills
    assert found == (kills if side == "planted" else set())


@pytest.mark.parametrize("side", ["planted", "sound"])
@pytest.mark.parametrize(
    ("mutant", "sizes", "seconds", "kills"),
    [
        ("search_reads_everybody", (150, 600, 2400), 10, "answers_hardly_slow_down_with_data"),
        # a question runs out of time after thirty seconds, so they must be had
        ("search_without_end", (300,), 30, "queries_do_not_time_out"),
    ],
    ids=["growth-slow", "growth-endless"],
)
def test_growing_data_betrays_who_reads_all_of_it(
    tmp_path: Path, mutant: str, sizes: Sequence[int], seconds: float, kills: str, side: str
) -> None:
    asked = parse({**workload("growing-data").at(seconds=seconds).as_dict(), "client": "raw", "rate": 20})
    series = enlarged(
        "reference", sizes, lab=tmp_path / "lab", folder=tmp_path / "series", asked=asked, times=2,
        mutants=(mutant,) if side == "planted" else (),
    )  # fmt: skip
    told = {one.check: one for one in enlargement(series)}
    print("\n", side, [(one.check, one.outcome.value, one.observed, one.note) for one in told.values()])
    if (one := told[kills]).outcome is Outcome.BLOCKED:
        pytest.skip(f"{one.note}; {one.observed}")
    assert (kills in failed(told)) is (side == "planted")


def test_room_a_system_that_takes_one_after_the_other_has_none(tmp_path: Path, bank: Bank) -> None:
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
