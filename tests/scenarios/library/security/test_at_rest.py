"""At rest: what a judge makes of what was found in stores, of ciphertexts, and of a key that was taken away."""

import pytest

from poc.reference_crm import checks as rules
from scenarios.actors import Actor
from scenarios.crm import Answer
from scenarios.inside import Cells, Find, Searched
from scenarios.keyring import Cipher, Keyring
from scenarios.library.security import at_rest
from scenarios.library.security.at_rest import ORDINARY, AtRest, Deep, Read, Revoked, both
from scenarios.library.security.attempts import Attempt
from scenarios.port import Unsupported
from scenarios.verdict import NotProven, NotTestable

STORY = at_rest.marked_customers_are_looked_for_in_every_store
STORES = {"backup": 10, "data files": 10, "write-ahead log": 10, "log": 10}
OPEN, SHUT = Read("ok", "values"), Read("locked", "")
WELL = Revoked(before=OPEN, closed_after_s=1.0, meanwhile={"the core system": "locked"}, opened_after_s=1.0)


def row(serial: int, **changes: tuple[bytes, ...]) -> Cells:
    return Cells(**{"ciphertexts": (bytes([serial]) * 40,), "indexes": (b"a", b"b"), **changes})


def keyring(**changes: object) -> Attempt[Keyring]:
    told = {
        "ciphers": (Cipher(use="restricted fields at rest", name="AES-256-GCM", bits=256),), "sealing": "1",
        "tenants": ("this bank",), "held_by": "bank", "revoked_within_s": 5.0,
    } | changes  # fmt: skip
    return Attempt(actor=Actor.ADMIN, what="keys", answer=Answer(given=Keyring(**told)))  # type: ignore[arg-type]


def deep(**changes: object) -> Deep:
    good = Deep(
        size=ORDINARY,
        searched=Searched(stores=STORES, finds=()),
        cells={str(n): row(n) for n in range(ORDINARY.rows)},
        rewritten=(row(100), row(101)),
        spoilt=(SHUT, SHUT),
        mended=OPEN,
        revoked=WELL,
    )
    return good._replace(**changes)  # type: ignore[arg-type]


def seen(told: Attempt[Keyring] | None = None, **changes: object) -> AtRest:
    return AtRest(told or keyring(), deep(**changes))


def found(store: str) -> Searched:
    return Searched(stores=STORES, finds=(Find(store=store, mark="email", where="somewhere"),))


def test_marks_nowhere_and_a_key_that_closes_everything_pass_every_check() -> None:
    for check in STORY.checks:
        assert check.judge(seen()).passed, check.name


def test_a_key_that_is_taken_away_tells_after_how_many_seconds_it_had_no_effect() -> None:
    assert at_rest.the_bank_holds_the_key(seen()).measures == {"revocation_s": 1.0}


@pytest.mark.parametrize(
    ("store", "also"),
    [
        ("backup", at_rest.sensitive_fields_are_encrypted),
        ("write-ahead log", at_rest.volumes_are_encrypted),
        ("log", at_rest.no_mark_is_found_in_any_store),
    ],
)
def test_one_mark_in_one_store_fails(store: str, also: object) -> None:
    assert not at_rest.no_mark_is_found_in_any_store(seen(searched=found(store))).passed
    assert not also(seen(searched=found(store))).passed  # type: ignore[operator]


def test_who_does_not_let_us_look_is_not_tested_and_not_blamed() -> None:
    hidden = AtRest(keyring(), "the settings give no access")
    for check in STORY.checks:
        if check.name in ("encryption_is_described", "each_tenant_has_its_key"):
            assert check.judge(hidden).passed
        elif check.name != "the_bank_holds_the_key":
            with pytest.raises(NotTestable, match="no access"):
                check.judge(hidden)


@pytest.mark.parametrize(
    "changes",
    [
        {"cells": {str(n): row(1) for n in range(ORDINARY.rows)}},
        {"rewritten": (row(1), row(1))},
        {"cells": {str(n): row(n, indexes=(b"a", b"a")) for n in range(ORDINARY.rows)}},
    ],
)
def test_equal_ciphertexts_an_equal_rewrite_or_a_shared_index_fail(changes: dict[str, object]) -> None:
    assert not at_rest.equal_values_differ_at_rest(AtRest(keyring(), deep(**changes))).passed


def test_one_changed_bit_that_is_read_as_something_else_fails() -> None:
    assert not at_rest.encryption_is_authenticated(seen(spoilt=(SHUT, Read("ok", "garbage")))).passed


@pytest.mark.parametrize("changes", [{"mended": SHUT}, {"spoilt": (OPEN, SHUT)}])
def test_a_record_that_rests_elsewhere_or_never_opens_proves_nothing(changes: dict[str, object]) -> None:
    with pytest.raises(NotTestable):
        at_rest.encryption_is_authenticated(AtRest(keyring(), deep(**changes)))


@pytest.mark.parametrize(
    "revoked",
    [
        WELL._replace(meanwhile={"who sees masked values": "ok"}),
        WELL._replace(opened_after_s=None),
        WELL._replace(closed_after_s=None, meanwhile={"the core system": "ok"}),
    ],
)
def test_a_way_around_the_key_fails(revoked: Revoked) -> None:
    assert not at_rest.the_bank_holds_the_key(seen(revoked=revoked)).passed


def test_a_product_that_promises_nothing_quicker_is_not_judged_in_seconds() -> None:
    slow = WELL._replace(closed_after_s=None, meanwhile={"the core system": "ok"})
    with pytest.raises(NotProven):
        at_rest.the_bank_holds_the_key(seen(keyring(revoked_within_s=None), revoked=slow))


def test_a_vendors_key_and_a_key_for_everybody_are_told_apart_from_the_banks() -> None:
    with pytest.raises(Unsupported, match="vendor"):
        at_rest.the_bank_holds_the_key(seen(keyring(held_by="vendor")))
    assert not at_rest.each_tenant_has_its_key(seen(keyring(tenants=("all",)))).passed


@pytest.mark.parametrize("identity", ["910000198001010011", "910000199812310027", "910000195502280001"])
def test_one_number_passes_for_an_identity_and_for_a_card(identity: str) -> None:
    twice = both(identity, "6220001234567890")
    assert (rules.national_id(twice), rules.card_number(twice)) == (None, None)
