"""Cover: what a command may show while a committee has not sealed its weights."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from poc import archive
from scenarios.store import Store


def shown(place: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """Return a place of runs that may be shown; raises HeldError where a committee must seal its weights first."""
    named((Store.open(one).manifest.target for one in archive.folders([place])), environment)
    return place


def named(targets: Iterable[str], environment: Mapping[str, str] = os.environ) -> None:
    """Raise HeldError where evidence of one of these targets must not be shown yet."""
    from poc.committee.holding import VARIABLE, uncovered  # only here: help is answered at once

    uncovered(targets, environment.get(VARIABLE, ""))
