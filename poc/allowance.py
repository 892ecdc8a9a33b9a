"""Allowance: what a listed target may be asked for: the limits that its vendor declares, and who permitted attacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from poc.connectors.permit import ground
from poc.settings import TARGETS, Limits, SettingsError, target


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Declared limits as (name, parts), on what ground attacks are permitted ("" for none), why a paper is no good."""

    limits: tuple[tuple[str, Mapping[str, object]], ...] = ()
    ground: str = ""
    wrong: str = ""


def allowance(name: str, path: Path = TARGETS) -> Allowance:
    """Return what a target may be asked for now; raises SettingsError for a target that is not listed."""
    known = target(name, path)
    declared = tuple(_declared(known.limits))
    try:
        return Allowance(limits=declared, ground=ground(known, datetime.now(UTC)))
    except SettingsError as no:
        return Allowance(limits=declared, wrong=str(no))


def _declared(limits: Limits) -> Iterator[tuple[str, Mapping[str, object]]]:
    if limits.requests_per_second is not None:
        yield "second", {"value": f"{limits.requests_per_second:g}"}
    if limits.requests_per_day is not None:
        yield "day", {"value": f"{limits.requests_per_day:,}"}
    if limits.parallel is not None:
        yield "parallel", {"value": limits.parallel}
    for window in limits.windows:
        yield "window", {"requests": window.requests, "seconds": f"{window.seconds:g}"}
