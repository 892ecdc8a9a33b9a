"""touchstone seed and unseed: a bank goes into a target, and comes out again without residue.

The rooms that do it are imported where they are needed, so that help and a wrong word are answered at once.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from poc.cli.faults import MISSED
from poc.cli.trials import BankFolder, Listed, TargetName
from poc.cli.voice import AsJson, tell
from poc.settings import TARGETS, target

#: Told the kind at hand, rows done and rows in all.
Rows = Callable[[str, int, int], None]
#: A log gets a line this often (seconds).
EVERY = 10.0

Receipts = Annotated[
    Path | None, typer.Option(help="Folder of the receipts; 'receipts' beside the targets file if not named.")
]


def seed(
    name: TargetName,
    bank: BankFolder,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Pour all of it, whatever receipts tell of an earlier seeding.")
    ] = False,
    receipts: Receipts = None,
    targets: Listed = TARGETS,
    as_json: AsJson = False,
) -> None:
    """Pour a bank into a target and read some of it back; goes on where an earlier seeding was broken off.

    In the lab, the users of all actors are made first.
    """
    from poc import acts
    from poc.lab.house import House
    from synthetic_data.files import read

    grown, known = read(bank), target(name, targets)
    if (lab := acts.lab_of(known)) is not None:
        with House.open(lab) as house:  # where it is served from: a token runs out in its database
            known = acts.admit(known, grown, house, targets=targets)
    with told_of_rows(f"seeding {name}", quiet=as_json) as report:
        receipt = acts.pour(known, grown, report, receipts=receipts or beside(targets), fresh=fresh)
    tell(
        {
            "target": name,
            "bank": receipt.bank,
            "rows": sum(receipt.rows.values()),
            "poured_now": receipt.poured,
            "seconds": round(receipt.seconds, 2),
            "rows_per_second": round(receipt.rows_per_second),
            **({"left_out": dict(receipt.left_out)} if receipt.left_out else {}),
            "read_back": list(receipt.compared),
        },
        as_json=as_json,
    )


def unseed(name: TargetName, receipts: Receipts = None, targets: Listed = TARGETS, as_json: AsJson = False) -> None:
    """Take back what was seeded, by its receipts, and prove that it is gone; leaves with 99 if that is not proven.

    All that is on file is looked through for the numbers that were put there and for records that name them, and
    counted against the time before. Users stay.
    """
    from poc import acts

    known = target(name, targets)
    with told_of_rows(f"clearing {name}", quiet=as_json) as report:
        removal = acts.take_back(known, receipts or beside(targets), report)
    before = [was for was, _ in removal.proof.counts.values() if was is not None]
    tell(
        {
            "target": name,
            "taken_back": sum(removal.rows.values()),
            "by": removal.way,
            **removal.proof.told(),
            "on_file_before": sum(before),
            "on_file_now": sum(now or 0 for _, now in removal.proof.counts.values()),
        },
        as_json=as_json,
    )
    if not removal.proof.holds:
        raise typer.Exit(MISSED)


def beside(targets: Path) -> Path:
    """Return the folder of receipts that belongs to a targets file."""
    return targets.parent / "receipts"


@contextmanager
def told_of_rows(name: str, *, quiet: bool) -> Iterator[Rows]:
    """Tell on standard error how far rows are, how many a second, and when it ends: a bar, or a line now and then."""
    if quiet:
        yield lambda kind, done, total: None
        return
    if not sys.stderr.isatty():
        yield paced(name, lambda line: typer.echo(line, err=True), time.monotonic)
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[speed]}"),
        TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(name, total=None, speed="")

        def report(kind: str, done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)
            speed = bars.tasks[task].speed
            bars.update(task, speed=f"{speed:,.0f} rows/s" if speed else "", description=f"{name} {kind}".strip())

        yield report


def paced(name: str, say: Callable[[str], None], clock: Callable[[], float]) -> Rows:
    """Return what says a line at the beginning and every ten seconds: rows done, rows a second, seconds left.

    The pace is that since the first word, which counts what receipts tell of as done before.
    """
    begun: list[tuple[float, int]] = []
    said = [0.0]

    def report(kind: str, done: int, total: int) -> None:
        now = clock()
        if not begun:
            begun.append((now, done))
            said[0] = now
            say(f"{name} ({total:,} rows)")
        elif now - said[0] >= EVERY and done > begun[0][1]:
            said[0] = now
            rate = (done - begun[0][1]) / (now - begun[0][0])
            say(f"{name}: {done:,} of {total:,} rows, {rate:,.0f} rows/s, {(total - done) / rate:,.0f} s left")

    return report
