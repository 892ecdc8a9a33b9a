"""Folders: an assessment holds one run per target."""

from datetime import timedelta
from pathlib import Path

import pytest

from scenarios.disk import StoreError
from scenarios.folders import AssessmentFolder, runs_in
from scenarios.manifest import Manifest, describe
from scenarios.store import Store
from tests.doubles import START


def manifest(target: str, minutes: int = 0) -> Manifest:
    started = START + timedelta(minutes=minutes)
    return describe(run="r", target=target, title=target, started=started, bank={}, catalogue="c")


def test_each_target_has_a_folder_and_they_are_read_in_the_order_they_began(tmp_path: Path) -> None:
    folder = AssessmentFolder(tmp_path, "2026-06-30")
    for target, minutes in (("zeta", 0), ("acme", 5)):
        Store.create(folder.of(target), manifest(target, minutes)).close()
    assert [store.manifest.target for store in folder.stores()] == ["zeta", "acme"]


def test_what_belongs_to_all_is_kept_beside_them(tmp_path: Path) -> None:
    folder = AssessmentFolder(tmp_path, "a")
    folder.describe({"weighting": "seed-core"})
    assert AssessmentFolder(tmp_path, "a").facts() == {"weighting": "seed-core"}


def test_an_assessment_that_is_not_there_or_broken_is_named(tmp_path: Path) -> None:
    folder = AssessmentFolder(tmp_path, "a")
    with pytest.raises(StoreError, match=r"no assessment in .*a: assessment\.json is missing"):
        folder.facts()
    folder.describe({})
    (folder.path / "assessment.json").write_text("{")
    with pytest.raises(StoreError, match=r"assessment\.json is not JSON"):
        folder.facts()


@pytest.mark.parametrize("name", ["", "..", "a/b", "-x", "a b", "x" * 101])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError, match="cannot name a run"):
        AssessmentFolder(tmp_path, name)
    with pytest.raises(StoreError, match="cannot name a run"):
        AssessmentFolder(tmp_path, "a").of(name)


def test_assessments_are_listed_and_other_folders_are_not(tmp_path: Path) -> None:
    assert runs_in(tmp_path / "nowhere") == ()
    (tmp_path / "stray").mkdir()
    Store.create(AssessmentFolder(tmp_path, "a").of("acme"), manifest("acme")).close()
    assert [folder.name for folder in runs_in(tmp_path)] == ["a"]


def test_a_folder_whose_name_is_no_run_s_keeps_nobody_from_the_others(tmp_path: Path) -> None:
    for name in ("good", "<b>bad", "a b"):
        (tmp_path / name / "targets").mkdir(parents=True)
    assert [one.name for one in runs_in(tmp_path)] == ["good"]
