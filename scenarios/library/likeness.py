"""Likeness: whether a value as a target shows it is the value that the bank put on file."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from scenarios.answers import OnFile
from synthetic_data.records import Record

#: Characters by which products blot out what a reader may not see.
BLOTS = "*•●xX#"


def same(ours: object, shown: object) -> bool:
    """Whether a JSON value says what our typed value says: money by amount, moments by instant, texts by letter."""
    if ours is None or shown is None:
        return ours is shown or (ours is None and shown == "")
    if isinstance(ours, bool):
        return ours is shown
    if isinstance(ours, Decimal):
        return _amount(shown) == ours
    if isinstance(ours, datetime):
        return moment(shown) == ours
    if isinstance(ours, date):
        return str(shown)[:10] == ours.isoformat()
    if isinstance(ours, tuple):
        return isinstance(shown, Iterable) and sorted(map(str, shown)) == sorted(map(str, ours))
    return str(shown) == str(ours)


def hints_at(ours: object, shown: object) -> bool:
    """Whether a shown value is ours or a masked form of it: blots stand for any run of characters."""
    if same(ours, shown):
        return True
    text = str(shown)
    if ours is None or not re.search(r"[*•●]{2,}|[xX#]{3,}", text):
        return False
    parts = [re.escape(part) for part in re.split(rf"[{re.escape(BLOTS)}]+", text)]
    return bool(re.fullmatch(".*".join(parts), ours.isoformat() if isinstance(ours, date) else str(ours)))


def differences(ours: Record, shown: OnFile, *, leave_out: Iterable[str] = ()) -> Iterator[str]:
    """Yield the fields of a record that a target does not show as they were put on file, each with both values."""
    for name in (field.name for field in fields(ours)):
        if name not in leave_out and not same(getattr(ours, name), shown[name]):
            yield f"{ours.number}.{name}: {shown[name]!r} instead of {getattr(ours, name)!s}"


def moment(shown: object) -> datetime | None:
    """Return the instant that a JSON value names, None if it names none."""
    try:
        return datetime.fromisoformat(str(shown))
    except ValueError:
        return None


def _amount(shown: object) -> Decimal | None:
    try:
        return Decimal(str(shown))
    except InvalidOperation:
        return None
