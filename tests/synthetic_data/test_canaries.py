"""Leaks that name where they began."""

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from synthetic_data.bank import Bank, canonical
from synthetic_data.canaries import Canaries, Sighting
from synthetic_data.records import Customer, Interaction
from synthetic_data.truth import Truth


@pytest.fixture(scope="module")
def canaries(bank: Bank) -> Canaries:
    return Canaries.of(bank)


def loner(bank: Bank, truth: Truth) -> Customer:
    """A customer who shares nothing with anybody."""
    tied = {c for pair in truth.duplicates for c in pair[:2]} | {s.customer for s in truth.stays}
    return next(c for c in bank.customers if c.number not in tied)


@pytest.mark.parametrize("field", ["national_id", "mobile", "email", "address", "card_number"])
def test_a_value_in_clear_names_customer_and_field(bank: Bank, truth: Truth, canaries: Canaries, field: str) -> None:
    who = loner(bank, truth)
    body = json.dumps({"id": who.number, field: getattr(who, field)}, ensure_ascii=False).encode()
    assert canaries.scan(body) == (Sighting(who.number, field),)


def test_the_text_of_an_interaction_names_its_customer(bank: Bank, canaries: Canaries) -> None:
    one = bank.of(Interaction)[0]
    assert [(s.customer, s.field) for s in canaries.scan(one.text)] == [(one.customer, "text")]


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: text,
        lambda text: json.dumps(text),
        lambda text: quote(text),
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
        lambda text: f'<a href="mailto:{text}">{text}</a>',
    ],
)
@pytest.mark.parametrize("field", ["national_id", "email", "address", "card_number"])
def test_a_disguise_does_not_help(
    bank: Bank, truth: Truth, canaries: Canaries, field: str, disguise: Callable[[str], str]
) -> None:
    who = loner(bank, truth)
    assert canaries.scan(f"[{disguise(getattr(who, field))}]") == (Sighting(who.number, field),)


def test_digits_that_are_broken_into_groups_are_recognised(bank: Bank, truth: Truth, canaries: Canaries) -> None:
    who = loner(bank, truth)
    card = "-".join(who.card_number[i : i + 4] for i in range(0, 16, 4))
    mobile = f"+86 {who.mobile[:3]} {who.mobile[3:7]} {who.mobile[7:]}"
    assert {s.field for s in canaries.scan(f"{card}; {mobile}")} == {"card_number", "mobile"}


def test_masked_values_do_not_sing(bank: Bank, canaries: Canaries) -> None:
    for who in bank.customers[:300]:
        masked = {
            "national_id": f"{who.national_id[:3]}***********{who.national_id[-4:]}",
            "mobile": f"{who.mobile[:3]}****{who.mobile[-4:]}",
            "email": f"{who.email[:1]}***@{who.email.rpartition('@')[2]}",
            "address": f"{who.address[:6]}****",
            "card_number": f"{who.card_number[:6]}******{who.card_number[-4:]}",
            "birth_date": f"{who.birth_date.year}-**-**",
            "number": who.number,
            "name": who.name,
        }
        assert canaries.scan(json.dumps(masked)) == ()


def test_a_whole_export_is_recognised_customer_by_customer(bank: Bank, canaries: Canaries) -> None:
    data = b"\n".join(canonical(c) for c in bank.customers)
    seen = {(n, s.field) for s in canaries.scan(data) for n in (s.customer, *s.also)}
    for field in ("national_id", "mobile", "email", "address", "card_number"):
        assert {(c.number, field) for c in bank.customers if getattr(c, field)} <= seen


def test_what_is_shared_names_all_who_share_it(bank: Bank, truth: Truth, canaries: Canaries) -> None:
    pair = next(p for p in truth.duplicates if p.kind == "typo")
    (sighting,) = canaries.scan(bank.by_number(Customer, pair.kept).mobile)
    assert sighting == Sighting(pair.kept, "mobile", (pair.duplicate,))


def test_those_who_share_a_value_are_of_one_branch(bank: Bank, canaries: Canaries) -> None:
    for sighting in canaries.known.values():
        holders = (bank.by_number(Customer, n) for n in (sighting.customer, *sighting.also))
        assert len({c.branch for c in holders}) == 1


def test_other_peoples_values_and_bytes_that_are_no_text_are_passed_over(canaries: Canaries) -> None:
    assert canaries.scan(b"\xff\xfe\x00\x01 11010519491231002X 13800138000 4111111111111111 a@example.com") == ()
    assert canaries.scan(b"") == ()
