"""Profile of money: what a kind of bank claims about its customers' payments, and how much is planted in them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from synthetic_data.figures import Amount, Count, Curve, Part, Share, Sourced, Table

Positive = Annotated[float, Field(gt=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Where = Literal["shop", "online", "transfer"]


class Peak(Sourced):
    """Days on which more (or less) is paid: ``factor`` from ``before`` days before each to ``after`` days after it."""

    days: Annotated[tuple[date, ...], Field(min_length=1)]
    before: Annotated[int, Field(ge=0, le=60)]
    after: Annotated[int, Field(ge=0, le=60)]
    factor: Positive
    touches: Annotated[tuple[Where, ...], Field(min_length=1)]


class Calendar(Part):
    """When people pay: weights of weekdays (mon ... sun) and of hours (00 ... 23) by where they pay."""

    utc_offset: Amount  # hours
    month_end: Amount  # factor on the last three days of a month
    weekdays_shop: Table
    weekdays_online: Table
    weekdays_office: Table
    hours_shop: Table
    hours_online: Table
    hours_office: Table
    peaks: dict[str, Peak]

    @model_validator(mode="after")
    def _knows_every_hour(self) -> "Calendar":
        for name, wanted in (("weekdays", 7), ("hours", 24)):
            for where in ("shop", "online", "office"):
                if len(getattr(self, f"{name}_{where}").shares) != wanted:
                    raise ValueError(f"{name}_{where} must have {wanted} weights")
        return self


class Category(Sourced):
    """What is bought: weight among purchases, median amount, spread (deviation of its logarithm), share online."""

    share: Positive
    median: Positive
    spread: Positive
    online: Fraction


class Segment(Sourced):
    """How a true segment of customers differs: weight, and factors on what the average customer does."""

    share: Positive
    purchases: Positive
    transfers: Positive
    cash: Positive
    online: Positive
    travel: Positive


class Flows(Part):
    """Money that comes and goes; amounts in the home currency, rates in events a month."""

    payroll: Share
    paydays: Table
    wobble: Share
    bonus: Amount
    employers: Count
    renters: Share
    rent_of_income: Share
    bills: Amount
    bill: Curve
    mortgage_elsewhere: Share
    purchases: Amount
    purchases_spread: Amount
    burst: Share
    transfers: Amount
    transfers_inside: Share
    transfer_median: Amount
    transfer_spread: Amount
    lucky: Table
    cash: Amount
    cash_step: Amount
    step: Amount
    merchants: Count


class Products(Part):
    """Terms of the products; rates a year."""

    savings_rate: Share
    deposit_terms: Table
    deposit_rate: Share
    loan_rate: Share
    loan_months_small: Count
    loan_months_large: Count
    loan_large: Amount
    overdue: Share
    credit_card: Share
    fund_orders: Amount
    valuation_spread: Share
    fx_deals: Amount
    fx_median: Amount
    currencies: dict[str, Amount]


class Churn(Part):
    """Who leaves within the horizon: odds without any sign, factors on them for each sign, and how plain signs are."""

    fading: Share
    shown: Share
    noise: Share
    visibility: Share
    days: Count
    horizon: Count
    base: Share
    logins: Amount
    activity: Amount
    salary: Amount
    drain: Amount
    complaint: Amount
    logins_a_month: Amount


class Offer(Sourced):
    """A product on offer: share that would take it unasked, odds factors, yearly value, and the risk class it asks."""

    base: Fraction
    lift: Positive
    held: Positive
    value: Positive
    risk: Annotated[int, Field(ge=1, le=5)]
    segments: dict[str, Positive]
    tiers: dict[str, Positive]


class Behaviour(Part):
    """What moves customers; ``contrast`` 1 keeps segments as told, 0 makes them all alike."""

    contrast: Share
    holder_boost: Amount
    hidden: Amount  # deviation of the logarithm of odds that no data show
    night: Share
    car: Share
    parent: Share
    segments: dict[str, Segment]
    offers: dict[str, Offer]


class Risk(Part):
    """Planted cases of suspicious conduct; each draws its difficulty between ``easiest`` and ``hardest`` (0 ... 1)."""

    per_half_million: Amount
    easiest: Share
    hardest: Share
    kinds: Table
    cash_report: Amount
    transfer_report: Amount
    typical: Curve


class Money(Part):
    """Payments over the months before the day the bank is seen, and the behaviour behind them."""

    months: Count
    calendar: Calendar
    flows: Flows
    products: Products
    categories: dict[str, Category]
    churn: Churn
    behaviour: Behaviour
    risk: Risk
