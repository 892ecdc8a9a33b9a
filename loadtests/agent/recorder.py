"""Recorder: latencies by second, step, metric and outcome, as they come in; seconds that are over leave the memory."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from loadtests.histogram import Histogram
from loadtests.tally import Cell

#: How many error texts are told apart; the rest share one line, so that a soak does not fill the memory.
_SORTS = 50


class Pair(NamedTuple):
    """The latencies of the requests of one second, step, kind and outcome."""

    response: Histogram  # from the intended start
    service: Histogram  # from sending


class Recorder:
    """Histograms by second and key; the first few errors of each sort are kept with their words."""

    def __init__(self) -> None:
        """Start empty."""
        #: second in which requests were due -> (step, read | write | batch, ok | refused | throttled | fault)
        self.seconds: dict[int, dict[tuple[str, str, str], Pair]] = {}
        self.errors: dict[str, int] = {}
        self._open: Counter[int] = Counter()

    def expect(self, second: int) -> None:
        """Take note of an arrival that is due in a second and not answered yet."""
        self._open[second] += 1

    def settle(self, second: int) -> None:
        """Take note that one of them ended, however it did."""
        self._open[second] -= 1

    def settled(self, second: int) -> bool:
        """Whether all that was due in a second, and released so far, has ended."""
        return self._open[second] <= 0

    def keep(self, second: int, step: str, kind: str, outcome: str, response: float, service: float) -> None:
        """Count one request by both its latencies in seconds."""
        key = step, kind, outcome
        try:
            pair = self.seconds[second][key]
        except KeyError:
            pair = self.seconds.setdefault(second, {}).setdefault(key, Pair(Histogram(), Histogram()))
        pair.response.record(int(response * 1e6))
        pair.service.record(int(service * 1e6))

    def blame(self, step: str, text: str) -> None:
        """Count an error by its words."""
        line = f"{step}: {text[:200]}"
        if line not in self.errors and len(self.errors) >= _SORTS:
            line = "other"
        self.errors[line] = self.errors.get(line, 0) + 1

    def cells(self, second: int) -> tuple[Cell, ...]:
        """Return the responses of those due in one second."""
        held = self.seconds.get(second, {})
        return tuple(Cell(*key, pair.response) for key, pair in held.items())

    def second(self, second: int) -> tuple[int, int, float | None]:
        """Return (requests, errors, p99 in ms) of those due in one second, for the progress line."""
        online = [cell for cell in self.cells(second) if cell.kind != "batch"]
        good = Histogram.of(cell.histogram for cell in online if cell.outcome == "ok")
        bad = sum(cell.histogram.n for cell in online if cell.outcome != "ok")
        p99 = good.quantile(0.99)
        return good.n + bad, bad, None if p99 is None else p99 / 1000

    def lines(self, second: int) -> Iterator[str]:
        """Yield JSON lines [second, step, kind, metric, outcome, bin, count] of one second, sorted.

        They are written while requests are due, so each set of words is put into JSON once, not once for each bin.
        """
        for (step, kind, outcome), pair in sorted(self.seconds.get(second, {}).items()):
            for metric, histogram in zip(Pair._fields, pair, strict=True):
                words = json.dumps([second, step, kind, metric, outcome])[:-1]
                yield from [f"{words}, {index}, {count}]\n" for index, count in sorted(histogram.counts.items())]

    def forget(self, second: int) -> None:
        """Let a second go that was written down; what is recorded of it later begins anew, and adds up."""
        self.seconds.pop(second, None)
        self._open.pop(second, None)
