"""Transport: what a judge makes of handshakes, plain answers and headers."""

import pytest

from scenarios.crm import Handshake
from scenarios.library.security import transport
from scenarios.library.security.transport import HSTS_SECONDS, OLD, PLAIN_PATHS, WEAK_SUITES, Seen
from scenarios.port import Reply, Unsupported
from scenarios.verdict import NotTestable
from tests.scenarios.library.security.made import reply

YES, NO = Handshake(accepted=True, suite="AES128-SHA"), Handshake(accepted=False, note="certificate has expired")
HSTS = {"strict-transport-security": f"max-age={HSTS_SECONDS}; includeSubDomains"}


def seen(**changes: object) -> Seen:
    good = Seen(
        versions={"TLSv1": NO, "TLSv1.1": NO, "TLSv1.2": YES, "TLSv1.3": YES},
        weak=dict.fromkeys(WEAK_SUITES, NO),
        national=Handshake(accepted=True, suite="TLS_SM4_GCM_SM3"),
        verified=YES,
        plain=(None,) * len(PLAIN_PATHS),
        headers=(HSTS, HSTS),
    )
    return good._replace(**changes)  # type: ignore[arg-type]


def test_a_sound_door_passes_every_check() -> None:
    for check in transport.transport_is_probed_from_outside.checks:
        assert check.judge(seen()).passed, check.name


@pytest.mark.parametrize("version", OLD)
def test_one_old_version_is_one_too_many(version: str) -> None:
    assert not transport.old_tls_is_refused(seen(versions={**seen().versions, version: YES})).passed


def test_what_our_own_library_cannot_offer_is_not_testable() -> None:
    with pytest.raises(NotTestable):
        transport.old_tls_is_refused(seen(versions={**seen().versions, "TLSv1": None}))


@pytest.mark.parametrize(
    ("answer", "passed"),
    [
        (reply(b"[]"), False),
        (reply(b"", status=301, headers={"location": "https://bank.example/"}), True),
        (reply(b"", status=301, headers={"location": "http://bank.example/other"}), False),
        (reply(b"use TLS", status=400), True),
    ],
)
def test_without_tls_only_refusals_and_redirects_to_tls_are_fine(answer: Reply, passed: bool) -> None:
    assert transport.nothing_is_served_in_clear(seen(plain=(None, answer, None))).passed is passed


def test_national_suites_that_a_target_refuses_are_not_offered_by_it() -> None:
    assert transport.national_suites_are_offered(seen()).observed == "TLS_SM4_GCM_SM3"
    with pytest.raises(Unsupported, match="RFC 8998"):
        transport.national_suites_are_offered(seen(national=NO))
    with pytest.raises(NotTestable):
        transport.national_suites_are_offered(seen(national=None))


def test_an_untrusted_certificate_fails_with_its_reason() -> None:
    verdict = transport.certificate_is_valid(seen(verified=NO))
    assert not verdict.passed
    assert verdict.observed == "certificate has expired"


def test_a_suite_without_authentication_fails() -> None:
    assert not transport.only_aead_suites_are_accepted(seen(weak={**seen().weak, "CBC with RSA": YES})).passed


def test_the_lack_of_tls_13_fails() -> None:
    assert not transport.only_aead_suites_are_accepted(seen(versions={**seen().versions, "TLSv1.3": NO})).passed


@pytest.mark.parametrize("header", ["", "max-age=3600", "includeSubDomains"])
def test_one_answer_without_long_hsts_fails(header: str) -> None:
    verdict = transport.hsts_is_long_enough(seen(headers=(HSTS, {"strict-transport-security": header})))
    assert not verdict.passed
    assert verdict.measures["hsts_max_age_s"] < HSTS_SECONDS
