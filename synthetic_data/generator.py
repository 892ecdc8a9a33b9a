"""generate(): a bank that does not exist, grown from a seed, and the truth about it."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import pyarrow as pa

from synthetic_data.bank import Bank
from synthetic_data.cell import grow_cell
from synthetic_data.columns import CELL
from synthetic_data.ground import Ground, lay_ground
from synthetic_data.grown import Grown, cut
from synthetic_data.profile import Profile, load_profile
from synthetic_data.records import KINDS, Account, Branch, Campaign, Membership, Record, Staff
from synthetic_data.tables import name_of, to_records
from synthetic_data.truth import DuplicatePair, Money, Stay, Truth, TwinPair

#: A number has eight digits for its customer.
MOST = 10**8 - 1

T = TypeVar("T")


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
    """Grow a bank of so many customers, second files included: the records that are poured into a CRM.

    The same seed, size and profile give the same bank on every machine, and a larger bank keeps its first customers.
    ``progress`` is told (stage, customers done, customers in all). Raises ``GenerationError`` or ``ProfileError``.
    """
    if not 1 <= customers <= MOST:
        raise GenerationError(f"customers: {customers} is outside 1..{MOST}; choose a number in between")
    ground = lay_ground(seed, load_profile(profile) if isinstance(profile, str) else profile)
    cells = []
    for done, cell in _cells(ground, customers):
        cells.append(cell)
        if progress:
            progress("bank", done, customers)
    bank = _bank(ground, cells)
    return Generated(bank, _truth(ground, bank, cells))


def _cells(ground: Ground, customers: int) -> Iterator[tuple[int, Grown]]:
    """The cells of a bank, the last of them cut where the bank ends, each with how many customers there are so far."""
    for first in range(0, customers, CELL):
        here = min(CELL, customers - first)
        yield first + here, cut(grow_cell(ground, first // CELL, domains=()), here)


def _bank(ground: Ground, cells: list[Grown]) -> Bank:
    records: dict[type[Record], tuple[Record, ...]] = {Branch: ground.branches, Staff: ground.staff}
    for kind in KINDS:
        records[kind] = ground.campaigns if kind is Campaign else _records(kind, [cell.tables for cell in cells])
    return Bank(seed=ground.seed, profile=ground.profile.name, as_of=ground.as_of, records=MappingProxyType(records))


def _records(kind: type[T], tables: list[Mapping[str, pa.Table]], name: str | None = None) -> tuple[T, ...]:
    return to_records(pa.concat_tables([one[name or name_of(kind)] for one in tables]), kind)


def _truth(ground: Ground, bank: Bank, cells: list[Grown]) -> Truth:
    sealed = [cell.truth for cell in cells]
    return Truth(
        bank=bank.digest,
        as_of=bank.as_of,
        currency=ground.profile.home_currency,
        duplicates=_records(DuplicatePair, sealed, "duplicates"),
        traps=_records(TwinPair, sealed, "traps"),
        stays=tuple(Stay(m.household, m.customer, m.since, m.until) for m in bank.of(Membership)),
        money=tuple(
            Money(a.number, a.balance, (a.customer, *a.joint_holders))
            for a in bank.of(Account)
            if a.product != "loan" and a.closed is None
        ),
    )
