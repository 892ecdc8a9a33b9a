"""Course: a load run on the axis of its seconds, ended or still going on, in the figures that pictures are made of."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from loadtests.histogram import CELL, Histogram, lowest, lowest_of_cell
from loadtests.result import LoadResult
from loadtests.vitals import Vital
from loadtests.workload import Workload


class Flow(NamedTuple):
    """A moment of a run (seconds): requests a second that were due and that ended around it, and how many were open."""

    second: float
    offered: float
    completed: float
    waiting: float


class Second(NamedTuple):
    """The requests that were due in one second: how many ended and how many of these in error, and quick ones by cell.

    ``cells`` counts answers by coarse latency (see ``Histogram.coarse``).
    """

    second: int
    requests: int
    errors: int
    p99_ms: float | None
    cells: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What happened when; ``so_far`` is the last moment that is known of, in seconds from the first due arrival."""

    load: Workload
    so_far: float
    seconds: tuple[Second, ...]
    flow: tuple[Flow, ...]
    vitals: tuple[Vital, ...]

    def of(self, part: str, metric: str) -> Sequence[tuple[float, float]]:
        """Return (second, value) of one vital figure."""
        return [(one.second, one.value) for one in self.vitals if (one.part, one.metric) == (part, metric)]

    def whole(self) -> Mapping[int, int]:
        """Return all answers by cell, those of the warm-up left out."""
        total: Counter[int] = Counter()
        for one in self.seconds:
            if one.second >= self.load.warm_up:
                total.update(one.cells)
        return total


def course_of(result: LoadResult) -> Course:
    """Return the course of a finished run.

    When a request ended follows from its latency: it was due at any moment of its second, so that one of 300 ms ended
    in the next second three times in ten.
    """
    due: Counter[int] = Counter()
    ended: dict[int, float] = defaultdict(float)
    cells: dict[int, Counter[int]] = {}
    for row in result.rows:
        if row.metric != "response" or row.kind == "batch":
            continue
        due[row.second] += row.requests
        after, share = divmod(lowest(row.bin) / 1e6, 1.0)
        ended[row.second + int(after)] += row.requests * (1 - share)
        ended[row.second + int(after) + 1] += row.requests * share
        if row.outcome == "ok":
            cells.setdefault(row.second, Counter())[row.bin >> CELL] += row.requests
    told = result.by_second()
    last = max(ended, default=-1)
    flow, waiting = [], 0.0
    for second in range(last + 1):
        waiting += due[second] - ended[second]
        if due[second] or ended[second] >= 1 or waiting >= 1:
            flow.append(Flow(second + 0.5, due[second], ended[second], max(0.0, waiting)))
    seconds = (
        Second(second, requests, errors, p99, cells.get(second, {})) for second, (requests, errors, p99) in told.items()
    )
    return Course(
        load=result.workload,
        so_far=last + 1.0,
        seconds=tuple(seconds),
        flow=tuple(flow),
        vitals=result.vitals,
    )


def course_of_lines(load: Workload, lines: Sequence[Mapping[str, Any]]) -> Course:
    """Return the course of a run that goes on, from what was told of it second by second (see ``orders.told``)."""
    seconds, flow, vitals = list[Second](), list[Flow](), list[Vital]()
    before: tuple[float, int, int] | None = None
    now = 0.0
    clock = next((float(line["clock"]) for line in lines if "clock" in line), None)
    for line in lines:
        if clock is None or "second" not in line:
            continue
        seconds.append(_second(line))
        now = float(line["moment"]) - clock
        if "released" in line:
            counts = int(line["released"]), int(line["finished"])
            if before is not None and now > before[0]:
                paces = [(count - past) / (now - before[0]) for count, past in zip(counts, before[1:], strict=True)]
                flow.append(Flow(now, paces[0], paces[1], counts[0] - counts[1]))
            before = (now, *counts)
        vitals += [Vital(now, *_named(name), value) for name, value in line.get("vitals", {}).items()]
        if "loop_ms" in line:
            vitals.append(Vital(now, "generator", "loop_ms", float(line["loop_ms"])))
    return Course(load=load, so_far=now, seconds=tuple(seconds), flow=tuple(flow), vitals=tuple(vitals))


def _second(line: Mapping[str, Any]) -> Second:
    cells = {int(cell): int(count) for cell, count in line.get("cells", {}).items()}
    return Second(int(line["second"]), int(line["requests"]), int(line["errors"]), line["p99_ms"], cells)


def _named(name: str) -> tuple[str, str]:
    part, _, metric = name.partition(".")
    return part, metric


#: Rows of a heat map in each tenfold of latency, and its lowest and highest latency in ms (powers of ten).
ROWS, LOWEST, HIGHEST = 12, -1, 5


def heat(seconds: Sequence[Second]) -> tuple[list[float], list[list[int]]]:
    """Return the upper edges of rows (powers of ten, ms) and a row of counts by second for each, lowest first.

    Rows that nobody fell into are left out below and above.
    """
    count = (HIGHEST - LOWEST) * ROWS
    grid = [[0] * len(seconds) for _ in range(count)]
    for place, one in enumerate(seconds):
        for cell, requests in one.cells.items():
            grid[_row(cell, count)][place] += requests
    filled = [row for row, counts in enumerate(grid) if any(counts)]
    if not filled:
        return [], []
    shown = range(max(0, filled[0] - 1), min(count, filled[-1] + 2))
    return [LOWEST + (row + 1) / ROWS for row in shown], [grid[row] for row in shown]


def _row(cell: int, count: int) -> int:
    ms = max(lowest_of_cell(cell), 1) / 1000
    return min(count - 1, max(0, math.floor((math.log10(ms) - LOWEST) * ROWS)))


def quantile_of(cells: Mapping[int, int], q: float) -> float | None:
    """Return a quantile in ms of answers by cell, None without any; right to a sixteenth of an octave."""
    seen = Histogram({cell << CELL: count for cell, count in cells.items()}).quantile(q)
    return None if seen is None else seen / 1000
