"""Searches: the rates that a search tried are kept beside the load tests, and found again to be drawn."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from loadtests.arithmetic.search import Block, Found, Trial
from loadtests.objectives import Objective, ObjectiveError, objective
from poc.archive import RUNS
from poc.pressure.order import place
from scenarios.disk import write_whole

FILE = "search.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """A search that was made: of which target, when (epoch seconds), for which promise, and what was found."""

    target: str
    began: float
    about: Objective
    found: Found


def keep(one: Searched, runs: Path = RUNS) -> Path:
    """Put a search on file in a folder of its own and return that."""
    stamp = datetime.fromtimestamp(one.began, UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    folder = place(runs) / f"{stamp}-search"
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "target": one.target, "began": one.began, "scope": one.about.scope, "promise": one.about.text,
        "found": asdict(one.found),
    }  # fmt: skip
    write_whole(folder / FILE, json.dumps(told, indent=1).encode())
    return folder


def searches(runs: Path = RUNS) -> tuple[Searched, ...]:
    """Return the searches on file, youngest first; those that cannot be read are passed over."""
    found = []
    for path in place(runs).glob(f"*/{FILE}"):
        try:
            found.append(_read(json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, KeyError, TypeError, ObjectiveError):
            continue
    return tuple(sorted(found, key=lambda one: one.began, reverse=True))


def _read(told: Mapping[str, Any]) -> Searched:
    seen = dict(told["found"])
    trials = [{**trial, "blocks": tuple(Block(*block) for block in trial["blocks"])} for trial in seen.pop("trials")]
    return Searched(
        target=str(told["target"]),
        began=float(told["began"]),
        about=objective(str(told["scope"]), str(told["promise"])),
        found=Found(**seen, trials=tuple(Trial(**trial) for trial in trials)),
    )
