"""A bank at rest."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from synthetic_data.bank import Bank
from synthetic_data.files import BankFileError, file_of, read, write
from synthetic_data.generator import generate
from synthetic_data.records import Account, CampaignMember, KycFile

SMALL = generate(seed=3, customers=40).bank


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(SMALL, tmp_path / "bank")
    return tmp_path / "bank"


def change(path: Path, line: int, edit: Callable[[dict[str, object]], object]) -> None:
    lines = path.read_text("utf-8").splitlines()
    row = json.loads(lines[line - 1])
    edit(row)
    lines[line - 1] = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    path.write_text("\n".join(lines) + "\n", "utf-8")


def test_what_is_written_is_read_again(bank: Bank, tmp_path: Path) -> None:
    write(bank, tmp_path / "deep" / "bank")
    again = read(tmp_path / "deep" / "bank")
    assert again == bank
    assert again.digest == bank.digest


def test_each_kind_has_a_file_of_its_own(folder: Path) -> None:
    assert (file_of(CampaignMember), file_of(KycFile)) == ("campaign_member.jsonl", "kyc_file.jsonl")
    assert len((folder / "customer.jsonl").read_text("utf-8").splitlines()) == 40
    assert json.loads((folder / "bank.json").read_text("utf-8"))["digest"] == SMALL.digest


def test_the_same_bank_may_be_written_twice_and_no_other_over_it(folder: Path) -> None:
    write(SMALL, folder)
    with pytest.raises(BankFileError, match="holds something else; choose another"):
        write(generate(seed=4, customers=5).bank, folder)
    assert read(folder) == SMALL


def test_a_folder_that_cannot_be_made_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BankFileError, match="cannot be made"):
        write(SMALL, tmp_path / "file" / "bank")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda row: row.update(balance="much"), "account.jsonl:3: balance = 'much'"),
        (lambda row: row.update(opened="2026-13-01"), "account.jsonl:3: opened = '2026-13-01'"),
        (lambda row: row.pop("currency"), "account.jsonl:3: currency is missing"),
        (lambda row: row.update(colour="red"), "account.jsonl:3: colour = 'red': no such field; remove it"),
        (lambda row: row.update(joint_holders=[7]), "account.jsonl:3: joint_holders.0 = 7"),
    ],
)
def test_a_bad_row_is_named_by_file_line_field_and_value(
    folder: Path, edit: Callable[[dict[str, object]], object], told: str
) -> None:
    change(folder / file_of(Account), 3, edit)
    with pytest.raises(BankFileError) as trouble:
        read(folder)
    assert str(trouble.value).startswith(told)
    assert "\n" not in str(trouble.value)


@pytest.mark.parametrize(("line", "told"), [("{oops", "is no JSON"), ("[1, 2]", "is no record")])
def test_a_line_that_is_no_record_is_named(folder: Path, line: str, told: str) -> None:
    path = folder / file_of(Account)
    path.write_text(line + "\n" + path.read_text("utf-8"), "utf-8")
    with pytest.raises(BankFileError, match=f"account.jsonl:1: .*{told}|account.jsonl:1: {told}"):
        read(folder)


def test_a_changed_value_is_refused_by_the_digest(folder: Path) -> None:
    change(folder / file_of(Account), 3, lambda row: row.update(balance="1.00"))
    with pytest.raises(BankFileError, match="a value was changed; generate the bank again"):
        read(folder)


def test_a_lost_row_is_refused_by_the_count(folder: Path) -> None:
    path = folder / file_of(KycFile)
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")
    with pytest.raises(BankFileError, match=r"kyc_file\.jsonl: holds 39 rows where bank\.json says 40"):
        read(folder)


def test_a_missing_file_and_a_wrong_manifest_are_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BankFileError, match=r"nothing/bank.json: cannot be read"):
        read(tmp_path / "nothing")
    (folder / file_of(Account)).unlink()
    with pytest.raises(BankFileError, match=r"account.jsonl: cannot be read"):
        read(folder)
    change_manifest = folder / "bank.json"
    change_manifest.write_text(change_manifest.read_text("utf-8").replace('"format": 1', '"format": 9'), "utf-8")
    with pytest.raises(BankFileError, match="format = 9"):
        read(folder)
