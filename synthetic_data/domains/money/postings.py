"""Postings: movements of money as columns of numbers, before they become rows of a table."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthetic_data.chance import Ints
from synthetic_data.ledger import MOVES, WAYS

NOBODY = -1


class Postings(NamedTuple):
    """Movements: each column has a value for each of them."""

    account: Ints  # position in the cell's accounts
    at: Ints  # seconds since 1970 in UTC
    cents: Ints  # positive when money comes in
    kind: NDArray[np.int8]  # place in MOVES
    way: NDArray[np.int8]  # place in WAYS
    party: NDArray[np.int32]  # place in the cell's directory of counterparties, -1 for none
    category: NDArray[np.int8]  # place among the profile's categories, -1 for none
    origin: NDArray[np.int32]  # position of the customer from whose address it was ordered, -1 for none
    case: NDArray[np.int32]  # planted case it belongs to, -1 for none

    @property
    def rows(self) -> int:
        """How many movements there are."""
        return len(self.account)

    def where(self, kept: NDArray[np.bool_] | Ints) -> "Postings":
        """Return some of the movements, by flags or places."""
        columns: list[Any] = [column[kept] for column in self]
        return Postings(*columns)


def post(
    account: Ints,
    at: Ints,
    cents: Ints,
    kind: str | NDArray[np.integer],
    way: str | NDArray[np.integer],
    *,
    party: ArrayLike = NOBODY,
    category: ArrayLike = NOBODY,
    origin: ArrayLike = NOBODY,
    case: ArrayLike = NOBODY,
) -> Postings:
    """Return movements; kind and way are a word for all, or places in ``MOVES`` and ``WAYS``."""
    n = len(account)
    return Postings(
        account,
        at,
        cents,
        np.broadcast_to(np.asarray(MOVES.index(kind) if isinstance(kind, str) else kind, np.int8), n),
        np.broadcast_to(np.asarray(WAYS.index(way) if isinstance(way, str) else way, np.int8), n),
        np.broadcast_to(np.asarray(party, np.int32), n),
        np.broadcast_to(np.asarray(category, np.int8), n),
        np.broadcast_to(np.asarray(origin, np.int32), n),
        np.broadcast_to(np.asarray(case, np.int32), n),
    )


def together(parts: Iterable[Postings]) -> Postings:
    """Return several lots of movements as one."""
    columns: list[Any] = [np.concatenate(lots) for lots in zip(*parts, strict=True)]
    return Postings(*columns)
