"""Bundles: weakened copies with several defects at once, for a demonstration that has something to tell apart."""

from collections.abc import Mapping
from dataclasses import dataclass

#: The label that every weakened copy wears wherever it is shown.
WEAKENED = "deliberately weakened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A weakened copy: its name among the targets, what people call it, and its mutants by name."""

    name: str
    title: str
    mutants: tuple[str, ...]


#: What the demonstration puts beside the reference CRM.
BUNDLES: Mapping[str, Bundle] = {
    one.name: one
    for one in (
        Bundle(name="leaky", title="Leaky copy", mutants=()),
        Bundle(name="careless", title="Careless copy", mutants=()),
    )
}
