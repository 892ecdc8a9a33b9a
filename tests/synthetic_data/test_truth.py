"""The sealed key."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from synthetic_data.bank import Bank
from synthetic_data.records import Account, Household, Membership
from synthetic_data.truth import Money, Stay, Truth, TruthError, seal, unseal

KEYS = (b"the key of the committee", b"the key of the auditor")


def counted(start: int = 1) -> Callable[[int], bytes]:
    return lambda n: bytes(range(start, start + n))


def told(*stays: Stay, money: tuple[Money, ...] = ()) -> Truth:
    return Truth(bank="d", as_of=date(2026, 6, 30), currency="CNY", duplicates=(), traps=(), stays=stays, money=money)


def test_a_joint_account_counts_once() -> None:
    since = date(2020, 1, 1)
    truth = told(
        Stay("H1", "C1", since, None),
        Stay("H1", "C2", since, None),
        money=(Money("A1", Decimal("100.00"), ("C2", "C1")), Money("A2", Decimal("7.50"), ("C1",))),
    )
    assert truth.household_aum == {"H1": Decimal("107.50")}


def test_who_has_left_no_longer_counts_from_that_day_on() -> None:
    truth = told(
        Stay("H1", "C1", date(2020, 1, 1), None),
        Stay("H1", "C2", date(2020, 1, 1), date(2024, 5, 1)),
        money=(Money("A1", Decimal(10), ("C2",)),),
    )
    assert truth.members_at("H1", date(2024, 4, 30)) == {"C1", "C2"}
    assert truth.members_at("H1", date(2024, 5, 1)) == {"C1"}
    assert truth.roll_up("H1", date(2024, 4, 30)) == 10
    assert truth.roll_up("H1", date(2024, 5, 1)) == 0


def test_the_truth_knows_every_household_of_the_bank(bank: Bank, truth: Truth) -> None:
    assert set(truth.households) == {h.number for h in bank.of(Household)}
    assert truth.bank == bank.digest


def test_the_roll_up_agrees_with_the_records_of_the_bank(bank: Bank, truth: Truth) -> None:
    for household in truth.households:
        members = {m.customer for m in bank.of(Membership) if m.household == household and m.until is None}
        accounts = (a for a in bank.of(Account) if a.closed is None and a.product != "loan")
        mine = sum((a.balance for a in accounts if members & {a.customer, *a.joint_holders}), Decimal(0))
        assert truth.household_aum[household] == mine


def test_some_households_own_less_than_the_sum_of_their_members(truth: Truth) -> None:
    joint = [m for m in truth.money if len(m.holders) > 1]
    assert joint
    assert all(m.balance >= 0 for m in truth.money)


def test_a_day_before_everything_has_no_members(truth: Truth) -> None:
    assert truth.members_at(truth.households[0], truth.as_of - timedelta(days=20_000)) == frozenset()


def test_both_keys_open_what_both_have_sealed(truth: Truth, tmp_path: Path) -> None:
    path = tmp_path / "truth.sealed"
    seal(truth, path, KEYS)
    assert unseal(path, KEYS) == truth
    assert [p.name for p in tmp_path.iterdir()] == ["truth.sealed"]


def test_nothing_of_the_truth_can_be_read_in_the_file(truth: Truth, tmp_path: Path) -> None:
    path = tmp_path / "truth.sealed"
    seal(truth, path, KEYS, entropy=counted())
    data = path.read_bytes()
    assert truth.duplicates[0].kept.encode() not in data
    assert b"old_id" not in data


@pytest.mark.parametrize("keys", [(KEYS[0], b"another"), (b"another", KEYS[1]), (KEYS[1], KEYS[0])])
def test_one_key_is_not_enough(truth: Truth, tmp_path: Path, keys: tuple[bytes, bytes]) -> None:
    path = tmp_path / "truth.sealed"
    seal(truth, path, KEYS)
    with pytest.raises(TruthError, match="these two keys do not open it; both are needed"):
        unseal(path, keys)


def test_a_changed_byte_is_noticed(truth: Truth, tmp_path: Path) -> None:
    path = tmp_path / "truth.sealed"
    seal(truth, path, KEYS)
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    with pytest.raises(TruthError, match="do not open it"):
        unseal(path, KEYS)


def test_wrong_files_and_empty_keys_are_named(truth: Truth, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(TruthError, match="is no sealed truth"):
        unseal(tmp_path / "notes.txt", KEYS)
    with pytest.raises(TruthError, match="cannot be read"):
        unseal(tmp_path / "nothing", KEYS)
    with pytest.raises(TruthError, match="cannot be written"):
        seal(truth, tmp_path / "no" / "folder", KEYS)
    with pytest.raises(TruthError, match="a key is empty"):
        seal(truth, tmp_path / "truth.sealed", (b"", b"x"))
