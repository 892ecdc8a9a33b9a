"""Series: stairs that were climbed and growth that was measured are kept beside the load tests, and found again."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from loadtests.arithmetic.scaling import Band, Growth, growth, usl_band
from poc.archive import RUNS
from poc.pressure.order import place
from scenarios.disk import write_whole

#: Steps without which no law is fitted, and sizes without which no exponent is: they have as many parameters, or more.
FEWEST_STEPS, FEWEST_SIZES = 4, 3
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Climbed:
    """Stairs: of which target, when (epoch seconds), and its throughput (answers a second) by users or processes.

    A step that says nothing holds the reason instead.
    """

    target: str
    began: float
    by: str  # users | processes
    steps: Mapping[int, float | str]

    def law(self, seed: int = 1) -> Band | None:
        """Return the law of scalability with its band; None below four steps that say something."""
        points = {count: rate for count, rate in self.steps.items() if isinstance(rate, float)}
        if len(points) < FEWEST_STEPS:
            return None
        return usl_band(list(points), list(points.values()), np.random.default_rng(seed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """Growth: of which system, when (epoch seconds), and the p99 of reads (ms) of each run by customers on file."""

    target: str
    began: float
    points: tuple[tuple[int, float], ...]

    def exponent(self) -> Growth | None:
        """Return with which power of the customers the p99 grows; None below three sizes."""
        if len({size for size, _ in self.points}) < FEWEST_SIZES:
            return None
        return growth([size for size, _ in self.points], [p99 for _, p99 in self.points])


def keep_climbed(one: Climbed, runs: Path = RUNS) -> Path:
    """Put stairs on file in a folder of their own and return that."""
    steps = {str(count): rate for count, rate in one.steps.items()}
    return _keep("stairs", one.began, {"target": one.target, "began": one.began, "by": one.by, "steps": steps}, runs)


def keep_grown(one: Grown, runs: Path = RUNS) -> Path:
    """Put measured growth on file in a folder of its own and return that."""
    return _keep("growth", one.began, {"target": one.target, "began": one.began, "points": one.points}, runs)


def climbed(runs: Path = RUNS) -> tuple[Climbed, ...]:
    """Return the stairs on file, youngest first; those that cannot be read are passed over."""
    return _found("stairs", _climbed, runs)


def grown(runs: Path = RUNS) -> tuple[Grown, ...]:
    """Return the growth on file, youngest first; what cannot be read is passed over."""
    return _found("growth", _grown, runs)


def _keep(what: str, began: float, told: Mapping[str, object], runs: Path) -> Path:
    stamp = datetime.fromtimestamp(began, UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    folder = place(runs) / f"{stamp}-{what}"
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{what}.json", json.dumps(told, indent=1).encode())
    return folder


def _found(what: str, read: Callable[[Mapping[str, Any]], T], runs: Path) -> tuple[T, ...]:
    found = []
    for path in sorted(place(runs).glob(f"*/{what}.json"), reverse=True):
        try:
            found.append(read(json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return tuple(found)


def _climbed(told: Mapping[str, Any]) -> Climbed:
    steps = {int(count): rate if isinstance(rate, str) else float(rate) for count, rate in told["steps"].items()}
    return Climbed(target=str(told["target"]), began=float(told["began"]), by=str(told["by"]), steps=steps)


def _grown(told: Mapping[str, Any]) -> Grown:
    points = tuple((int(size), float(p99)) for size, p99 in told["points"])
    return Grown(target=str(told["target"]), began=float(told["began"]), points=points)
