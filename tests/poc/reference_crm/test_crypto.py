"""Crypto: what is sealed opens only in its place and with its key; equal values do not show across fields."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poc.reference_crm.crypto import Unreadable, Vault, unwrap, wrap

VAULT = Vault({1: b"a" * 32, 2: b"b" * 32}, b"i" * 32)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=4))
def test_fields_come_back_as_they_went_in(fields: dict[str, str]) -> None:
    assert VAULT.open_fields("customers/1", VAULT.seal_fields("customers/1", fields)) == fields


def test_a_ciphertext_copied_to_another_record_does_not_open() -> None:
    sealed = VAULT.seal("customers/1", b"secret")
    with pytest.raises(Unreadable):
        VAULT.open("customers/2", sealed)


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    sealed = bytearray(VAULT.seal("customers/1", b"secret"))
    sealed[place] ^= 1
    with pytest.raises(Unreadable):
        VAULT.open("customers/1", bytes(sealed))


def test_what_an_older_key_sealed_still_opens() -> None:
    sealed = Vault({1: b"a" * 32}, b"i" * 32).seal("t/1", b"x")
    assert VAULT.open("t/1", sealed) == b"x"


def test_equal_values_are_sealed_differently_and_indexed_equally_within_a_field_only() -> None:
    assert VAULT.seal("t/1", b"x") != VAULT.seal("t/1", b"x")
    assert VAULT.blind("customers", "email", "A@b.example ") == VAULT.blind("customers", "email", "a@b.example")
    assert VAULT.blind("customers", "email", "1") != VAULT.blind("customers", "mobile", "1")


def test_a_data_key_opens_with_its_master_key_only() -> None:
    wrapped = wrap(b"m" * 32, "data", b"k" * 32)
    assert unwrap(b"m" * 32, "data", wrapped) == b"k" * 32
    for master, name in ((b"n" * 32, "data"), (b"m" * 32, "index")):
        with pytest.raises(Unreadable):
            unwrap(master, name, wrapped)
