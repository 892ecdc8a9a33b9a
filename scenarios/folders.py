"""Folders: where the runs of an assessment lie, one folder per target."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from scenarios.disk import StoreError, told, write_whole
from scenarios.store import Store

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class AssessmentFolder:
    """``runs/<id>/``: one run per target under ``targets/``, and what belongs to all of them in ``assessment.json``."""

    def __init__(self, runs: Path, name: str) -> None:
        """Join the folder of all runs and an id of letters, digits, dots, dashes and underscores."""
        self.path = runs / _safe(name)
        self.name = name

    def describe(self, facts: Mapping[str, object]) -> None:
        """Write down what belongs to all targets (bank, weighting, who asked)."""
        with told(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
        write_whole(self.path / "assessment.json", orjson.dumps(facts, option=orjson.OPT_INDENT_2) + b"\n")

    def facts(self) -> dict[str, Any]:
        """Return what ``describe`` wrote; raises StoreError when there is none or it cannot be read."""
        path = self.path / "assessment.json"
        try:
            facts: dict[str, Any] = orjson.loads(path.read_bytes())
        except FileNotFoundError:
            raise StoreError(f"no assessment in {self.path}: {path.name} is missing") from None
        except ValueError:
            raise StoreError(f"{path} is not JSON: restore it from its copy, or run again") from None
        return facts

    def of(self, target: str) -> Path:
        """Return the run folder of a target."""
        return self.path / "targets" / _safe(target)

    def stores(self) -> tuple[Store, ...]:
        """Return the runs of all targets for reading, in the order they were started."""
        folders = sorted((self.path / "targets").glob("*/manifest.json"))
        return tuple(sorted((Store.open(path.parent) for path in folders), key=lambda store: store.manifest.started))


def runs_in(runs: Path) -> tuple[AssessmentFolder, ...]:
    """Return the assessments in a folder of runs, newest first."""
    if not runs.is_dir():
        return ()
    found = [path.parent for path in runs.glob("*/targets") if _NAME.fullmatch(path.parent.name)]
    return tuple(AssessmentFolder(runs, path.name) for path in sorted(found, key=_changed, reverse=True))


def _safe(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise StoreError(f"{name!r} cannot name a run: use letters, digits, dots, dashes and underscores")
    return name


def _changed(folder: Path) -> float:
    return (folder / "targets").stat().st_mtime
