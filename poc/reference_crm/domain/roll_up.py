"""Roll-up: what a household owns together at a moment, each account once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """A customer's time in a household; ``until`` is the first day no longer in it."""

    customer: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An account with all who own it; ``balance`` is negative for what is owed."""

    number: str
    product: str
    holders: frozenset[str]
    balance: Decimal
    currency: str
    opened: date
    closed: date | None = None


def members_at(belongings: Iterable[Belonging], day: date) -> frozenset[str]:
    """Return who belonged to a household on a day."""
    return frozenset(one.customer for one in belongings if is_current(one, day))


def is_current(one: Belonging, day: date) -> bool:
    """Whether a membership holds on a day; its end day is already outside."""
    return one.since <= day and (one.until is None or day < one.until)


def is_open(account: Held, day: date) -> bool:
    """Whether an account counts on a day: opened by then, and not closed by then."""
    return account.opened <= day and (account.closed is None or day < account.closed)


def is_managed(account: Held) -> bool:
    """Whether an account holds money under management: what is owed is none."""
    return account.product != "loan"


def owned(accounts: Iterable[Held], members: frozenset[str], day: date) -> dict[str, Held]:
    """Return the open accounts under management that a member owns, by number: one held jointly appears once."""
    return {
        account.number: account
        for account in accounts
        if account.holders & members and is_open(account, day) and is_managed(account)
    }


def totals(accounts: Iterable[Held]) -> dict[str, Decimal]:
    """Return the sum of balances by currency; currencies are never added together."""
    sums: dict[str, Decimal] = {}
    for account in accounts:
        sums[account.currency] = sums.get(account.currency, Decimal(0)) + account.balance
    return sums
