"""Legacy: every planted defect is in the dump where the sealed list says, and nothing else is wrong."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from synthetic_data.chance import Chance
from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.growing import grow_folder
from synthetic_data.folders.legacy import CORE, Dumped, defects_of, dump, shares_of
from synthetic_data.folders.order import Order
from synthetic_data.folders.reading import BankFolder
from synthetic_data.folders.soil import soil_of
from synthetic_data.folders.spoiling import SPOILS, Defect, spoil
from synthetic_data.folders.vault import Lock
from synthetic_data.identities import id_check
from synthetic_data.profile import load_profile

KEYS = (b"first", b"second")
CUSTOMERS = 1_500


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> BankFolder:
    folder = tmp_path_factory.mktemp("banks") / "b"
    order = Order(
        seed=7, profile=load_profile("cn-digital-bank"), customers=CUSTOMERS, tables=("customers", "accounts")
    )
    lock = Lock.of(KEYS, b"s" * 16)
    grow_folder(order, folder, grower=soil_of, truth=folder.with_name("b.truth"), lock=lock)
    return BankFolder.open(folder)


@pytest.fixture(scope="module")
def dumped(bank: BankFolder) -> Dumped:
    return dump(bank, bank.path.with_name("old"), customers=CUSTOMERS)


@pytest.fixture(scope="module")
def defects(dumped: Dumped) -> list[Defect]:
    return [Defect(**row) for row in defects_of(dumped.sealed, KEYS).to_pylist()]


def core(folder: Path) -> Iterator[dict[str, str]]:
    for line in (folder / "core_customers.dat").read_bytes().split(b"\r\n")[:-1]:
        assert len(line) == sum(CORE.values())
        cells, at = {}, 0
        for field, width in CORE.items():
            cells[field], at = line[at : at + width].decode("gb18030").rstrip(), at + width
        yield cells


def accounts(folder: Path) -> Iterator[dict[str, str]]:
    head, *lines = (folder / "loan_office_accounts.csv").read_bytes().splitlines()
    for line in lines:
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            text = line.decode("gb18030") + ";not utf-8"
        yield dict(zip([*head.decode().split(";"), "encoding"], text.split(";"), strict=False))


def of(defects: list[Defect], kind: str, rows: list[dict[str, str]], file: str) -> list[tuple[Defect, dict[str, str]]]:
    found = [(d, rows[d.row - 1]) for d in defects if (d.kind, d.file) == (kind, file)]
    assert found, f"no {kind} was planted"
    return found


def on_file(bank: BankFolder, table: str) -> Mapping[str, dict[str, object]]:
    return {row["number"]: row for row in bank.table(table).to_pylist()}


def test_defects_of_the_core_are_where_the_list_says_and_nowhere_else(
    bank: BankFolder, dumped: Dumped, defects: list[Defect]
) -> None:
    file, rows = "core_customers.dat", list(core(dumped.folder))
    for defect, row in of(defects, "check_digit", rows, file):
        assert id_check(row["id_no"][:17]) != row["id_no"][-1]
        assert id_check(defect.was[:17]) == defect.was[-1]
    assert all(row["birth"].endswith("0230") for _, row in of(defects, "impossible_date", rows, file))
    assert all(defect.was.startswith(row["name"]) for defect, row in of(defects, "truncated_name", rows, file))
    keys = [row["cust_no"] for row in rows]
    assert all(keys.count(row["cust_no"]) == 2 for _, row in of(defects, "duplicate_key", rows, file))
    planted, known = {d.row for d in defects if d.file == file}, on_file(bank, "customers")
    for nth, row in enumerate(rows, 1):
        if nth not in planted:
            who = known[row["cust_no"]]
            assert (row["name"], row["id_no"], row["mobile"]) == (who["name"], who["national_id"], who["mobile"])
            assert row["birth"] == f"{who['birth_date']:%Y%m%d}"


def test_defects_of_the_loan_office_are_where_the_list_says_and_nowhere_else(
    bank: BankFolder, dumped: Dumped, defects: list[Defect]
) -> None:
    file, rows, customers = "loan_office_accounts.csv", list(accounts(dumped.folder)), on_file(bank, "customers")
    assert not [row for _, row in of(defects, "orphan", rows, file) if row["cust_no"] in customers]
    for defect, row in of(defects, "wrong_encoding", rows, file):  # some of these bytes are UTF-8 by chance, and lie
        assert "encoding" in row or row["holder"] != defect.was
    for defect, row in of(defects, "mixed_units", rows, file):
        was, now = (float(text.replace(",", ".")) for text in (defect.was, row["balance"]))
        assert now == pytest.approx(was / 10_000)
    for defect, row in of(defects, "swapped_date", rows, file):
        assert row["opened"].split(".")[:2] == defect.was.split(".")[1::-1]
    planted, known = {d.row for d in defects if d.file == file}, on_file(bank, "accounts")
    for nth, row in enumerate(rows, 1):
        if nth not in planted:
            one = known[row["acct_no"]]
            assert row["cust_no"] == one["customer"]
            assert row["balance"].replace(",", ".") == str(one["balance"])
            assert row["opened"] == f"{one['opened']:%d.%m.%Y}"


def test_defects_of_the_sheet_are_where_the_list_says(dumped: Dumped, defects: list[Defect]) -> None:
    file = "marketing_sheet.csv"
    text = (dumped.folder / file).read_text("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline="")))[1:]
    cells = [dict(zip(["no", "name", "card", "mobile", "since"], line, strict=False)) for line in lines]
    assert all("E+" in row["card"] for _, row in of(defects, "scientific", cells, file))
    for defect, row in of(defects, "serial_date", cells, file):
        assert date.fromisoformat(defect.was).toordinal() - date(1899, 12, 30).toordinal() == int(row["since"])
    assert all(
        row["no"] == defect.was.replace(" ", " / ") for defect, row in of(defects, "merged_duplicates", cells, file)
    )
    shifted = {d.row for d in defects if d.kind == "shifted_columns"}
    assert {nth for nth, line in enumerate(lines, 1) if len(line) != 7} == shifted


def test_the_same_bank_has_the_same_defects(bank: BankFolder, dumped: Dumped) -> None:
    again = dump(bank, bank.path.with_name("again"), customers=CUSTOMERS)
    for path in dumped.folder.iterdir():
        assert (again.folder / path.name).read_bytes() == path.read_bytes()
    assert again.defects == dumped.defects


def test_the_list_of_defects_opens_for_both_keys_only(dumped: Dumped) -> None:
    with pytest.raises(FolderError, match="these two keys do not open it"):
        defects_of(dumped.sealed, (b"first", b"third"))


def test_every_kind_is_planted_somewhere_and_says_where_its_share_is_from() -> None:
    dumps = [shares_of(name) for name in ("core_customers", "loan_office_accounts", "marketing_sheet")]
    assert {kind for shares in dumps for kind in shares} == set(SPOILS)
    assert all(0 < share.value < 1 and share.source for shares in dumps for share in shares.values())


def test_a_row_that_cannot_bear_a_defect_stays_as_it_is() -> None:
    row = {"balance": "5,00"}
    assert spoil("f", [row], {"lost_sign": 1.0}, Chance(1, 1, "x")) == ([row], [])


def test_what_cannot_be_dumped_is_told_in_one_line(bank: BankFolder, dumped: Dumped) -> None:
    with pytest.raises(FolderError, match="exists already"):
        dump(bank, dumped.folder)
    with pytest.raises(FolderError, match="customers: 0 is below 1"):
        dump(bank, bank.path.with_name("none"), customers=0)
    assert not bank.path.with_name("none").exists()
