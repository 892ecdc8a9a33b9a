"""Passwords: good ones match their hash, weak ones are named so."""

import pytest

from poc.reference_crm.passwords import hashed, matches, weakness


def test_a_password_matches_its_hash_and_no_other() -> None:
    digest = hashed("A-good-long-word-1")
    assert matches(digest, "A-good-long-word-1")
    assert not matches(digest, "A-good-long-word-2")
    assert not matches("no hash at all", "x")


@pytest.mark.parametrize("password", ["", "short", "Password1234", "123456789012", "ababababababab", "x" * 500])
def test_weak_passwords_are_named(password: str) -> None:
    assert weakness(password)


def test_a_good_password_is_not_weak() -> None:
    assert weakness("A-good-long-word-1") is None
