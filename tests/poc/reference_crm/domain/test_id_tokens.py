"""Identity tokens: only what the provider signed, for us, now and for this login is believed."""

from collections.abc import Callable
from typing import Any

import pytest

from poc.reference_crm.domain.id_tokens import Unproven, claims_of
from scenarios.identity import SigningKey, signed_with_public, token, unsigned

KEY, ROGUE, NOW = SigningKey("ours"), SigningKey("theirs"), 1_800_000_000.0
SOUND = {"iss": "https://idp", "aud": "us", "sub": "9", "nonce": "n", "iat": NOW - 5, "exp": NOW + 60}


def read(text: str) -> Any:
    return claims_of(text, {"keys": [KEY.jwk]}, issuer="https://idp", audience="us", nonce="n", now=NOW)


def test_a_sound_token_tells_its_claims() -> None:
    assert read(token(SOUND, KEY)) == SOUND
    assert read(token({**SOUND, "aud": ["us", "others"], "azp": "us"}, KEY))["sub"] == "9"


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "https://idp/"}, {"aud": "others"}, {"aud": ["us", "others"]}, {"aud": None}, {"nonce": "m"},
        {"nonce": None}, {"exp": NOW - 61}, {"exp": "soon"}, {"iat": NOW + 120}, {"iat": NOW - 3600}, {"iat": None},
    ],
)  # fmt: skip
def test_a_token_for_another_of_another_time_or_login_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(Unproven):
        read(token({**SOUND, **other}, KEY))


@pytest.mark.parametrize(
    "forge",
    [
        unsigned, lambda claims: unsigned(claims, "NONE"), lambda claims: signed_with_public(claims, KEY),
        lambda claims: token(claims, ROGUE), lambda claims: token(claims, ROGUE, called=KEY.name),
        lambda claims: token(claims, KEY)[:-4] + "AAAA", lambda claims: "", lambda claims: "a.b.c",
    ],
)  # fmt: skip
def test_a_token_that_the_provider_did_not_sign_is_refused(forge: Callable[[Any], str]) -> None:
    with pytest.raises(Unproven, match="signature"):
        read(forge(SOUND))


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": [{"kty": "oct", "k": "AAAA"}]}, {"keys": [7]}])
def test_a_key_set_without_a_fitting_key_believes_nothing(keys: Any) -> None:
    with pytest.raises(Unproven):
        claims_of(token(SOUND, KEY), keys, issuer="https://idp", audience="us", nonce="n", now=NOW)
