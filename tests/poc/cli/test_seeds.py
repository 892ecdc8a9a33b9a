"""touchstone seed and unseed: killed in the middle it goes on, and nothing of it stays when it is taken back."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import psycopg
import pytest

from poc import acts
from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE
from poc.cli.seeds import paced
from poc.growth import grow
from poc.lab.house import House, Tenancy
from poc.receipts import ReceiptsError
from poc.reference_crm.catalogue import KINDS as TABLES
from poc.seeding import Receipt
from poc.settings import target
from synthetic_data.bank import Bank
from synthetic_data.files import read
from synthetic_data.records import KINDS

#: A seeding is killed after so many receipts of about fifteen.
SOME = 4


def test_a_log_is_told_the_pace_now_and_then() -> None:
    heard: list[str] = []
    moments = iter([0.0, 4.0, 10.0, 15.0, 30.0])
    told = paced("seeding far", heard.append, lambda: next(moments))
    for done in (1000, 2000, 3000, 4000, 7000):
        told("Customer", done, 10_000)
    assert heard == [
        "seeding far (10,000 rows)",
        "seeding far: 3,000 of 10,000 rows, 200 rows/s, 35 s left",
        "seeding far: 7,000 of 10,000 rows, 200 rows/s, 15 s left",
    ]


def test_what_was_never_seeded_cannot_be_taken_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "targets.toml").write_text('[targets.far]\nconnector = "reference"\nurl = "https://127.0.0.1:1"\n')
    assert run(["unseed", "far", "--targets", str(tmp_path / "targets.toml")]) == BAD_INPUT
    assert "no receipts of far" in capsys.readouterr().err


@pytest.fixture(scope="module")
def lab(lab_folder: Path) -> Iterator[tuple[Path, Tenancy]]:
    """A folder with a bank, and a reference CRM to pour it into."""
    with TemporaryDirectory(prefix="touchstone-seeds-") as name:
        folder = Path(name)
        grow(seed=5, customers=600, profile="cn-digital-bank", folder=folder / "bank")
        with House.open(lab_folder) as house:
            yield folder, acts.serve(house, "seeded", targets=folder / "targets.toml")


def asked(folder: Path, *words: str) -> list[str]:
    return [words[0], "seeded", "--targets", str(folder / "targets.toml"), *words[1:]]


def pour(folder: Path, bank: Bank, *, fresh: bool = False) -> Receipt:
    known = target("seeded", folder / "targets.toml")
    return acts.pour(known, bank, receipts=folder / "receipts", fresh=fresh)


def rows_on_file(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        found = {kind: connection.execute(f"SELECT count(*) FROM {kind.table}").fetchone() for kind in TABLES.values()}
    return {kind.model: row[0] for kind, row in found.items() if row}


def audited(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM audit WHERE action = 'record.create'").fetchone()
    return int(row[0]) if row else 0


def expected(bank: Bank) -> dict[str, int]:
    return {kind.__name__: len(bank.of(kind)) for kind in KINDS}


def kill_in_the_middle(folder: Path) -> int:
    """Seed in a process of its own, kill it after some receipts, and return how many there were."""
    words = [sys.executable, "-m", "poc.cli", *asked(folder, "seed", "--bank", str(folder / "bank"))]
    child = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    deadline, receipts = time.monotonic() + 60, 0
    while receipts < SOME and child.poll() is None and time.monotonic() < deadline:
        receipts = sum(path.read_bytes().count(b'"line":"taken"') for path in (folder / "receipts").rglob("*.jsonl"))
        time.sleep(0.002)
    child.send_signal(signal.SIGKILL)
    _, said = child.communicate()
    assert child.returncode == -signal.SIGKILL, f"it ended before it could be killed: {said}"
    return receipts


@pytest.mark.pg
@pytest.mark.slow
def test_a_bank_goes_in_in_spite_of_a_kill_and_out_again_without_residue(
    lab: tuple[Path, Tenancy], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, tenancy = lab
    bank = read(folder / "bank")
    assert kill_in_the_middle(folder) >= SOME
    told = pour(folder, bank)
    assert 0 < told.poured < sum(told.rows.values()) == bank.rows
    assert rows_on_file(tenancy.database_url) == expected(bank)
    assert audited(tenancy.database_url) == bank.rows, "no row was put on file twice"

    with pytest.raises(ReceiptsError, match="seeded holds this bank"):
        pour(folder, bank, fresh=True)

    assert run(asked(folder, "unseed", "--json")) == FINE
    told = orjson.loads(capsys.readouterr().out)
    assert (told["proven"], told["looked_for"], told["still_there"]) == (True, bank.rows, 0)
    assert set(rows_on_file(tenancy.database_url).values()) == {0}
    assert [path.stem for path in (folder / "receipts" / "seeded").iterdir()] == [f"{bank.digest[:12]}-1"]

    assert pour(folder, bank).poured == bank.rows, "what was taken back can be put in again"
    assert rows_on_file(tenancy.database_url) == expected(bank)
