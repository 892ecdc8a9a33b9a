"""Order: a load test that was asked for: which target, which bank is in it, how it is pressed; kept beside its result.

It is a trial of its own and no evidence of an assessment, whose load test is part of its order.
"""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from loadtests.workload import Workload, WorkloadError, parse
from poc import orders
from poc.archive import RUNS
from poc.candidates import candidates
from poc.orders import LAB, OrderError
from poc.pressing import LOADS
from poc.settings import TARGETS
from scenarios.folders import AssessmentFolder, runs_in


class LoadOrder(BaseModel):
    """What shall be done: press ``target`` with ``workload``; ``built_in`` systems are started and filled for it.

    ``customers``, ``seed`` and ``profile`` name the bank that is in it, or is poured into a listed one first if
    ``pour`` says so. ``early`` ends the run when a promise is refuted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: str
    built_in: bool = True
    workload: Mapping[str, Any]
    early: bool = False
    pour: bool = False
    customers: Annotated[int, Field(ge=100, le=10_000_000)] = 2_000
    seed: Annotated[int, Field(ge=0)] = 1
    profile: str = "cn-digital-bank"
    targets_file: Path = TARGETS
    lab: Path = LAB

    @property
    def load(self) -> Workload:
        """Return the workload; raises WorkloadError."""
        return parse(dict(self.workload))


def place(runs: Path = RUNS) -> Path:
    """Return the folder that load tests are kept in."""
    return runs / LOADS


def named(now: datetime | None = None) -> str:
    """Return the name of a load test that is ordered at a moment."""
    return (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H-%M-%SZ")


def give(folder: AssessmentFolder, order: LoadOrder) -> None:
    """Write an order down; raises OrderError or WorkloadError, and then nothing is written."""
    if order.built_in and order.target not in candidates():
        raise OrderError(f"system {order.target!r} is unknown: the lab has {', '.join(candidates())}")
    if folder.path.exists():
        raise OrderError(f"{folder.path} exists already: choose another name")
    told = order.model_copy(update={"workload": order.load.as_dict()})
    folder.describe({"kind": "load", "order": told.model_dump(mode="json")})


def read(folder: AssessmentFolder) -> LoadOrder:
    """Return the order of a load test; raises OrderError, or StoreError when it is missing or no JSON."""
    facts = folder.facts()
    try:
        if facts.get("kind") != "load":
            raise OrderError(f"{folder.path} is no load test that was ordered: order one on the Load page")
        order = LoadOrder.model_validate(facts["order"])
        _ = order.load
    except (ValidationError, WorkloadError, KeyError) as fault:
        raise OrderError(
            f"{folder.path / 'assessment.json'} holds no readable order ({fault}): order it again"
        ) from None
    return order


def start(folder: AssessmentFolder, command: Sequence[str] = ()) -> int:
    """Start the process that carries an order out and return its id; one at a time where orders are kept.

    Raises OrderError when another load test, or an assessment, is at work.
    """
    read(folder)
    if busy := at_work(folder.path.parent.parent):
        raise OrderError(f"{busy[0]} is under way: wait for it, or stop it; else each would be in the other's figures")
    words = [
        sys.executable,
        "-m",
        "poc.cli",
        "load",
        "carry-out",
        folder.name,
        "--runs",
        str(folder.path.parent.parent),
    ]
    return orders.launch(folder, list(command) or words)


def at_work(runs: Path = RUNS) -> tuple[str, ...]:
    """Return the names of assessments and load tests that a process works on."""
    return tuple(one.name for one in (*ordered(runs), *runs_in(runs)) if orders.running(one))


def ordered(runs: Path = RUNS) -> tuple[AssessmentFolder, ...]:
    """Return the load tests that were ordered, youngest first."""
    found = sorted((path.parent.name for path in place(runs).glob("*/assessment.json")), reverse=True)
    return tuple(AssessmentFolder(place(runs), name) for name in found)
