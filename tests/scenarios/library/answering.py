"""Answering: answers made by hand, for judging without a CRM."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from scenarios.answers import OnFile
from scenarios.crm import Answer
from scenarios.lines import plain
from scenarios.port import Refused, Reply
from synthetic_data.records import Account, Customer, Record


def yes(given: Any, *, seconds: float = 0.01, body: bytes = b"") -> Answer[Any]:
    return Answer(given=given, seconds=seconds, replies=(Reply(status=200, headers={}, body=body, seconds=seconds),))


def no(reason: str, status: int = 409) -> Answer[Any]:
    return Answer(
        given=None, refusal=Refused(reason, status=status), replies=(Reply(status=status, headers={}, body=b""),)
    )


def shown(record: Record, **other: object) -> OnFile:
    """Return a record as a target shows it, with some fields otherwise."""
    told = {name: plain(getattr(record, name)) for name in record.__dataclass_fields__}
    return OnFile(kind=type(record).__name__, number=record.number, fields={**told, **other}, version="1")


def customer(number: str = "C1", **other: Any) -> Customer:
    told: dict[str, Any] = {
        "number": number,
        "name": "Ada Farrow",
        "latin_name": "Ada Farrow",
        "language": "en",
        "gender": "F",
        "birth_date": date(1980, 5, 6),
        "national_id": "205760198005064416",
        "mobile": "15443626847",
        "email": "ada@example.com",
        "address": "12 Mill Lane, Newcomb",
        "card_number": "9999000512584255",
        "monthly_income": Decimal("1000.00"),
        "currency": "CNY",
        "occupation": "Archivist",
        "employer": "Mill",
        "tier": "mass",
        "risk_level": "C3",
        "aml_rating": "low",
        "state": "active",
        "branch": "BR01",
        "manager": "S0001",
        "since": date(2020, 1, 2),
    }
    return Customer(**{**told, **other})


def account(number: str, owner: str, balance: str, *joint: str) -> Account:
    return Account(
        number=number,
        customer=owner,
        product="savings",
        currency="CNY",
        balance=Decimal(balance),
        opened=date(2020, 1, 2),
        joint_holders=joint,
    )


def at(hour: int, minute: int = 0, *, day: int = 11, month: int = 3) -> datetime:
    """Return a moment of March 2026 on the bank's clock, UTC."""
    return datetime(2026, month, day, hour - 8, minute, tzinfo=UTC)
