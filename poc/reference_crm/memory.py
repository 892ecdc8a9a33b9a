"""Memory: records as they were last shown in lists, so that nothing is read, opened and masked twice while unchanged.

PostgreSQL always decides which rows a caller sees and in which version they stand (``xmin``, the transaction that wrote
the row); only what a version looks like to a role is remembered, and only where all restricted fields are masked; of a
scan for doubles the numbers alone.
"""

from collections.abc import Callable

from poc.reference_crm.domain.matching import Match

#: Shorter lists are read as they are: asking for versions first saves nothing there.
FEWEST = 20
#: So many records are remembered at most (about 15 MB), each for five to ten minutes after it was last shown.
MOST, SECONDS = 5_000, 300.0

#: Results of scans for doubles that are remembered: one for each reach that asks page after page.
SCANS = 8

Record = dict[str, object]


class Memory:
    """What versions of records look like, by (kind, role, number)."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Begin knowing nothing; ``now`` tells seconds that only grow."""
        self._now, self._turn = now, now() + SECONDS
        self._young: dict[tuple[str, str, str], tuple[int, Record]] = {}
        self._old: dict[tuple[str, str, str], tuple[int, Record]] = {}
        self._doubles: dict[str, list[Match]] = {}

    def recall(self, kind: str, role: str, number: str, version: int) -> Record | None:
        """Return how a version of a record looks to a role, None if that is not known; do not change it."""
        key = (kind, role, number)
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self._young[key] = found
        return found[1] if found is not None and found[0] == version else None

    def keep(self, kind: str, role: str, number: str, version: int, record: Record) -> None:
        """Remember how a version looks."""
        if len(self._young) >= MOST or self._now() >= self._turn:
            self._old, self._young, self._turn = self._young, {}, self._now() + SECONDS
        self._young[kind, role, number] = (version, record)

    def doubles(self, standing: str) -> list[Match] | None:
        """Return the likely doubles among rows that stand so, None if they were not looked for."""
        return self._doubles.get(standing)

    def keep_doubles(self, standing: str, found: list[Match]) -> None:
        """Remember the likely doubles among rows that stand so; what was found longest ago goes."""
        self._doubles[standing] = found
        while len(self._doubles) > SCANS:
            del self._doubles[next(iter(self._doubles))]
