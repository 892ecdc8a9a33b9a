"""Retention: whether a customer may be forgotten, and if not, under which rule and until when."""

from dataclasses import dataclass
from datetime import date

#: Identity data and transaction records are kept at least so long after the relationship ends.
YEARS_KEPT = 10
AML_BASIS = "AML law 2024 art. 34: customer identity and transaction records are kept for 10 years after the end"
CONTRACT_BASIS = "PIPL art. 13(2), GDPR art. 17(3)(b): a contract with the customer still runs"
HOLD_BASIS = "legal hold: records are needed for a legal claim (GDPR art. 17(3)(e))"
PROCESSING_BASIS = "PIPL art. 47, GDPR art. 18: processing is restricted to storage and the necessary protection"

REQUESTS = ("access", "portability", "rectify", "restrict", "object", "erase")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """What decides on erasure: when the customer left, whether a claim or a contract binds the bank."""

    closed_on: date | None
    legal_hold: bool
    open_contracts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``erase`` or keep; a keeping decision names its basis and, where there is one, the day on which it ends."""

    erase: bool
    basis: str = ""
    until: date | None = None


def kept_until(closed_on: date) -> date:
    """Return the first day on which records of a relationship that ended may go."""
    year = closed_on.year + YEARS_KEPT
    try:
        return closed_on.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def erasure(relationship: Relationship, today: date) -> Decision:
    """Decide on a request to be forgotten; the strongest reason to keep is named first."""
    if relationship.legal_hold:
        return Decision(erase=False, basis=HOLD_BASIS, until=end_of_keeping(relationship))
    if relationship.open_contracts or relationship.closed_on is None:
        return Decision(erase=False, basis=f"{CONTRACT_BASIS}; {AML_BASIS}")
    if is_retained(relationship.closed_on, today):
        return Decision(erase=False, basis=AML_BASIS, until=kept_until(relationship.closed_on))
    return Decision(erase=True)


def is_retained(closed_on: date, today: date) -> bool:
    """Whether the law still asks for the records of a relationship that ended."""
    return today < kept_until(closed_on)


def end_of_keeping(relationship: Relationship) -> date | None:
    """Return when keeping would end without the hold; None while the relationship goes on."""
    return None if relationship.closed_on is None else kept_until(relationship.closed_on)
