"""Gauges: a load run while it goes on: bars for those who watch, a line every ten seconds for a log."""

import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

#: Heights of the small bars, lowest first.
BLOCKS = "▁▂▃▄▅▆▇█"
#: Seconds that the small bars show, and seconds between two lines of a log.
SHOWN, LOGGED = 30, 10
#: Takes a line of the load agent: second, requests, errors, p99_ms.
Second = Callable[[Mapping[str, object]], None]


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
        with _drawn(name, seconds) as second:
            yield second
    else:
        yield _logged(name, seconds)


@contextmanager
def _drawn(name: str, seconds: float) -> Iterator[Second]:
    columns = (
        TextColumn(name),
        BarColumn(20),
        MofNCompleteColumn(),
        TextColumn("s  {task.fields[requests]}/s  {task.fields[errors]} errors  p99 {task.fields[p99]} ms"),
        TextColumn("{task.fields[drawn]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True)) as shown:
        task = shown.add_task("", total=round(seconds), requests=0, errors=0, p99="–", drawn="")
        last: deque[float | None] = deque(maxlen=SHOWN)
        failed = 0

        def second(line: Mapping[str, object]) -> None:
            nonlocal failed
            if "second" not in line:
                return
            p99 = line["p99_ms"]
            last.append(float(str(p99)) if p99 is not None else None)
            failed += int(str(line["errors"]))
            shown.update(
                task,
                completed=int(str(line["second"])) + 1,
                requests=line["requests"],
                errors=failed,
                p99="–" if last[-1] is None else f"{last[-1]:.0f}",
                drawn=bars(last),
            )

        yield second


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
            text = (
                f"{name}: {at} of {seconds:.0f} s, {requests} requests, {errors} errors, worst p99 of a second {told}"
            )
            typer.echo(text, err=True)
            worst, requests, errors = None, 0, 0

    return second
