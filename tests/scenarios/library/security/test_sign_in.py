"""Sign-in: what a judge makes of sessions that should have ended."""

from typing import Any

import pytest

from scenarios.answers import Session
from scenarios.library.security import sign_in
from scenarios.library.security.sign_in import Seen
from scenarios.port import Refused, Unsupported
from scenarios.verdict import NotTestable
from tests.scenarios.library.security.made import missing, no, on_file, yes

SESSION = Session(headers={"Authorization": "Bearer x"}, renewal="r", seconds=900)
OUT, IN = no("unauthenticated"), yes(on_file("C1"))


def seen(**changes: Any) -> Seen:
    good = Seen(
        own_users=True,
        right=yes(SESSION),
        guessed=(OUT,) * 10,
        after_guesses=OUT,
        unknown=(b"401 120", b"401 120"),
        before_logout=IN,
        logout=yes(None),
        after_logout=OUT,
        forged=(OUT,) * 4,
        expired=OUT,
        renewed=yes(SESSION),
        with_renewed=IN,
        renewed_twice=OUT,
        old_family=OUT,
        leaver=OUT,
        machine=SESSION,
        beyond_machine=(no("forbidden"),) * 3,
        before_revocation=IN,
        revoke_s=0.1,
        login_after_revocation=OUT,
        weak=(no("invalid"),) * 4,
    )
    return good._replace(**changes)


def test_a_sound_door_passes_every_check() -> None:
    for check in sign_in.sessions_begin_and_end.checks:
        assert check.judge(seen()).passed, check.name


@pytest.mark.parametrize(
    ("check", "changes"),
    [
        ("guessing_is_locked_out", {"after_guesses": yes(SESSION)}),
        ("guessing_is_locked_out", {"guessed": (yes(SESSION),)}),
        ("logout_ends_the_token", {"after_logout": IN}),
        ("logout_ends_the_token", {"before_logout": OUT}),
        ("a_forged_token_is_refused", {"forged": (OUT, IN)}),
        ("an_expired_token_is_refused", {"expired": IN}),
        ("a_refresh_token_works_once", {"renewed_twice": yes(SESSION)}),
        ("a_refresh_token_works_once", {"old_family": IN}),
        ("keys_expire", {"machine": Session(headers={})}),
        ("keys_expire", {"machine": Session(headers={}, seconds=86_400 * 365)}),
        ("keys_are_scoped", {"beyond_machine": (yes(None), no("forbidden"))}),
        ("a_leaver_is_locked_out", {"leaver": IN}),
        ("revoked_rights_end_in_a_minute", {"revoke_s": None}),
        ("revoked_rights_end_in_a_minute", {"revoke_s": 61.0}),
        ("revoked_rights_end_in_a_minute", {"login_after_revocation": yes(SESSION)}),
        ("weak_secrets_are_refused", {"weak": (no("invalid"), yes(None))}),
        ("an_unknown_user_hears_the_same", {"unknown": (b"401 120", b"404 90")}),
    ],
)
def test_a_door_that_stays_open_fails_its_check(check: str, changes: dict[str, Any]) -> None:
    checks = {one.name: one for one in sign_in.sessions_begin_and_end.checks}
    assert not checks[check].judge(seen(**changes)).passed


def test_a_door_that_never_opened_proves_nothing_by_staying_shut() -> None:
    with pytest.raises(Refused):
        sign_in.guessing_is_locked_out(seen(right=OUT))
    with pytest.raises(Refused):
        sign_in.revoked_rights_end_in_a_minute(seen(before_revocation=OUT))


def test_what_the_settings_do_not_name_is_not_testable() -> None:
    with pytest.raises(NotTestable):
        sign_in.an_expired_token_is_refused(seen(expired=None))
    for check in (sign_in.guessing_is_locked_out, sign_in.an_unknown_user_hears_the_same):
        with pytest.raises(NotTestable):
            check(seen(own_users=False))
    with pytest.raises(NotTestable):
        sign_in.a_leaver_is_locked_out(seen(leaver=None))


def test_what_the_product_lacks_is_unsupported() -> None:
    with pytest.raises(Unsupported):
        sign_in.logout_ends_the_token(seen(logout=missing()))
    with pytest.raises(Unsupported):
        sign_in.a_refresh_token_works_once(seen(renewed=missing()))
