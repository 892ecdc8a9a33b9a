"""Kindred: what needs the names and families of the folk of a cell: lives and the watch-list."""

from synthetic_data.columns import Accounts, People
from synthetic_data.domains.lives import lives
from synthetic_data.domains.watchlist import watchlist
from synthetic_data.folk import folk
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown, joined


def kindred(ground: Ground, people: People, accounts: Accounts) -> Grown:
    """Return what ``lives`` and ``watchlist`` grow for the cell of the people."""
    here = folk(ground, people.cell)
    return joined((lives(ground, here, accounts), watchlist(ground, here, accounts)))
