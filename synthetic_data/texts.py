"""Texts: columns of words, numbers and sentences, built for all rows at once."""

from collections.abc import Callable, Sequence
from string import Formatter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

#: ASCII characters, a row for each text, all of one width.
Letters = NDArray[np.uint8]


def digits(numbers: ArrayLike, width: int) -> Letters:
    """Return whole numbers as decimal digits of a fixed width, with zeros in front; higher digits are dropped."""
    left = np.asarray(numbers, dtype=np.int64)
    made = np.empty((left.size, width), dtype=np.uint8)
    for place in range(width - 1, -1, -1):
        left, made[:, place] = np.divmod(left, 10)
    made += ord("0")
    return made


def beside(rows: int, *parts: Letters | str) -> Letters:
    """Return texts of a fixed width: parts side by side, a ``str`` the same in every row."""
    spread = [
        np.tile(np.frombuffer(p.encode("ascii"), np.uint8), (rows, 1)) if isinstance(p, str) else p for p in parts
    ]
    return np.hstack(spread)


def fixed(letters: Letters) -> pa.Array:
    """Return texts of a fixed width as a column of strings."""
    rows, width = letters.shape
    starts = np.arange(rows + 1, dtype=np.int32) * np.int32(width)
    body = np.ascontiguousarray(letters)
    return pa.Array.from_buffers(pa.string(), rows, [None, pa.py_buffer(starts), pa.py_buffer(body)])


def numbered(
    prefix: str, index: NDArray[np.integer], nth: NDArray[np.integer] | None = None, width: int = 2
) -> pa.Array:
    """Return the numbers of records that hang on the customers at the places ``index`` in the bank.

    Prefix and eight digits, ``C00000001`` for place 0, and which one of the customer's in ``width`` digits if there can
    be several: ``AC0000000101`` is the first account of the first customer.
    """
    parts: list[Letters | str] = [prefix, digits(index + 1, 8)]
    if nth is not None:
        parts.append(digits(nth + 1, width))
    return fixed(beside(len(index), *parts))


def words(codes: NDArray[np.integer] | NDArray[np.bool_], pool: Sequence[str]) -> pa.Array:
    """Return words by their places in a pool, as a dictionary column; -1 is null."""
    places = codes.astype(np.int32)
    missing = places < 0
    return pa.DictionaryArray.from_arrays(
        pa.array(places, mask=missing) if missing.any() else pa.array(places), pa.array(pool, pa.string())
    )


def same(word: str, rows: int) -> pa.Array:
    """Return a dictionary column of one word."""
    return words(np.zeros(rows, dtype=np.int32), (word,))


def taken(column: pa.Array, places: NDArray[np.integer]) -> pa.Array:
    """Return a column's values at places, such as those of the owners; -1 is null."""
    missing = places < 0
    return column.take(pa.array(places, mask=missing) if missing.any() else pa.array(places))


def glue(*parts: pa.Array | str) -> pa.Array:
    """Return columns of texts written one after the other; a ``str`` is the same in every row."""
    plain = [p.cast(pa.string()) if isinstance(p, pa.Array) else pa.scalar(p, pa.string()) for p in parts]
    return pc.binary_join_element_wise(*plain, "")


def fill(template: str, **columns: pa.Array) -> pa.Array:
    """Return a template such as ``"{city}, Flat {room}"`` filled with columns; ``KeyError`` for an unknown name."""
    parts: list[pa.Array | str] = []
    for literal, name, _, _ in Formatter().parse(template):
        if literal:
            parts.append(literal)
        if name is not None:
            parts.append(columns[name])
    return glue(*parts)


def spoken(english: NDArray[np.bool_], say: Callable[[str, NDArray[np.int64]], pa.Array]) -> pa.Array:
    """Return texts each in its language: ``say`` is told the language and the rows that speak it, and gives theirs."""
    zh, en = np.flatnonzero(~english), np.flatnonzero(english)
    if not len(en) or not len(zh):
        return say("en" if len(en) else "zh", en if len(en) else zh)
    back = np.empty(len(english), dtype=np.int64)
    back[np.concatenate([zh, en])] = np.arange(len(english))
    return pa.concat_arrays([say("zh", zh), say("en", en)]).take(pa.array(back))


def replaced(column: pa.Array, *parts: tuple[NDArray[np.int64], pa.Array]) -> pa.Array:
    """Return a column in which the rows at some places hold other values, later parts before earlier ones."""
    at, start = np.arange(len(column)), len(column)
    for places, _ in parts:
        at[places] = start + np.arange(len(places))
        start += len(places)
    return pa.concat_arrays([column, *(values for _, values in parts)]).take(pa.array(at))


def chosen(flags: NDArray[np.bool_], yes: pa.Array, no: pa.Array) -> pa.Array:
    """Return for each row the value of one column or the other."""
    return pc.if_else(pa.array(flags), yes, no)
