"""Gauges: a load run while it goes on: small bars for those who watch, a line every ten seconds for a log."""

import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

#: Heights of the small bars, lowest first.
BLOCKS = "▁▂▃▄▅▆▇█"
#: Seconds that the small bars show, and seconds between two lines of a log.
SHOWN, LOGGED = 40, 10
#: Takes a line of the load run: clock, or second, requests, errors, p99_ms and what else ``poc.loadrun.press`` tells.
Second = Callable[[Mapping[str, object]], None]
#: What is drawn of each second: its name, its figure in a line, and how that is written.
ROWS: Sequence[tuple[str, Callable[[Mapping[str, Any]], float | None], str]] = (
    ("answered", lambda line: line["requests"], "{:,.0f}/s"),
    ("errors", lambda line: line["errors"], "{:,.0f}/s"),
    ("p99", lambda line: line["p99_ms"], "{:,.0f} ms"),
    ("under way", lambda line: line["released"] - line["finished"] if "released" in line else None, "{:,.0f}"),
    ("server CPU", lambda line: _vital(line, "server.cpu_percent"), "{:.0f} %"),
    ("server memory", lambda line: _vital(line, "server.memory_mb"), "{:,.0f} MiB"),
    ("database CPU", lambda line: _vital(line, "database.cpu_percent"), "{:.0f} %"),
    ("generator CPU", lambda line: _vital(line, "generator.cpu_percent"), "{:.0f} %"),
    ("generator lag", lambda line: line.get("loop_ms"), "{:.1f} ms"),
)


def _vital(line: Mapping[str, Any], name: str) -> float | None:
    seen: float | None = line.get("vitals", {}).get(name)
    return seen


def bars(values: Sequence[float | None]) -> str:
    """Return numbers as small bars, the largest full; a gap where there is none."""
    top = max((value for value in values if value is not None), default=0.0)
    if top <= 0:
        return "".join(" " if value is None else BLOCKS[0] for value in values)
    return "".join(" " if value is None else BLOCKS[round(value / top * (len(BLOCKS) - 1))] for value in values)


@contextmanager
def gauge(name: str, seconds: float, *, quiet: bool = False) -> Iterator[Second]:
    """Show on standard error how a run of so many seconds (warm-up included) goes; nothing if quiet."""
    if quiet:
        yield lambda line: None
    elif sys.stderr.isatty():
        with drawn(name, seconds, Console(stderr=True)) as second:
            yield second
    else:
        yield _logged(name, seconds)


@contextmanager
def drawn(name: str, seconds: float, console: Console) -> Iterator[Second]:
    """Draw each second on a console: how far the run is, and each figure now and over the last seconds.

    A figure that nobody tells (the processor of a target on another machine) has no row.
    """
    shown = Progress(TextColumn(name), BarColumn(24), MofNCompleteColumn(), TextColumn("s"), console=console)
    task = shown.add_task("", total=round(seconds))
    last: dict[str, deque[float | None]] = {row: deque(maxlen=SHOWN) for row, _, _ in ROWS}
    with Live(shown, console=console, refresh_per_second=4) as live:

        def second(line: Mapping[str, object]) -> None:
            if "second" not in line:
                return
            for row, figure, _ in ROWS:
                last[row].append(figure(line))
            shown.update(task, completed=int(str(line["second"])) + 1)
            live.update(Group(shown, _table(last)))

        yield second


def _table(last: Mapping[str, Sequence[float | None]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=14)
    table.add_column(justify="right", min_width=10)
    table.add_column(no_wrap=True)
    for row, _, form in ROWS:
        seen = last[row]
        if any(value is not None for value in seen):
            table.add_row(row, "–" if seen[-1] is None else form.format(seen[-1]), bars(seen))
    return table


def _logged(name: str, seconds: float) -> Second:
    worst: float | None = None
    requests = errors = 0

    def second(line: Mapping[str, object]) -> None:
        nonlocal worst, requests, errors
        if "second" not in line:
            return
        at, p99 = int(str(line["second"])) + 1, line["p99_ms"]
        requests, errors = requests + int(str(line["requests"])), errors + int(str(line["errors"]))
        worst = worst if p99 is None else max(worst or 0.0, float(str(p99)))
        if at % LOGGED == 0:
            told = "–" if worst is None else f"{worst:.0f} ms"
            far = f"{name}: {at} of {seconds:.0f} s, {requests} requests, {errors} errors"
            typer.echo(f"{far}, worst p99 of a second {told}{_used(line)}", err=True)
            worst, requests, errors = None, 0, 0

    return second


def _used(line: Mapping[str, Any]) -> str:
    """Return what the server used last, if anybody looked."""
    seen = _vital(line, "server.cpu_percent")
    return "" if seen is None else f", server at {seen:.0f} % of a processor"
