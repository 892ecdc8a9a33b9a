"""Receipts: what was taken is known after a kill, and two seedings do not work with the same ones."""

from pathlib import Path

import pytest

from poc.receipts import Put, Receipts, ReceiptsError

BANK = "ab12" * 16


def put(job: str, *numbers: str) -> Put:
    return Put(job=job, kind="Customer", stage=0, way="bulk", numbers=numbers or ("C1", "C2"))


def test_what_was_asked_and_taken_is_known_again(tmp_path: Path) -> None:
    with Receipts.open(tmp_path, "far", BANK) as kept:
        kept.ask(put("j-0"))
        kept.take(put("j-0"), ("C1", "C2"), {"accepted": 2}, 0.5)
        kept.ask(put("j-2"))
    with Receipts.open(tmp_path, "far", BANK) as kept:
        assert kept.put == (put("j-0"), put("j-2"))
        assert kept.taken == {"j-0"}
        assert kept.of("taken")[0]["answered"] == {"accepted": 2}


def test_numbers_that_the_target_gave_are_the_ones_to_take_back(tmp_path: Path) -> None:
    with Receipts.open(tmp_path, "far", BANK) as kept:
        kept.ask(put("j-0"))
        kept.take(put("j-0"), ("X8", "X9"), {}, 0.5)
        assert kept.put[0].numbers == ("X8", "X9")


def test_a_line_that_was_being_written_is_cut_off(tmp_path: Path) -> None:
    with Receipts.open(tmp_path, "far", BANK) as kept:
        kept.ask(put("j-0"))
    path = next((tmp_path / "far").iterdir())
    path.write_bytes(path.read_bytes() + b'{"line":"taken","jo')
    with Receipts.open(tmp_path, "far", BANK) as kept:
        kept.take(put("j-0"), ("C1", "C2"), {}, 0.5)
    with Receipts.open(tmp_path, "far", BANK) as kept:
        assert [one["line"] for one in kept.lines] == ["asked", "taken"]


def test_damaged_receipts_are_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / f"{BANK[:12]}-1.jsonl").write_bytes(b"{]\n")
    with pytest.raises(ReceiptsError, match=r"is damaged .*move it away"):
        Receipts.open(tmp_path, "far", BANK)


def test_another_process_is_kept_out(tmp_path: Path) -> None:
    with Receipts.open(tmp_path, "far", BANK), pytest.raises(ReceiptsError, match="another process seeds far"):
        Receipts.open(tmp_path, "far", BANK)


def test_each_generation_has_job_ids_of_its_own(tmp_path: Path) -> None:
    with Receipts.open(tmp_path, "far", BANK) as first:
        first.ask(put("j-0"))
    with Receipts.open(tmp_path, "far", BANK, fresh=True) as second:
        assert (second.lines, second.mark) == ([], "g2-")
    with Receipts.open(tmp_path, "far", BANK) as second:
        assert second.generation == 2
        second.note("gone")
    with Receipts.open(tmp_path, "far", BANK) as third:
        assert third.generation == 3
    assert first.mark == ""


def test_what_was_taken_back_is_not_taken_back_again(tmp_path: Path) -> None:
    with Receipts.open(tmp_path, "far", BANK) as kept:
        kept.ask(put("j-0"))
        kept.ask(put("j-2"))
        kept.note("taken back", job="j-2")
        assert [one.job for one in kept.put] == ["j-0"]


def test_only_what_was_seeded_can_be_taken_back(tmp_path: Path) -> None:
    with pytest.raises(ReceiptsError, match="no receipts of far"):
        Receipts.latest(tmp_path, "far")
    with Receipts.open(tmp_path, "far", BANK) as kept:
        kept.ask(put("j-0"))
    with Receipts.latest(tmp_path, "far") as found:
        assert found.put == (put("j-0"),)
        found.note("gone")
    with pytest.raises(ReceiptsError, match="no receipts"):
        Receipts.latest(tmp_path, "far")
