"""Order: what a bank folder is to hold, and which customers each of its partitions has."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

from synthetic_data.columns import CELL
from synthetic_data.folders.faults import FolderError
from synthetic_data.profile import Profile

#: The largest bank; numbers of customers have eight digits.
MOST = 10**8
#: Cells in a partition unless an order says otherwise: ten thousand customers, some megabytes in the longest table.
CELLS = 10
#: Months of dealings at most.
MONTHS = 120
#: What the bytes of a partition rest on beside this code.
_RESTS_ON = ("touchstone-crm", "numpy", "pyarrow")
#: Rooms of this package that grow nothing.
_LOOK_ONLY = frozenset({"folders", "audits", "__pycache__"})


class Slice(NamedTuple):
    """A cell, or the first customers of it."""

    cell: int
    customers: int


@dataclass(frozen=True, kw_only=True)
class Order:
    """A bank of so many customers; what is in a partition follows from all of this but the number of customers.

    ``tables`` are the names of those to be kept on file, None for all; the truth is always whole.
    """

    seed: int
    profile: Profile
    customers: int
    tables: tuple[str, ...] | None = None
    cells: int = CELLS

    def __post_init__(self) -> None:
        """Refuse what no bank can be."""
        if not 1 <= self.customers <= MOST:
            raise FolderError(f"customers: {self.customers} is outside 1..{MOST}; choose a number in between")
        if self.cells < 1:
            raise FolderError(f"cells: {self.cells} is below 1; ask for one or more cells in a partition")
        if self.tables is not None and not self.tables:
            raise FolderError("tables: none is named; name one or more, or leave the option out for all")

    @property
    def months(self) -> int:
        """Months of payments before the day the bank is seen."""
        return self.profile.money.months.value

    @property
    def partitions(self) -> int:
        """How many partitions the bank has."""
        return -(-self.customers // (self.cells * CELL))

    def slices(self, number: int) -> Iterator[Slice]:
        """The cells of a partition; the last one of the bank may be cut."""
        for cell in range(number * self.cells, (number + 1) * self.cells):
            if (left := self.customers - cell * CELL) > 0:
                yield Slice(cell, min(CELL, left))

    def customers_in(self, number: int) -> int:
        """How many customers a partition has."""
        return sum(part.customers for part in self.slices(number))

    @property
    def profile_digest(self) -> str:
        """SHA-256 over every figure of the profile."""
        return hashlib.sha256(self.profile.model_dump_json().encode()).hexdigest()

    @property
    def identity(self) -> str:
        """What every file of this bank is stamped with, whatever the number of customers."""
        told = (self.seed, self.profile_digest, self.cells, CELL, sorted(versions().items()))
        return hashlib.sha256(repr(told).encode()).hexdigest()


def over_months(profile: Profile, months: int) -> Profile:
    """The profile with so many months of payments instead of its own; ``FolderError`` outside 1..MONTHS."""
    if not 1 <= months <= MONTHS:
        raise FolderError(f"months: {months} is outside 1..{MONTHS}; choose a number in between")
    asked = profile.money.months.model_copy(update={"value": months, "source": "as asked for"})
    return profile.model_copy(update={"money": profile.money.model_copy(update={"months": asked})})


@cache
def versions() -> dict[str, str]:
    """What the bytes of a partition rest on: the libraries and this package's own source."""
    return {
        **{name: metadata.version(name) for name in _RESTS_ON},
        "source": _source(),
    }


def _source() -> str:
    """A short digest of all code and figures that banks are grown from."""
    digest = hashlib.sha256()
    for name, file in sorted(_files(resources.files("synthetic_data"), "")):
        digest.update(f"{name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for each in folder.iterdir():
        if each.is_dir() and each.name not in _LOOK_ONLY:
            yield from _files(each, f"{path}{each.name}/")
        elif each.name.endswith((".py", ".toml")):
            yield f"{path}{each.name}", each
