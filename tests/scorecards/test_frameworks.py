"""Frameworks: 470 clauses of 25 laws and standards, each with the criteria that speak for it."""

from pathlib import Path

import pytest

from scorecards.criterion import Catalogue, CriteriaError
from scorecards.frameworks import Frameworks, frameworks


@pytest.fixture(scope="module")
def laws() -> Frameworks:
    return frameworks()


def test_all_clauses_are_there_once(laws: Frameworks) -> None:
    assert len(laws.frameworks) == 25
    assert len(laws.controls) == 470
    assert len({control.id for control in laws.controls}) == 470


def test_every_clause_is_served_by_criteria_that_exist(laws: Frameworks, rows: Catalogue) -> None:
    assert {criterion for control in laws.controls for criterion in control.criteria} <= rows.by_id.keys()
    assert all(control.criteria for control in laws.controls)


def test_every_clause_has_both_titles(laws: Frameworks) -> None:
    for control in laws.controls:
        assert any("一" <= sign <= "鿿" for sign in control.title_zh), control.id


def test_a_criterion_knows_the_clauses_it_serves(laws: Frameworks) -> None:
    served = {(one.framework, one.clause) for one in laws.by_criterion["SEC-11"]}
    assert ("gdpr", "Art. 17") in served
    assert "AI-08" not in laws.by_criterion


def test_a_clause_without_criteria_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'name = "Own"\nname_zh = "自有"\nissuer = "us"\nbinding = "us"\n[controls]\n'
        'own-1 = { clause = "1", title = "Own rule", title_zh = "自有规则", strength = "direct", '
        'confidence = "high", pivot = [], criteria = [] }\n',
        encoding="utf-8",
    )
    with pytest.raises(CriteriaError, match=r"frameworks/own.toml: controls.own-1.criteria: .*at least 1"):
        frameworks(tmp_path)
