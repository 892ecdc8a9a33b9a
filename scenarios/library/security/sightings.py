"""Sightings: restricted values where they must not be, in bytes that crossed the wire and in fields that were shown."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.answers import OnFile
from scenarios.library.likeness import same
from scenarios.library.security.policy import Mask, the_policy
from synthetic_data.canaries import Canaries
from synthetic_data.records import RESTRICTED, Customer

#: Restricted fields with too few values for a byte search: they are compared where they are shown under their name.
NAMED_ONLY = ("birth_date", "monthly_income", "aml_rating")
#: Restricted fields whose values are a customer's own and can be known again anywhere.
OWN = tuple(field for field in RESTRICTED if field not in NAMED_ONLY)
#: Highest class: credentials to a person's money and identity (JR/T 0171-2020).
HIGHEST = frozenset({"national_id", "card_number"})


class Leak(NamedTuple):
    """A restricted value that an actor saw: on which path, whose, and of which field."""

    actor: Actor
    path: str
    customer: str
    field: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.actor} sees {self.field} of {self.customer} on {self.path}"


def in_bytes(
    canaries: Canaries,
    data: bytes,
    actor: Actor,
    path: str,
    *,
    operation: str = "",
    sent: frozenset[tuple[str, str]] = frozenset(),
) -> tuple[Leak, ...]:
    """Return the values of customers of the bank that an actor must not see in clear and that are in a byte stream.

    What the actor ``sent`` along, as (customer, field), is no news when it comes back.
    """
    policy = the_policy()
    return tuple(
        Leak(actor, path, sighting.customer, sighting.field)
        for sighting in canaries.scan(data)
        if sighting.field in RESTRICTED
        and not policy.sees_clear(actor, sighting.field, operation)
        and not any((holder, sighting.field) in sent for holder in (sighting.customer, *sighting.also))
    )


def in_rows(
    known: Mapping[str, Customer], rows: Iterable[OnFile], actor: Actor, path: str, *, operation: str = ""
) -> tuple[Leak, ...]:
    """Return the restricted fields that rows show in clear to an actor who must not see them so."""
    policy = the_policy()
    return tuple(
        Leak(actor, path, row.number, field)
        for row in rows
        if (customer := known.get(row.number)) is not None
        for field in RESTRICTED
        if row[field] is not None
        and same(getattr(customer, field), row[field])
        and not policy.sees_clear(actor, field, operation)
    )


def spotted(customers: Iterable[Customer], data: bytes) -> tuple[str, ...]:
    """Return "number.field" for each value of its own that newcomers have in a byte stream."""
    return tuple(
        f"{customer.number}.{field}"
        for customer in customers
        for field in OWN
        if str(getattr(customer, field)).encode() in data
    )


def keeps_the_pattern(mask: Mask, clear: str, shown: str) -> bool:
    """Tell whether a masked value shows no more of the clear one than the mask lets it, at its two ends."""
    if mask.after and mask.after in clear:
        head, _, tail = clear.partition(mask.after)
        front, mark, back = shown.partition(mask.after)
        return (not mark or back == tail) and _ends(mask.first, 0, head, front)
    return _ends(mask.first, mask.last, clear, shown)


def _ends(first: int, last: int, clear: str, shown: str) -> bool:
    """What differs in the middle must cover all but ``first`` characters at the front and ``last`` at the back."""
    if clear == shown:
        return False
    front = next((i for i, (a, b) in enumerate(zip(clear, shown, strict=False)) if a != b), min(len(clear), len(shown)))
    rest, shown_rest = clear[front:][::-1], shown[front:][::-1]
    back = next((i for i, (a, b) in enumerate(zip(rest, shown_rest, strict=False)) if a != b), len(rest))
    middle = shown[front : len(shown) - back]
    return front <= first and back <= last and not any(letter.isalnum() and letter not in "xX" for letter in middle)
