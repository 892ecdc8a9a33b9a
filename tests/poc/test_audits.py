"""An audit reads the same in both languages, never shows a gap as 0, and its page needs nothing else."""

from pathlib import Path

import pytest

from poc.audit_plots import plots
from poc.audits import AuditView, page, write
from poc.words import LANGUAGES, words
from synthetic_data.audits.audit import FIGURES, audit
from tests.synthetic_data.audits.village import CLOCK, village


def view(language: str = "en", profile: str = "cn-digital-bank") -> AuditView:
    return AuditView(audit=audit([village()], CLOCK, profile), say=words(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_has_a_name_a_verdict_and_a_source(language: str) -> None:
    seen = view(language)
    told = [one for _, findings in seen.topics() for one in findings]
    assert {one.key for one in told} == set(FIGURES)
    assert all(seen.name(one) and seen.verdict(one) and seen.source(one) for one in told)


def test_what_was_not_measured_is_a_dash_and_never_a_zero() -> None:
    seen = view()
    one = next(one for one in seen.audit.findings if one.key == "purchase_mean")
    assert (seen.found(one), seen.verdict(one)) == ("–", "? not measured")


def test_what_is_not_published_says_so() -> None:
    seen = view()
    one = next(one for one in seen.audit.findings if one.key == "dormant")
    assert (seen.published(one), seen.within(one), seen.source(one)) == ("–", "", "none found")


def test_a_bound_is_told_as_one() -> None:
    seen = view()
    one = next(one for one in seen.audit.findings if one.key == "accounts_each")
    assert seen.published(one) == "at most 9.97"


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (0.512, "share", "51.2%"),
        (0.0123, "share", "1.2%"),
        (0.0009, "share", "0.09%"),
        (74200.0, "money", "74,200"),
        (38.8, "years", "38.8 years"),
        (1.084, "index", "1.08"),
        (0.0123, "index", "0.012"),
        (303.9, "number", "304"),
        (2.62, "number", "2.62"),
        (None, "share", "–"),
    ],
)
def test_values_are_told_in_their_unit(value: float | None, unit: str, told: str) -> None:
    assert view().value(value, unit) == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plot_is_titled_by_its_finding(language: str) -> None:
    drawn = plots(view(language).audit, words(language))
    assert len(drawn) == 4, "shares, ages, wealth and channels; the village has no payments"
    assert all(len(plot.title) > 10 and plot.figure.data for plot in drawn)


def test_the_page_needs_nothing_else(tmp_path: Path) -> None:
    told = page(view("zh"))
    assert told.count("Plotly.newPlot") == 4
    assert "<script src=" not in told
    assert '<link rel="stylesheet"' not in told
    assert "银行数据审计" in told
    write(view(), tmp_path / "audit.html")
    assert [path.name for path in tmp_path.iterdir()] == ["audit.html"]


def test_a_page_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "audit.html").mkdir()
    with pytest.raises(OSError, match="directory"):
        write(view(), tmp_path / "audit.html")
    assert [path.name for path in tmp_path.iterdir()] == ["audit.html"]


def test_names_of_a_bank_cannot_become_markup() -> None:
    assert "<b>bank" not in page(view(profile="<b>bank"))
