"""Envelope: opens what was sealed to it, and nothing else; the same text gives the same key."""

import pytest

from poc.reference_crm.payload import sealed_for
from scenarios.envelope import Envelope


def test_what_is_sealed_to_a_key_opens_with_it_and_with_no_other() -> None:
    sealed = sealed_for(Envelope("one").jwk, b"a secret").decode()
    assert Envelope("one").opened(sealed) == b"a secret"
    with pytest.raises(ValueError, match="does not open"):
        Envelope("two").opened(sealed)


def test_two_envelopes_of_the_same_text_look_different() -> None:
    jwk = Envelope("one").jwk
    assert sealed_for(jwk, b"a secret") != sealed_for(jwk, b"a secret")


def test_the_header_names_registered_algorithms() -> None:
    sealed = sealed_for(Envelope("one").jwk, b"x").decode()
    assert len(sealed.split(".")) == 5
    with pytest.raises(ValueError, match="is no encryption that we open"):
        Envelope("one").opened("eyJhbGciOiJub25lIiwiZW5jIjoibm9uZSJ9....")


@pytest.mark.parametrize("text", ["", "a.b", "e30....", "not.a.compact.jwe.!"])
def test_what_is_no_envelope_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError):
        Envelope("one").opened(text)
