"""Reading: what was written comes back, and the truth only for both keys."""

import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from synthetic_data.folders.checking import verify
from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.growing import grow_folder
from synthetic_data.folders.manifest import file_of, sealed_file_of
from synthetic_data.folders.reading import BankFolder
from synthetic_data.folders.vault import Lock, Opener
from tests.synthetic_data.folders.meadow import Meadow, order

KEYS = (b"first", b"second")


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> BankFolder:
    folder = tmp_path_factory.mktemp("banks") / "b"
    grow_folder(order(1_500), folder, grower=Meadow, truth=folder.with_name("b.truth"), lock=Lock.of(KEYS, b"s" * 16))
    return BankFolder.open(folder)


def test_tables_come_back_as_they_were_grown(bank: BankFolder) -> None:
    meadow = Meadow(order())
    wanted = pa.concat_tables([meadow.cell(0).tables["interactions"], meadow.cell(1).tables["interactions"][:1_500]])
    assert bank.table("interactions").equals(wanted.unify_dictionaries())
    assert bank.schema("interactions").equals(wanted.schema)


def test_columns_and_pieces_can_be_asked_for(bank: BankFolder) -> None:
    assert [piece.num_rows for piece in bank.pieces("customers", ["number"])] == [1_000, 500]
    assert bank.table("customers", ["name"]).column_names == ["name"]


def test_truth_opens_for_both_keys_in_their_order(bank: BankFolder) -> None:
    hazards = bank.truth_table("churners", KEYS)
    assert hazards.num_rows == 1_500
    for wrong in ((b"second", b"first"), (b"first", b"first")):
        with pytest.raises(FolderError, match="these two keys do not open it"):
            bank.truth_table("churners", wrong)


def test_a_table_that_is_not_there_is_named_with_those_that_are(bank: BankFolder) -> None:
    with pytest.raises(FolderError, match=r"table: 'moods' is not in .* there are branches, customers, interactions"):
        bank.table("moods")
    with pytest.raises(FolderError, match="no table 'moods'; there are churners"):
        bank.truth_table("moods", KEYS)


def test_sealed_files_cannot_take_each_others_place(bank: BankFolder) -> None:
    with pytest.raises(FolderError, match="do not open it"):
        Opener(KEYS).tables(sealed_file_of(bank.truth, 0), "part-00001")


def test_the_folder_itself_says_nothing_of_the_truth(bank: BankFolder) -> None:
    inside = b"".join(p.read_bytes() for p in bank.path.rglob("*") if p.is_file())
    sealed = sealed_file_of(bank.truth, 0).read_bytes()
    assert b"churners" not in inside
    assert b"PAR1" not in sealed


def test_one_byte_that_was_changed_is_found(bank: BankFolder) -> None:
    told = verify(bank.path, bank.truth)
    assert (told.files, told.sealed) == (5, 2)
    path = file_of(bank.path, "interactions", 1)
    before = path.read_bytes()
    path.write_bytes(before[:500] + bytes([before[500] ^ 1]) + before[501:])
    try:
        with pytest.raises(FolderError, match=r"interactions/part-00001\.parquet"):
            verify(bank.path)
    finally:
        path.write_bytes(before)
    assert verify(bank.path).sealed == 0


@pytest.mark.parametrize(
    "content", [b"", b"PAR1" + b"\xff" * 64 + b"PAR1", b"<!DOCTYPE bomb>"], ids=["none", "odd", "xml"]
)
def test_a_file_that_is_no_parquet_is_named_in_one_line(bank: BankFolder, tmp_path: Path, content: bytes) -> None:
    odd = BankFolder(path=tmp_path / "b", manifest=bank.manifest, truth=bank.truth)
    shutil.copytree(bank.path, odd.path)
    file_of(odd.path, "customers", 0).write_bytes(content)
    for reads in (odd.schema, odd.table, lambda name: list(odd.partitions({name: ["number"]}))):
        with pytest.raises(FolderError, match=r"part-00000\.parquet: cannot be read .*restore it") as told:
            reads("customers")
        assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", ["../../etc", "/etc/passwd", "a/b", "", "A"])
def test_a_table_of_a_folder_from_elsewhere_cannot_lie_outside_it(bank: BankFolder, tmp_path: Path, name: str) -> None:
    told = (bank.path / "bank.json").read_text("utf-8").replace('"customers": {', f'"{name}": {{')
    (tmp_path / "bank.json").write_text(told, "utf-8")
    with pytest.raises(FolderError, match="String should match pattern"):
        BankFolder.open(tmp_path)


def test_a_manifest_nested_without_end_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bank.json").write_text('{"parts":' + "[" * 100_000, "utf-8")
    with pytest.raises(FolderError, match=r"cannot be read|Invalid JSON") as told:
        BankFolder.open(tmp_path)
    assert len(str(told.value)) < 500
