"""SAML: the signed assertion is believed and nothing else, whatever is wrapped around it."""

import base64
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from poc.reference_crm.domain import saml
from poc.reference_crm.domain.id_tokens import Unproven
from scenarios.identity import SigningKey, Statement, assertion, response, wrapped

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
KEY, ROGUE = SigningKey("ours"), SigningKey("theirs")
SAID = Statement(
    issuer="https://idp", subject="ada", audience="https://crm", recipient="https://crm/acs", request="_q", at=NOW,
    number="_a", groups=("staff", "R&D <1>"),
)  # fmt: skip
QUESTION = saml.Question(
    issuer="https://idp", certificate=KEY.certificate(NOW), audience="https://crm", recipient="https://crm/acs",
    request="_q",
)  # fmt: skip


def read(told: str, at: datetime = NOW) -> saml.Assertion:
    return saml.read(told, QUESTION, at, group_names=("groups",))


def test_a_sound_response_tells_whom_and_which_groups() -> None:
    told = read(response(SAID, assertion(SAID, KEY)))
    assert (told.id, told.subject, told.groups) == ("_a", "ada", ("staff", "R&D <1>"))
    assert told.until == NOW + timedelta(seconds=300)


def test_a_comment_cuts_nothing_off_a_name() -> None:
    assert read(response(SAID, assertion(SAID.but(subject="ada<!-- -->.evil"), KEY))).subject == "ada.evil"


@pytest.mark.parametrize("name", sorted(wrapped(SAID, "victim", KEY)))
def test_no_wrapping_of_a_signature_is_believed(name: str) -> None:
    with pytest.raises(Unproven):
        read(wrapped(SAID, "victim", KEY)[name])


@pytest.mark.parametrize(
    "other",
    [{"audience": "x"}, {"recipient": "x"}, {"request": "x"}, {"issuer": "x"}, {"seconds": -600}, {"subject": ""}],
)
def test_an_assertion_for_another_of_another_time_or_request_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(Unproven):
        read(response(SAID, assertion(SAID.but(**other), KEY)))


@pytest.mark.parametrize("key", [None, ROGUE])
def test_an_assertion_that_the_provider_did_not_sign_is_refused(key: SigningKey | None) -> None:
    with pytest.raises(Unproven, match="signature"):
        read(response(SAID, assertion(SAID, key)))


def test_an_assertion_ends_with_leeway_for_clocks() -> None:
    told = response(SAID, assertion(SAID, KEY))
    assert read(told, NOW + timedelta(seconds=355)).subject == "ada"
    with pytest.raises(Unproven, match="time"):
        read(told, NOW + timedelta(seconds=365))
    with pytest.raises(Unproven, match="time"):
        read(told, NOW - timedelta(seconds=70))


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><r>&b;</r>'


@pytest.mark.parametrize("text", ["", "no xml", "<r/>", BOMB, "<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>"])
def test_what_is_no_response_is_refused(text: str) -> None:
    with pytest.raises(Unproven):
        read(base64.b64encode(text.encode()).decode())
    with pytest.raises(Unproven):
        read(text)


def test_a_response_that_is_too_long_is_not_read() -> None:
    with pytest.raises(Unproven, match="long"):
        read("A" * (saml.LONGEST + 1))


def test_a_request_names_us_and_where_the_answer_goes() -> None:
    url = saml.request(
        "_q", audience="https://crm", recipient="https://crm/acs", destination="https://idp/x?a=1", relay="r", now=NOW
    )
    query = parse_qs(urlsplit(url).query)
    request = ElementTree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), wbits=-15))
    assert query["RelayState"] == ["r"]
    assert query["a"] == ["1"]
    assert request.attrib["ID"] == "_q"
    assert request.attrib["AssertionConsumerServiceURL"] == "https://crm/acs"
    assert request.attrib["IssueInstant"] == "2026-07-01T09:00:00Z"
