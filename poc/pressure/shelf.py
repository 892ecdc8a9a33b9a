"""Shelf: the load results that lie on disk, of assessments and ordered by themselves, known by their heads alone."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from poc.archive import RUNS


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A load result: its folder, which target was pressed, with which workload and rate, since when (epoch seconds).

    ``labels`` are what readers must be told of the target.
    """

    folder: Path
    target: str
    workload: str
    rate: float
    began: float
    labels: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return what tells it from the others."""
        began = datetime.fromtimestamp(self.began, UTC)
        return f"{self.target} · {self.workload} {self.rate:g}/s · {began:%Y-%m-%d %H:%M:%S}"


def shelf(runs: Path = RUNS) -> tuple[Filed, ...]:
    """Return all load results, youngest first, each once; heads that cannot be read are passed over."""
    found: dict[tuple[str, float], Filed] = {}
    for path in sorted(runs.rglob("load.json")):
        try:
            head = json.loads(path.read_text(encoding="utf-8"))
            load = head["workload"]
            one = Filed(
                folder=path.parent, target=str(head["target"]), workload=str(load["name"]), rate=float(load["rate"]),
                began=float(head["began"]), labels=tuple(map(str, head.get("labels", ()))),
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError):
            continue
        found[one.target, one.began] = one
    return tuple(sorted(found.values(), key=lambda one: one.began, reverse=True))
