"""Amagi: words, filters and refusals of the product, told without it; the contract suite meets it as it is."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from poc.connectors.amagi import AmagiConnector
from poc.connectors.amagi_words import changed, entry, error_of, ours, whole
from scenarios.port import Refused, Reply, Steps, Unsupported, drive
from synthetic_data.generator import generate
from synthetic_data.records import Account, Customer, Opportunity

BANK = generate(seed=5, customers=60).bank
ONE = BANK.customers[0]
DEAL = BANK.of(Opportunity)[0]


def row(one: Customer, number: int) -> dict[str, object]:
    return {"id": number, **whole(one)}


def answered(steps: Steps[object], *replies: Reply) -> object:
    left = list(replies)
    return drive(steps, lambda _: left.pop(0), AmagiConnector().error_of)


def reply(told: object, status: int = 200) -> Reply:
    import json

    return Reply(status=status, headers={}, body=json.dumps(told).encode())


def test_what_a_contact_has_no_field_for_is_a_tag_and_comes_back() -> None:
    told = whole(ONE)
    assert (told["last_name"], told["phone"], "tier:" + ONE.tier in told["tags"]) == (ONE.name, ONE.mobile, True)
    seen = ours(Customer, row(ONE, 1))
    assert (seen.number, seen["legal_hold"], seen["closed_on"]) == (ONE.number, False, None)
    assert seen["monthly_income"] == str(ONE.monthly_income)


def test_the_export_joins_tags_by_commas_and_they_come_apart_again() -> None:
    lane = replace(ONE, address="1 First Lane, house 2")
    told = row(lane, 1)
    seen = ours(Customer, {**told, "tags": ",".join(whole(lane)["tags"])})
    assert (seen["address"], seen.number) == ("1 First Lane, house 2", ONE.number)


def test_one_changed_tag_takes_the_others_along_and_a_field_does_not() -> None:
    assert changed(Customer, {"email": "new@example.com"}, row(ONE, 1)) == {"email": "new@example.com"}
    tags = changed(Customer, {"tier": "private"}, row(ONE, 1))["tags"]
    assert ("tier:private" in tags, len(tags)) == (True, len(whole(ONE)["tags"]))


def test_a_deal_keeps_cents_stage_and_day() -> None:
    told = whole(replace(DEAL, amount=Decimal("1234.50"), stage="won"))
    assert (told["amount_cents"], told["stage"], told["expected_close"]) == (123450, "Won", DEAL.closes.isoformat())
    assert ours(Opportunity, {"id": 1, **told})["amount"] == "1234.50"


def test_the_second_of_two_who_share_an_address_keeps_it_when_a_bank_moves_in() -> None:
    double = reply({"detail": "a contact with that email already exists", "existing_id": 7}, 409)
    with pytest.raises(Refused, match="duplicate"):
        answered(AmagiConnector().create(ONE), double)
    nobody = reply({"total": 0, "items": []})
    assert answered(AmagiConnector().create(ONE, key="1"), double, nobody, reply({"id": 8}, 201)) == ONE.number
    shared = {**row(ONE, 8), "email": None}
    assert ours(Customer, {**shared, "tags": [*whole(ONE)["tags"], "email:a@b.example"]})["email"] == "a@b.example"


def test_several_values_are_looked_for_on_all_pages() -> None:
    other = replace(ONE, number="C2", name="somebody else")
    page = reply({"total": 2, "items": [row(other, 1), row(ONE, 2)]})
    found = answered(
        AmagiConnector().list(Customer, where={"occupation": ONE.occupation, "name": ONE.name}, limit=1), page
    )
    assert [one.number for one in found.rows] == [ONE.number]  # type: ignore[attr-defined]
    assert found.next is None  # type: ignore[attr-defined]


def test_what_the_product_lacks_is_unsupported_and_no_fault_of_ours() -> None:
    speaker = AmagiConnector()
    for steps in (
        speaker.list(Account),
        speaker.get(Account, "A1"),
        speaker.list(Customer, where={"since__gt": "2020-01-01"}),
        speaker.list(Customer, sort="tier"),
        speaker.update(Customer, ONE.number, {"tier": "private"}, version="1"),
        speaker.count(Customer, "tier"),
    ):
        with pytest.raises(Unsupported):
            answered(steps)


def test_the_trail_of_somebody_who_is_no_longer_on_file_cannot_be_asked_for() -> None:
    with pytest.raises(Unsupported, match="no longer on file"):
        answered(AmagiConnector().audit(subject="C9"), reply([]), reply({"total": 0, "items": []}))


def test_an_entry_of_the_trail_names_fields_and_no_values() -> None:
    told = {"id": 3, "ts": "2026-11-24T04:00:00+00:00", "actor": "rm-a", "action": "update", "entity": "contact",
            "entity_id": 7, "fields": '["email"]'}  # fmt: skip
    seen = entry(told, "C1")
    assert (seen.action, seen.subject, seen.before, seen.after) == ("contact.update", "C1", None, '["email"]')
    assert seen.at == datetime(2026, 11, 24, 4, tzinfo=UTC)


def test_a_refusal_keeps_the_products_words() -> None:
    no = error_of(reply({"detail": "admin role required"}, 403))
    assert no is not None
    assert (no.reason, "admin role required" in str(no)) == ("forbidden", True)
