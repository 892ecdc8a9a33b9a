"""Plan: the same for every product, on disk, and gone on with under its own figures only."""

from pathlib import Path

import pytest

from loadtests.verbs import OwnStep
from poc.contest.plan import Contest, ContestError, Log
from scenarios.folders import AssessmentFolder


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(AssessmentFolder(tmp_path, "contest"))


def test_all_are_pressed_alike_and_every_act_is_played_to_its_end() -> None:
    contest = Contest(products=("amagi-crm",), rate=3)
    load = contest.workload(5.0, 2)
    assert (load.rate, load.warm_up) == (15.0, 5)
    assert load.seed == contest.workload(1.0, 0).seed + 2
    assert all(isinstance(step, OwnStep) and step.requests == 0 for step in load.steps.values())


def test_a_contest_goes_on_with_its_own_figures_and_lets_more_products_in(log: Log) -> None:
    first = log.begin(Contest(products=("amagi-crm",), customers=200))
    assert log.begin(Contest(products=("amagi-crm",), customers=200)) == first
    grown = log.begin(Contest(products=("bottlecrm",), customers=200))
    assert grown.products == ("amagi-crm", "bottlecrm") == log.contest.products
    with pytest.raises(ContestError, match="holds another contest"):
        log.begin(Contest(products=("amagi-crm",), customers=300))


def test_facts_are_kept_beside_what_was_known(log: Log) -> None:
    log.begin(Contest(products=("amagi-crm",)))
    log.note("amagi-crm", version="0.1.0")
    log.note("amagi-crm", out="no Python")
    log.hold(bank="ab")
    assert log.of("amagi-crm") == {"version": "0.1.0", "out": "no Python"}
    assert log.of("nobody") == {}
    assert log.read()["conditions"] == {"bank": "ab"}


def test_what_is_no_contest_is_told_in_one_line(log: Log) -> None:
    with pytest.raises(ContestError, match="there is no contest in"):
        log.read()
    log.begin(Contest(products=("amagi-crm",)))
    log.path.write_text('{"contest": {"products": 3}}', "utf-8")
    with pytest.raises(ContestError, match="no readable contest"):
        _ = log.contest
