"""Recorder: latencies by second, step, metric and outcome, as they come in."""

from collections.abc import Iterator
from typing import NamedTuple

from loadtests.histogram import Histogram


class Key(NamedTuple):
    """What a histogram holds: the second in which the request was due, its step, and how it ended."""

    second: int
    step: str
    kind: str  # read | write
    metric: str  # response (from the intended start) | service (from sending)
    outcome: str  # ok | refused | throttled | fault


class Recorder:
    """Histograms by key; the first few errors of each sort are kept with their words."""

    def __init__(self) -> None:
        """Start empty."""
        self.histograms: dict[Key, Histogram] = {}
        self.errors: dict[str, int] = {}

    def keep(self, key: Key, seconds: float) -> None:
        """Count one request."""
        histogram = self.histograms.get(key)
        if histogram is None:
            histogram = self.histograms[key] = Histogram()
        histogram.record(int(seconds * 1e6))

    def blame(self, step: str, text: str) -> None:
        """Count an error by its words; sorts beyond fifty share one line, so that a soak does not fill the memory."""
        line = f"{step}: {text[:200]}"
        if line not in self.errors and len(self.errors) >= 50:
            line = "other"
        self.errors[line] = self.errors.get(line, 0) + 1

    def rows(self) -> Iterator[tuple[int, str, str, str, str, int, int]]:
        """Yield (second, step, kind, metric, outcome, bin, count), sorted."""
        for key in sorted(self.histograms):
            for index, count in sorted(self.histograms[key].counts.items()):
                yield (*key, index, count)

    def second(self, second: int) -> tuple[int, int, float | None]:
        """Return (requests, errors, p99 in ms) of those due in one second, for the progress line."""
        own = [(key, h) for key, h in self.histograms.items() if key.second == second and key.metric == "response"]
        good = Histogram.of(h for key, h in own if key.outcome == "ok")
        bad = sum(h.n for key, h in own if key.outcome != "ok")
        p99 = good.quantile(0.99)
        return good.n + bad, bad, None if p99 is None else p99 / 1000
