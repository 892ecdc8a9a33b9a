"""Tryton: words and refusals of the product, told without it; ``make vendors-check`` meets it as it is."""

import json
from typing import Any

import pytest

from poc.connectors.tryton import TrytonConnector
from poc.connectors.tryton_words import buttons, changed, condition, ours, whole
from scenarios.port import Reply, Unsupported
from synthetic_data.generator import generate
from synthetic_data.records import Account, Customer, Opportunity

BANK = generate(seed=5, customers=60).bank
ONE, DEAL = BANK.customers[0], BANK.of(Opportunity)[0]


def kept_as(told: dict[str, Any]) -> dict[str, Any]:
    """A party as the product hands it out."""
    made = [{"id": place, **one} for place, one in enumerate(told["identifiers"][0][1])]
    return {"id": 1, **told, "identifiers": made}


def test_what_a_party_has_no_field_for_is_an_identifier_and_comes_back() -> None:
    seen = ours(Customer, kept_as(whole(ONE)))
    assert (seen.number, seen["name"], seen["monthly_income"]) == (ONE.number, ONE.name, str(ONE.monthly_income))
    assert (seen["legal_hold"], seen["closed_on"]) == (False, None)


def test_a_changed_identifier_takes_the_place_of_the_old_one() -> None:
    row = kept_as(whole(ONE))
    (old,) = (one["id"] for one in row["identifiers"] if one["code"] == f"tier:{ONE.tier}")
    told = changed(Customer, {"tier": "private", "name": "somebody"}, row)
    assert told == {"name": "somebody", "identifiers": [["delete", [old]], ["create", [{"code": "tier:private"}]]]}


def test_fields_of_its_own_and_identifiers_are_asked_for_in_its_domains() -> None:
    assert condition(Customer, "number", "C1") == ["code", "=", "C1"]
    assert condition(Customer, "tier", "private") == ["identifiers.code", "=", "tier:private"]


def test_a_deal_is_led_by_buttons_and_never_back() -> None:
    assert (buttons("qualified", "lead"), buttons("negotiated", "lead")) == ((), ("opportunity",))
    assert buttons("lost", "opportunity") == ("lost",)
    with pytest.raises(Unsupported, match="from lost to won"):
        buttons("won", "lost")


def test_a_deal_keeps_money_days_and_the_banks_own_word_for_its_stage() -> None:
    told = whole(DEAL)
    assert told["amount"] == {"__class__": "Decimal", "decimal": str(DEAL.amount)}
    seen = ours(Opportunity, {"id": 1, **told, "state": "opportunity", "comment": "stage:negotiated\ncurrency:CNY"})
    assert (seen["stage"], seen["amount"], seen["closes"]) == ("negotiated", str(DEAL.amount), DEAL.closes.isoformat())
    assert ours(Opportunity, {"id": 1, **told, "state": "lost", "comment": "stage:negotiated"})["stage"] == "lost"


def test_a_400_that_speaks_of_rights_is_forbidden() -> None:
    body = json.dumps({"status": 400, "message": 'You are not allowed to access "Party".'}).encode()
    no = TrytonConnector().error_of(Reply(status=400, headers={}, body=body))
    assert no is not None
    assert no.reason == "forbidden"


def test_what_the_product_lacks_is_unsupported() -> None:
    speaker = TrytonConnector()
    for steps in (speaker.list(Account), speaker.list(Customer, sort="tier"), speaker.find(Customer, since__gt="x")):
        with pytest.raises(Unsupported):
            next(steps)
