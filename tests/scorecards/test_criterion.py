"""Criterion: the shipped catalogue is whole, and a bank's own is refused with clear words when it is not."""

import shutil
from pathlib import Path

import pytest

from scenarios.evidence import Grade
from scorecards.criterion import Catalogue, CriteriaError, Criterion, catalogue
from scorecards.rubric import PANEL_SCORE, Facts, Ladder, Need

ROOM = Path(__file__).parents[2] / "scorecards"
COUNTS = {"SEC": 23, "CUS": 22, "INT": 27, "AI": 16, "UX": 13, "VEN": 14, "ROI": 11, "PRO": 12}
GATES = {
    "SEC-02", "SEC-04", "SEC-05", "SEC-07", "SEC-11", "SEC-16", "SEC-18", "SEC-20",
    "CUS-05", "CUS-07", "INT-02", "PER-02", "VEN-07",
}  # fmt: skip


def test_there_are_126_rows_about_targets_and_12_about_the_committee(rows: Catalogue) -> None:
    assert len(rows.criteria) == 138
    assert len(rows.of_targets) == 126
    assert len(rows.process) == 12
    assert {one.code: len(rows.of(one.code)) for one in rows.dimensions} == COUNTS


def test_ids_count_up_without_gaps(rows: Catalogue) -> None:
    prefixes = {one.id.partition("-")[0] for one in rows.criteria}
    for prefix in prefixes:
        own = [one.id for one in rows.criteria if one.id.startswith(f"{prefix}-")]
        assert own == [f"{prefix}-{number:02}" for number in range(1, len(own) + 1)]


def test_every_row_has_both_titles_a_procedure_and_a_source(rows: Catalogue) -> None:
    for one in rows.criteria:
        assert any("一" <= sign <= "鿿" for sign in one.title_zh), one.id
        assert one.procedure.endswith("."), one.id
        assert one.sources, one.id
        assert one.title.isascii(), one.id


def test_titles_tell_rows_apart_in_both_languages(rows: Catalogue) -> None:
    assert len({one.title_zh for one in rows.criteria}) == 138
    assert len({(one.dimension, one.title) for one in rows.criteria}) == 138


def test_the_default_gates_are_thirteen(rows: Catalogue) -> None:
    assert {one.id for one in rows.criteria if one.gate} == GATES


def test_every_reason_has_its_sentence_in_both_languages(rows: Catalogue) -> None:
    from scorecards.rating import Why

    assert set(rows.why) == {why.value for why in Why}
    assert all(set(sentence) == {"en", "zh"} for sentence in rows.why.values())


def test_caps_never_fall_with_better_evidence(rows: Catalogue) -> None:
    for one in rows.criteria:
        caps = [one.caps[grade] for grade in (Grade.STATEMENT, Grade.VENDOR_PAPER, Grade.THIRD_PARTY_PAPER)]
        assert caps == sorted(caps)
        assert one.caps[Grade.BLACK_BOX] == one.caps[Grade.WHITE_BOX] == 5


def bounds(need: Need) -> dict[tuple[str, str], float]:
    parts = [part.split() for part in need.text.split("|")]
    return {(part[0], part[1]): float(part[2]) for part in parts if len(part) == 3 and part[1] in ("<=", ">=")}


def test_bounds_only_tighten_on_the_way_up_a_ladder(rows: Catalogue) -> None:
    for one in rows.criteria:
        if not isinstance(one.rubric, Ladder):
            continue
        last: dict[tuple[str, str], float] = {}
        for rung in one.rubric.rungs:
            for need in rung.needs:
                for key, limit in bounds(need).items():
                    before = last.get(key, limit)
                    assert limit <= before if key[1] == "<=" else limit >= before, (one.id, need.text)
                    last[key] = limit


def test_every_ladder_has_five_rungs(rows: Catalogue) -> None:
    for one in rows.criteria:
        if isinstance(one.rubric, Ladder):
            assert [rung.points for rung in one.rubric.rungs] == [1, 2, 3, 4, 5], one.id


def ideal(criterion: Criterion, *, passed: bool) -> Facts:
    limits: dict[str, float] = {}
    rungs = criterion.rubric.rungs if isinstance(criterion.rubric, Ladder) else ()
    for need in (need for rung in rungs for need in rung.needs):
        for (measure, sign), limit in bounds(need).items():
            tight = min if sign == "<=" else max
            miss = 1e9 if sign == "<=" else -1e9
            limits[measure] = tight(limits.get(measure, limit), limit) if passed else miss
    named = dict.fromkeys(criterion.checks | {f"further_{i}" for i in range(criterion.rubric.expected)}, passed)
    points = {PANEL_SCORE: (5.0 if passed else 0.0,)} if criterion.rubric.kind == "judged" else {}
    return Facts(checks=named, measures={name: (limit,) for name, limit in limits.items()} | points)


def test_every_row_can_be_won_and_lost(rows: Catalogue) -> None:
    for one in rows.criteria:
        if one.rubric.kind == "count" and not (one.checks or one.rubric.expected):
            continue
        assert one.rubric.points(ideal(one, passed=True)) == (5, 5, 5), one.id
        assert one.rubric.points(ideal(one, passed=False)) == (0, 0, 0), one.id


def test_check_names_are_sentences_in_snake_case(rows: Catalogue) -> None:
    for one in rows.criteria:
        for name in one.checks:
            assert name.isidentifier(), (one.id, name)
            assert name == name.lower()
            assert "_" in name


@pytest.fixture
def own(tmp_path: Path) -> Path:
    shutil.copytree(ROOM / "criteria", tmp_path / "criteria")
    shutil.copy(ROOM / "policy.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("weight = 4", "weight = 9", r"criteria/SEC.toml \[SEC-01\]: weight = 9: .*less than or equal to 5"),
        ('title = "Encryption at rest"\n', "", r"\[SEC-01\]: title = .*field required"),
        ("weight = 4", "weight = 4\ncolour = 3", r"\[SEC-01\]: colour = 3: extra inputs are not permitted"),
        ("revocation_s <= 900", "revocation_s < 900", r"\[SEC-01\]: level 5: 'revocation_s < 900' is neither"),
        ("[SEC-01]", "[CUS-01]", r"\[CUS-01\]: the id does not begin with SEC-"),
        ("[SEC-01.ladder]", "[SEC-01.judge]", r"judge = .*extra inputs are not permitted"),
        ("[SEC-01]", "[SEC-01", r"SEC.toml: cannot be read"),
    ],
)
def test_a_row_that_is_wrong_names_file_row_field_and_remedy(own: Path, before: str, after: str, told: str) -> None:
    path = own / "criteria" / "SEC.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    with pytest.raises(CriteriaError, match=told) as refused:
        catalogue(own)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_named(own: Path) -> None:
    (own / "criteria" / "UX.toml").unlink()
    with pytest.raises(CriteriaError, match=r"UX.toml: cannot be read"):
        catalogue(own)


def test_two_rubrics_in_one_row_are_refused(own: Path) -> None:
    path = own / "criteria" / "SEC.toml"
    text = path.read_text(encoding="utf-8").replace("[SEC-01.ladder]", "[SEC-01.count]\nof = 3\n[SEC-01.ladder]", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CriteriaError, match="exactly one of count, ladder"):
        catalogue(own)
