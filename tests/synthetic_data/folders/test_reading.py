"""Reading: what was written comes back, and the truth only for both keys."""

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
