"""Matching: which customers on file are likely one person, and how sure that is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import exp

from poc.reference_crm.domain import identity, names

#: A pair is told from this confidence on.
THRESHOLD = 0.9
#: A value that so many share says nothing about a person (a switchboard, a default birthday): it makes no pairs.
CROWD = 60

SAME_ID, CLOSE_ID, OTHER_ID = 8.0, 4.0, -2.0
SAME_CARD, SAME_CONTACT, SAME_ADDRESS = 5.0, 4.0, 2.5
SAME_BIRTH, CLOSE_BIRTH, OTHER_BIRTH = 3.0, 0.0, -8.0
#: How alike two names are -> what that is worth.
NAME = {"same": 3.0, "sounds": 2.5, "swapped": 2.5, "slip": 0.5, "other": -6.0}
DOUBT = -4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is compared of a customer, in clear and only in memory; unknown is empty or None."""

    number: str
    name: str
    latin_name: str = ""
    birth_date: date | None = None
    national_id: str = ""
    mobile: str = ""
    email: str = ""
    address: str = ""
    card_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Two customers' numbers, the smaller first, and the confidence 0..1 that they are one person."""

    first: str
    second: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """A person's values brought to comparable form."""

    number: str
    folded: str
    sound: tuple[str, ...]
    letters: str
    chinese: bool
    birth_date: date | None
    national_id: str
    mobile: str
    email: str
    address: str
    card_number: str


def traits(person: Person) -> Traits:
    """Return a person's comparable form."""
    return Traits(
        number=person.number,
        folded=names.fold(person.name),
        sound=names.sound(person.name),
        letters=names.letters(person.name),
        chinese=names.is_chinese(person.name),
        birth_date=person.birth_date,
        national_id=identity.canonical(person.national_id),
        mobile=identity.phone(person.mobile),
        email=person.email.strip().casefold(),
        address=names.fold(person.address),
        card_number=identity.digits(person.card_number),
    )


def keys(one: Traits) -> Iterator[tuple[str, object]]:
    """Yield the values by which somebody is looked up among all others: each narrows the field to a handful."""
    for field in ("national_id", "mobile", "email", "card_number", "birth_date"):
        value = getattr(one, field)
        if value:
            yield field, value
    if one.address:
        yield "name and address", (one.letters, one.address)


def candidates(people: Iterable[Traits]) -> set[tuple[int, int]]:
    """Return the places of all pairs that share a key no crowd shares."""
    blocks: dict[tuple[str, object], list[int]] = defaultdict(list)
    for place, one in enumerate(people):
        for key in keys(one):
            blocks[key].append(place)
    return {pair for block in blocks.values() if len(block) <= CROWD for pair in combinations(block, 2)}


def name_likeness(one: Traits, other: Traits) -> str:
    """Return how alike two names are: same, sounds (read alike), swapped (order), slip (a typing error) or other."""
    if one.folded == other.folded:
        return "same"
    if one.sound == other.sound:
        return "sounds"
    if one.letters == other.letters:
        return "swapped"
    return "slip" if is_slip(one, other) else "other"


def is_slip(one: Traits, other: Traits) -> bool:
    """Whether names differ by a slip: one character of a Chinese name, up to two letters of a longer Latin one."""
    if one.chinese != other.chinese:
        return False
    if one.chinese:
        return names.distance(one.folded, other.folded) == 1
    return names.distance(one.folded, other.folded) <= (2 if min(len(one.folded), len(other.folded)) > 7 else 1)


def id_points(one: Traits, other: Traits) -> float:
    """Return what two identity numbers say: old and new form of one number are equal, a slip is close."""
    if not one.national_id or not other.national_id:
        return 0.0
    if one.national_id == other.national_id:
        return SAME_ID
    return CLOSE_ID if identity.is_slip(one.national_id, other.national_id) else OTHER_ID


def birth_points(one: Traits, other: Traits) -> float:
    """Return what two birth dates say; swapped or mistyped ones say nothing."""
    if one.birth_date is None or other.birth_date is None:
        return 0.0
    if one.birth_date == other.birth_date:
        return SAME_BIRTH
    written = f"{one.birth_date:%Y%m%d}", f"{other.birth_date:%Y%m%d}"
    return CLOSE_BIRTH if names.distance(*written) == 1 else OTHER_BIRTH


def contact_points(one: Traits, other: Traits) -> float:
    """Return what shared contact data say; an address alone is shared by families."""
    return (
        SAME_CONTACT * is_shared(one.mobile, other.mobile)
        + SAME_CONTACT * is_shared(one.email, other.email)
        + SAME_CARD * is_shared(one.card_number, other.card_number)
        + SAME_ADDRESS * is_shared(one.address, other.address)
    )


def is_shared(one: str, other: str) -> bool:
    """Whether two values are known and equal."""
    return bool(one) and one == other


def score(one: Traits, other: Traits) -> float:
    """Return the confidence, 0..1, that two people are one: points for and against, through the logistic curve."""
    points = (
        NAME[name_likeness(one, other)]
        + id_points(one, other)
        + birth_points(one, other)
        + contact_points(one, other)
        + DOUBT
    )
    return 1 / (1 + exp(-points))


def scan(people: Sequence[Person]) -> list[Match]:
    """Return every likely pair among customers, surest first."""
    known = [traits(person) for person in people]
    found = ((score(known[i], known[j]), known[i].number, known[j].number) for i, j in candidates(known))
    told = [Match(first=min(a, b), second=max(a, b), score=round(sure, 4)) for sure, a, b in found if sure >= THRESHOLD]
    return sorted(told, key=lambda match: (-match.score, match.first, match.second))


def likely(newcomer: Person, others: Iterable[Person]) -> list[str]:
    """Return the numbers of those whom a newcomer is likely to be, surest first."""
    known = traits(newcomer)
    sure = [(score(known, traits(other)), other.number) for other in others if other.number != newcomer.number]
    return [number for confidence, number in sorted(sure, reverse=True) if confidence >= THRESHOLD]
