"""Interpreters: the oldest that will do, and none that does not run."""

import sys
from pathlib import Path

from poc.lab.interpreters import interpreter, version_of


def test_the_oldest_that_will_do_is_taken() -> None:
    known = {Path("a"): (3, 14), Path("b"): (3, 12), Path("c"): (3, 11), Path("d"): None}
    assert interpreter((3, 12), known, known.get) == Path("b")
    assert interpreter((3, 15), known, known.get) is None


def test_what_does_not_run_has_no_version(tmp_path: Path) -> None:
    assert version_of(tmp_path / "python") is None
    assert version_of(Path(sys.executable)) == sys.version_info[:2]
