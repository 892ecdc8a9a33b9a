"""Voice: what commands say: facts on standard output, progress and troubles on standard error."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

#: Tells how far a piece of work is: its name, how many are done, how many there are.
Report = Callable[[str, int, int], None]

#: Columns of a table that goes to a file or a pipe, where no window folds it.
UNBOUND = 160

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for machines.")]


def tell(facts: Mapping[str, object], *, as_json: bool) -> None:
    """Print named facts, one a line for people or one object for machines."""
    if as_json:
        _write_json(facts)
        return
    wide = max(map(len, facts), default=0)
    for name, value in facts.items():
        typer.echo(f"{name.replace('_', ' '):<{wide}}  {_plain(value)}")


def tabulate(rows: Sequence[Mapping[str, object]], *, as_json: bool, title: str = "") -> None:
    """Print rows that share their keys, as a table for people or as a list for machines."""
    if as_json:
        _write_json(rows)
        return
    table = Table(title=title or None, title_justify="left")
    for name in rows[0] if rows else ():
        table.add_column(name.replace("_", " "), justify="right" if isinstance(rows[0][name], int | float) else "left")
    for row in rows:
        table.add_row(*(_plain(value) for value in row.values()))
    Console(width=None if sys.stdout.isatty() else UNBOUND).print(table)


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Report]:
    """Tell on standard error how far work is: bars for those who watch, a line a stage for a log, nothing if quiet."""
    if quiet or not sys.stderr.isatty():
        yield _silent if quiet else _logged()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def report(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=done, total=total)

        yield report


@contextmanager
def pace(*, quiet: bool = False) -> Iterator[Callable[[int, int, int], None]]:
    """Tell on standard error how far a bank is: customers done, in all, and rows made; with rows a second and the rest.

    A log gets a line for each tenth, and nobody anything if quiet.
    """
    if quiet or not sys.stderr.isatty():
        yield (lambda done, total, rows: None) if quiet else _tenths(time.monotonic)
        return
    columns = (
        TextColumn("customers"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[speed]}"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task, began = bars.add_task("customers", total=None, speed=""), time.monotonic()

        def report(done: int, total: int, rows: int) -> None:
            speed = rows / max(time.monotonic() - began, 1e-9)
            bars.update(task, completed=done, total=total, speed=f"{speed:,.0f} rows/s")

        yield report


def _tenths(clock: Callable[[], float]) -> Callable[[int, int, int], None]:
    began, told = clock(), 0

    def report(done: int, total: int, rows: int) -> None:
        nonlocal told
        if (tenth := done * 10 // total) > told:
            told = tenth
            speed = rows / max(clock() - began, 1e-9)
            typer.echo(f"{done:,} of {total:,} customers, {speed:,.0f} rows/s", err=True)

    return report


def _silent(name: str, done: int, total: int) -> None:
    """Say nothing."""


def _logged() -> Report:
    begun: set[str] = set()

    def report(name: str, done: int, total: int) -> None:
        if name not in begun:
            begun.add(name)
            typer.echo(f"{name} ({total:,})", err=True)

    return report


def _write_json(value: object) -> None:
    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
    typer.echo(orjson.dumps(value, default=str, option=options).decode())


def _plain(value: object) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:,.2f}"
        case int():
            return f"{value:,}"
        case Mapping():
            return ", ".join(f"{name.replace('_', ' ')} {_plain(each)}" for name, each in value.items())
        case list() | tuple():
            return ", ".join(map(_plain, value))
    return str(value)
