"""Mutant: one planted defect: a function that swaps one part of the reference CRM before its service is made."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A defect with a name, what it does wrong in one sentence, and the scenarios (by name) that must notice it."""

    name: str
    defect: str
    killed_by: tuple[str, ...]
    plant: Callable[[], None]


def swap(place: str, make: Callable[[Any], Any]) -> None:
    """Replace a function or constant of the reference CRM, ``module:name`` or ``module:Class.name``.

    ``make`` is given the original and returns what takes its place. Raises AttributeError if there is nothing of that
    name: a mutant must not survive because what it weakens was renamed.
    """
    module, _, path = place.partition(":")
    holder: Any = import_module(f"poc.reference_crm.{module}")
    *outer, name = path.split(".")
    for part in outer:
        holder = getattr(holder, part)
    setattr(holder, name, make(getattr(holder, name)))
