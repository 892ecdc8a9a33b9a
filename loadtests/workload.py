"""Workload: how hard, how long and with what mix a target is pressed; a TOML file with a reason beside each figure."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from loadtests.arrivals import Profile
from loadtests.steps import STEPS

KEYS = {"name", "because", "arrivals", "rate", "seconds", "warm_up", "users", "seed", "mix"}


class WorkloadError(ValueError):
    """A workload that cannot be run; the text names the field, the value and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """``rate`` arrivals a second for ``seconds``, after ``warm_up`` that do not count; ``mix`` is step: weight."""

    name: str
    because: str
    arrivals: str
    rate: float
    seconds: float
    warm_up: float
    users: int
    seed: int
    mix: Mapping[str, float]

    @property
    def profile(self) -> Profile:
        """Return the steady profile, warm-up included."""
        return Profile.steady(self.rate, self.warm_up + self.seconds)

    def at(self, *, rate: float | None = None, seconds: float | None = None, seed: int | None = None) -> "Workload":
        """Return the same workload with another rate, duration or seed."""
        return _sound(
            replace(
                self,
                rate=self.rate if rate is None else rate,
                seconds=self.seconds if seconds is None else seconds,
                seed=self.seed if seed is None else seed,
            )
        )

    def as_dict(self) -> dict[str, object]:
        """Return plain values, as stored beside a result."""
        return {key: dict(self.mix) if key == "mix" else getattr(self, key) for key in sorted(KEYS)}


def workload(source: str | Path) -> Workload:
    """Load a workload by name (shipped) or from a TOML file; raises WorkloadError."""
    path = Path(source)
    try:
        if path.suffix == ".toml":
            return parse(tomllib.loads(path.read_text(encoding="utf-8")))
        text = files("loadtests").joinpath("workloads", f"{source}.toml").read_text(encoding="utf-8")
    except FileNotFoundError:
        known = ", ".join(names())
        raise WorkloadError(f"workload {str(source)!r} is unknown: use {known}, or the path of a .toml file") from None
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise WorkloadError(f"workload {path} cannot be read: {fault}") from fault
    return parse(tomllib.loads(text))


def names() -> tuple[str, ...]:
    """Return the names of the shipped workloads."""
    folder = files("loadtests").joinpath("workloads")
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")))


def parse(data: Mapping[str, object]) -> Workload:
    """Read a workload from plain values; raises WorkloadError naming what is wrong."""
    if missing := KEYS - data.keys():
        raise WorkloadError(f"workload lacks {_list(missing)}: add it to the file")
    if unknown := data.keys() - KEYS:
        raise WorkloadError(f"workload has unknown keys {_list(unknown)}: known are {_list(KEYS)}")
    mix = data["mix"]
    if not isinstance(mix, Mapping):
        raise WorkloadError("workload mix must be a table of step = weight")
    numbers = {key: _number(key, data[key]) for key in ("rate", "seconds", "warm_up", "users", "seed")}
    return _sound(
        Workload(
            name=str(data["name"]),
            because=str(data["because"]),
            arrivals=str(data["arrivals"]),
            rate=numbers["rate"],
            seconds=numbers["seconds"],
            warm_up=numbers["warm_up"],
            users=int(numbers["users"]),
            seed=int(numbers["seed"]),
            mix={str(step): _number(f"mix.{step}", weight) for step, weight in mix.items()},
        )
    )


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def _number(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WorkloadError(f"workload {key} = {value!r} is no number")
    return float(value)


def _sound(load: Workload) -> Workload:
    for key in ("rate", "seconds", "users"):
        if not getattr(load, key) > 0:
            raise WorkloadError(f"workload {key} = {getattr(load, key):g} must be above 0")
    if load.warm_up < 0:
        raise WorkloadError(f"workload warm_up = {load.warm_up:g} must not be negative")
    if load.arrivals not in ("constant", "poisson"):
        raise WorkloadError(f"workload arrivals = {load.arrivals!r}: use constant or poisson")
    if unknown := set(load.mix) - set(STEPS):
        raise WorkloadError(f"workload mix has unknown steps {_list(unknown)}: known are {_list(STEPS)}")
    if not load.mix or min(load.mix.values()) < 0 or sum(load.mix.values()) <= 0:
        raise WorkloadError("workload mix needs at least one step with a weight above 0 and none below")
    return load
