"""grow(): what is written can be read back, opened by both keys only, and is never half there."""

from pathlib import Path

import pytest

from poc.growth import GrowthError, beside, grow
from synthetic_data.files import read
from synthetic_data.truth import TruthError, unseal

PROFILE = "cn-digital-bank"


class Entropy:
    """Bytes that follow from how often one asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, length: int) -> bytes:
        self.asked += 1
        return bytes([self.asked]) * length


def test_a_bank_is_read_back_as_it_was_grown(tmp_path: Path) -> None:
    grown = grow(seed=3, customers=20, profile=PROFILE, folder=tmp_path / "new" / "bank")
    assert read(grown.folder).digest == grown.bank.digest
    assert len(grown.bank.customers) == 20


def test_only_both_keys_together_open_the_truth(tmp_path: Path) -> None:
    grown = grow(seed=3, customers=20, profile=PROFILE, folder=tmp_path / "bank", entropy=Entropy())
    first, second = (key.read_bytes() for key in grown.keys)
    assert unseal(grown.truth, (first, second)).duplicates is not None
    with pytest.raises(TruthError):
        unseal(grown.truth, (first, first))


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    grown = grow(seed=3, customers=5, profile=PROFILE, folder=tmp_path / "bank")
    assert {key.stat().st_mode & 0o777 for key in grown.keys} == {0o600}


def test_the_truth_never_stands_in_the_banks_own_folder(tmp_path: Path) -> None:
    truth, keys = beside(tmp_path / "bank")
    assert {path.parent for path in (truth, *keys)} == {tmp_path}


def test_a_bank_is_never_grown_over_another(tmp_path: Path) -> None:
    grow(seed=3, customers=5, profile=PROFILE, folder=tmp_path / "bank")
    with pytest.raises(GrowthError, match="--out"):
        grow(seed=4, customers=5, profile=PROFILE, folder=tmp_path / "bank")


def test_what_cannot_be_grown_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="customers: 0"):
        grow(seed=3, customers=0, profile=PROFILE, folder=tmp_path / "bank")
    assert not list(tmp_path.iterdir())


def test_a_bank_that_cannot_be_written_takes_its_keys_along(tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stopping(length: int) -> bytes:
        if length == 16:
            raise Stopped
        return b"k" * length

    with pytest.raises(Stopped):
        grow(seed=3, customers=5, profile=PROFILE, folder=tmp_path / "bank", entropy=stopping)
    assert not list(tmp_path.iterdir())
