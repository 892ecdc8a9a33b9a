"""Floor: what the generator carries on a machine, and the latency below which it sees but itself.

It is held against a server that does nothing (``loadtests.null``), over the same client, with or without TLS: what it
cannot carry there it carries nowhere, and what it measures there is its own.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from loadtests.histogram import Histogram

#: The quantiles that are kept of a floor.
QUANTILES: Mapping[str, float] = {"p50_ms": 0.5, "p99_ms": 0.99, "p999_ms": 0.999}
#: A latency below so many times the floor is told to lie within it: half of it or more may be the generator's.
WITHIN = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The generator on a machine, at a rate of requests a second against a server that does nothing.

    ``refused`` says why the rate was not carried, empty if it was; ``disturbed`` that something else kept the machine
    busy, so that the latencies are no floor. Latencies count from the due moment.
    """

    machine: str
    client: Literal["fast", "raw"]
    secure: bool
    workers: int
    rate: float
    refused: str
    disturbed: str
    p50_ms: float | None
    p99_ms: float | None
    p999_ms: float | None
    lag_p99_ms: float | None
    cpu_percent: float | None
    measured: str  # moment, ISO 8601

    @property
    def carried(self) -> bool:
        """Whether the generator carried the rate."""
        return not self.refused

    def as_dict(self) -> dict[str, object]:
        """Return plain values."""
        return asdict(self)

    def beyond(self) -> str:
        """Return why a run at this rate says nothing, empty if the generator carries it."""
        if not self.refused:
            return ""
        return (
            f"this generator does not carry {self.rate:,.0f} requests a second even against a server that does "
            f"nothing ({self.refused}): lower the rate, take client: raw, or add workers"
        )

    def at(self, q: float) -> float | None:
        """Return the floor (ms) of a quantile: that of the nearest known one at or below it; None if nobody knows."""
        if self.disturbed:
            return None
        name = max((one for one in QUANTILES if QUANTILES[one] <= q), key=QUANTILES.__getitem__, default="p50_ms")
        value: float | None = getattr(self, name)
        return value

    def within(self, seen: Histogram) -> tuple[tuple[str, float, float], ...]:
        """Return which quantiles of measured latencies lie within the floor: name, seen (ms), floor (ms)."""
        found = []
        for name, q in QUANTILES.items():
            value, own = seen.quantile(q), self.at(q)
            if value is not None and own is not None and value / 1000 < WITHIN * own:
                found.append((name.removesuffix("_ms"), value / 1000, own))
        return tuple(found)


def floor_from(told: Mapping[str, object]) -> Floor | None:
    """Read a floor back from plain values; None if there is none, or one of another form."""
    try:
        return Floor(**told) if told else None  # type: ignore[arg-type]
    except TypeError:
        return None
