"""Passkeys: what a judge makes of ceremonies sound and unsound."""

import pytest

from scenarios.answers import Session
from scenarios.library.security import passkeys
from scenarios.library.security.passkeys import Seen
from scenarios.port import Refused, Unsupported
from scenarios.trust import Ceremony, Person
from scenarios.verdict import NotTestable
from tests.scenarios.library.security.made import missing, no, yes

OUT, IN = no("unauthenticated"), yes(Session(headers={"Authorization": "Bearer x"}))
WRONG = dict.fromkeys(
    (
        "another origin", "another place", "the same answer again", "again, its count raised",
        "a challenge of one's own", "owner not verified", "signed by another", "a copy that counts on its own",
    ),
    OUT,
)  # fmt: skip
SOUND = Seen(
    username="ada", asked=yes(Ceremony(options={}, origin="o")), elsewhere=no("invalid"), added=yes(), entered=IN,
    person=yes(Person(username="ada", role="agent")), wrong=WRONG,
)  # fmt: skip
CHECKS = {one.name: one for one in passkeys.a_passkey_is_made_and_shown.checks}
OF = {
    "another origin": "a_passkey_opens_its_own_place_only",
    "another place": "a_passkey_opens_its_own_place_only",
    "the same answer again": "a_challenge_is_answered_once",
    "again, its count raised": "a_challenge_is_answered_once",
    "a challenge of one's own": "a_challenge_is_answered_once",
    "owner not verified": "a_passkey_asks_for_its_owner",
    "signed by another": "a_passkey_asks_for_its_owner",
    "a copy that counts on its own": "a_copied_passkey_is_noticed",
}


def test_sound_passkeys_pass_every_check() -> None:
    for check in CHECKS.values():
        assert check.judge(SOUND).passed, check.name


@pytest.mark.parametrize(("ceremony", "check"), OF.items())
def test_an_unsound_ceremony_that_opens_fails_its_check(ceremony: str, check: str) -> None:
    seen = SOUND._replace(wrong={**WRONG, ceremony: IN})
    assert [name for name in CHECKS if not CHECKS[name].judge(seen).passed] == [check]


def test_a_passkey_must_open_and_for_its_owner() -> None:
    offered = CHECKS["a_phishing_resistant_factor_is_offered"]
    assert not offered.judge(SOUND._replace(entered=OUT, person=missing())).passed
    assert not offered.judge(SOUND._replace(added=no("invalid"))).passed
    assert not offered.judge(SOUND._replace(person=yes(Person(username="eve", role="agent")))).passed
    assert offered.judge(SOUND._replace(person=missing())).passed
    assert not CHECKS["a_passkey_opens_its_own_place_only"].judge(SOUND._replace(elsewhere=yes())).passed


def test_what_is_lacking_or_never_opens_proves_nothing() -> None:
    for name, check in CHECKS.items():
        with pytest.raises(NotTestable):
            check.judge(None)
        with pytest.raises(Unsupported):
            check.judge(SOUND._replace(asked=missing()))
        if name != "a_phishing_resistant_factor_is_offered":
            with pytest.raises(Refused):
                check.judge(SOUND._replace(entered=OUT))
