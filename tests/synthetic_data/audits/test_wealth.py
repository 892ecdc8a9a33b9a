"""Money counts for who is a customer, loans apart."""

from decimal import Decimal

import pytest

from synthetic_data.audits.audit import count
from tests.synthetic_data.audits.village import ACCOUNTS, CLOCK, found, village


def test_assets_are_those_of_open_accounts_of_customers() -> None:
    seen = found(count(village(), CLOCK))
    assert seen["assets_mean"] == pytest.approx(1000 / 3)
    assert seen["tier_upper_assets"] == pytest.approx(0.7)
    assert seen["tier_upper_mean"] == 700
    assert seen["accounts_each"] == pytest.approx(4 / 3)
    assert seen["products_each"] == pytest.approx(4 / 3)
    assert seen["time_share"] == pytest.approx(0.75)
    assert seen["has_deposits"] == 1
    assert seen["has_fund"] == pytest.approx(1 / 3)
    assert seen["income_top20_fund"] == 1


def test_loans_are_counted_by_what_is_owed() -> None:
    accounts = {name: [*rows] for name, rows in ACCOUNTS.items()}
    for name, value in {"number": "A6", "customer": "C1", "product": "loan", "closed": None}.items():
        accounts[name].append(value)
    accounts["balance"].append(Decimal(-500))
    loans = {"account": ["A6"], "purpose": ["housing"], "overdue_days": [200]}
    seen = found(count(village(accounts=accounts, loans=loans), CLOCK))
    assert seen["has_loan"] == pytest.approx(1 / 3)
    assert (seen["debt_housing"], seen["debt_overdue"], seen["debt_top20"]) == (1, 1, pytest.approx(0.2))
    assert seen["assets_mean"] == pytest.approx(1000 / 3), "a debt is no asset"


def test_cards_and_terms_are_counted() -> None:
    cards = {"kind": ["debit", "credit", "debit"], "state": ["active", "active", "expired"]}
    deposits = {"principal": [Decimal(100), Decimal(300)], "months": [12, 36]}
    seen = found(count(village(cards=cards, deposits=deposits), CLOCK))
    assert seen["cards_each"] == pytest.approx(2 / 3)
    assert seen["credit_cards_each"] == pytest.approx(1 / 3)
    assert (seen["deposit_short"], seen["deposit_months"]) == (0.25, 24)
