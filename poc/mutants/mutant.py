"""Mutant: one planted defect: one function or constant of the reference CRM that is swapped before it serves."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import FunctionType
from typing import Any

PACKAGE = "poc.reference_crm"

#: Is given the original and returns what takes its place.
Make = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A defect: its name, what it does wrong in one sentence, and the names of checks of which each must notice it.

    ``place`` is what it swaps, ``module:name`` or ``module:Class.name`` within the reference CRM, ``make`` by what.
    ``precedent`` names the class of weakness, and where known a public case, that real products had: ``CWE-287``,
    ``CWE-613 (CVE-2020-15220)``; empty where the defect is none of security.
    """

    name: str
    defect: str
    killed_by: tuple[str, ...]
    place: str
    make: Make
    precedent: str = ""

    def plant(self) -> None:
        """Spoil the reference CRM of this process; raises AttributeError if the place is gone."""
        swap(self.place, self.make)


def swap(place: str, make: Make) -> None:
    """Replace a function or constant of the reference CRM.

    A function is replaced where it is defined and in every module that took it over by name; where ``place`` names a
    module that only took it over, in that module alone. Raises AttributeError or ImportError if there is nothing of
    that name: a mutant must not survive because what it weakens was renamed.
    """
    holder, name = located(place)
    original = getattr(holder, name)
    spoilt = make(original)
    setattr(holder, name, spoilt)
    if isinstance(original, FunctionType) and original.__module__ == getattr(holder, "__name__", None):
        for other in _rooms():
            if vars(other).get(name) is original:
                setattr(other, name, spoilt)


def located(place: str) -> tuple[Any, str]:
    """Return what holds the part that ``place`` names, and the part's own name; raises AttributeError for none."""
    module, _, path = place.partition(":")
    holder: Any = import_module(f"{PACKAGE}.{module}")
    *outer, name = path.split(".")
    for part in outer:
        holder = getattr(holder, part)
    getattr(holder, name)
    return holder, name


def _rooms() -> list[Any]:
    return [module for name, module in sys.modules.items() if name.startswith(f"{PACKAGE}.") and module is not None]


def always(value: object) -> Make:
    """Return a maker that puts a value in the place of whatever was there."""
    return lambda original: value


def retold(old: str, new: str) -> Make:
    """Return a maker that replaces a part of a text; it raises ValueError if the text no longer holds that part."""

    def make(original: str) -> str:
        if old not in original:
            raise ValueError(f"nothing to replace: {old!r} is not there any more")
        return original.replace(old, new)

    return make
