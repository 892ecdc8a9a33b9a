"""Sign-on: what a judge makes of logins by way of a provider; a product with one protocol is judged by that one."""

import base64
import zlib
from typing import Any
from urllib.parse import urlencode

import pytest

from scenarios.answers import Session
from scenarios.library.security import sign_on
from scenarios.library.security.sign_on import Seen, Way
from scenarios.library.security.sign_on_play import LONGEST_REQUEST, NOTHING, leads_away, request_in
from scenarios.port import Refused, Unsupported
from scenarios.trust import Arrival, Person
from scenarios.verdict import NotTestable
from tests.scenarios.library.security.made import missing, no, yes

OUT = no("unauthenticated")
IN = yes(Arrival(session=Session(headers={"Authorization": "Bearer x"}), onward="/"))
ADA, EVE = yes(Person(username="ada", role="agent")), yes(Person(username="eve", role="agent"))
SAML = Way(
    trusted=yes("P-1"), arrived=IN, person=ADA, forged={"no signature": OUT}, again=OUT, elsewhere=OUT,
    unlinked={"name": OUT}, moved=yes(Person(username="ada", role="marketing")), unmapped=OUT,
    after_logout=(yes(), OUT, OUT), password=(yes(), OUT),
)  # fmt: skip
OIDC = SAML._replace(bound=True, rotated=IN, withdrawn=OUT)
SOUND = Seen("ada", {"oidc": OIDC, "saml": SAML})
CHECKS = {one.name: one for one in sign_on.users_sign_on_by_way_of_a_provider.checks}


def but(protocol: str = "oidc", **other: Any) -> Seen:
    return Seen("ada", {**SOUND.ways, protocol: SOUND.ways[protocol]._replace(**other)})


def test_a_sound_product_passes_every_check() -> None:
    for check in CHECKS.values():
        assert check.judge(SOUND).passed, check.name


@pytest.mark.parametrize(
    ("check", "seen"),
    [
        ("single_sign_on_works", but(arrived=OUT)),
        ("single_sign_on_works", but(person=EVE)),
        ("single_sign_on_works", but(rotated=OUT)),
        ("single_sign_on_works", but("saml", trusted=no("invalid"), arrived=NOTHING)),
        ("a_forged_word_of_a_provider_is_refused", but("saml", forged={"no signature": IN})),
        ("a_forged_word_of_a_provider_is_refused", but(withdrawn=IN)),
        ("a_word_of_a_provider_opens_once", but(again=IN)),
        ("a_word_of_a_provider_opens_once", but("saml", elsewhere=IN)),
        ("a_code_is_tied_to_who_began", but(bound=False)),
        ("an_account_is_linked_by_subject_alone", but(unlinked={"e-mail": EVE})),
        ("groups_give_the_role", but(moved=yes(Person(username="ada", role="admin")))),
        ("groups_give_the_role", but(moved=OUT)),
        ("groups_give_the_role", but("saml", unmapped=IN)),
        ("nobody_is_sent_away_after_signing_on", but(landed={"//x": "//x"})),
        ("logout_ends_what_a_provider_opened", but(after_logout=(yes(), OUT, yes()))),
        ("who_is_bound_to_sign_on_has_no_password", but(password=(yes(), yes()))),
    ],
)
def test_what_must_not_open_fails_its_check(check: str, seen: Seen) -> None:
    assert not CHECKS[check].judge(seen).passed


def test_a_protocol_that_the_product_lacks_is_not_held_against_it() -> None:
    only = Seen("ada", {"oidc": Way(missing()), "saml": SAML})
    for name in CHECKS.keys() - {"a_code_is_tied_to_who_began"}:
        assert CHECKS[name].judge(only).passed, name
    with pytest.raises(NotTestable):
        CHECKS["a_code_is_tied_to_who_began"].judge(only)


def test_no_protocol_is_unsupported_no_users_are_not_testable_and_no_sound_login_proves_nothing() -> None:
    for name, check in CHECKS.items():
        with pytest.raises(NotTestable):
            check.judge(None)
        with pytest.raises(Unsupported):
            check.judge(Seen("ada", {"oidc": Way(missing()), "saml": Way(missing())}))
        if name != "single_sign_on_works":
            with pytest.raises(Refused):
                check.judge(Seen("ada", {"oidc": Way(yes("P-1"), OUT)}))


@pytest.mark.parametrize("onward", ["https://x", "//x", "/\\x", "\\\\x", "javascript:x"])
def test_an_address_of_elsewhere_is_told_from_a_path(onward: str) -> None:
    assert leads_away(onward)
    assert not leads_away("/desk?a=1")


@pytest.mark.parametrize(
    "text",
    [
        b"<a>" + b" " * (2 * LONGEST_REQUEST) + b"</a>",
        b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
        b"no message at all",
    ],
    ids=["swells when unpacked", "swells when read", "none"],
)
def test_a_target_cannot_make_the_bench_swell_by_what_it_sends_to_sign_on(text: bytes) -> None:
    squeezed = zlib.compressobj(wbits=-15)
    packed = base64.b64encode(squeezed.compress(text) + squeezed.flush())
    assert request_in(f"https://bench.example/sso?{urlencode({'SAMLRequest': packed})}").tag == "none"
