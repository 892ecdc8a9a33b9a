"""Muster: what several workers tell of one run becomes what one would have told; counts add up, nothing is averaged."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from loadtests.histogram import CELL, Histogram

#: Figures of a generator that add up over workers; of all others the worst worker's counts.
ADDED = frozenset({"cpu_seconds", "memory_mb"})
Line = Mapping[str, Any]


class Muster:
    """Waits with each second until every worker that lives has told it, and tells the sum.

    ``tell`` takes the lines that one process would have told: ``second`` and ``settled``.
    """

    def __init__(self, workers: Iterable[str], tell: Callable[[Line], None]) -> None:
        """Begin with the names of all workers."""
        self._living, self._tell = set(workers), tell
        self._kept: dict[tuple[str, int], dict[str, Line]] = defaultdict(dict)
        self.heard: dict[str, int] = dict.fromkeys(self._living, -1)

    def line(self, worker: str, line: Line) -> None:
        """Take in what a worker told; a second that was settled by it is heard of."""
        for sort in ("second", "settled"):
            if sort in line:
                self._kept[sort, line[sort]][worker] = line
                self._complete((sort, line[sort]))
        if "settled" in line:
            self.heard[worker] = max(self.heard[worker], line["settled"])

    def without(self, worker: str) -> None:
        """Wait for a worker no more: it is done or lost."""
        self._living.discard(worker)
        for key in sorted(self._kept, key=lambda one: one[1]):
            self._complete(key)

    def _complete(self, key: tuple[str, int]) -> None:
        if not self._living <= self._kept[key].keys():
            return
        lines = list(self._kept.pop(key).values())
        if lines:
            self._tell(_second(lines) if key[0] == "second" else _settled(lines))


def _second(lines: Sequence[Line]) -> Line:
    cells: Counter[int] = Counter()
    for line in lines:
        cells.update({int(at): count for at, count in dict(line["cells"]).items()})
    p99s = [line["p99_ms"] for line in lines if line["p99_ms"] is not None]
    return {
        "second": lines[0]["second"],
        **{name: sum(line[name] for line in lines) for name in ("requests", "errors", "released", "finished")},
        "cells": dict(cells),
        "p99_ms": p99s[0] if len(lines) == 1 and p99s else _p99(cells),
        "loop_ms": max(line["loop_ms"] for line in lines),
    }


def _p99(cells: Mapping[int, int]) -> float | None:
    """Return the p99 in ms from the upper edges of cells, so at most a sixteenth of an octave too high."""
    seen = Histogram({(cell + 1 << CELL) - 1: count for cell, count in cells.items()}).quantile(0.99)
    return None if seen is None else seen / 1000


def _settled(lines: Sequence[Line]) -> Line:
    sums: dict[str, tuple[int, int]] = {}
    for line in lines:
        for name, (requests, bad) in line["tally"].items():
            before = sums.get(name, (0, 0))
            sums[name] = (before[0] + requests, before[1] + bad)
    return {"settled": lines[0]["settled"], "tally": sums}


def together(parts: Mapping[str, Line], crew: Sequence[Line]) -> dict[str, Any]:
    """Return the figures of a run from those of its workers that were not lost (by name).

    ``crew`` tells of every worker: name, host, heard (last second that it settled), lost, offset_ms, round_trip_ms.
    """
    done = list(parts.values())
    errors: Counter[str] = Counter()
    for part in done:
        errors.update(part["errors"])
    names = {name for part in done for name in part["lags"]}
    return {
        "began": min(part["began"] for part in done),
        **{name: sum(part[name] for part in done) for name in ("released", "finished", "dropped")},
        "stopped_early": any(part["stopped_early"] for part in done),
        "generator": _generator([part["generator"] for part in done]),
        "lags": {name: _added(part["lags"].get(name, {}) for part in done) for name in names},
        "batch": next((part["batch"] for part in done if part["batch"]), {}),
        "errors": dict(errors),
        "workers": list(crew),
    }


def _added(counts: Iterable[Mapping[Any, int]]) -> dict[int, int]:
    whole: Counter[int] = Counter()
    for one in counts:
        whole.update({int(at): count for at, count in one.items()})
    return dict(whole)


def _generator(each: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for name in dict.fromkeys(name for one in each for name in one):
        values = [value for one in each if (value := one.get(name)) is not None]
        found[name] = (sum(values) if name in ADDED else max(values)) if values else None
    return found
