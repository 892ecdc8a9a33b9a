"""Sightings: clear values are seen in bytes and fields, masked ones are not taken for them."""

import pytest

from scenarios.actors import Actor
from scenarios.library.security.policy import Mask, the_policy
from scenarios.library.security.sightings import in_bytes, in_rows, keeps_the_pattern, spotted
from synthetic_data.bank import Bank
from synthetic_data.canaries import Canaries
from synthetic_data.generator import generate
from tests.scenarios.library.security.made import on_file


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=11, customers=20).bank


def test_a_clear_value_in_a_byte_stream_is_a_leak_to_those_who_must_not_see_it(bank: Bank) -> None:
    one = bank.customers[0]
    body = f'{{"mobile": "{one.mobile}"}}'.encode()
    canaries = Canaries.of(bank)
    assert [leak.field for leak in in_bytes(canaries, body, Actor.MARKETING, "get")] == ["mobile"]
    assert in_bytes(canaries, body, Actor.INTEGRATION, "get") == ()
    assert in_bytes(canaries, body, Actor.COMPLIANCE, "export", operation="customer.export") == ()


def test_what_the_actor_sent_is_no_news_when_it_comes_back(bank: Bank) -> None:
    one = bank.customers[0]
    sent = frozenset({(one.number, "mobile")})
    assert in_bytes(Canaries.of(bank), one.mobile.encode(), Actor.RM_A, "filter", sent=sent) == ()


def test_a_birth_date_is_known_by_the_name_of_its_field(bank: Bank) -> None:
    one = bank.customers[0]
    known = {one.number: one}
    clear = on_file(one.number, birth_date=one.birth_date.isoformat(), aml_rating=one.aml_rating)
    assert [leak.field for leak in in_rows(known, [clear], Actor.RM_A, "get")] == ["birth_date"]
    masked = on_file(one.number, birth_date=f"{one.birth_date.year}-**-**", monthly_income=None)
    assert in_rows(known, [masked], Actor.MARKETING, "get") == ()


def test_own_values_of_newcomers_are_spotted(bank: Bank) -> None:
    one = bank.customers[0]
    assert spotted([one], one.national_id.encode()) == (f"{one.number}.national_id",)
    assert spotted([one], b"138****5678") == ()


@pytest.mark.parametrize(
    ("field", "clear", "shown"),
    [
        ("national_id", "160101198505041234", "160***********1234"),
        ("mobile", "15412345678", "154****5678"),
        ("email", "alder.vane@example.com", "a***@example.com"),
        ("address", "深圳市南山区科技园一路1号", "深圳市南山区****"),
        ("birth_date", "1985-05-04", "1985-**-**"),
        ("card_number", "9999000123456781", "999900******6781"),
        ("mobile", "15412345678", "***********"),
    ],
)
def test_the_banks_masks_keep_the_pattern(field: str, clear: str, shown: str) -> None:
    assert keeps_the_pattern(the_policy().masks[field], clear, shown)


@pytest.mark.parametrize(
    ("mask", "clear", "shown"),
    [
        (Mask(first=3, last=4), "160101198505041234", "160101198505041234"),
        (Mask(first=3, last=4), "160101198505041234", "160101********1234"),
        (Mask(first=3, last=4), "160101198505041234", "160***1985****1234"),
        (Mask(first=3, last=4), "15412345678", "154***45678"),
        (Mask(first=1, after="@"), "alder.vane@example.com", "alder***@example.com"),
        (Mask(first=6), "1 Harbour Road", "1 Harbour ****"),
    ],
)
def test_masks_that_show_too_much_are_found(mask: Mask, clear: str, shown: str) -> None:
    assert not keeps_the_pattern(mask, clear, shown)
