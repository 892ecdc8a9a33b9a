"""Vault: whatever is sealed comes back for both keys, and for nobody and nothing else."""

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.parts import Tables
from synthetic_data.folders.vault import CHUNK, MAGIC, Lock, Opener, seal_tables
from synthetic_data.truth import TruthError

KEYS = (b"first", b"second")
LOCK = Lock.of(KEYS, b"s" * 16)


def parquet(rows: int) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"n": range(rows)}), sink, compression="none", use_dictionary=False)
    return sink.getvalue()


@settings(max_examples=12, deadline=None)
@given(rows=st.lists(st.integers(0, 300_000), max_size=3))
def test_tables_of_any_size_come_back(tmp_path_factory: pytest.TempPathFactory, rows: list[int]) -> None:
    path = tmp_path_factory.mktemp("vault") / "sealed"
    seal_tables({f"t{i}": parquet(n) for i, n in enumerate(rows)}, "part", LOCK, path)
    opened = Opener(KEYS).tables(path, "part")
    assert [opened[f"t{i}"].num_rows for i in range(len(rows))] == rows


@pytest.mark.parametrize("size", [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_a_file_cut_between_two_chunks_is_found_out(tmp_path: Path, size: int) -> None:
    path = tmp_path / "sealed"
    closed = seal_tables({"t": parquet(size // 8)}, "part", LOCK, path)
    whole = path.read_bytes()
    assert len(whole) == closed.bytes
    for cut in (len(MAGIC) + 48 + CHUNK + 16, len(whole) - 1):
        if cut < len(whole):
            path.write_bytes(whole[:cut])
            with pytest.raises(FolderError, match="do not open it"):
                Opener(KEYS).tables(path, "part")


def test_two_sealings_differ_and_tell_the_same_content(tmp_path: Path) -> None:
    one, two = (seal_tables({"t": parquet(9)}, "part", LOCK, tmp_path / name) for name in "ab")
    assert one.content == two.content
    assert one.sha256 != two.sha256


def test_a_lock_is_read_back_from_its_text() -> None:
    assert Lock.parse(str(LOCK)) == LOCK


def test_an_empty_key_locks_nothing() -> None:
    with pytest.raises(TruthError, match="a key is empty"):
        Lock.of((b"first", b""), b"s" * 16)


def test_what_is_no_sealed_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "note").write_text("hello")
    with pytest.raises(FolderError, match="is no sealed truth"):
        Opener(KEYS).tables(tmp_path / "note", "part")
    with pytest.raises(FolderError, match="cannot be read"):
        Opener(KEYS).tables(tmp_path / "none", "part")


def test_a_table_in_the_making_refuses_rows_of_another_shape(tmp_path: Path) -> None:
    tables = Tables(tmp_path, "stamp", lambda path: path.open("wb"))
    tables.add("t", pa.table({"a": [1]}))
    with pytest.raises(FolderError, match=r"columns \['b'\] where others have \['a'\]"):
        tables.add("t", pa.table({"b": [1]}))
    tables.finish()
