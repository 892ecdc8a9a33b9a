"""Employers: the firms for which the customers of a cell work, some of them for many."""

import numpy as np

from synthetic_data.chance import Chance, Floats
from synthetic_data.columns import People, Places
from synthetic_data.ground import Ground


def firm_count(ground: Ground) -> int:
    """Return how many employers a cell has; the one at place 0 pays pensions and employs nobody."""
    return round(ground.profile.money.flows.employers.value)


def firm_shares(ground: Ground, cell: int) -> Floats:
    """Return shares in [0, 1) that choose the words of names: a row for each piece, a column for each firm."""
    count = firm_count(ground)
    return Chance(ground.seed, cell, "employers", "names").shares(3 * count).reshape(3, count)


def firm_of(ground: Ground, people: People) -> Places:
    """Return the place of each customer's employer, whoever has one; the first firms employ far more than the last.

    A second file tells the employer of whom it is about.
    """
    drawn = Chance(ground.seed, people.cell, "employers", "who").shares(len(people))
    firm = np.minimum(1 + np.floor(drawn * drawn * (firm_count(ground) - 1)), firm_count(ground) - 1).astype(np.int64)
    own = np.where(people.copies >= 0, people.copies, np.arange(len(people)))
    return np.asarray(firm[own])
