"""What would turn a choice is told in sentences with the rows behind them, in both languages."""

from dataclasses import replace

import pytest

from poc.assessment import opened
from poc.deciding import board, facts, reweighed
from poc.decision_view import Spoken
from poc.report import View
from poc.robust_plots import stability, tornado
from poc.robust_view import findings
from poc.words import LANGUAGES, words
from scorecards.deciding.contest import Contest
from scorecards.deciding.decision import Decision, decide
from tests.poc.pages.sample import write_sample


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    return View(assessment=opened(write_sample(tmp_path_factory.mktemp("runs"))), say=words("en"))


def table(view: View) -> Contest:
    """The sample's table, on which every system may win."""
    seen = reweighed(board(view.assessment), view.assessment.weighting)
    return replace(seen, eligible=("yes",) * len(seen.vendors))


@pytest.fixture(scope="module")
def decision(view: View) -> Decision:
    return decide(table(view), draws=500, members={"Lin": {"SEC": 1, "UX": 1}, "Wang": {"CUS": 1}})


def spoken(view: View, decision: Decision, language: str = "en") -> Spoken:
    return Spoken(view=replace(view, say=words(language)), decision=decision)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_side_has_a_sentence_and_rows_that_fit_its_head(view: View, decision: Decision, language: str) -> None:
    found = findings(spoken(view, decision, language))
    assert [one.key for one in found] == ["ladder", "members", "weights", "favoured", "scores", "swings", "left_out"]
    assert all(len(one.sentence) > 8 for one in found)
    assert {len(one.head) == len(row) for one in found for row in one.rows} == {True}
    assert len(found[1].rows) == 2
    for plot in (stability, tornado):
        assert plot(spoken(view, decision, language)).title in {one.sentence for one in found}


def test_a_condition_that_does_not_hold_is_the_reason_that_the_verdict_names(view: View, decision: Decision) -> None:
    ladder = findings(spoken(view, decision))[0]
    missed = [row for row in ladder.rows if row[-1] == words("en")("robust.misses")]
    assert len(missed) == len(decision.finding.because) > 0


def test_where_nobody_may_win_there_is_nothing_to_turn(view: View) -> None:
    nobody = replace(table(view), eligible=("no", "no", "no"))
    assert findings(spoken(view, decide(nobody, draws=500))) == ()


def test_one_who_may_win_alone_has_only_the_conditions(view: View) -> None:
    alone = decide(replace(table(view), eligible=("no", "yes", "no")), draws=500)
    assert [one.key for one in findings(spoken(view, alone))] == ["ladder"]


def test_machines_are_told_the_same(decision: Decision) -> None:
    told = facts(decision)
    assert set(told["members"]) == {"Lin", "Wang"}  # type: ignore[call-overload]
    assert {"pivotal", "without_criterion", "without_evidence_of_class", "lead_swings"} <= set(told)
