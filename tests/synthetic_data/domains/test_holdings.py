"""Accounts and positions."""

from collections import Counter, defaultdict
from decimal import Decimal

from synthetic_data.bank import Bank
from synthetic_data.records import Account, Customer, Holding


def test_every_customer_has_a_current_account(bank: Bank) -> None:
    current = Counter(a.customer for a in bank.accounts if a.product == "current")
    assert current == dict.fromkeys((c.number for c in bank.customers), 1)


def test_only_loans_are_below_zero(bank: Bank) -> None:
    assert all((a.balance <= 0) if a.product == "loan" else (a.balance >= 0) for a in bank.accounts)


def test_positions_add_up_to_their_account(bank: Bank) -> None:
    values: dict[str, Decimal] = defaultdict(Decimal)
    for position in bank.of(Holding):
        assert position.value > 0
        values[position.account] += position.value
    invested = [a for a in bank.accounts if a.product in ("fund", "wealth") and a.balance]
    assert values == {a.number: a.balance for a in invested}


def test_nobody_holds_more_risk_than_is_bearable(bank: Bank) -> None:
    for position in bank.of(Holding):
        owner = bank.by_number(Customer, bank.by_number(Account, position.account).customer)
        assert int(position.risk_class[1]) <= int(owner.risk_level[1])


def test_former_customers_have_only_closed_and_empty_accounts(bank: Bank) -> None:
    for customer in (c for c in bank.customers if c.state == "closed"):
        for account in bank.belonging_to(Account, customer.number):
            assert account.closed == customer.closed_on
            assert account.balance == 0


def test_joint_holders_are_earlier_customers_of_the_same_branch(bank: Bank) -> None:
    joint = [(a, h) for a in bank.accounts for h in a.joint_holders]
    assert len(joint) > 30
    for account, holder in joint:
        assert holder < account.customer
        assert bank.by_number(Customer, holder).branch == bank.by_number(Customer, account.customer).branch


def test_accounts_were_opened_by_customers(bank: Bank) -> None:
    assert all(bank.by_number(Customer, a.customer).since <= a.opened <= bank.as_of for a in bank.accounts)
