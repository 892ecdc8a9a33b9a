"""Bank: one generated dataset, immutable, indexed and known by its digest."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar, cast

import orjson

from synthetic_data.records import (
    KINDS,
    Account,
    Branch,
    Campaign,
    Company,
    Customer,
    Holding,
    Household,
    Record,
    Relation,
    Staff,
)

R = TypeVar("R", bound=Record)

#: Everything a bank consists of, the ground it stands on first.
ALL_KINDS: tuple[type[Record], ...] = (Branch, Staff, *KINDS)

#: Fields that name another record.
_LINKS = ("customer", "household", "account")

#: The order in which records can be told to rest on what is kept: owners before the owned.
_OWNED_FIRST: tuple[type[Record], ...] = (Campaign, *(kind for kind in KINDS if kind not in (Customer, Campaign)))


#: Records that are put into canonical form at once: one call for many is twice as fast as one for each.
_BATCH = 10_000


class UnknownRecord(KeyError):
    """There is no record of that number in the bank."""

    def __str__(self) -> str:
        return str(self.args[0])


def canonical(record: Record) -> bytes:
    """A record as one line of JSON, the same on every machine: fields in their declared order, decimals as text."""
    return orjson.dumps(record, default=_text)


def _rests_on(record: Record, known: set[str]) -> bool:
    """Whether all that a record names is known; a household or company is known by its founder's digits."""
    if isinstance(record, Household | Company):
        return f"C{record.number[2:]}" in known
    if isinstance(record, Relation):
        return record.source in known and record.target in known
    return all(getattr(record, link) in known for link in _LINKS if hasattr(record, link))


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a record holds no {type(value).__name__}")


@dataclass(frozen=True, kw_only=True)
class Bank:
    """A bank as it is on one day: branches, staff and all records of its customers."""

    seed: int
    profile: str
    as_of: date
    records: Mapping[type[Record], tuple[Record, ...]]

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """All records of a kind, in the order of their customers."""
        return cast("tuple[R, ...]", self.records.get(kind, ()))

    @property
    def customers(self) -> tuple[Customer, ...]:
        """All customers, second files included."""
        return self.of(Customer)

    @property
    def accounts(self) -> tuple[Account, ...]:
        """All accounts, closed ones included."""
        return self.of(Account)

    @property
    def branches(self) -> tuple[Branch, ...]:
        """All branches."""
        return self.of(Branch)

    @property
    def staff(self) -> tuple[Staff, ...]:
        """All members of staff."""
        return self.of(Staff)

    @property
    def rows(self) -> int:
        """How many records are poured into a CRM: all but branches and staff."""
        return sum(len(self.of(kind)) for kind in KINDS)

    def by_number(self, kind: type[R], number: str) -> R:
        """The record of a kind with a number; raises ``UnknownRecord`` (a ``KeyError``) if there is none."""
        index = self._numbers.setdefault(kind, {}) or self._indexed(kind)
        try:
            return cast(R, index[number])
        except KeyError:
            raise UnknownRecord(f"number: the bank has no {kind.__name__} {number!r}") from None

    def belonging_to(self, kind: type[R], customer: str) -> tuple[R, ...]:
        """The records of a kind whose customer it is; positions belong to the customer of their account."""
        if kind not in self._belongings:
            self._belongings[kind] = self._grouped(kind)
        return cast("tuple[R, ...]", self._belongings[kind].get(customer, ()))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all records in canonical form; two banks with one digest are the same bank."""
        total = hashlib.sha256(f"{self.seed}\n{self.profile}\n{self.as_of}\n".encode())
        for kind in ALL_KINDS:
            records = self.of(kind)
            total.update(f"{kind.__name__} {len(records)}\n".encode())
            for start in range(0, len(records), _BATCH):
                total.update(orjson.dumps(records[start : start + _BATCH], default=_text))
        return total.hexdigest()

    def head(self, customers: int) -> "Bank":
        """The bank of the first so many customers, with everything that hangs on them alone.

        It is the very bank that ``generate`` gives for that size. Raises ``ValueError`` below 1.
        """
        if customers < 1:
            raise ValueError(f"customers: {customers} is below 1; ask for one or more")
        if customers >= len(self.customers):
            return self
        known = {record.number for record in self.customers[:customers]}
        kept: dict[type[Record], tuple[Record, ...]] = dict(self.records)
        kept[Customer] = self.customers[:customers]
        for kind in _OWNED_FIRST:
            kept[kind] = tuple(r for r in self.of(kind) if kind is Campaign or _rests_on(r, known))
            known.update(record.number for record in kept[kind])
        return Bank(seed=self.seed, profile=self.profile, as_of=self.as_of, records=MappingProxyType(kept))

    @cached_property
    def _numbers(self) -> dict[type[Record], dict[str, Record]]:
        return {}

    def _indexed(self, kind: type[Record]) -> dict[str, Record]:
        self._numbers[kind] = {record.number: record for record in self.of(kind)}
        return self._numbers[kind]

    @cached_property
    def _belongings(self) -> dict[type[Record], dict[str, tuple[Record, ...]]]:
        return {}

    def _grouped(self, kind: type[Record]) -> dict[str, tuple[Record, ...]]:
        groups: dict[str, list[Record]] = defaultdict(list)
        for record in self.of(kind):
            owner = (
                self.by_number(Account, record.account).customer
                if isinstance(record, Holding)
                else getattr(record, "customer", None)
            )
            if owner is None:
                raise TypeError(f"kind: a {kind.__name__} belongs to no single customer; ask for another kind")
            groups[owner].append(record)
        return {owner: tuple(records) for owner, records in groups.items()}

    def _repr_html_(self) -> str:
        """A table of how much there is of each kind, for notebooks."""
        rows = "".join(
            f"<tr><td>{k.__name__}</td><td style='text-align:right'>{len(self.of(k)):,}</td></tr>" for k in ALL_KINDS
        )
        title = f"Bank {self.profile}, seed {self.seed}, as of {self.as_of}, digest {self.digest[:12]}"
        return f"<table><caption>{title}</caption><tr><th>kind</th><th>records</th></tr>{rows}</table>"
