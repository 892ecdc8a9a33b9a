"""Grown: what a domain has grown for a cell: tables on file, truth that is sealed apart, and whose each row is."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from synthetic_data.columns import Places


class Grown(NamedTuple):
    """Tables by their names, plural words such as ``campaign_members``; no name is in both ``tables`` and ``truth``.

    ``owners`` holds for each table of both the position (0 ... 999) in the cell of the customer on whom each row hangs:
    a row may name only this customer, those before, and what hangs on them. By it a cell is cut.
    """

    tables: Mapping[str, pa.Table]
    truth: Mapping[str, pa.Table]
    owners: Mapping[str, Places]


def joined(parts: Iterable[Grown]) -> Grown:
    """Return what several domains have grown for one cell as one; ``ValueError`` if two grow the same table."""
    tables: dict[str, pa.Table] = {}
    truth: dict[str, pa.Table] = {}
    owners: dict[str, Places] = {}
    for part in parts:
        twice = owners.keys() & part.owners.keys()
        if twice:
            raise ValueError(f"tables {', '.join(sorted(twice))}: are grown by two domains; rename one")
        tables.update(part.tables)
        truth.update(part.truth)
        owners.update(part.owners)
    return Grown(tables, truth, owners)


def cut(grown: Grown, customers: int) -> Grown:
    """Return what hangs on the first so many customers of a cell."""
    kept = {name: np.flatnonzero(owners < customers) for name, owners in grown.owners.items()}
    return Grown(
        {name: _rows(table, kept[name]) for name, table in grown.tables.items()},
        {name: _rows(table, kept[name]) for name, table in grown.truth.items()},
        {name: owners[kept[name]] for name, owners in grown.owners.items()},
    )


def _rows(table: pa.Table, kept: Places) -> pa.Table:
    if len(kept) == 0 or kept[-1] == len(kept) - 1:
        return table.slice(0, len(kept))
    return table.take(pa.array(kept))
