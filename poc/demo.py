"""demo(): the whole corridor in one go: a bank, the reference CRM and two weakened copies, evidence, report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from poc import acts
from poc.assessment import Assessment, opened
from poc.lab.house import House
from poc.mutants.bundles import BUNDLES, WEAKENED
from poc.report import write
from poc.settings import target
from scenarios.folders import AssessmentFolder
from scenarios.library import catalogue
from synthetic_data.bank import Bank

#: Tells how far the demonstration is: what is at hand, how much is done, how much there is.
Report = Callable[[str, int, int], None]


class Candidate(NamedTuple):
    """One system of the demonstration."""

    name: str
    title: str
    mutants: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a demonstration leaves: the assessment, its folder, and the report in both languages."""

    assessment: Assessment
    folder: Path
    report: tuple[Path, ...]


def candidates() -> tuple[Candidate, ...]:
    """Return who is on trial: the reference CRM, then its weakened copies."""
    weakened = (Candidate(one.name, one.title, one.mutants, (WEAKENED,)) for one in BUNDLES.values())
    return (Candidate("reference", "Reference CRM", (), ()), *weakened)


def demo(
    bank: Bank,
    *,
    lab: Path,
    runs: Path,
    rate: float = 400,
    seconds: float = 30,
    report: Report = lambda name, done, total: None,
) -> Shown:
    """Put the reference CRM and two weakened copies through everything, one after the other, and write the report.

    Each gets an empty database, the whole bank, every scenario and an open-model load. Raises what the acts raise.
    """
    folder = AssessmentFolder(runs, datetime.now(UTC).strftime("demo-%Y-%m-%dT%H-%M-%SZ"))
    folder.describe({"bank": acts.facts_of(bank), "kind": "demonstration"})
    with House.open(lab) as house:
        for one in candidates():
            _examine(house, one, bank, folder, rate=rate, seconds=seconds, report=report)
    seen = opened(folder.path)
    return Shown(assessment=seen, folder=folder.path, report=write(seen, folder.path))


def _examine(
    house: House,
    one: Candidate,
    bank: Bank,
    folder: AssessmentFolder,
    *,
    rate: float,
    seconds: float,
    report: Report,
) -> None:
    listed = house.folder / "targets.toml"
    tenancy = acts.serve(house, one.name, targets=listed, mutants=one.mutants, labels=one.labels, title=one.title)
    try:
        known = acts.admit(target(one.name, listed), bank, targets=listed)
        acts.pour(known, bank, lambda _, done, total: report(f"{one.title}: seeding", done, total))
        acts.play(
            known,
            bank,
            folder,
            catalogue(),
            progress=lambda _, done, total: report(f"{one.title}: scenarios", done, total),
        )

        def second(line: Mapping[str, object]) -> None:
            report(f"{one.title}: load at {rate:g}/s", int(str(line["second"])) + 1, round(seconds))

        acts.load(known, bank, folder, rate=rate, seconds=seconds, progress=second)
    finally:
        tenancy.service.stop()
