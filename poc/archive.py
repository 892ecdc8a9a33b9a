"""Archive: runs on disk, found again and proven whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scenarios.folders import runs_in
from scenarios.manifest import Manifest
from scenarios.store import Store

#: Where runs are looked for in a place: it may be a run, hold runs, be an assessment, or hold assessments.
DEPTHS = ("manifest.json", "*/manifest.json", "targets/*/manifest.json", "*/targets/*/manifest.json")
#: Where runs are kept unless a caller says otherwise.
RUNS = Path("runs")
#: The weighting under which everything is shown first.
WEIGHTING = "seed-default"

NONE = "there is no run in '{}'; `touchstone run` or `touchstone demo` makes one"


class NoRunError(ValueError):
    """A place was named that holds no run; the text names it and how a run is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A run on disk: its folder, its manifest, how far it is, and how many pieces of evidence count in it."""

    folder: Path
    manifest: Manifest
    state: str
    evidence: int


def latest(place: Path = RUNS) -> Path:
    """Return the youngest assessment in a folder of runs; raises NoRunError when there is none."""
    found = runs_in(place)
    if not found:
        raise NoRunError(NONE.format(place))
    return found[0].path


def folders(places: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders of all runs in or below some places, oldest name first.

    Raises NoRunError for a place that holds no run.
    """
    found: list[Path] = []
    for place in places:
        inside = sorted(path.parent for depth in DEPTHS for path in place.glob(depth))
        if not inside:
            raise NoRunError(NONE.format(place))
        found += [folder for folder in inside if folder not in found]
    return tuple(found)


def runs(places: Sequence[Path] = (RUNS,)) -> tuple[Filed, ...]:
    """Return the runs in or below some places, youngest first; raises NoRunError for a place without one."""
    filed = [_filed(folder) for folder in folders(places)]
    return tuple(sorted(filed, key=lambda one: one.manifest.started, reverse=True))


def verify(places: Sequence[Path]) -> tuple[Filed, ...]:
    """Read every byte of the runs and return them; raises StoreError naming the first file and line that differ."""
    for folder in folders(places):
        Store.open(folder).verify()
    return runs(places)


def _filed(folder: Path) -> Filed:
    store = Store.open(folder)
    return Filed(folder=folder, manifest=store.manifest, state=store.state, evidence=_count(store.evidence()))


def _count(things: Iterable[object]) -> int:
    return sum(1 for _ in things)
