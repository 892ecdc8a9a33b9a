"""Diary: writes each second down when all of it has ended, tells what it means for the objectives, and forgets it."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Protocol

from loadtests.agent.recorder import Recorder
from loadtests.histogram import Histogram
from loadtests.objectives import Objective
from loadtests.tally import tally

#: Takes what is to be known while a run goes on.
Tell = Callable[[Mapping[str, object]], None]


class Rows(Protocol):
    """A file for rows, or what takes its place."""

    def write(self, lines: str, /) -> object:
        """Take some whole lines."""


class Diary:
    """Lines for the parent, one a second, and rows for the file; memory does not grow with the length of a run."""

    def __init__(
        self,
        recorder: Recorder,
        promises: tuple[Objective, ...],
        rows: Rows,
        own: Callable[[], Mapping[str, object]] = dict,
        tell: Tell | None = None,
    ) -> None:
        """Begin before the first second; ``own`` returns how the generator stands, told with each second."""
        self._recorder, self._rows, self._own, self._say = recorder, rows, own, tell or say
        self._promises = tuple(one for one in promises if one.proportion)
        self._told = self._settled = -1

    def turn(self, now: float) -> None:
        """Tell every second that has passed, and settle those of which nothing is open; ``now`` counts from the start.

        A second is looked at when another has passed: who is quick is in it by then, and who is not is waited for.
        """
        while self._told < int(now) - 2:
            self._tell(self._told + 1)
        while self._settled < self._told and self._recorder.settled(self._settled + 1):
            self._settle(self._settled + 1)

    def close(self) -> None:
        """Tell and write what is left."""
        for second in sorted(self._recorder.seconds):
            if second > self._told:
                self._tell(second)
            self._settle(second)

    def _tell(self, second: int) -> None:
        self._told = second
        requests, errors, p99 = self._recorder.second(second)
        online = [cell for cell in self._recorder.cells(second) if cell.kind != "batch" and cell.outcome == "ok"]
        cells = Histogram.of(cell.histogram for cell in online).coarse()
        counted = {"second": second, "requests": requests, "errors": errors, "p99_ms": p99, "cells": cells}
        self._say({**counted, **self._own()})

    def _settle(self, second: int) -> None:
        self._settled = max(self._settled, second)
        self._rows.write("".join(self._recorder.lines(second)))
        cells = self._recorder.cells(second)
        self._say({"settled": second, "tally": {one.name: tally(cells, one) for one in self._promises}})
        self._recorder.forget(second)


def say(line: Mapping[str, object]) -> None:
    """Tell the parent something."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
