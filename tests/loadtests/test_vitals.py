"""What was seen of a machine beside a load run comes back from its folder."""

from pathlib import Path

from loadtests.vitals import Vital, read, write


def test_vitals_come_back_as_they_were_written(tmp_path: Path) -> None:
    seen = (Vital(0.5, "server", "cpu_percent", 63.0), Vital(1.5, "database", "hit_share", 0.99))
    write(seen, tmp_path)
    assert read(tmp_path) == seen


def test_without_any_none_of_an_earlier_run_is_left(tmp_path: Path) -> None:
    write((Vital(0.5, "server", "cpu_percent", 63.0),), tmp_path)
    write((), tmp_path)
    assert read(tmp_path) == ()
