"""demo(): the whole corridor in one go: a bank, the reference CRM and two weakened copies, evidence, report."""

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path

from poc import acts
from poc.assessment import Assessment, opened
from poc.candidates import candidates
from poc.connectors.connect import connect
from poc.lab.house import House
from poc.report import write
from poc.seeding import readback
from poc.settings import Target, target
from scenarios.folders import AssessmentFolder
from scenarios.library import catalogue
from synthetic_data.bank import Bank

#: Tells how far the demonstration is: what is at hand, how much is done, how much there is.
Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a demonstration leaves: the assessment, its folder, and the report in both languages."""

    assessment: Assessment
    folder: Path
    report: tuple[Path, ...]


def demo(
    bank: Bank,
    *,
    lab: Path,
    runs: Path,
    rate: float = 400,
    seconds: float = 30,
    report: Report = lambda name, done, total: None,
) -> Shown:
    """Put the reference CRM and two weakened copies through everything and write the report.

    The reference is seeded and read back; the copies begin as copies of it, data and all. Scenarios are played on all
    of them at once, each in a process of its own; the load tests come one after the other on an idle machine.
    Raises what the acts raise.
    """
    folder = AssessmentFolder(runs, datetime.now(UTC).strftime("demo-%Y-%m-%dT%H-%M-%SZ"))
    folder.describe({"bank": acts.facts_of(bank), "kind": "demonstration"})
    with House.open(lab) as house:
        known = _opened(house, bank, report)
        _play_all(known, bank, folder, report)
        for one in known:
            house.tidy(one.name)
        for one in known:
            _press(one, bank, folder, rate, seconds, report)
    seen = opened(folder.path)
    return Shown(assessment=seen, folder=folder.path, report=write(seen, folder.path))


def _opened(house: House, bank: Bank, report: Report) -> tuple[Target, ...]:
    """Start all candidates with the bank inside and return them as targets."""
    listed = house.folder / "targets.toml"
    first, *others = candidates().values()
    tenancy = acts.serve(house, first.name, targets=listed, title=first.title)
    original = acts.admit(target(first.name, listed), bank, targets=listed, expire=partial(house.expire, first.name))
    acts.pour(original, bank, lambda _, done, total: report(f"{first.title}: seeding", done, total))
    tenancy.service.stop()
    house.tidy(first.name)
    for place, one in enumerate(others, start=1):
        acts.twin(house, original, one.name, targets=listed, mutants=one.mutants, labels=one.labels, title=one.title)
        report("weakened copies", place, len(others))
    acts.serve(house, first.name, targets=listed, title=first.title, keep=True)
    return tuple(target(one.name, listed) for one in candidates().values())


def _play_all(known: Sequence[Target], bank: Bank, folder: AssessmentFolder, report: Report) -> None:
    """Play the scenarios on all targets side by side; raises the first trouble that one of them met.

    Each is played in a forked process, which has the bank already: stories of three targets in the threads of one
    process would wait for each other, and that waiting would look like the targets'.
    """
    context = multiprocessing.get_context("fork")
    lines: dict[Connection, str] = {}
    plays = []
    for one in known:
        ours, theirs = context.Pipe(duplex=False)
        plays.append(context.Process(target=_play, args=(one, bank, folder, theirs), daemon=True))
        plays[-1].start()
        theirs.close()
        lines[ours] = f"{one.title}: scenarios"
    try:
        while lines:
            for line in wait(list(lines)):
                assert isinstance(line, Connection)
                _hear(line, lines, report)
    finally:
        for play in plays:
            play.terminate()
            play.join()


def _hear(line: Connection, lines: dict[Connection, str], report: Report) -> None:
    try:
        told = line.recv()
    except EOFError:
        told = RuntimeError(f"{lines[line]}: the process ended without a word")
    if isinstance(told, BaseException):
        raise told
    if told is None:
        del lines[line]
    else:
        report(lines[line], *told)


def _play(known: Target, bank: Bank, folder: AssessmentFolder, line: Connection) -> None:
    try:
        readback(connect(known), bank)  # a copy too must hold the bank before anything is judged on it
        acts.play(known, bank, folder, catalogue(), progress=lambda _, done, total: line.send((done, total)))
        line.send(None)
    except Exception as fault:  # it is the parent's to tell
        line.send(fault)


def _press(known: Target, bank: Bank, folder: AssessmentFolder, rate: float, seconds: float, report: Report) -> None:
    tell = partial(_second, report, f"{known.title}: load at {rate:g}/s", round(seconds))
    acts.load(known, bank, folder, rate=rate, seconds=seconds, progress=tell)


def _second(report: Report, title: str, seconds: int, line: Mapping[str, object]) -> None:
    report(title, min(seconds, int(str(line["second"])) + 1), seconds)
