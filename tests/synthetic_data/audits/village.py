"""village(): a bank of a few people whose every figure can be counted by hand."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa

from synthetic_data.audits.audit import compared
from synthetic_data.audits.tally import Clock, Tally

CLOCK = Clock(date(2026, 6, 30), 8)
Rows = Mapping[str, Sequence[object]]

#: A mother of 40 in the city, a father of 62 abroad, their child of 10, and somebody who left in spring.
CUSTOMERS: Rows = {
    "number": ["C1", "C2", "C3", "C4"],
    "name": ["王芳", "John A Smith", "王伟", "李娜"],
    "language": ["zh", "en", "zh", "zh"],
    "gender": ["F", "M", "M", "F"],
    "birth_date": [date(1986, 1, 1), date(1964, 1, 1), date(2016, 1, 1), date(1990, 1, 1)],
    "monthly_income": [Decimal(8000), Decimal(3000), Decimal(0), Decimal(0)],
    "tier": ["affluent", "mass", "mass", "mass"],
    "risk_level": ["C3", "C2", "C1", "C5"],
    "aml_rating": ["low", "high", "low", "low"],
    "state": ["active", "dormant", "active", "closed"],
    "since": [date(2016, 6, 30), date(2026, 1, 1), date(2020, 1, 1), date(2015, 1, 1)],
    "closed_on": [None, None, None, date(2026, 3, 1)],
    "legal_hold": [False, False, False, True],
}
ACCOUNTS: Rows = {
    "number": ["A1", "A2", "A3", "A4", "A5"],
    "customer": ["C1", "C1", "C2", "C3", "C4"],
    "product": ["current", "fund", "deposit", "current", "current"],
    "balance": [Decimal(100), Decimal(600), Decimal(300), Decimal(0), Decimal(9)],
    "closed": [None, None, None, None, date(2026, 3, 1)],
}
INTERACTIONS: Rows = {
    "customer": ["C1", "C1", "C2", "C1"],
    "channel": ["app", "call", "branch", "web"],
    "direction": ["in", "out", "in", "in"],
    "at": [datetime(2026, 5, day, tzinfo=UTC) for day in (1, 2, 3)] + [datetime(2024, 1, 1, tzinfo=UTC)],
}
CONSENTS: Rows = {
    "customer": ["C1", "C1", "C2", "C2"],
    "purpose": ["marketing", "marketing", "marketing", "sharing"],
    "channel": ["app", "app", "app", "app"],
    "granted": [True, False, True, True],
    "at": [datetime(2025, month, 1, tzinfo=UTC) for month in (1, 2, 1, 1)],
}


def table(rows: Rows) -> pa.Table:
    return pa.table({name: pa.array(list(column)) for name, column in rows.items()})


def village(**more: Rows) -> dict[str, pa.Table]:
    rows = {"customers": CUSTOMERS, "accounts": ACCOUNTS, "interactions": INTERACTIONS, "consents": CONSENTS, **more}
    return {name: table(columns) for name, columns in rows.items()}


def payments(*rows: tuple[str, datetime, str, str, float]) -> Rows:
    """Transactions of (customer, at, kind, channel, amount)."""
    names = ("customer", "at", "kind", "channel", "amount")
    columns = list(zip(*rows, strict=True))
    told: dict[str, Sequence[object]] = dict(zip(names, columns, strict=True))
    return {**told, "amount": [Decimal(str(amount)) for amount in columns[4]]}


def found(tally: Tally) -> dict[str, float | None]:
    return {finding.key: finding.found for finding in compared(tally, {})}
