"""Ledger: the nouns of money: movements on accounts, merchants, payers, cards, terms of contracts, use of channels."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from synthetic_data.records import Record, Word

#: What a movement is for, as the bank books it.
MOVES = (
    "opening", "salary", "pension", "transfer_in", "transfer_out", "purchase", "rent", "bill", "cash_in", "cash_out",
    "disbursement", "instalment", "interest", "placement", "maturity", "subscription", "redemption", "valuation",
    "fx_bought", "fx_sold", "closing",
)  # fmt: skip
#: Where a movement was ordered.
WAYS = ("app", "web", "pos", "atm", "branch", "system")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction(Record):
    """A movement on an account; each account's movements, added up in their order, end at its balance on file."""

    customer: str
    account: str
    at: datetime
    kind: Word  # one of MOVES
    channel: Word  # app | web | pos | atm | branch | system
    amount: Decimal  # positive when money comes in
    currency: Word
    balance: Decimal  # of the account, after the movement
    counterparty: str | None = None  # a merchant, a payer, or an account here or at any other bank: no reference
    category: Word | None = None  # of a purchase or bill, such as groceries
    origin: str | None = None  # private network address from which it was ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant(Record):
    """Somebody who is paid by card; the first of a bank sell everywhere, the others in one neighbourhood."""

    name: str
    category: Word
    online: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer(Record):
    """Somebody who pays wages through the bank, and on which day of the month (the last working day by then)."""

    name: str
    payday: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(Record):
    """A card on an account."""

    customer: str
    account: str
    kind: Word  # debit | credit
    card_number: str  # Luhn-valid in a test range
    ceiling: Decimal | None  # of credit
    opened: date
    expires: date
    state: Word  # active | expired | closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit(Record):
    """The terms of a fixed deposit."""

    account: str
    customer: str
    principal: Decimal
    rate: Annotated[Decimal, 6]  # a year
    months: int
    placed: date
    matures: date
    rolls: bool  # placed again at maturity


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan(Record):
    """The terms of a loan that is paid back in equal parts of principal."""

    account: str
    customer: str
    purpose: Word  # housing | consumer
    principal: Decimal  # as granted
    rate: Annotated[Decimal, 6]  # a year
    months: int  # still to be paid on the day the bank is seen
    granted: date
    instalment_day: int
    overdue_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FxDeal(Record):
    """An exchange of currencies."""

    customer: str
    transaction: str
    sold: Word
    sold_amount: Decimal
    bought: Word
    bought_amount: Decimal
    rate: Annotated[Decimal, 6]  # home currency for one unit of the foreign one


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement(Record):
    """A customer's month on the bank's channels."""

    customer: str
    month: date  # its first day
    logins: int
    active_days: int
    calls: int
    complaints: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona(Record):
    """Truth: the segment a customer belongs to, and what the payments should betray."""

    customer: str
    segment: Word
    payer: str | None  # who pays the wages, through this bank
    payday: int | None
    rents: bool
    mortgage_elsewhere: bool
    traveller: bool
    night_user: bool
    car_owner: bool
    parent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Churn(Record):
    """Truth: how likely a customer leaves within the horizon after the day the bank is seen, and which signs it has."""

    customer: str
    hazard: float  # probability of leaving within the horizon
    leaves: bool  # drawn with that probability
    leaves_on: date | None
    logins_fade: bool
    activity_fades: bool
    salary_moves: bool
    balance_drains: bool
    complains: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Propensity(Record):
    """Truth: how likely a customer takes a product within the horizon, offered and unasked, and what came of it."""

    customer: str
    product: Word
    probability: float  # when it is offered
    probability_alone: float  # when it is not
    value: Decimal  # of a year, to the bank
    suitable: bool  # whether the customer may bear its risk
    takes: bool  # when it is offered
    takes_alone: bool  # when it is not; nobody takes alone what they would not take when offered


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAction(Record):
    """Truth: the suitable offer that brings most by probability times value; none for whom may not be asked."""

    customer: str
    consented: bool
    product: Word | None
    gain: Decimal  # probability times value of it; 0 without one


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskCase(Record):
    """Truth: a planted case of suspicious conduct."""

    customer: str  # the member it hangs on
    kind: Word  # structuring | fan_in | fan_out | awakening | rapid | circular | cluster
    difficulty: float  # 0 plain ... 1 hard
    began: datetime
    ended: datetime
    events: int
    amount: Decimal  # all that moved, in and out


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskEvent(Record):
    """Truth: a transaction that belongs to a planted case; ``number`` is the transaction's."""

    case: str
    customer: str
