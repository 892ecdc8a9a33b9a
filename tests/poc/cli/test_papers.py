"""touchstone report: pages in both languages that stand alone."""

from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE
from scenarios.evidence import Outcome
from tests.poc.filing import file_run, piece


def test_a_report_is_written_in_both_languages(tmp_path: Path) -> None:
    file_run(tmp_path / "a" / "targets" / "good", "good", piece("good", "accounts_are_locked", Outcome.PASSED))
    assert run(["report", str(tmp_path / "a"), "--out", str(tmp_path / "pages")]) == FINE
    pages = sorted((tmp_path / "pages").iterdir())
    assert [page.name for page in pages] == ["report.en.html", "report.zh.html"]
    assert 'src="http' not in pages[0].read_text("utf-8")


def test_a_report_of_nothing_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", str(tmp_path / "none"), "--out", str(tmp_path / "pages")]) == BAD_INPUT
    assert "there is no run" in capsys.readouterr().err
    assert not (tmp_path / "pages").exists()
