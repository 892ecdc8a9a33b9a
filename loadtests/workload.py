"""Workload: how hard, how long, in what shape and with what mix a target is pressed; YAML with a reason beside it."""

import random
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from loadtests.arrivals import Profile
from loadtests.objectives import Objective, objective
from loadtests.shapes import Point, flaw, profile, shapes
from loadtests.steps import STEPS, Step
from loadtests.verbs import OwnStep

#: Classes of requests that an objective may be about, besides the names of steps.
SCOPES = ("read", "write", "all", "batch")

#: Characters and brackets that a workload may have; the shipped ones have a thousand or two, and some dozen.
LONGEST, BRACKETS = 100_000, 500


class WorkloadError(ValueError):
    """A workload that cannot be run; the text names the field, the value and the remedy."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Pause(_Part):
    """A person thinks before the next step: anything between two lengths in seconds."""

    think: tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)]]

    @model_validator(mode="after")
    def _is_ordered(self) -> "Pause":
        if self.think[0] > self.think[1]:
            raise ValueError(f"think {list(self.think)}: the shorter time comes first")
        return self


class Batch(_Part):
    """Work beside the online load: ``hands`` do ``items`` steps one after the other, from ``begins`` on (seconds)."""

    begins: Annotated[float, Field(ge=0)]
    hands: Annotated[int, Field(ge=1, le=64)]
    items: Annotated[int, Field(ge=1)]
    mix: dict[str, Annotated[float, Field(ge=0)]]


class Stop(NamedTuple):
    """One place of a journey: the step, and between how many seconds one thinks before it."""

    step: str
    least: float = 0.0
    most: float = 0.0


class Workload(_Part):
    """What presses a target.

    ``rate`` is the peak in arrivals a second, over ``seconds`` in the shape ``profile``, after ``warm_up`` that do
    not count; ``users`` connections carry them. ``mix`` gives steps and journeys their weights. ``forecast`` is the
    rate that objectives speak of: pressed with less, nothing is claimed. ``arrivals`` closed means that ``users``
    ask again only when answered, which proves no objective. ``client`` is what speaks HTTP: ``fast`` is Locust's own,
    ``raw`` takes half as much of the generator and knows neither cookies nor redirects. ``proves`` names the
    criterion that a run becomes evidence for; without it a run is measured and judged, and proves nothing.
    """

    name: str
    because: str
    arrivals: Literal["poisson", "constant", "closed"]
    profile_of: Annotated[str | tuple[Point, ...], Field(alias="profile")] = "steady"
    rate: Annotated[float, Field(gt=0)]
    forecast: Annotated[float, Field(gt=0)] | None = None
    seconds: Annotated[float, Field(gt=0)]
    warm_up: Annotated[float, Field(ge=0)]
    users: Annotated[int, Field(ge=1)]
    client: Literal["fast", "raw"] = "fast"
    seed: int
    mix: Annotated[dict[str, Annotated[float, Field(ge=0)]], Field(min_length=1)]
    steps: dict[str, OwnStep] = {}
    journeys: dict[str, tuple[str | Pause, ...]] = {}
    batch: Batch | None = None
    objectives: dict[str, tuple[str, ...]] = {}
    proves: Literal["PER-02", "PER-04", "PER-05", "PER-08"] | None = None

    @property
    def profile(self) -> Profile:
        """Return the rates over time, warm-up included."""
        return profile(self.points, peak=self.rate, seconds=self.seconds, warm_up=self.warm_up)

    @property
    def points(self) -> tuple[Point, ...]:
        """Return the shape."""
        return shapes()[self.profile_of] if isinstance(self.profile_of, str) else self.profile_of

    @property
    def claimed_rate(self) -> float:
        """Return the peak rate that the objectives speak of."""
        return self.rate if self.forecast is None else self.forecast

    def step(self, name: str) -> Step:
        """Return a step by its name, own or shipped."""
        return self.steps[name].step() if name in self.steps else STEPS[name]

    def stops(self, name: str) -> tuple[Stop, ...]:
        """Return what a name of the mix plays: the stops of a journey, or a step alone."""
        return _stops(self.journeys[name]) if name in self.journeys else (Stop(name),)

    def played(self) -> tuple[str, ...]:
        """Return the names of all steps that are played, the batch's included, sorted."""
        batch = self.batch.mix if self.batch else {}
        online = (stop.step for name, weight in self.mix.items() if weight > 0 for stop in self.stops(name))
        return tuple(sorted({*online, *(name for name, weight in batch.items() if weight > 0)}))

    def customer_fields(self) -> tuple[str, ...]:
        """Return the fields of customers that the own steps ask for, besides number and name."""
        named = {field for step in self.steps.values() for field in step.customer_fields()}
        return tuple(sorted(named - {"number", "name"}))

    def promises(self) -> tuple[Objective, ...]:
        """Return all objectives."""
        return tuple(objective(scope, text) for scope, texts in self.objectives.items() for text in texts)

    def at(self, *, rate: float | None = None, seconds: float | None = None, seed: int | None = None) -> "Workload":
        """Return the same workload with another rate, duration or seed; what its objectives claim stays."""
        changes = {"rate": rate, "seconds": seconds, "seed": seed}
        asked = {name: value for name, value in changes.items() if value is not None}
        return parse({**self.as_dict(), "forecast": self.claimed_rate, **asked}) if asked else self

    def with_users(self, users: int) -> "Workload":
        """Return the same workload over another number of connections."""
        return self if users == self.users else parse({**self.as_dict(), "users": users})

    def as_dict(self) -> dict[str, object]:
        """Return plain values, as stored beside a result."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @model_validator(mode="after")
    def _holds_together(self) -> "Workload":
        if wrong := "; ".join(_flaws(self)):
            raise ValueError(wrong)
        return self


def _stops(journey: Sequence[str | Pause]) -> tuple[Stop, ...]:
    stops: list[Stop] = []
    least = most = 0.0
    for entry in journey:
        if isinstance(entry, Pause):
            least, most = least + entry.think[0], most + entry.think[1]
        else:
            stops.append(Stop(entry, least, most))
            least = most = 0.0
    return tuple(stops)


def _flaws(load: Workload) -> Iterable[str]:
    if isinstance(load.profile_of, str):
        if load.profile_of not in shapes():
            yield f"profile {load.profile_of!r} is unknown: use {_list(shapes())}, or points of your own"
    elif wrong := flaw(load.profile_of):
        yield f"profile {wrong}"
    steps = {*STEPS, *load.steps}
    if double := {*load.steps} & {*STEPS} | {*load.journeys} & steps:
        yield f"{_list(double)} is a step already: choose another name"
    for name, journey in load.journeys.items():
        stops = _stops(journey)
        if unknown := {stop.step for stop in stops} - steps:
            yield f"journey {name} has unknown steps {_list(unknown)}: known are {_list(steps)}"
        if not stops or isinstance(journey[0], Pause):
            yield f"journey {name} must begin with a step"
    mixes = {"mix": (load.mix, {*steps, *load.journeys}), "batch.mix": (load.batch.mix if load.batch else None, steps)}
    for field, (mix, known) in mixes.items():
        if mix is None:
            continue
        if unknown := set(mix) - known:
            yield f"{field} has unknown steps {_list(unknown)}: known are {_list(known)}"
        if sum(mix.values()) <= 0:
            yield f"{field} needs at least one step with a weight above 0"
    for scope, texts in load.objectives.items():
        if scope not in {*SCOPES, *steps}:
            yield f"objectives of {scope!r}: name {', '.join(SCOPES)} or a step"
        for text in texts:
            try:
                objective(scope, text)
            except ValueError as fault:
                yield str(fault)
    if load.batch is not None and load.batch.begins >= load.seconds:
        yield f"batch.begins = {load.batch.begins:g} must be less than seconds = {load.seconds:g}"
    asks_for_one = "batch" in load.objectives or any("slowdown" in str(texts) for texts in load.objectives.values())
    if load.batch is None and asks_for_one:
        yield "objectives speak of a batch, but there is none: add batch, or take them out"


def workload(source: str | Path) -> Workload:
    """Load a workload by name (shipped) or from a YAML file; raises WorkloadError."""
    path = Path(source)
    try:
        if path.suffix in (".yaml", ".yml"):
            return parse(_plain(path.read_text(encoding="utf-8")))
        text = source_of(str(source))
    except FileNotFoundError:
        known = ", ".join(names())
        raise WorkloadError(f"workload {str(source)!r} is unknown: use {known}, or the path of a .yaml file") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise WorkloadError(f"workload {path} cannot be read: {' '.join(str(fault).split())}") from fault
    return parse(_plain(text))


def written(text: str) -> Workload:
    """Read a workload that is written as YAML; raises WorkloadError."""
    try:
        return parse(_plain(text))
    except yaml.YAMLError as fault:
        raise WorkloadError(f"the workload is no YAML: {' '.join(str(fault).split())}") from None


def source_of(name: str) -> str:
    """Return a shipped workload as it is written; raises FileNotFoundError."""
    return files("loadtests").joinpath("workloads", f"{name}.yaml").read_text(encoding="utf-8")


def _plain(text: str) -> object:
    """Return a YAML document of plain values; one that refers to itself could swell without end, and is refused."""
    if len(text) > LONGEST:
        raise WorkloadError(f"the workload has {len(text):,} characters: give at most {LONGEST:,}")
    if text.count("[") + text.count("{") > BRACKETS:  # each open one costs the parser a look at all the others
        raise WorkloadError(f"the workload has more than {BRACKETS} brackets: write it like the shipped ones")
    try:
        refers = any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader))
        told = None if refers else yaml.safe_load(text)
    except RecursionError:
        raise WorkloadError("the workload is nested too deep: write it like the shipped ones") from None
    except ValueError as fault:  # a number of thousands of digits, a day that is none
        raise WorkloadError(f"the workload cannot be read ({str(fault).partition(';')[0]}): correct it") from None
    if refers:
        raise WorkloadError("the workload refers to parts of itself (*name): write them out")
    return told


def names() -> tuple[str, ...]:
    """Return the names of the shipped workloads."""
    folder = files("loadtests").joinpath("workloads")
    return tuple(sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml")))


def parse(data: object) -> Workload:
    """Read a workload from plain values; raises WorkloadError naming what is wrong."""
    if not isinstance(data, Mapping):
        raise WorkloadError("a workload is a table of fields: name, because, arrivals, rate, seconds, mix, ...")
    try:
        return Workload.model_validate(data)
    except ValidationError as fault:
        raise WorkloadError(
            "; ".join(dict.fromkeys(_told(error) for error in fault.errors() if _meant(error)))
        ) from None


def _meant(error: Any) -> bool:
    """Whether an error speaks of what was written: an entry of a journey that is a table was not meant as a word."""
    return not (
        error["type"] == "string_type" and isinstance(error["input"], Mapping) and error["loc"][0] == "journeys"
    )


def _told(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"] if not str(part).endswith(("]", "Pause()", "str")))
    match error["type"]:
        case "missing":
            return f"workload lacks {where}: add it to the file"
        case "extra_forbidden":
            return f"workload has an unknown field {where}: known are {_list(_known(error['loc']))}"
        case "value_error":
            return f"workload {where + ': ' if where else ''}{error['ctx']['error']}"
    return f"workload {where} = {error['input']!r} {error['msg'].lower().replace('input should', 'must')}"


def _known(place: Sequence[object]) -> Iterable[str]:
    parts: dict[object, type[BaseModel]] = {"steps": OwnStep, "batch": Batch, "journeys": Pause}
    model = parts.get(place[0], Workload) if len(place) > 1 else Workload
    return [field.alias or name for name, field in model.model_fields.items()]


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def pause(stop: Stop, seed: int, number: int, place: int) -> float:
    """Return how long (seconds) the number-th person thinks before a stop: seeded, even between its bounds."""
    return random.Random(f"{seed}/think/{number}/{place}").uniform(stop.least, stop.most)
