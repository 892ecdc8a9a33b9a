"""Inside: what a bench that may look behind a product's interface can do: search its stores, take its key away.

A target on the bank's own machines can give such access; its findings are of the highest grade (E4). Whoever gives none
is not tested there, and the interval of the score widens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast, runtime_checkable

from scenarios.port import Request
from scenarios.verdict import NotTestable

#: What may still be done when a story was cut off: it puts things back as they were.
RESTORING = frozenset({"return-key", "mend"})


@runtime_checkable
class Insider(Protocol):
    """A wire with a hand inside the target; optional."""

    def inside(self, act: str, details: Mapping[str, object]) -> object:
        """Do one thing inside and return what came of it, as a JSON value.

        Raises NotTestable if the target's settings give no such access, BenchFault if it fails.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A mark that was found in a store, and where there."""

    store: str
    mark: str
    where: str

    def __str__(self) -> str:
        """Name the mark and the place, never the value."""
        return f"{self.mark} in {self.store} ({self.where})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """Which stores were searched, with the bytes of each, and what was found in them."""

    stores: Mapping[str, int]
    finds: tuple[Find, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """What rests of one record where its restricted fields are: ciphertexts, and indexes to look them up by."""

    ciphertexts: tuple[bytes, ...]
    indexes: tuple[bytes, ...]


class Inside:
    """The acts of an insider by their names."""

    def __init__(self, wire: object) -> None:
        """Take a wire; raises NotTestable if it leads to the interface only."""
        if not isinstance(wire, Insider):
            raise NotTestable("this way to the target leads to its interface only")
        self._wire: Insider = wire

    def begin(self) -> str:
        """Note where the stores stand, and return that for ``search``; raises NotTestable if they are out of reach."""
        return str(self._told("begin", {})["since"])

    def search(self, marks: Mapping[str, str], since: str) -> Searched:
        """Search all stores in reach for texts, in what was written since ``begin``."""
        told = self._told("search", {"marks": dict(marks), "since": since})
        return Searched(stores=dict(told["stores"]), finds=tuple(Find(**one) for one in told["finds"]))

    def cells(self, numbers: Sequence[str]) -> dict[str, Cells]:
        """Read what rests of records by their numbers; raises NotTestable if the settings do not say where."""
        told = self._told("cells", {"numbers": list(numbers)})
        return {number: Cells(**{name: _bytes(held[name]) for name in held}) for number, held in told.items()}

    def keys_in_stores(self) -> dict[str, tuple[str, ...]]:
        """Read by which keys the values of each store are encrypted: by the marks that ciphertexts begin with, in hex.

        Raises NotTestable if the settings do not say where ciphertexts rest.
        """
        return {store: tuple(marks) for store, marks in self._told("keys-in-stores", {}).items()}

    def spoil(self, number: str, percent: int) -> None:
        """Change one bit of a record's ciphertext, so many percent of its length from its beginning."""
        self._told("spoil", {"number": number, "percent": percent})

    def mend(self, number: str, percent: int) -> None:
        """Change it back."""
        self._told("mend", {"number": number, "percent": percent})

    def take_key(self) -> None:
        """Take the bank's key away from the product; raises NotTestable if the bank holds none of it."""
        self._told("take-key", {})

    def return_key(self) -> None:
        """Give it back."""
        self._told("return-key", {})

    def _told(self, act: str, details: Mapping[str, object]) -> dict[str, Any]:
        return cast("dict[str, Any]", self._wire.inside(act, details))


def _bytes(told: Sequence[str]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(one) for one in told)


def inside_request(act: str, details: Mapping[str, object]) -> Request:
    """Return how an act inside is named on record."""
    return Request(method="INSIDE", path=act, json=dict(details), step="inside")
