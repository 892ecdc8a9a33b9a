"""Ways in: what a judge makes of codes, keys, idle sessions and leavers; codes are those of the standard."""

from datetime import UTC, datetime
from typing import Any

import pytest

from scenarios.answers import Session
from scenarios.doors import IssuedKey
from scenarios.library.security import codes, fresh_factor, ways_in
from scenarios.library.security.ways_in import Codes, Keys, Leaver, Seen
from scenarios.port import Refused, Unsupported
from scenarios.verdict import NotTestable
from tests.scenarios.library.security.made import missing, no, on_file, yes

SESSION = Session(headers={"Authorization": "Bearer x"})
OUT, IN = no("unauthenticated"), yes(on_file("C1"))
CODES = Codes(
    enrolled=yes("ABC"), far_off=(no("invalid"), OUT), password_only=OUT, wrong=OUT, right=yes(SESSION),
    again=OUT, guessed=(OUT,) * 10, after_guesses=OUT,
)  # fmt: skip
KEYS = Keys(
    issued=yes(IssuedKey(id="k", session=SESSION)), inside=IN, outside=no("forbidden"), beyond_user=no("invalid"),
    short_before=IN, short_after=OUT, before_end=IN, after_end=OUT,
)  # fmt: skip
LEAVER = Leaver(brought=yes("ada"), before=IN, seconds=0.1, sign_in=OUT, found=(yes(("ada",)), yes(())))
SOUND = Seen(CODES, KEYS, (yes(None), IN, OUT), LEAVER, ((0.03, 0.02), (0.025, 0.021)))
CHECKS = {one.name: one for one in ways_in.codes_keys_and_leavers_are_tried.checks}
FRESH = fresh_factor.Seen(yes("ABC"), OUT, OUT, OUT, OUT, yes(None), IN)


def test_a_sound_house_passes_every_check() -> None:
    for check in CHECKS.values():
        assert check.judge(SOUND).passed, check.name


@pytest.mark.parametrize(
    ("check", "seen"),
    [
        ("a_second_factor_is_asked", SOUND._replace(codes=CODES._replace(password_only=yes(SESSION)))),
        ("a_second_factor_is_asked", SOUND._replace(codes=CODES._replace(wrong=yes(SESSION)))),
        ("a_second_factor_is_asked", SOUND._replace(codes=CODES._replace(right=OUT))),
        ("a_code_works_once", SOUND._replace(codes=CODES._replace(again=yes(SESSION)))),
        ("a_code_is_short_lived", SOUND._replace(codes=CODES._replace(far_off=(yes(None), OUT)))),
        ("guessed_codes_are_locked_out", SOUND._replace(codes=CODES._replace(after_guesses=yes(None)))),
        ("an_idle_session_ends", SOUND._replace(idle=(yes(None), IN, IN))),
        ("an_issued_key_ends", SOUND._replace(keys=KEYS._replace(short_after=IN))),
        ("an_issued_key_ends", SOUND._replace(keys=KEYS._replace(after_end=IN))),
        ("an_issued_key_ends", SOUND._replace(keys=KEYS._replace(short_before=OUT))),
        ("an_issued_key_keeps_to_its_scope", SOUND._replace(keys=KEYS._replace(outside=IN))),
        ("an_issued_key_keeps_to_its_scope", SOUND._replace(keys=KEYS._replace(inside=OUT))),
        ("a_deprovisioned_user_is_out", SOUND._replace(leaver=LEAVER._replace(seconds=None))),
        ("a_deprovisioned_user_is_out", SOUND._replace(leaver=LEAVER._replace(sign_in=yes(SESSION)))),
        ("a_deprovisioned_user_is_out", SOUND._replace(leaver=LEAVER._replace(found=(yes(("a",)), yes(("a",)))))),
        ("an_unknown_user_waits_as_long", SOUND._replace(waits=((0.03, 0.025), (0.002, 0.003)))),
    ],
)
def test_a_way_that_stays_open_fails_its_check(check: str, seen: Seen) -> None:
    assert not CHECKS[check].judge(seen).passed


def test_what_the_product_lacks_is_unsupported_and_what_we_may_not_try_not_testable() -> None:
    for name in CHECKS:
        with pytest.raises(NotTestable):
            CHECKS[name].judge(Seen())
    with pytest.raises(Unsupported):
        CHECKS["a_second_factor_is_asked"].judge(SOUND._replace(codes=CODES._replace(enrolled=missing())))
    with pytest.raises(Unsupported):
        CHECKS["an_issued_key_ends"].judge(SOUND._replace(keys=KEYS._replace(issued=missing())))
    with pytest.raises(Refused):
        CHECKS["a_deprovisioned_user_is_out"].judge(SOUND._replace(leaver=LEAVER._replace(before=OUT)))


@pytest.mark.parametrize("place", ["unproven", "after_wrong", "after_another", "proven_wrong"])
def test_a_clear_value_without_a_fresh_code_fails(place: str) -> None:
    judge: Any = fresh_factor.unmasking_asks_for_a_second_factor
    assert judge(FRESH).passed
    assert not judge(FRESH._replace(**{place: IN})).passed


def test_a_clear_value_that_is_never_given_proves_nothing() -> None:
    with pytest.raises(Refused):
        fresh_factor.unmasking_asks_for_a_second_factor(FRESH._replace(fresh=OUT))
    with pytest.raises(Unsupported):
        fresh_factor.unmasking_asks_for_a_second_factor(FRESH._replace(enrolled=missing()))
    with pytest.raises(NotTestable):
        fresh_factor.unmasking_asks_for_a_second_factor(None)


def test_codes_are_those_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, expected in ((1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")):
        at = datetime.fromtimestamp(seconds, UTC)
        assert codes.code(secret, at) == expected
        assert codes.wrong(secret, at) not in {codes.code(secret, at, ahead) for ahead in range(-4, 5)}
    assert len(codes.code("[secret-0123456789]", datetime.fromtimestamp(59, UTC))) == 6
