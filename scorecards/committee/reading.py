"""Reading: what the payload of an entry holds, field by field, each refused in one line where it is missing or odd."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any

from scorecards.committee.events import Event
from scorecards.methods.tables import TableError
from scorecards.rubric import TOP

#: The longest text of one field, and of one ciphertext, in characters.
LONGEST, LONGEST_SEALED = 20_000, 4_000_000


@cache
def rules() -> Mapping[str, Any]:
    """Return the rules of the committee (rules.toml)."""
    return tomllib.loads((resources.files(__package__) / "rules.toml").read_text("utf-8"))


def witnessed(grade: str, points: float, names: Sequence[str]) -> None:
    """Raise TableError unless points from 0 to 5 may be attested in a class of evidence by so many people."""
    if (known := rules()["attested"].get(grade)) is None or not 0 <= points <= TOP:
        raise TableError(f"grade = {grade!r} at {points:g} points: use {', '.join(rules()['attested'])}, 0 to {TOP:g}")
    if len({one for one in names if one}) < known["witnesses"]:
        raise TableError(f"second = {names[-1] if names else ''!r}: {grade} asks for two names; write who else saw it")


def text(event: Event, name: str, *, least: int = 1, most: int = LONGEST) -> str:
    """Return a text of at least and at most so many characters; raises TableError."""
    value = event.payload.get(name)
    if not isinstance(value, str) or not least <= len(value.strip()) <= most:
        need = "a text" if least <= 1 else f"at least {least} characters that a reader understands"
        raise TableError(f"{event.kind}: {name} = {str(value)[:40]!r}: write {need}, at most {most:,}")
    return value.strip()


def optional(event: Event, name: str) -> str:
    """Return a text that may be missing or empty."""
    return text(event, name) if event.payload.get(name) else ""


def number(event: Event, name: str) -> float:
    """Return a finite number from 0 upwards; raises TableError."""
    value = event.payload.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise TableError(f"{event.kind}: {name} = {value!r}: give a number from 0 upwards")
    return float(value)


def yes(event: Event, name: str) -> bool:
    """Return whether a field is true; raises TableError where it is no yes or no."""
    value = event.payload.get(name, False)
    if not isinstance(value, bool):
        raise TableError(f"{event.kind}: {name} = {value!r}: give true or false")
    return value


def texts(event: Event, name: str) -> tuple[str, ...]:
    """Return a list of texts, each once; raises TableError."""
    value = event.payload.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise TableError(f"{event.kind}: {name}: give a list of texts")
    if len(set(value)) < len(value):
        raise TableError(f"{event.kind}: {name}: one stands there twice; name each once")
    return tuple(value)


def table(event: Event, name: str) -> Mapping[str, Any]:
    """Return an object; raises TableError."""
    value = event.payload.get(name, {})
    if not isinstance(value, dict):
        raise TableError(f"{event.kind}: {name}: give an object of names and values")
    return value


def day(event: Event, name: str) -> date:
    """Return a day (2027-01-31); raises TableError."""
    try:
        return date.fromisoformat(text(event, name))
    except ValueError:
        raise TableError(f"{event.kind}: {name} = {event.payload.get(name)!r}: give a day as 2027-01-31") from None


def moment(event: Event, name: str) -> datetime:
    """Return an aware moment in UTC; raises TableError."""
    try:
        found = datetime.fromisoformat(text(event, name))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise TableError(f"{event.kind}: {name} = {event.payload.get(name)!r}: give a moment with its zone")
    return found.astimezone(UTC)


def digest(event: Event, name: str) -> str:
    """Return a SHA-256 in hex; raises TableError."""
    value = text(event, name)
    if len(value) != 64 or set(value) - set("0123456789abcdef"):
        raise TableError(f"{event.kind}: {name} is not 64 hexadecimal digits; give the file itself")
    return value
