"""Pressing: a load plan for a target and a bank, and load results on disk: filed run by run, and found again."""

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from loadtests.crew import Crew
from loadtests.judging import Sheet, judge
from loadtests.papers.hdrlog import hdr_log
from loadtests.papers.junit import junit
from loadtests.plan import Plan
from loadtests.result import LoadResult, load
from loadtests.steps import Person
from loadtests.workload import Workload
from poc import agreed
from poc.connectors.connect import connector
from poc.settings import Target
from synthetic_data.bank import Bank

#: How many customers a load test asks about: enough that no cache holds them all by chance of a small circle.
ASKED_ABOUT = 2000
#: Where the load runs of a target lie below its run folder, each in a folder named by its moment; and below the
#: folder of all assessments those that were ordered by themselves.
LOADS = "loads"


class NoLoadError(ValueError):
    """A place was named that holds no load result; the text names it and how one is made."""


def planned(target: Target, bank: Bank, asked: Workload, *, spent: int = 0, crew: Crew | None = None) -> Plan:
    """Return the plan of one load run; the plan itself refuses what nobody permitted. Raises SettingsError.

    ``spent`` requests of today's allowance were made before; a ``crew`` presses if not one process alone.
    """
    speaker = connector(target.connector)
    return Plan(
        target=target.name,
        url=target.url,
        authority=str(target.ca) if target.ca else None,
        connector=f"{speaker.__module__}:{speaker.__qualname__}",
        credentials=target.credentials(),
        people=tuple(
            Person(one.number, one.name, {name: str(getattr(one, name)) for name in asked.customer_fields()})
            for one in bank.customers[:ASKED_ABOUT]
        ),
        workload=asked,
        mark=secrets.token_hex(4),
        terms=agreed.terms(target, spent),
        crew=crew,
    )


def file(result: LoadResult, folder: Path) -> Path:
    """Put a result on file below a run folder, with its verdicts, as JUnit and as HdrHistogram log; return where."""
    stamp = datetime.fromtimestamp(result.began, UTC).strftime("%Y-%m-%dT%H-%M-%S-%fZ")
    return keep(result, folder / LOADS / stamp)


def keep(result: LoadResult, place: Path) -> Path:
    """Put a result into a folder with its verdicts, as JUnit and as HdrHistogram log; return the folder."""
    sheet = judge(result)
    result.write(place)
    (place / "objectives.json").write_text(json.dumps(sheet.as_dict(), indent=1, ensure_ascii=False), encoding="utf-8")
    (place / "junit.xml").write_text(junit(result, sheet), encoding="utf-8")
    (place / "load.hlog").write_text(hdr_log(result), encoding="utf-8")
    return place


def results(place: Path) -> tuple[LoadResult, ...]:
    """Return the load results in a folder or below it, oldest first, each once.

    Raises NoLoadError when there is none, ResultError when one cannot be read.
    """
    found = {one.began: one for one in map(load, _folders(place))}
    if not found:
        raise NoLoadError(f"there is no load result in '{place}'; `touchstone load run` makes one")
    return tuple(found[began] for began in sorted(found))


def history(runs: Path, target: str) -> tuple[LoadResult, ...]:
    """Return all load results of a target in a folder of assessments, oldest first; raises as ``results`` does."""
    folders = [folder for place in runs.glob(f"*/targets/{target}") for folder in _folders(place)]
    folders += [folder for folder in _folders(runs / LOADS) if pressed_in(folder) == target]
    found = {one.began: one for one in map(load, folders)}
    if not found:
        raise NoLoadError(f"there is no load result of '{target}' in '{runs}'; `touchstone load run` makes one")
    return tuple(found[began] for began in sorted(found))


def pressed_in(folder: Path) -> str | None:
    """Return which target a load result in a folder is of, None if that cannot be read."""
    try:
        return str(json.loads((folder / "load.json").read_text(encoding="utf-8"))["target"])
    except (OSError, ValueError, KeyError):
        return None


def _folders(place: Path) -> Sequence[Path]:
    return sorted({path.parent for path in place.rglob("load.json")})


def sheets(ran: Sequence[LoadResult]) -> tuple[Sheet, ...]:
    """Return the verdicts of results."""
    return tuple(judge(one) for one in ran)
