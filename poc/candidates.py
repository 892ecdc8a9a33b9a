"""Candidates: the systems that are built into the lab: the reference CRM, and copies of it that were weakened."""

from collections.abc import Mapping
from typing import NamedTuple

from poc.mutants.bundles import BUNDLES, WEAKENED

#: The one that is no copy.
REFERENCE = "reference"


class Candidate(NamedTuple):
    """A system that can be put on trial without any other being at hand."""

    name: str
    title: str
    mutants: tuple[str, ...]
    labels: tuple[str, ...]


def candidates() -> Mapping[str, Candidate]:
    """Return the candidates by name, the reference first."""
    weakened = (Candidate(one.name, one.title, one.mutants, (WEAKENED,)) for one in BUNDLES.values())
    return {one.name: one for one in (Candidate(REFERENCE, "Reference CRM", (), ()), *weakened)}
