"""Archive: runs are found wherever they lie, and believed only when whole."""

from pathlib import Path

import pytest

from poc import archive
from scenarios.evidence import Outcome
from scenarios.store import StoreError
from tests.poc.filing import file_run, piece


@pytest.fixture
def place(tmp_path: Path) -> Path:
    file_run(tmp_path / "a" / "targets" / "good", "good", piece("good", "accounts_are_locked", Outcome.PASSED))
    file_run(tmp_path / "a" / "targets" / "weak", "weak", piece("weak", "accounts_are_locked", Outcome.FAILED))
    return tmp_path


def test_a_place_may_be_a_run_an_assessment_or_a_folder_of_them(place: Path) -> None:
    targets = {one.manifest.target for one in archive.runs([place])}
    assert targets == {one.manifest.target for one in archive.runs([place / "a"])} == {"good", "weak"}
    assert len(archive.runs([place / "a" / "targets" / "good"])) == 1


def test_the_youngest_assessment_is_meant_when_none_is_named(place: Path, tmp_path: Path) -> None:
    assert archive.latest(place) == place / "a"
    with pytest.raises(archive.NoRunError):
        archive.latest(tmp_path / "nowhere")


def test_a_run_that_is_named_twice_counts_once(place: Path) -> None:
    assert len(archive.folders([place, place / "a" / "targets" / "good"])) == 2


def test_a_place_without_runs_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(archive.NoRunError, match=r"touchstone demo"):
        archive.runs([tmp_path])


def test_a_changed_byte_is_found(place: Path) -> None:
    assert {one.state for one in archive.verify([place])} == {"done"}
    file = place / "a" / "targets" / "weak" / "evidence.jsonl"
    file.write_bytes(file.read_bytes().replace(b"failed", b"passed"))
    with pytest.raises(StoreError, match=r"evidence\.jsonl"):
        archive.verify([place])
