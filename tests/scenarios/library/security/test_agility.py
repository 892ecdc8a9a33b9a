"""Agility: what a judge makes of weak algorithms that were asked for, and of a field under another algorithm."""

import pytest

from scenarios.actors import Actor
from scenarios.crm import Answer
from scenarios.inside import Find, Searched
from scenarios.keyring import Anew, Keyring
from scenarios.library.security import agility
from scenarios.library.security.agility import FIELD, Agile, Changed, Replaced, another
from scenarios.library.security.attempts import Attempt
from scenarios.port import Refused, Unsupported
from scenarios.verdict import NotTestable

TOLD = Keyring(
    ciphers=(), sealing="1", offered=("AES-256-GCM", "SM4-GCM"), fields={FIELD: "AES-256-GCM"}, kept="a file"
)
NOTHING = Searched(stores={"backup": 1}, finds=())


def yes(given: object = None) -> Attempt[object]:
    return Attempt(actor=Actor.ADMIN, what="asked", answer=Answer(given=given))


def no() -> Attempt[object]:
    return Attempt(actor=Actor.ADMIN, what="asked", answer=Answer(given=None, refusal=Refused("invalid")))


def change(**changes: object) -> Changed:
    batches = (yes(Anew(done=200, left=100)), yes(Anew(done=100, left=0)))
    return Changed("SM4-GCM", 4.0, True, True, batches, True)._replace(**changes)  # type: ignore[arg-type]


REPLACED = Replaced(before={"customers.sealed": ("01",)}, after={"customers.sealed": ("02",)}, left=0)


def seen(**changes: object) -> Agile:
    good = Agile(yes(TOLD), (no(), no()), yes(), change(), NOTHING, REPLACED)  # type: ignore[arg-type]
    return good._replace(**changes)  # type: ignore[arg-type]


def test_weak_ones_refused_and_a_field_changed_pass_every_check() -> None:
    for check in agility.algorithms_good_and_weak_are_chosen.checks:
        assert check.judge(seen()).passed, check.name


def test_one_weak_algorithm_that_is_taken_fails_and_no_choice_at_all_is_unsupported() -> None:
    assert not agility.weak_algorithms_are_refused(seen(weak=(no(), yes()))).passed
    with pytest.raises(Unsupported):
        agility.weak_algorithms_are_refused(seen(weak=(Attempt(actor=Actor.ADMIN, what="", answer=None),)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"felt_after_s": None}, {"old_right": False}, {"new_right": False}, {"right_anew": False},
        {"batches": (yes(Anew(done=200, left=100)), yes(Anew(done=200, left=100)))},
    ],
)  # fmt: skip
def test_a_change_that_is_not_felt_or_loses_values_or_does_not_proceed_fails(wrong: dict[str, object]) -> None:
    assert not agility.a_field_changes_its_algorithm(seen(change=change(**wrong))).passed


def test_one_family_alone_is_not_both() -> None:
    one = Keyring(ciphers=(), sealing="1", offered=("AES-256-GCM",), fields={FIELD: "AES-256-GCM"}, kept="a file")
    assert not agility.international_and_national_families_are_offered(seen(keyring=yes(one))).passed


@pytest.mark.parametrize(
    "wrong",
    [
        {"searched": Searched(stores={}, finds=(Find(store="backup", mark="the wrapping key", where="pg_dump"),))},
        {"keyring": yes(Keyring(ciphers=(), sealing="1", kept="database table keys"))},
    ],
)
def test_a_copy_of_the_key_in_a_store_fails(wrong: dict[str, object]) -> None:
    assert not agility.keys_are_kept_apart_from_data(seen(**wrong)).passed


def test_the_other_family_is_chosen() -> None:
    assert another(TOLD) == "SM4-GCM"
    assert another(Keyring(ciphers=(), sealing="1", offered=TOLD.offered, fields={FIELD: "SM4-GCM"})) == "AES-256-GCM"


def test_a_store_that_kept_the_old_key_fails_and_an_unfinished_change_proves_nothing() -> None:
    kept = REPLACED._replace(after={"customers.sealed": ("02",), "history.before": ("01", "02")})
    assert not agility.nothing_is_left_under_an_old_key(seen(replaced=kept)).passed
    for hidden in (REPLACED._replace(left=3), "nobody may look"):
        with pytest.raises(NotTestable):
            agility.nothing_is_left_under_an_old_key(seen(replaced=hidden))
