"""Machines: what a judge makes of whom a door of certificates let in."""

import pytest

from scenarios.knocking import EXPIRED, OWN
from scenarios.library.security.machines import BAD, BORROWED, Knocked, mutual_tls_is_offered
from scenarios.verdict import NotTestable

SOUND = {OWN: True, **dict.fromkeys((*BAD, BORROWED), False)}


def test_a_door_that_lets_in_the_machine_and_nobody_else_offers_mutual_tls() -> None:
    assert mutual_tls_is_offered(Knocked(SOUND, {})).passed


@pytest.mark.parametrize("wrong", [*BAD, BORROWED])
def test_one_bad_certificate_that_opens_the_door_is_one_too_many(wrong: str) -> None:
    verdict = mutual_tls_is_offered(Knocked({**SOUND, wrong: True}, {}))
    assert not verdict.passed
    assert f"let in: {wrong}" in str(verdict.observed)


def test_a_door_that_lets_in_nobody_offers_nothing() -> None:
    assert not mutual_tls_is_offered(Knocked({**SOUND, OWN: False}, {})).passed


def test_a_certificate_that_could_not_be_shown_leaves_the_question_open() -> None:
    let_in = {name: came_in for name, came_in in SOUND.items() if name != EXPIRED}
    with pytest.raises(NotTestable, match=r"expired\.pem"):
        mutual_tls_is_offered(Knocked(let_in, {EXPIRED: "the settings give no certificate expired.pem"}))
