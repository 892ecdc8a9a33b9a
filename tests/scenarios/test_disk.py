"""Disk: a whole file or what was there before."""

from pathlib import Path

import pytest

from scenarios.disk import StoreError, line_starts, told, write_whole


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_may_be_its_owners_alone(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.json", b"one", mode=0o600)
    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o600


def test_a_disk_that_is_full_keeps_what_was_there_and_nothing_half_written(tmp_path: Path) -> None:
    """The device that is always full stands in for the disk: what is written to it never fits."""
    path = tmp_path / "a.json"
    write_whole(path, b"one")
    (tmp_path / "a.json.new").symlink_to("/dev/full")
    with pytest.raises(StoreError, match=r"cannot write .*a\.json: No space left on device; make room"):
        write_whole(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="choose a folder you may write"), told(tmp_path / "file" / "x"):
        (tmp_path / "file" / "x").mkdir()


def test_lines_are_found_by_where_they_begin_and_a_torn_one_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"one\nthree\nto")
    assert line_starts(path) == [0, 4]
