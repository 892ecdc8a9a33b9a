"""Identity: what the bench signs is the same each time, and an independent reader finds the signature sound."""

from datetime import UTC, datetime

from joserfc import jwt
from joserfc.jwk import ECKey
from lxml import etree

from scenarios.identity import SigningKey, Statement, assertion, signed_with_public, token, unsigned, wrapped

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
KEY = SigningKey("a play")
SAID = Statement(
    issuer="https://idp", subject="ada", audience="a", recipient="r", request="_q", at=AT, number="_n", groups=("g",)
)


def test_a_key_follows_from_its_text_and_signs_the_same() -> None:
    again = SigningKey("a play")
    assert (again.jwk, again.certificate(AT)) == (KEY.jwk, KEY.certificate(AT))
    assert token({"sub": "9"}, again) == token({"sub": "9"}, KEY)
    assert assertion(SAID, again) == assertion(SAID, KEY)
    assert SigningKey("another play").jwk != KEY.jwk


def test_a_token_is_read_by_a_library_of_others() -> None:
    read = jwt.decode(token({"sub": "9"}, KEY), ECKey.import_key(dict(KEY.jwk)), algorithms=["ES256"])
    assert read.claims == {"sub": "9"}
    assert read.header["kid"] == KEY.name


def test_forgeries_say_what_they_are() -> None:
    assert unsigned({}).endswith(".")
    assert signed_with_public({}, KEY) != signed_with_public({}, SigningKey("another"))


def test_what_is_signed_is_written_in_canonical_form() -> None:
    text = assertion(SAID.but(groups=("R&D <1>",)), None)
    canonical = etree.tostring(etree.fromstring(text), method="c14n", exclusive=True, with_comments=False)
    assert canonical.decode() == text


def test_wrapped_assertions_carry_the_victim_and_a_sound_signature() -> None:
    forged = wrapped(SAID, "victim", KEY)
    assert len(set(forged.values())) == len(forged) == 6
