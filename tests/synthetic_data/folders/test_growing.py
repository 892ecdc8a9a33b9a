"""Growing: the same bank on every way there, and never a mixture of two."""

import errno
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from synthetic_data.folders.checking import verify
from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.growing import Outcome, Step, grow_folder
from synthetic_data.folders.hands import processes
from synthetic_data.folders.manifest import GROWING, Part, file_of
from synthetic_data.folders.order import Order, versions
from synthetic_data.folders.parts import Grower, Task
from synthetic_data.folders.reading import BankFolder
from synthetic_data.folders.vault import Lock
from tests.synthetic_data.folders.meadow import Meadow, order, other_schema

KEYS = (b"first", b"second")
LOCK = Lock.of(KEYS, b"s" * 16)


def grow(folder: Path, asked: Order, *, grower: Grower = Meadow, **more: object) -> Outcome:
    return grow_folder(asked, folder, grower=grower, truth=folder.with_name(f"{folder.name}.truth"), lock=LOCK, **more)  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.parquet")}


def broken_off(folder: Path, asked: Order, *done: int) -> None:
    """Leave a folder as somebody would who was stopped after some partitions."""

    def tired(task: Task, numbers: object) -> object:
        yield from map(task, done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grow(folder, asked, hands=tired)


def test_a_folder_holds_every_row_once_and_nothing_else(tmp_path: Path) -> None:
    steps: list[Step] = []
    made = grow(tmp_path / "b", order(2_500), progress=steps.append)
    assert made.manifest.rows == {"branches": 2, "customers": 2_500, "interactions": 7_500}
    assert sorted(p.name for p in (tmp_path / "b").iterdir()) == ["bank.json", "branches", "customers", "interactions"]
    bank = BankFolder.open(tmp_path / "b")
    assert bank.table("customers")["number"].to_pylist() == [f"C{i + 1:08d}" for i in range(2_500)]
    assert steps[-1] == Step(3, 2_500, 10_002)


def test_the_same_order_gives_the_same_bytes_however_many_hands_make_it(tmp_path: Path) -> None:
    alone, two = grow(tmp_path / "a", order()), grow(tmp_path / "b", order(), hands=processes(2))
    assert alone.manifest.digest == two.manifest.digest
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_a_folder_that_was_left_is_gone_on_with_and_keeps_what_is_finished(tmp_path: Path) -> None:
    whole = grow(tmp_path / "whole", order()).manifest.digest
    broken_off(tmp_path / "b", order(), 1)
    before = file_of(tmp_path / "b", "customers", 1).stat().st_mtime_ns
    made = grow(tmp_path / "b", order())
    assert (made.manifest.digest, made.kept) == (whole, 1)
    assert file_of(tmp_path / "b", "customers", 1).stat().st_mtime_ns == before
    assert not (tmp_path / "b" / GROWING).exists()


def test_a_finished_partition_of_which_a_file_is_lost_is_made_again(tmp_path: Path) -> None:
    broken_off(tmp_path / "b", order(), 0, 1)
    file_of(tmp_path / "b", "interactions", 1).unlink()
    assert grow(tmp_path / "b", order()).kept == 1


def test_a_bank_grows_and_keeps_its_whole_partitions(tmp_path: Path) -> None:
    grow(tmp_path / "b", order(2_500))
    made = grow(tmp_path / "b", order(3_200))
    assert made.kept == 2
    assert made.manifest.digest == grow(tmp_path / "fresh", order(3_200)).manifest.digest
    assert files(tmp_path / "b") == files(tmp_path / "fresh")
    assert verify(tmp_path / "b", tmp_path / "b.truth").files == 9


def test_a_whole_bank_is_left_as_it_is(tmp_path: Path) -> None:
    grow(tmp_path / "b", order())
    assert grow(tmp_path / "b", order()).kept == 3


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (order(2_500, seed=8), "seed 7, not 8"),
        (order(2_500, months=3), "months 2, not 3"),
        (order(2_500, tables=("customers",)), "tables None, not"),
        (order(2_600), "was begun for 2500 customers"),
    ],
)
def test_half_a_folder_of_another_bank_is_refused(tmp_path: Path, other: Order, named: str) -> None:
    broken_off(tmp_path / "b", order(2_500), 0)
    before = files(tmp_path / "b")
    with pytest.raises(FolderError, match=named):
        grow(tmp_path / "b", other)
    assert files(tmp_path / "b") == before


def test_a_bank_never_shrinks(tmp_path: Path) -> None:
    grow(tmp_path / "b", order(2_500))
    with pytest.raises(FolderError, match="has 2500 customers, more than 1000"):
        grow(tmp_path / "b", order(1_000))


def test_rows_of_another_shape_are_never_added(tmp_path: Path) -> None:
    broken_off(tmp_path / "b", order(2_500), 0)
    with pytest.raises(FolderError, match="table customers: its schema is not that"):
        grow(tmp_path / "b", order(2_500), grower=other_schema)


def test_a_foreign_parquet_is_refused_by_name(tmp_path: Path) -> None:
    broken_off(tmp_path / "b", order(), 0)
    foreign = file_of(tmp_path / "b", "customers", 2)
    pq.write_table(pa.table({"number": ["C1"]}), foreign)
    with pytest.raises(FolderError, match=r"customers/part-00002\.parquet: is of another bank"):
        grow(tmp_path / "b", order())
    foreign.rename(foreign.with_name("mine.parquet"))
    with pytest.raises(FolderError, match=r"mine\.parquet: is no file of this bank"):
        grow(tmp_path / "b", order())


def test_a_finished_file_that_was_changed_is_refused_by_name(tmp_path: Path) -> None:
    broken_off(tmp_path / "b", order(), 0)
    path = file_of(tmp_path / "b", "customers", 0)
    stamp = pq.read_schema(path).metadata
    pq.write_table(pa.table({"number": ["C1"]}).replace_schema_metadata(stamp), path)
    with pytest.raises(FolderError, match="is not the file that was written here"):
        grow(tmp_path / "b", order())


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "thesis.txt").write_text("years of work")
    with pytest.raises(FolderError, match="exists and holds something else"):
        grow(tmp_path / "b", order())
    assert [p.name for p in (tmp_path / "b").iterdir()] == ["thesis.txt"]


class FullDisk(io.BytesIO):
    def write(self, data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_only_what_is_whole(tmp_path: Path) -> None:
    def disk(path: Path) -> io.BufferedIOBase:
        return FullDisk() if "part-00001" in str(path) else path.open("wb")

    with pytest.raises(OSError, match="No space left"):
        grow(tmp_path / "b", order(), opener=disk)
    assert {name.rsplit("/")[-1] for name in files(tmp_path / "b")} == {"part-00000.parquet"}
    assert [p.name for p in (tmp_path / "b" / GROWING).iterdir()] == ["part-00000.json"]
    assert grow(tmp_path / "b", order()).kept == 1


def test_only_tables_that_are_asked_for_are_kept(tmp_path: Path) -> None:
    grow(tmp_path / "b", order(tables=("customers",)))
    assert BankFolder.open(tmp_path / "b").tables == ("customers",)
    with pytest.raises(FolderError, match="no 'moods'"):
        grow(tmp_path / "c", order(tables=("moods",)))


@pytest.mark.parametrize("customers", [0, -1, 10**9])
def test_sizes_that_no_bank_has_are_refused(customers: int) -> None:
    with pytest.raises(FolderError, match=f"customers: {customers} is outside"):
        order(customers)


@pytest.mark.parametrize("months", [0, -3, 121])
def test_spans_that_no_bank_has_are_refused(months: int) -> None:
    with pytest.raises(FolderError, match=f"months: {months} is outside 1"):
        order(months=months)


def test_hands_that_work_in_another_folder_are_found_out(tmp_path: Path) -> None:
    def elsewhere(task: Task, numbers: Sequence[int]) -> Iterator[Part]:
        (tmp_path / "theirs").mkdir()
        yield from map(replace(task, folder=tmp_path / "theirs"), numbers)

    with pytest.raises(FolderError, match="partition 0 is not in it; workers see another folder"):
        grow(tmp_path / "b", order(), hands=elsewhere)


def test_rows_of_another_version_are_never_added(tmp_path: Path) -> None:
    broken_off(tmp_path / "b", order(), 0)
    manifest = tmp_path / "b" / "bank.json"
    manifest.write_text(manifest.read_text().replace(versions()["numpy"], "1.0"))
    with pytest.raises(FolderError, match=r"was made by numpy 1\.0"):
        grow(tmp_path / "b", order())


def test_two_processes_never_grow_one_folder(tmp_path: Path) -> None:
    def greedy(task: Task, numbers: Sequence[int]) -> Iterator[Part]:
        with pytest.raises(FolderError, match="is being grown by another process"):
            grow(tmp_path / "b", order())
        yield from map(task, numbers)

    assert grow(tmp_path / "b", order(), hands=greedy).manifest.state == "whole"


def test_half_a_folder_is_neither_verified_nor_read(tmp_path: Path) -> None:
    broken_off(tmp_path / "b", order(), 0)
    for look in (verify, BankFolder.open):
        with pytest.raises(FolderError, match="is not finished; run `touchstone bank generate` again"):
            look(tmp_path / "b")


def test_a_manifest_that_was_changed_is_found(tmp_path: Path) -> None:
    grow(tmp_path / "b", order())
    manifest = tmp_path / "b" / "bank.json"
    manifest.write_text(manifest.read_text().replace('"customers": 2500', '"customers": 2501'))
    with pytest.raises(FolderError, match="its digest is not that of its parts"):
        verify(tmp_path / "b")
    manifest.write_text("{}")
    with pytest.raises(FolderError, match=r"state = '{}': Field required"):
        verify(tmp_path / "b")


def test_other_figures_under_the_name_of_a_profile_are_noticed(tmp_path: Path) -> None:
    asked = order(2_500)
    broken_off(tmp_path / "b", asked, 0)
    figures = asked.profile.model_copy(update={"as_of": asked.profile.as_of + timedelta(days=1)})
    with pytest.raises(FolderError, match="was grown from other figures of the profile cn-digital-bank"):
        grow(tmp_path / "b", replace(asked, profile=figures))


def test_a_refused_folder_stays_as_it_was(tmp_path: Path) -> None:
    grow(tmp_path / "b", order(1_000))
    before = (tmp_path / "b" / "bank.json").read_bytes()
    (tmp_path / "b" / "notes.txt").write_text("mine")
    with pytest.raises(FolderError, match=r"notes\.txt: is no file of this bank"):
        grow(tmp_path / "b", order(2_500))
    assert (tmp_path / "b" / "bank.json").read_bytes() == before
