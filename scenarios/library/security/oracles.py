"""Oracles: what can be learned of a value that is not shown, by asking yes-or-no questions about it."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.library.security.attempts import attempt
from synthetic_data.records import Customer

#: Questions after which a birth date in a century is known to the month, an income below a million to a thousand.
QUESTIONS = 11


class Guess(NamedTuple):
    """One binary search: how far an actor came with a customer's field."""

    actor: Actor
    customer: str
    field: str
    offered: bool
    learned: bool

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.actor} works out {self.field} of {self.customer}"


def guesses(view: CRM, customers: tuple[Customer, ...]) -> Iterator[Guess]:
    """Search for birth dates and incomes of customers by filters alone; yields nothing where lists are not offered."""
    for one in customers:
        for field, low, high in (("birth_date", 0, 36_525), ("monthly_income", 0, 1_000_000)):
            yield _search(view, one, field, low, high)


def _search(view: CRM, one: Customer, field: str, low: int, high: int) -> Guess:
    """Ask whether the value is above the middle, and halve; a refusal ends the search with nothing learned."""
    span = high - low
    for _ in range(QUESTIONS):
        middle = (low + high) // 2
        where = {"name": one.name, f"{field}__gt": _told(field, middle)}
        asked = attempt(view, f"filter by {field}", partial(CRM.list, kind=Customer, where=where, limit=50))
        if not asked.ok:
            return Guess(view.actor, one.number, field, asked.offered, learned=False)
        above = one.number in {row.number for row in asked.value}
        low, high = (middle, high) if above else (low, middle)
    near = span // 2**QUESTIONS + 1
    return Guess(view.actor, one.number, field, True, learned=low - near <= _place(one, field) <= high + near)


def _told(field: str, place: int) -> str:
    return (date(1926, 1, 1) + timedelta(days=place)).isoformat() if field == "birth_date" else str(place)


def _place(one: Customer, field: str) -> int | Decimal:
    return (one.birth_date - date(1926, 1, 1)).days if field == "birth_date" else one.monthly_income
