"""Catalogue: what is played, what is scored and what is weighed agree with each other."""

import tomllib
from collections import Counter
from importlib.resources import files

import pytest

from loadtests.enlargement import SCENARIO as GROWING
from loadtests.enlargement import enlargement
from loadtests.harvest import JUDGES, harvest
from loadtests.headroom import PROMISE, SCOPE, headroom
from loadtests.headroom import SCENARIO as SEARCHING
from loadtests.invariants import INVARIANTS
from loadtests.objectives import objective
from loadtests.resilience import SCENARIO as BREAKING
from loadtests.result import LoadResult
from loadtests.workload import names, workload
from scenarios.evidence import Outcome
from scenarios.library import catalogue as library
from scorecards.criterion import Catalogue, catalogue
from scorecards.frameworks import frameworks
from scorecards.weighting import DIMENSIONS, load_weighting, weightings
from tests.loadtests.pressed import pressed


@pytest.fixture(scope="module")
def rows() -> Catalogue:
    return catalogue()


def played() -> list[tuple[str, str, bool]]:
    return [(one.criterion, check.name, check.harm) for one in library() for check in one.checks]


def test_every_scenario_answers_to_a_criterion_that_exists(rows: Catalogue) -> None:
    assert {one.criterion for one in library()} <= {one.id for one in rows.of_targets}


def test_every_check_that_is_played_is_named_by_its_criterion(rows: Catalogue) -> None:
    unknown = [(criterion, name) for criterion, name, _ in played() if name not in rows.by_id[criterion].checks]
    assert not unknown, "name them in scorecards/criteria, or they earn nothing"


def test_a_check_is_a_harm_in_the_scenario_exactly_when_it_is_one_in_the_rubric(rows: Catalogue) -> None:
    apart = [(row, name) for row, name, harm in played() if harm != (name in rows.by_id[row].harms)]
    assert not apart


@pytest.mark.parametrize("name", [one for one in names() if workload(one).proves])
def test_what_a_load_run_judges_is_named_by_its_criterion(rows: Catalogue, name: str) -> None:
    nothing = LoadResult(
        target="alder", workload=workload(name), began=0.0, released=0, finished=0, stopped_early=False,
        generator={}, errors={}, rows=(),
    )  # fmt: skip
    pieces = harvest(nothing, run="r1")
    row = rows.by_id[str(workload(name).proves)]
    assert {piece.check for piece in pieces} <= row.checks
    assert {piece.criterion for piece in pieces} == {row.id}
    assert [piece.check for piece in pieces if piece.harm != (piece.check in row.harms)] == []
    assert not [piece.check for piece in pieces if piece.outcome is Outcome.FAILED], "nothing is known"


def test_every_criterion_that_a_load_run_may_prove_has_a_workload() -> None:
    assert {workload(name).proves for name in names()} - {None} == JUDGES.keys()


def test_what_load_runs_judge_is_said_in_chinese_too_and_nothing_else_is() -> None:
    spoken = tomllib.loads(files("scenarios.library").joinpath("zh/performance.toml").read_text(encoding="utf-8"))
    judged = [(enlargement({}), GROWING), (headroom(None, objective(SCOPE, PROMISE), 1.0), SEARCHING)]
    for name in names():
        if proves := workload(name).proves:
            scenario, judge = JUDGES[proves]
            judged.append((judge(pressed(workload(name), lambda at: (0, 1.0, 0))), scenario))
    pressed_checks = {scenario for _, scenario in judged} | {one.check for found, _ in judged for one in found}
    assert set(spoken) == pressed_checks | {BREAKING, *INVARIANTS}
    assert all(text.endswith("。") for text in spoken.values())


def test_no_check_is_judged_twice_within_a_criterion() -> None:
    twice = [key for key, times in Counter((row, name) for row, name, _ in played()).items() if times > 1]
    assert not twice


def test_the_dimensions_of_weightings_are_those_of_the_criteria(rows: Catalogue) -> None:
    assert tuple(one.code for one in rows.weighted) == DIMENSIONS
    for name in weightings():
        assert tuple(load_weighting(name).dimensions) == DIMENSIONS


def test_what_frameworks_and_weightings_name_exists(rows: Catalogue) -> None:
    named = set(frameworks().by_criterion)
    for name in weightings():
        weighting = load_weighting(name)
        named |= {*weighting.criteria, *weighting.gates, *(one.gate for one in weighting.waivers)}
    assert named <= rows.by_id.keys()
