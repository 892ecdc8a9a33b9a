"""Ties: what binds two customers or companies of a cell, before it is written down as a relation."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthetic_data.chance import Ints
from synthetic_data.columns import CELL, Flags, Places
from synthetic_data.tables import NONE

ROLES = ("spouse", "guarantor", "parent", "introducer", "employer", "owner", "director")


class Ties(NamedTuple):
    """Rows: on whom it hangs, from whom to whom (a company is its founder's position plus 1,000), and the terms."""

    owner: Places
    source: Places
    target: Places
    role: Ints
    since: Ints
    until: Ints
    share: Ints  # hundredths, NONE for what has none


Rule: TypeAlias = tuple[Flags, Places, Places, str, NDArray[np.integer], NDArray[np.integer], Ints]


def nobody(rows: int) -> Ints:
    """Return no share for each row."""
    return np.full(rows, NONE, dtype=np.int64)


def company(founder: Places) -> Places:
    """Return the companies of founders as ends of ties."""
    return founder + CELL


def ties(*rules: Rule) -> Ties:
    """Return the ties of rules in the order of their owners: whose flag is set has the tie of the rule's row."""
    parts = []
    for mine, source, target, role, since, until, share in rules:
        at = np.flatnonzero(mine)
        kind = np.full(len(at), ROLES.index(role))
        began, ended = (column[at].astype(np.int64) for column in (since, until))
        parts.append(Ties(at, source[at], target[at], kind, began, ended, share[at]))
    return merged(*parts)


def merged(*parts: Ties) -> Ties:
    """Return ties together, each owner's in the order of the parts."""
    both = Ties(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    order = np.argsort(both.owner, kind="stable")
    return Ties(*(column[order] for column in both))
