"""watch(): how far an ordered assessment is, target by target, read from disk alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from poc import orders
from poc.candidates import candidates
from poc.connectors.verification import worn
from poc.orders import Order
from poc.settings import SettingsError, targets
from scenarios.folders import AssessmentFolder


class State(StrEnum):
    """How an ordered assessment stands."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    DONE = "done"
    FAULTY = "faulty"  # it went to its end, but something could not be done
    BROKEN = "broken"  # its process is gone without a word


class Second(NamedTuple):
    """One second of a load test: how many requests, how many failed, p99 in ms (None: none succeeded)."""

    second: int
    requests: int
    errors: int
    p99_ms: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """How far one target is: the act and scenario at hand, its counts, its load by second, and its fault if any."""

    target: str
    title: str
    labels: tuple[str, ...] = ()
    act: str = "waiting"
    name: str = ""
    done: int = 0
    total: int = 0
    outcomes: Mapping[str, int]
    harms: int = 0
    seconds: tuple[Second, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How far an assessment is."""

    name: str
    order: Order
    state: State
    began: datetime | None
    latest: datetime | None
    preparing: tuple[str, int, int] | None
    going: tuple[Going, ...]
    faults: tuple[str, ...]

    @property
    def alive(self) -> bool:
        """Whether a process works on it."""
        return self.state in (State.STARTING, State.RUNNING, State.STOPPING)


def watch(folder: AssessmentFolder, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Watched:
    """Return how far an assessment is; raises OrderError or StoreError when it was not ordered or is unreadable."""
    order, lines = orders.read(folder), orders.told(folder)
    last = [place for place, line in enumerate(lines) if line["act"] in ("asked", "begun")]
    recent = lines[last[-1] :] if last else lines
    moments = [datetime.fromisoformat(line["at"]) for line in lines]
    shared = [line for line in recent if not line.get("target") and line["act"] in ("bank", "seed", "copies")]
    faults = tuple(str(line["text"]) for line in recent if line["act"] == "fault" and not line.get("target"))
    return Watched(
        name=folder.name,
        order=order,
        state=state_of(folder, recent, clock()),
        began=moments[0] if moments else None,
        latest=moments[-1] if moments else None,
        preparing=(shared[-1]["act"], shared[-1]["done"], shared[-1]["total"]) if shared else None,
        going=tuple(_going(one, [line for line in lines if line.get("target") == one[0]]) for one in named(order)),
        faults=faults,
    )


def state_of(folder: AssessmentFolder, lines: Sequence[Mapping[str, Any]], now: datetime) -> State:
    """Return how an order stands by what was told since it was last begun."""
    if orders.running(folder):
        return State.STOPPING if orders.stop_asked(folder) else State.RUNNING
    if ends := [line for line in lines if line["act"] == "ended"]:
        return State(ends[-1]["state"])
    begun = datetime.fromisoformat(lines[-1]["at"]) if lines and lines[-1]["act"] == "asked" else None
    if begun is not None and now - begun < timedelta(seconds=orders.STARTS_WITHIN):
        return State.STARTING
    return State.BROKEN


def named(order: Order) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return name, title and labels of all targets of an order; one that is listed no more keeps its name."""
    try:
        listed = targets(order.targets_file) if order.targets else {}
    except SettingsError:
        listed = {}
    built_in = candidates()
    lab = [(name, built_in[name].title, built_in[name].labels) for name in order.systems if name in built_in]
    return (
        *lab,
        *(
            (name, one.title or name, worn(one)) if (one := listed.get(name)) else (name, name, ())
            for name in order.targets
        ),
    )


def _going(named: tuple[str, str, tuple[str, ...]], lines: Sequence[Mapping[str, Any]]) -> Going:
    checks = {(line["criterion"], line["check"]): line for line in lines if line["act"] == "check"}
    outcomes: dict[str, int] = {}
    for line in checks.values():
        outcomes[line["outcome"]] = outcomes.get(line["outcome"], 0) + 1
    acts = [line for line in lines if line["act"] != "check"]
    now: Mapping[str, Any] = acts[-1] if acts else {}
    return Going(
        target=named[0],
        title=named[1],
        labels=named[2],
        act=now.get("act", "waiting"),
        name=now.get("name", ""),
        done=now.get("done", 0),
        total=now.get("total", 0),
        outcomes=outcomes,
        harms=sum(bool(line["harm"]) and line["outcome"] == "failed" for line in checks.values()),
        seconds=_seconds(acts),
        fault=str(now.get("text", "")) if now.get("act") == "fault" else "",
    )


def _seconds(acts: Sequence[Mapping[str, Any]]) -> tuple[Second, ...]:
    """Return the seconds of the last load test."""
    begins = [place for place, line in enumerate(acts) if line["act"] == "load" and not line.get("second")]
    latest = acts[begins[-1] :] if begins else []
    return tuple(
        Second(int(line["second"]), int(line["requests"]), int(line["errors"]), line.get("p99_ms"))
        for line in latest
        if line["act"] == "load" and line.get("second") is not None
    )
