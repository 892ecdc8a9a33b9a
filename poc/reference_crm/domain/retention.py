"""Retention: whether a customer may be forgotten, and if not, under which rule and until when."""

from dataclasses import dataclass
from datetime import date

#: Identity data and transaction records are kept at least so long after the relationship ends.
YEARS_KEPT = 10
#: A legal hold is looked at again every year (assumption: the bank's own rule).
HOLD_REVIEW_YEARS = 1
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
    """``erase`` or keep; a keeping decision names its basis and the earliest day on which it may end."""

    erase: bool
    basis: str = ""
    until: date | None = None


def kept_until(closed_on: date) -> date:
    """Return the first day on which records of a relationship that ended may go."""
    return years_on(closed_on, YEARS_KEPT)


def years_on(day: date, years: int) -> date:
    """Return the same day some years on; a leap day becomes the first of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def erasure(relationship: Relationship, today: date) -> Decision:
    """Decide on a request to be forgotten; the strongest reason to keep is named first."""
    if relationship.legal_hold:
        return Decision(erase=False, basis=HOLD_BASIS, until=end_of_hold(relationship, today))
    if relationship.open_contracts:
        return Decision(erase=False, basis=f"{CONTRACT_BASIS}; {AML_BASIS}", until=kept_until(today))
    if relationship.closed_on is None:
        return Decision(erase=False, basis=f"{AML_BASIS}; the relationship has not ended", until=kept_until(today))
    if is_retained(relationship.closed_on, today):
        return Decision(erase=False, basis=AML_BASIS, until=kept_until(relationship.closed_on))
    return Decision(erase=True)


def is_retained(closed_on: date, today: date) -> bool:
    """Whether the law still asks for the records of a relationship that ended."""
    return today < kept_until(closed_on)


def end_of_hold(relationship: Relationship, today: date) -> date:
    """Return when a held record comes up again: at its yearly review, or when the law lets it go if that is later."""
    ended = relationship.closed_on or today
    return max(kept_until(ended), years_on(today, HOLD_REVIEW_YEARS))
