"""Crypto: what is sealed opens only in its place and with its key; equal values do not show across fields."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poc.reference_crm.crypto import Closed, DataKey, Sealing, Vault
from poc.reference_crm.wrapping import Unreadable

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


def sm4(*own: str) -> Vault:
    """A vault that encrypts some fields of customers with SM4."""
    vault = Vault({1: b"a" * 32, 3: DataKey(key=b"s" * 16, algorithm="SM4-GCM")}, b"i" * 32)
    vault.adopt({}, Sealing(key=1, fields={f"customers.{name}": 3 for name in own}))
    return vault


@settings(max_examples=20, deadline=None)
@given(st.fixed_dictionaries({"email": st.text(max_size=20), "mobile": st.text(max_size=20), "address": st.text()}))
def test_fields_with_algorithms_of_their_own_come_back_too_whatever_is_chosen_later(fields: dict[str, str]) -> None:
    for own in (("email",), ("address", "email"), ("address", "email", "mobile")):
        sealed = sm4(*own).seal_fields("customers/1", fields)
        assert sm4().open_fields("customers/1", sealed) == fields
        assert sealed.startswith(sm4(*own).heading("customers"))


def test_a_part_can_neither_be_taken_out_nor_changed_nor_moved() -> None:
    vault = sm4("email", "mobile")
    sealed = vault.seal_fields("customers/1", {"email": "a", "mobile": "b", "address": "c"})
    other = vault.seal_fields("customers/2", {"email": "a", "mobile": "b", "address": "c"})
    last = sealed.rindex(b"\x00\x06mobile")
    for spoilt in (sealed[:last], sealed[:-1], sealed[:-1] + b"\x00", sealed[:last] + other[last:], sealed[:8]):
        with pytest.raises(Unreadable):
            vault.open_fields("customers/1", spoilt)


def test_a_closed_vault_neither_opens_nor_seals_nor_indexes_until_it_has_its_keys_again() -> None:
    vault = sm4("email")
    sealed = vault.seal_fields("customers/1", {"email": "a", "address": "c"})
    plan = vault.plan
    vault.close()
    for asked in (
        lambda: vault.open_fields("customers/1", sealed),
        lambda: vault.seal("customers/1", b"x"),
        lambda: vault.seal("customers/1", b"x", owner="customers.email"),
        lambda: vault.blind("customers", "email", "a"),
    ):
        with pytest.raises(Closed):
            asked()
    vault.reopen({1: b"a" * 32, 3: DataKey(key=b"s" * 16, algorithm="SM4-GCM")}, b"i" * 32, plan)
    assert vault.open_fields("customers/1", sealed) == {"email": "a", "address": "c"}
