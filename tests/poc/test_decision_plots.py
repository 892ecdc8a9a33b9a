"""Plots of a decision are titled by their finding; what the weight rests on adds up, and the unknown is no class."""

import pytest

from poc.decision_plots import evidence, graded, grades, ranks, totals
from poc.decision_view import Spoken
from poc.record import Record, made
from poc.report import View
from poc.words import LANGUAGES, words
from tests.poc.pages.sample import write_sample


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return made(write_sample(tmp_path_factory.mktemp("runs")), "seed-default", None, draws=500, seed=1)


def spoken(record: Record, language: str = "en") -> Spoken:
    return Spoken(view=View(assessment=record.assessment, say=words(language)), decision=record.decision)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plot_is_titled_by_its_finding(record: Record, language: str) -> None:
    for plot in (totals, ranks, evidence):
        assert len(plot(spoken(record, language)).title) > 12


def test_the_shares_of_all_classes_and_the_unknown_are_the_whole_weight(record: Record) -> None:
    bars = evidence(spoken(record)).figure.data
    for row in range(len(record.decision.contest.vendors)):
        assert sum(bar.x[row] for bar in bars) == pytest.approx(1)


def test_the_unknown_comes_last_and_is_white_and_hatched(record: Record) -> None:
    told, bars = spoken(record), evidence(spoken(record)).figure.data
    assert grades(told)[-1] == ""
    assert (bars[-1].name, bars[-1].marker.color) == (graded(told, ""), "#ffffff")
    assert bars[-1].marker.pattern.shape == "/"
