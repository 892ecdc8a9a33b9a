"""Masking: what a judge makes of values shown, unmasked and rationed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from scenarios.actors import Actor
from scenarios.answers import AuditEntry
from scenarios.library.security import masking
from scenarios.library.security.masking import Seen, Shown
from scenarios.port import Unsupported
from scenarios.verdict import NotTestable
from synthetic_data.generator import generate
from tests.scenarios.library.security.made import missing, no, on_file, yes

ONE = generate(seed=9, customers=1).bank.customers[0]
UNMASK = AuditEntry(
    id="1", at=datetime(2026, 6, 30, tzinfo=UTC), who="play-1-curious", action="customer.unmask", subject=ONE.number
)
MASKED = {
    "national_id": f"{ONE.national_id[:3]}***********{ONE.national_id[-4:]}",
    "mobile": f"{ONE.mobile[:3]}****{ONE.mobile[-4:]}",
    "email": f"{ONE.email[0]}***@{ONE.email.partition('@')[2]}",
    "monthly_income": None,
}


def shown(field: str, value: object, actor: Actor = Actor.TELLER_A, path: str = "get") -> Shown:
    return Shown(actor, path, ONE.number, field, getattr(ONE, field), value)


def seen(*more: Shown, **changes: Any) -> Seen:
    told = on_file(ONE.number, mobile=ONE.mobile, national_id=ONE.national_id)
    good = Seen(
        shown=(*(shown(field, value) for field, value in MASKED.items()), *more),
        exports=((Actor.RM_A, no("forbidden")),),
        errors=((Actor.RM_A, no("duplicate", body=b'{"value": "154****5678"}')),),
        people=(ONE,),
        told=told,
        curious="play-1-curious",
        unmasked=yes(told),
        unreasoned=(no("invalid"), no("invalid")),
        audit=yes((UNMASK,)),
        ration=(*(yes(told) for _ in range(49)), no("throttled")),
    )
    return good._replace(**changes)


def judged(name: str, told: Seen) -> bool:
    checks = {check.name: check for check in masking.restricted_values_are_read_by_six_roles.checks}
    return checks[name].judge(told).passed


def test_a_disciplined_target_passes_every_check() -> None:
    for check in masking.restricted_values_are_read_by_six_roles.checks:
        assert check.judge(seen()).passed, check.name


def test_one_clear_value_is_one_too_many_and_lowers_the_share() -> None:
    leaky = seen(shown("mobile", ONE.mobile, path="search"))
    assert judged("identities_and_cards_are_masked", leaky)
    assert not judged("reads_are_masked", leaky)
    assert masking.reads_are_masked(leaky).measures["masked_share"] == pytest.approx(4 / 5)


def test_a_clear_identity_fails_the_lower_level_too() -> None:
    assert not judged("identities_and_cards_are_masked", seen(shown("card_number", ONE.card_number)))


def test_who_may_see_a_rating_may_see_it() -> None:
    assert judged("reads_are_masked", seen(shown("aml_rating", ONE.aml_rating, Actor.RM_A)))
    assert not judged("reads_are_masked", seen(shown("aml_rating", ONE.aml_rating, Actor.TELLER_A)))


def test_everything_in_clear_means_that_nothing_is_masked() -> None:
    assert not judged("something_is_masked", seen(shown=(shown("mobile", ONE.mobile),)))


def test_without_a_reader_no_mask_was_seen() -> None:
    with pytest.raises(NotTestable):
        masking.reads_are_masked(seen(shown=()))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("national_id", f"{ONE.national_id[:10]}****{ONE.national_id[-4:]}"),
        ("monthly_income", "about 20000"),
        ("email", f"{ONE.email[:4]}***@{ONE.email.partition('@')[2]}"),
    ],
)
def test_a_mask_that_shows_too_much_fails(field: str, value: str) -> None:
    assert not judged("masks_follow_the_pattern", seen(shown(field, value)))


def test_an_export_for_a_banker_with_clear_values_fails() -> None:
    export = (Actor.RM_A, yes((), body=ONE.national_id.encode()))
    assert not judged("exports_are_masked", seen(exports=(export,)))
    entitled = (Actor.COMPLIANCE, yes((), body=ONE.national_id.encode()))
    assert judged("exports_are_masked", seen(exports=(entitled,)))


def test_an_error_that_repeats_the_identity_fails() -> None:
    assert not judged("errors_are_masked", seen(errors=((Actor.RM_A, no("duplicate", body=ONE.national_id.encode())),)))


def test_unmasking_without_a_reason_fails_and_so_does_unmasking_that_stays_masked() -> None:
    assert not judged("unmasking_needs_a_reason", seen(unreasoned=(yes(seen().told), no("invalid"))))
    assert not judged("unmasking_needs_a_reason", seen(told=on_file(ONE.number, mobile="154****5678")))


def test_an_unmasking_that_is_not_on_record_fails() -> None:
    assert not judged("unmasking_is_audited", seen(audit=yes(())))
    assert not judged("unmasking_is_audited", seen(curious="somebody-else"))


def test_the_fifty_first_clear_value_in_an_hour_fails() -> None:
    assert not judged("unmasking_is_rationed", seen(ration=tuple(yes(seen().told) for _ in range(51))))


def test_a_product_without_unmasking_is_unsupported() -> None:
    with pytest.raises(Unsupported):
        masking.unmasking_is_rationed(seen(unmasked=missing(), told=None))
