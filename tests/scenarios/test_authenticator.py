"""Authenticator: ceremonies of the software passkey are sound to an independent library, or seen not to be."""

import base64
from dataclasses import replace
from typing import Any

import pytest
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers.exceptions import InvalidAuthenticationResponse

from scenarios.authenticator import PRESENT, Authenticator, Conduct

CHALLENGE = b"c" * 32
ORIGIN, PLACE = "https://crm.example:8443", "crm.example"
SOUND = Conduct(
    origin=ORIGIN, place=PLACE, challenge=base64.urlsafe_b64encode(CHALLENGE).rstrip(b"=").decode(), count=3
)
PASSKEY = Authenticator("a play")


def made() -> Any:
    return verify_registration_response(
        credential=dict(PASSKEY.made(SOUND)), expected_challenge=CHALLENGE, expected_rp_id=PLACE,
        expected_origin=ORIGIN, require_user_verification=True,
    )  # fmt: skip


def shown(credential: Any) -> int:
    return verify_authentication_response(
        credential=dict(credential), expected_challenge=CHALLENGE, expected_rp_id=PLACE, expected_origin=ORIGIN,
        credential_public_key=made().credential_public_key, credential_current_sign_count=2,
        require_user_verification=True,
    ).new_sign_count  # fmt: skip


def test_a_passkey_is_made_and_shown() -> None:
    assert made().credential_id == PASSKEY.number == Authenticator("a play").number
    assert shown(PASSKEY.shown(SOUND)) == 3
    assert PASSKEY.shown(SOUND) == Authenticator("a play").shown(SOUND)


@pytest.mark.parametrize(
    "other", [{"origin": "https://phish.example"}, {"place": "phish.example"}, {"flags": PRESENT}, {"count": 2}]
)
def test_a_ceremony_that_is_not_sound_is_seen_to_be_so(other: dict[str, Any]) -> None:
    with pytest.raises(InvalidAuthenticationResponse):
        shown(PASSKEY.shown(replace(SOUND, **other)))


def test_another_passkeys_signature_does_not_hold() -> None:
    with pytest.raises(InvalidAuthenticationResponse):
        shown(PASSKEY.shown(SOUND, Authenticator("another")))
