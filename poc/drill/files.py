"""Files: all that a target tells of its records through lists and exports, each value read as the bank writes it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from poc.connectors.dialect import Kept, kept
from poc.inventory import NotListed, on_file
from poc.pouring import Patience
from scenarios.answers import OnFile
from scenarios.crm import CRM
from synthetic_data.records import KINDS, Record

#: What a field is given in a copy when the value did not come along and the copy must have one.
BLANK: Mapping[type, object] = {
    str: "",
    bool: False,
    Decimal: Decimal(0),
    tuple: (),
    date: date(1970, 1, 1),
    datetime: datetime(1970, 1, 1, tzinfo=UTC),
}
Row = Mapping[str, object]
#: Told the kind at hand and how many rows there are of it.
Progress = Callable[[str, int], None]


class Untold(Exception):
    """A target does not tell what a question needs; the text says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Rows by kind, each with the fields that came; ``missing`` says why a kind did not."""

    rows: Mapping[type[Record], tuple[Row, ...]]
    missing: Mapping[type[Record], str]

    def of(self, kind: type[Record], *fields: str) -> tuple[Row, ...]:
        """Return all rows of a kind; raises Untold if there are none to be had, or if one lacks a field."""
        if kind in self.missing:
            raise Untold(f"{kind.__name__}: {self.missing[kind]}")
        found = self.rows.get(kind, ())
        for name in fields:
            if lacking := sum(name not in row for row in found):
                raise Untold(f"{kind.__name__}.{name} is missing in {lacking} of {len(found)} records")
        return found

    @property
    def count(self) -> int:
        """Return how many rows there are of all kinds."""
        return sum(len(found) for found in self.rows.values())


def read(core: CRM, numbers: Mapping[type[Record], frozenset[str]], progress: Progress | None = None) -> Files:
    """Read every kind from a target, by its export where it has many, else by its lists; only the numbers asked for."""
    rows: dict[type[Record], tuple[Row, ...]] = {}
    missing: dict[type[Record], str] = {}
    for kind in KINDS:
        wanted = numbers.get(kind, frozenset())
        try:
            rows[kind] = tuple(row_of(kind, one) for one in on_file(core, kind, Patience(core)) if one.number in wanted)
        except NotListed as no:
            missing[kind] = str(no)
        if not rows.get(kind):
            missing.setdefault(kind, f"none of {len(wanted)} records came" if wanted else "the bank has none")
        if progress:
            progress(kind.__name__, len(rows.get(kind, ())))
    return Files(rows=rows, missing=missing)


def row_of(kind: type[Record], seen: OnFile) -> Row:
    """Return what came of a record: fields that are missing, or no value of their type, are left out."""
    return {**dict(_read(kept(kind), seen)), "number": seen.number}


def record_of(kind: type[Record], row: Row) -> Record:
    """Return a record to be put on file elsewhere; what did not come along is blank."""
    whole: dict[str, Any] = {
        name: row.get(name, None if how.optional else BLANK.get(how.type, "")) for name, how in kept(kind).items()
    }
    return kind(**whole)


def _read(known: Mapping[str, Kept], seen: OnFile) -> Iterator[tuple[str, object]]:
    for name, how in known.items():
        value = seen[name]
        if value is None:
            if how.optional and name in seen.fields:
                yield name, None
            continue
        try:
            yield name, _READ.get(how.type, str)(value)
        except (ValueError, TypeError, InvalidOperation):
            continue


def _moment(value: Any) -> datetime:
    found = datetime.fromisoformat(str(value))
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _several(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise TypeError(value)
    return tuple(str(one) for one in value)


_READ: Mapping[type, Callable[[Any], object]] = {
    str: str,
    bool: _flag,
    Decimal: lambda value: Decimal(str(value)),
    date: lambda value: date.fromisoformat(str(value)),
    datetime: _moment,
    tuple: _several,
}
