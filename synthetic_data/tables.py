"""Tables: records as columns: the Arrow schema of a kind, tables from arrays, and records from tables."""

import dataclasses
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from itertools import chain, repeat
from types import NoneType, UnionType
from typing import Annotated, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthetic_data.columns import NEVER
from synthetic_data.records import WORD

T = TypeVar("T")

#: An amount that is not known; a whole number that is not known.
NONE = -(2**63)

WORDS = pa.dictionary(pa.int32(), pa.string())
MOMENT = pa.timestamp("s", "UTC")
_PLAIN: Mapping[object, pa.DataType] = {
    str: pa.string(),
    date: pa.date32(),
    datetime: MOMENT,
    bool: pa.bool_(),
    int: pa.int32(),
    float: pa.float64(),
    Decimal: pa.decimal128(18, 2),
}


@cache
def schema_of(kind: type) -> pa.Schema:
    """Return the Arrow schema of a kind (a dataclass or NamedTuple): its fields in their order, ``| None`` nullable.

    A ``Word`` is a dictionary of strings, a ``Decimal`` has two decimals unless ``Annotated[Decimal, n]`` asks for n.
    Raises ``TypeError`` for a type that no column can hold.
    """
    hints = get_type_hints(kind, include_extras=True)
    return pa.schema([_field(kind, name, hints[name]) for name in field_names(kind)])


def name_of(kind: type) -> str:
    """Return the name of the table of a kind: ``campaign_members`` for ``CampaignMember``."""
    words = "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip("_")
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"


def field_names(kind: type) -> tuple[str, ...]:
    """Return the names of a kind's fields in their order."""
    if dataclasses.is_dataclass(kind):
        return tuple(field.name for field in dataclasses.fields(kind))
    return tuple(getattr(kind, "_fields"))  # noqa: B009 - a NamedTuple, which type checkers cannot tell from a class


def _field(kind: type, name: str, hint: object) -> pa.Field:
    nullable = get_origin(hint) in (Union, UnionType)
    if nullable:
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    try:
        return pa.field(name, _type(hint), nullable=nullable)
    except KeyError:
        raise TypeError(f"{kind.__name__}.{name}: no column holds {hint}") from None


def _type(hint: object) -> pa.DataType:
    if get_origin(hint) is Annotated:
        plain, mark, *_ = get_args(hint)
        return WORDS if mark == WORD else pa.decimal128(18, mark) if plain is Decimal else _PLAIN[plain]
    if get_origin(hint) is tuple:
        return pa.list_(_PLAIN[get_args(hint)[0]])
    return _PLAIN[hint]


def table_of(kind: type, columns: Mapping[str, pa.Array | NDArray[np.generic]]) -> pa.Table:
    """Return a table of a kind from its columns, one for each field.

    Arrow arrays are taken as they are; of NumPy arrays, whole numbers become what the field asks for: days (``NEVER``
    is null), seconds since 1970 in UTC, amounts in the smallest unit the field keeps (``NONE`` is null for both).
    Raises ``TypeError`` when a column is missing or too much, ``ArrowInvalid`` when one is of another type or length.
    """
    schema = schema_of(kind)
    if set(schema.names) != columns.keys():
        wrong = ", ".join(sorted(set(schema.names) ^ columns.keys()))
        raise TypeError(f"{kind.__name__}: columns {wrong} are missing or no fields of it")
    arrays = [_array(field.type, columns[field.name]) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(wanted: pa.DataType, column: pa.Array | NDArray[np.generic]) -> pa.Array:
    if not isinstance(column, np.ndarray):
        return column if column.type == wanted else column.cast(wanted)
    if pa.types.is_decimal(wanted):
        return amounts(column, wanted)
    if pa.types.is_date32(wanted):
        return _marked(column.astype(np.int32), column == NEVER).view(wanted)
    if pa.types.is_timestamp(wanted):
        return _marked(column.astype(np.int64), column == NONE).view(wanted)
    return pa.array(column, wanted)


def _marked(values: NDArray[np.generic], missing: NDArray[np.bool_]) -> pa.Array:
    return pa.array(values, mask=missing) if missing.any() else pa.array(values)


def amounts(smallest: NDArray[np.generic], wanted: pa.DataType | None = None) -> pa.Array:
    """Return exact decimals from amounts in the smallest unit (hundredths unless another type is asked for)."""
    low = smallest.astype(np.int64)
    wide = np.empty((len(low), 2), dtype=np.int64)
    wide[:, 0], wide[:, 1] = low, low >> 63
    missing = low == NONE
    valid = pa.py_buffer(np.packbits(~missing, bitorder="little")) if missing.any() else None
    return pa.Array.from_buffers(wanted or pa.decimal128(18, 2), len(low), [valid, pa.py_buffer(wide)])


def from_records(records: Iterable[object], kind: type) -> pa.Table:
    """Return the table that holds records of a kind."""
    rows = list(records)
    schema = schema_of(kind)
    columns = [pa.array([getattr(row, field.name) for row in rows], field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def to_records(table: pa.Table, kind: type[T]) -> tuple[T, ...]:
    """Return the records that a table of a kind holds, in its order."""
    values = [_values(table.column(name)) for name in field_names(kind)]
    if not dataclasses.is_dataclass(kind):
        return tuple(map(kind, *values))
    made: list[T] = list(map(object.__new__, repeat(kind, table.num_rows)))
    # Setting slots column by column takes a third of the time that calling the kind row by row does.
    for name, column in zip(field_names(kind), values, strict=True):
        setter: Callable[[T, object], None] = getattr(kind, name).__set__
        deque(map(setter, made, column), maxlen=0)
    return tuple(made)


def _values(column: pa.ChunkedArray) -> Iterable[object]:
    return chain.from_iterable(map(_of_chunk, column.chunks))


def _of_chunk(chunk: pa.Array) -> Iterable[object]:
    if pa.types.is_dictionary(chunk.type):
        words = [*chunk.dictionary.to_pylist(), None]
        return map(words.__getitem__, chunk.indices.fill_null(-1).to_pylist())
    if pa.types.is_decimal(chunk.type) and chunk.null_count == 0:
        return _decimals(chunk)
    if pa.types.is_date32(chunk.type) and chunk.null_count == 0:
        days: Iterable[object] = chunk.view(pa.int32()).to_numpy().astype("M8[D]").astype(object).tolist()
        return days
    if pa.types.is_timestamp(chunk.type) and chunk.null_count == 0:
        seconds = chunk.view(pa.int64()).to_pylist()
        return map(datetime.fromtimestamp, seconds, repeat(UTC))
    if pa.types.is_list(chunk.type):
        return map(tuple, chunk.to_pylist())
    plain: Iterable[object] = chunk.to_pylist()
    return plain


def _decimals(chunk: pa.Array) -> Iterable[Decimal]:
    halves = np.frombuffer(chunk.buffers()[1], dtype=np.int64)[2 * chunk.offset : 2 * (chunk.offset + len(chunk))]
    low, high = halves[::2], halves[1::2]
    if not np.array_equal(low >> 63, high):
        exact: list[Decimal] = chunk.to_pylist()
        return exact
    return map(Decimal.scaleb, map(Decimal, low.tolist()), repeat(-chunk.type.scale))
