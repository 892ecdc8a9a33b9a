"""Reading: columns of a bank's tables as arrays, whatever their chunks and encodings."""

from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

#: The day of what has no date, after every other.
NEVER = 2**31 - 1


class Words(NamedTuple):
    """A column of words: codes into a vocabulary, -1 where there is none."""

    codes: Ints
    known: tuple[str, ...]

    def are(self, *wanted: str) -> Bools:
        """Return which rows hold one of the words."""
        return np.isin(self.codes, [at for at, word in enumerate(self.known) if word in wanted])

    def counted(self, among: Bools | None = None) -> dict[str, int]:
        """Return how often each word stands in the column, or in some of its rows."""
        codes = self.codes if among is None else self.codes[among]
        counts = np.bincount(codes[codes >= 0], minlength=len(self.known))
        return {word: int(count) for word, count in zip(self.known, counts, strict=True) if count}


def words(table: pa.Table, name: str) -> Words:
    """Return a column of words."""
    return encoded(table.column(name))


def encoded(column: pa.ChunkedArray) -> Words:
    """Return strings or dictionaries of strings as words."""
    whole = column.combine_chunks()
    array = whole if isinstance(whole, pa.DictionaryArray) else whole.dictionary_encode()
    codes = np.asarray(pc.fill_null(array.indices, -1), dtype=np.int64)
    return Words(codes, tuple(array.dictionary.to_pylist()))


def amounts(table: pa.Table, name: str) -> Floats:
    """Return money as numbers, NaN where there is none."""
    return np.asarray(pc.cast(table.column(name), pa.float64()), dtype=np.float64)


def days(table: pa.Table, name: str) -> Ints:
    """Return dates as days since 1970, ``NEVER`` where there is none."""
    return np.asarray(pc.fill_null(pc.cast(table.column(name), pa.int32()), NEVER), dtype=np.int64)


def seconds(table: pa.Table, name: str) -> Ints:
    """Return moments as seconds since 1970 in UTC, whatever the unit they are kept in."""
    whole = pc.cast(table.column(name), pa.timestamp("s", "UTC"), safe=False)
    return np.asarray(pc.cast(whole, pa.int64()), dtype=np.int64)


def flags(table: pa.Table, name: str) -> Bools:
    """Return yes or no."""
    return np.asarray(table.column(name), dtype=np.bool_)


def present(table: pa.Table, name: str) -> Bools:
    """Return which rows hold anything."""
    return np.asarray(pc.is_valid(table.column(name)), dtype=np.bool_)


def places(table: pa.Table, name: str, among: pa.ChunkedArray) -> Ints:
    """Return where each number of a column stands among others, -1 where it does not."""
    column = table.column(name)
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, pa.string())
    found = pc.index_in(column, value_set=among.combine_chunks())
    return np.asarray(pc.fill_null(found, -1), dtype=np.int64)


def totals(owners: Ints, values: Floats, size: int) -> Floats:
    """Return the sum of values of each of so many owners; rows without an owner (-1) are left out."""
    there = owners >= 0
    return np.bincount(owners[there], weights=values[there], minlength=size).astype(np.float64)


def counts(owners: Ints, size: int) -> Ints:
    """Return how many rows each of so many owners has."""
    return np.bincount(owners[owners >= 0], minlength=size).astype(np.int64)
