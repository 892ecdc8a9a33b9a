"""Every plot is titled by what it shows, keeps to the figures, and tells targets apart by shape and colour."""

from pathlib import Path

import pytest

from poc.assessment import opened
from poc.plots import dimensions, live, per_second, totals
from poc.report import View
from poc.words import LANGUAGES, words
from tests.poc.pages.sample import write_sample


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("runs"))


def view(place: Path, language: str = "en") -> View:
    return View(assessment=opened(place), say=words(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plot_is_titled_by_its_finding(place: Path, language: str) -> None:
    seen = view(place, language)
    for plot in (totals(seen), dimensions(seen), per_second(seen, seen.assessment.subjects)):
        assert len(plot.title) > 15
        assert plot.titled().layout.title.text == plot.title
        assert plot.figure.layout.title.text is None


def test_an_interval_goes_from_worst_to_best_and_its_mark_is_what_was_observed(place: Path) -> None:
    seen = view(place)
    lines = [one for one in totals(seen).figure.data if one.mode == "lines"]
    marks = [one for one in totals(seen).figure.data if one.mode == "markers"]
    for subject, line, mark in zip(seen.assessment.ranked(), lines, marks, strict=True):
        score = seen.assessment.scorecard.of(subject.name).overall
        assert list(line.x) == [score.worst, score.best]
        assert list(mark.x) == [score.observed]


def test_what_was_not_seen_has_no_mark(place: Path) -> None:
    marks = [one for one in dimensions(view(place)).figure.data if one.mode == "markers"]
    assert any(one.x[0] is None for one in marks)
    assert not any(one.x[0] == 0 for one in marks if "Vendor" in str(one.hovertemplate))


def test_targets_differ_in_shape_and_colour(place: Path) -> None:
    marks = [one.marker for one in totals(view(place)).figure.data if one.mode == "markers"]
    assert len({one.symbol for one in marks}) == len({one.color for one in marks}) == 3


def test_names_wear_their_labels_and_cannot_become_markup(place: Path) -> None:
    told = totals(view(place)).figure.to_json()
    assert "weakened copy" in told
    assert "not verified live" in told
    assert "<CRM>" not in told


def test_a_load_plot_says_whether_the_limit_is_proven_to_hold(place: Path) -> None:
    seen = view(place)
    plot = per_second(seen, seen.assessment.subjects)
    assert "are proven to stay within 200 ms" in plot.title
    assert len(plot.figure.data) == 1


def test_a_load_test_that_is_being_made_is_drawn_as_far_as_it_is() -> None:
    figure = live([(0, 12.0), (1, None), (2, 14.0)], words("en"))
    assert list(figure.data[0].x) == [0, 1, 2]
    assert figure.data[0].y[1] is None
