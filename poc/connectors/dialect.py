"""Dialect: how a vendor writes days, moments, money and lists, and how they are read back as the bank wrote them."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, cast, get_args, get_origin, get_type_hints

from poc.connectors.shape import Shape
from scenarios.answers import OnFile
from scenarios.lines import plain
from synthetic_data.records import Record

#: Decimals of money; units of a fund say theirs in the record's annotation.
CENTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How one field of a record is kept by the bank: its type, whether it may be missing, decimals of a number."""

    type: type
    optional: bool = False
    decimals: int = CENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A vendor's ways with values that JSON has no word for; each pair writes a value and reads it back.

    Money comes back as text with the decimals that the bank keeps, whatever a vendor cut off (12.5 -> "12.50").
    """

    day: Callable[[date], object] = date.isoformat
    read_day: Callable[[Any], date] = date.fromisoformat
    moment: Callable[[datetime], object] = datetime.isoformat
    read_moment: Callable[[Any], datetime] = datetime.fromisoformat
    number: Callable[[Decimal], object] = str
    flag: Callable[[bool], object] = bool
    read_flag: Callable[[Any], bool] = bool
    between: str = ";"

    def record(self, shape: Shape, record: Record) -> dict[str, object]:
        """Return a record as the vendor takes it."""
        kept = (one.name for one in fields(record) if one.name not in shape.left_out)
        return self.changes(shape, {name: getattr(record, name) for name in kept})

    def changes(self, shape: Shape, values: Mapping[str, object]) -> dict[str, object]:
        """Return values of our fields under the vendor's names and in its ways; text of a day or sum is understood."""
        known = kept(shape.kind)
        return shape.changes({name: self._written(known.get(name), value) for name, value in values.items()})

    def on_file(self, shape: Shape, row: Mapping[str, Any]) -> OnFile:
        """Return a vendor's row in our names, words and ways; a field that the vendor left out is missing."""
        seen, known = shape.ours(row), kept(shape.kind)
        told = {name: self._read(known[name], value) if name in known else value for name, value in seen.fields.items()}
        return replace(seen, fields=told)

    def _written(self, how: Kept | None, value: object) -> object:
        if how is not None and isinstance(value, str):
            value = _understood(how.type, value)
        match value:
            case bool():
                return self.flag(value)
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case Decimal():
                return self.number(value)
            case list() | tuple():
                return self.between.join(str(one) for one in value)
        return value

    def _read(self, how: Kept, value: Any) -> object:
        if value is None or (value == "" and how.type is not str):
            return None if how.optional else [] if how.type is tuple else "" if how.type is str else None
        if how.optional and value == "":
            return None
        if how.type is bool:
            return self.read_flag(value)
        if how.type is datetime:
            return plain(self.read_moment(value))
        if how.type is date:
            return plain(self.read_day(value))
        if how.type is Decimal:
            return str(Decimal(str(value)).quantize(Decimal(1).scaleb(-how.decimals)))
        if how.type is tuple:
            return str(value).split(self.between)
        return value


def kept(kind: type[Record]) -> Mapping[str, Kept]:
    """Return how each field of a kind is kept."""
    return _all_kept(cast(Hashable, kind))


@cache
def _all_kept(kind: Any) -> Mapping[str, Kept]:
    hints = get_type_hints(kind, include_extras=True)
    return {one.name: _kept(hints[one.name]) for one in fields(kind)}


def _kept(hint: Any) -> Kept:
    if get_origin(hint) is Annotated:
        inner, *marks = get_args(hint)
        places = next((mark for mark in marks if isinstance(mark, int)), CENTS)
        return replace(_kept(inner), decimals=places)
    if isinstance(hint, UnionType):
        return replace(_kept(next(one for one in get_args(hint) if one is not type(None))), optional=True)
    return Kept(type=get_origin(hint) or hint)


def _understood(wanted: type, text: str) -> object:
    if wanted is datetime:
        return datetime.fromisoformat(text)
    if wanted is date:
        return date.fromisoformat(text)
    if wanted is bool and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return Decimal(text) if wanted is Decimal else text
