"""The report shows what was seen in both languages, needs nothing but itself, and never shows a gap as a zero."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from poc.assessment import opened
from poc.drawing import interval, line_per_second
from poc.report import as_csv, render, write
from scenarios.evidence import Evidence, Outcome
from scenarios.folders import AssessmentFolder
from scenarios.manifest import describe
from scenarios.store import Store

NOW = datetime(2026, 11, 1, tzinfo=UTC)
BANK = {"digest": "ab" * 32, "seed": 7, "customers": 100, "profile": "cn-digital-bank"}


def piece(target, check, outcome, criterion="SEC-02", **more):
    return Evidence(
        run="r",
        target=target,
        criterion=criterion,
        scenario="story",
        check=check,
        sentence="It <b>holds</b>.",
        outcome=outcome,
        started=NOW,
        **more,
    )


@pytest.fixture
def place(tmp_path):
    folder = AssessmentFolder(tmp_path, "trial")
    for target, labels in (("good", ()), ("weak", ("deliberately weakened",)), ("cloud", ("not verified live",))):
        manifest = describe(
            run="r", target=target, title=target.title(), started=NOW, bank=BANK, catalogue="c", labels=labels
        )
        with Store.create(folder.of(target), manifest) as store:
            outcome = Outcome.FAILED if target == "weak" else Outcome.PASSED
            store.add([piece(target, "old_tls_is_refused", outcome, harm=True, exchanges=("x000001",))])
            store.set_state("done")
    return folder.path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_names_every_target_row_and_label(place, language):
    page = render(opened(place), language)
    for word in ("Good", "Weak", "Cloud", "SEC-01", "ROI-11", "PRO-12"):
        assert word in page
    labels = {"en": ("deliberately weakened copy", "not verified live"), "zh": ("蓄意弱化的副本", "未经实机验证")}
    assert all(label in page for label in labels[language])


@pytest.mark.parametrize(
    ("language", "told"), [("en", "Licence MIT · tested 2026-11-01"), ("zh", "许可证 MIT · 2026-11-01 测试")]
)
def test_a_committee_reads_licence_and_day_under_each_name(tmp_path, language, told):
    folder = AssessmentFolder(tmp_path, "trial")
    manifest = describe(
        run="r", target="x", title="X 1.0", started=NOW, bank=BANK, catalogue="c", settings={"licence": "MIT"}
    )
    with Store.create(folder.of("x"), manifest) as store:
        store.add([piece("x", "old_tls_is_refused", Outcome.PASSED)])
        store.set_state("done")
    assert told in render(opened(folder.path), language)


def test_a_page_fetches_nothing(place):
    page = render(opened(place), "en")
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page)
    assert "<script" not in page
    assert "@import" not in page


def test_what_was_not_seen_is_a_dash_and_never_a_zero(place):
    page = render(opened(place), "en")
    row = page.split("Vendor capability")[1].split("</tr>")[0]
    assert "<b>–</b>" in row
    assert "0.00 – 5.00 · 0%" in row


def test_a_harm_is_shown_with_its_exchange(place):
    page = render(opened(place), "en")
    assert "x000001" in page
    assert 'class="tag harm"' in page


def test_words_from_a_target_cannot_become_markup(place):
    page = render(opened(place), "en")
    assert "<b>holds</b>" not in page
    assert "&lt;b&gt;holds" in page


def test_words_from_a_target_cannot_become_a_formula():
    rows = [{"target": "=HYPERLINK(0)", "observed": -1.5}, {"target": "@SUM", "observed": None}]
    shown = SimpleNamespace(scorecard=SimpleNamespace(rows=lambda: rows))
    assert as_csv(shown).splitlines() == ["target,observed", "'=HYPERLINK(0),-1.5", "'@SUM,"]


def test_both_languages_are_written_side_by_side(place, tmp_path):
    written = write(opened(place), tmp_path / "out")
    assert [path.name for path in written] == ["report.en.html", "report.zh.html"]
    assert 'href="report.zh.html"' in written[0].read_text(encoding="utf-8")
    assert not list((tmp_path / "out").glob("*.part"))


def test_an_interval_says_its_figures_to_those_who_cannot_see_it():
    assert 'aria-label="3.50 [1.00, 4.00]"' in interval(3.5, 1, 4)
    assert "circle" not in interval(None, 0, 5)


def test_a_load_line_without_figures_is_no_picture():
    assert line_per_second({1: None}, warm_up=3) == ""
    assert "polyline" in line_per_second({0: 10.0, 1: 20.0}, warm_up=1)
