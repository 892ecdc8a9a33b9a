"""watch(): how far an ordered load test is, read from disk alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from loadtests.result import LoadResult, load
from poc import orders
from poc.pressure.course import Course, course_of_lines
from poc.pressure.order import LoadOrder, read
from poc.watch import State, state_of
from scenarios.folders import AssessmentFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How a load test stands: the act at hand with its counts, its course, its fault.

    Acts are bank, seed, copies, calibrate and load.
    """

    name: str
    order: LoadOrder
    state: State
    began: datetime | None
    act: str
    done: int
    total: int
    course: Course
    fault: str

    @property
    def alive(self) -> bool:
        """Whether a process works on it."""
        return self.state in (State.STARTING, State.RUNNING, State.STOPPING)


def watch(folder: AssessmentFolder, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Watched:
    """Return how far a load test is; raises OrderError or StoreError when it was not ordered or is unreadable."""
    order, lines = read(folder), orders.told(folder)
    asked = [place for place, line in enumerate(lines) if line["act"] == "asked"]
    recent = lines[asked[-1] :] if asked else lines
    acts = [line for line in recent if line["act"] in ("bank", "seed", "copies", "calibrate", "load")]
    now: Mapping[str, Any] = acts[-1] if acts else {}
    faults = [str(line["text"]) for line in recent if line["act"] == "fault"]
    return Watched(
        name=folder.name,
        order=order,
        state=state_of(folder, recent, clock()),
        began=datetime.fromisoformat(recent[0]["at"]) if recent else None,
        act=str(now.get("act", "waiting")),
        done=int(now.get("second", -1)) + 1 if now.get("act") == "load" else int(now.get("done", 0)),
        total=int(now.get("total", 0)),
        course=course_of_lines(order.load, [_moment(line) for line in recent if line["act"] == "load"]),
        fault=faults[-1] if faults else "",
    )


def result_of(folder: AssessmentFolder) -> LoadResult | None:
    """Return what a load test measured, None if it has no figures (yet); raises ResultError if they are unreadable."""
    return load(folder.path) if (folder.path / "load.json").exists() else None


def _moment(line: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a line with the moment at which it was told, in seconds since the epoch."""
    return {**line, "moment": datetime.fromisoformat(line["at"]).timestamp()}
