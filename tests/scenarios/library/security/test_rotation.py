"""Rotation: what a judge makes of keys before and after, and of the calls in between."""

import pytest

from scenarios.keyring import Cipher, Keyring
from scenarios.library.security import rotation
from scenarios.library.security.rotation import Rotated

STRONG, WEAK = Cipher(use="fields", name="AES-256-GCM", bits=256), Cipher(use="fields", name="3DES", bits=112)


def seen(**changes: object) -> Rotated:
    good = Rotated(
        before=Keyring(ciphers=(STRONG,), sealing="1"),
        after=Keyring(ciphers=(STRONG,), sealing="2"),
        read=(True, True),
        written=(True, True),
        every=0.25,
        seconds=0.5,
    )
    return good._replace(**changes)  # type: ignore[arg-type]


def test_a_rotation_that_nobody_notices_passes_every_check() -> None:
    for check in rotation.a_key_is_replaced_while_customers_are_served.checks:
        assert check.judge(seen()).passed, check.name


def test_the_same_key_afterwards_is_no_rotation() -> None:
    assert not rotation.a_key_can_be_replaced(seen(after=seen().before)).passed


def test_one_unreadable_old_row_fails_and_the_window_is_told() -> None:
    torn = seen(read=(True, False))
    assert not rotation.old_rows_stay_readable(torn).passed
    verdict = rotation.rotation_fails_no_call(torn)
    assert not verdict.passed
    assert verdict.measures["rotation_window_s"] == pytest.approx(0.25)


@pytest.mark.parametrize("ciphers", [(), (STRONG, WEAK)])
def test_a_weak_or_an_empty_inventory_fails(ciphers: tuple[Cipher, ...]) -> None:
    assert not rotation.algorithms_are_inventoried(seen(after=Keyring(ciphers=ciphers, sealing="2"))).passed
