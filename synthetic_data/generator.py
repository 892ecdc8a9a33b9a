"""generate(): a bank that does not exist, grown from a seed, and the truth about it."""

from collections.abc import Callable, Iterator
from itertools import count
from types import MappingProxyType
from typing import NamedTuple

from synthetic_data.bank import Bank
from synthetic_data.dealings import dealings
from synthetic_data.ground import Ground, lay_ground
from synthetic_data.holdings import holdings
from synthetic_data.people import Person, person
from synthetic_data.permissions import consents, kyc
from synthetic_data.plan import SIZE, Place, plan
from synthetic_data.profile import Profile, load_profile
from synthetic_data.records import KINDS, Account, Branch, Campaign, Membership, Record, Staff
from synthetic_data.relations import relations
from synthetic_data.truth import DuplicatePair, Money, Stay, Truth, TwinPair

MOST = 10**8

Grown = dict[type[Record], list[Record]]


class Generated(NamedTuple):
    """A bank and the truth about it, which is to be sealed."""

    bank: Bank
    truth: Truth


class GenerationError(ValueError):
    """A bank that cannot be grown as asked; the message names the field, the value and the remedy."""


def generate(
    *,
    seed: int,
    customers: int,
    profile: Profile | str = "cn-digital-bank",
    progress: Callable[[str, int, int], None] | None = None,
) -> Generated:
    """Grow a bank of so many customers, second files included.

    The same seed, size and profile give the same bank on every machine, and a larger bank keeps its first customers.
    ``progress`` is told (stage, customers done, customers in all). Raises ``GenerationError`` or ``ProfileError``.
    """
    if not 1 <= customers <= MOST:
        raise GenerationError(f"customers: {customers} is outside 1..{MOST}; choose a number in between")
    ground = lay_ground(seed, load_profile(profile) if isinstance(profile, str) else profile)
    grown: Grown = {kind: [] for kind in KINDS}
    people: list[Person] = []
    for block in count():
        people += _grow(ground, plan(seed, ground.profile, block)[: customers - block * SIZE], grown)
        if progress:
            progress("bank", len(people), customers)
        if len(people) == customers:
            break
    bank = _bank(ground, grown)
    return Generated(bank, _truth(ground, bank, people))


def _grow(ground: Ground, places: tuple[Place, ...], grown: Grown) -> Iterator[Person]:
    """The people in the places and all their records; whatever follows a place never changes what is in it."""
    known: dict[int, Person] = {}
    for place in places:
        who = known[place.index] = person(ground, place, known)
        for record in _records_of(ground, who, known):
            grown[type(record)].append(record)
        yield who


def _records_of(ground: Ground, who: Person, known: dict[int, Person]) -> Iterator[Record]:
    yield who.customer
    yield from relations(ground, who, known)
    yield from holdings(ground, who, known)
    said = tuple(consents(ground, who))
    yield from said
    yield kyc(ground, who)
    yield from dealings(ground, who, said)


def _bank(ground: Ground, grown: Grown) -> Bank:
    records: dict[type[Record], tuple[Record, ...]] = {Branch: ground.branches, Staff: ground.staff}
    records.update({kind: tuple(found) for kind, found in grown.items()})
    records[Campaign] = ground.campaigns
    return Bank(seed=ground.seed, profile=ground.profile.name, as_of=ground.as_of, records=MappingProxyType(records))


def _truth(ground: Ground, bank: Bank, people: list[Person]) -> Truth:
    numbers = {who.place.index: who.customer.number for who in people}
    return Truth(
        bank=bank.digest,
        as_of=bank.as_of,
        currency=ground.profile.home_currency,
        duplicates=tuple(
            DuplicatePair(numbers[p.place.copies], p.customer.number, p.place.defect)
            for p in people
            if p.place.copies is not None
        ),
        traps=tuple(trap for who in people for trap in _traps(who, numbers)),
        stays=tuple(Stay(m.household, m.customer, m.since, m.until) for m in bank.of(Membership)),
        money=tuple(
            Money(a.number, a.balance, (a.customer, *a.joint_holders))
            for a in bank.of(Account)
            if a.product != "loan" and a.closed is None
        ),
    )


def _traps(who: Person, numbers: dict[int, str]) -> Iterator[TwinPair]:
    """The one before, when a customer looks just like somebody who came before."""
    kind = {"twin": "twins", "son": "father_son", "namesake": "namesakes"}.get(who.place.part)
    last = who.place.kin[-1] if who.place.kin else None
    if kind and last is not None and (kind != "twins" or len(who.place.kin) > 1):
        yield TwinPair(numbers[last], who.customer.number, kind)
