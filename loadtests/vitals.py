"""Vitals: what target and generator used of their machine while a target was pressed, on the axis of its seconds."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

FILE = "vitals.parquet"


class Vital(NamedTuple):
    """One figure: seconds since the first due arrival, whose it is, what it is, how much.

    Parts are server, database, generator and machine. Metrics are cpu_percent (of one processor; of all of them for
    the machine), memory_mb, loop_ms (worst lag of the generator's event loop), and of a database commits,
    rolled_back (a second), active (sessions at work), waiting (for a lock) and hit_share (of block reads).
    """

    second: float
    part: str
    metric: str
    value: float


def write(seen: Iterable[Vital], folder: Path) -> None:
    """Store them in a folder; without any, what lies there of an earlier run goes."""
    rows, path = tuple(seen), folder / FILE
    if not rows:
        path.unlink(missing_ok=True)
        return
    table = pa.table({name: [row[place] for row in rows] for place, name in enumerate(Vital._fields)})
    pq.write_table(table, path, compression="zstd")


def read(folder: Path) -> tuple[Vital, ...]:
    """Return those of a folder, none if nobody looked."""
    path = folder / FILE
    if not path.exists():
        return ()
    columns = pq.read_table(path).to_pydict()
    return tuple(Vital(*row) for row in zip(*(columns[name] for name in Vital._fields), strict=True))
