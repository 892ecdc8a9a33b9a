"""Errands: installing, starting and stopping a product takes minutes: a process of its own does it and tells how far.

Nobody waits for it, so that it outlives the page on which it was asked for; what it tells lies in one file a product.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import psutil  # type: ignore[import-untyped]
from pydantic import ValidationError

from poc.lab.vendors.lab import VendorLab
from poc.lab.vendors.processes import Process, begun
from poc.settings import Door
from scenarios.disk import write_whole

#: Within which time a process that was asked for says its first word.
STARTS_WITHIN = timedelta(seconds=30)
Act = Literal["install", "start", "fresh", "stop", "remove"]


class ErrandError(ValueError):
    """An errand that cannot be begun; the text says why."""


class Errand(Door):
    """What was asked for a product, how far it is, and how it ended; ``fault`` is empty where nothing went wrong."""

    act: Act
    asked: datetime
    process: Process | None = None
    stage: str = ""
    done: int = 0
    total: int = 0
    ended: bool = False
    fault: str = ""

    @property
    def alive(self) -> bool:
        """Whether it is still being done; a process that was only just asked for has said nothing yet."""
        if self.ended:
            return False
        if self.process is None:
            return datetime.now(UTC) - self.asked < STARTS_WITHIN
        return self.process.alive

    @property
    def lost(self) -> bool:
        """Whether its process is gone without a word."""
        return not self.ended and not self.alive


@dataclass(frozen=True, slots=True, kw_only=True)
class Errands:
    """The errands of a vendor lab; targets are listed in ``listed``."""

    lab: VendorLab
    listed: Path

    def of(self, name: str) -> Errand | None:
        """Return the last errand for a product, None where there was none, or what it told cannot be read."""
        try:
            return Errand.model_validate_json(self._place(name).read_bytes())
        except (OSError, ValidationError):
            return None

    def begin(self, act: Act, name: str, environment: Mapping[str, str] = os.environ) -> None:
        """Have something done for a product; raises ErrandError while the last errand for it is under way."""
        self.lab.product(name)
        last = self.of(name)
        if last is not None and last.alive:
            raise ErrandError(f"{name}: {last.act} is under way: wait until it is done")
        self.lab.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(name, Errand(act=act, asked=datetime.now(UTC)))
        words = [sys.executable, "-m", "poc.errands", act, name, str(self.lab.folder), str(self.listed.absolute())]
        log = self._place(name).with_suffix(".log")
        begun(act, words, environment=environment, folder=Path.cwd(), log=log)

    def do(self, act: Act, name: str) -> None:
        """Do an errand here and now and tell how far it is; what hinders it is told, not raised."""
        own = psutil.Process()
        self._tell(name, process=Process(says=act, pid=own.pid, born=own.create_time()))
        try:
            self._do(act, name)
        except Exception as fault:  # whoever asked looks at the file, and is told in one line
            self._tell(name, ended=True, fault=" ".join(str(fault).split()) or type(fault).__name__)
        else:
            self._tell(name, ended=True)

    def _do(self, act: Act, name: str) -> None:
        def report(stage: str, done: int, total: int) -> None:
            self._tell(name, stage=stage.rpartition(": ")[2], done=done, total=total)

        match act:
            case "install":
                self.lab.install(name, report)
            case "start" | "fresh":
                self.lab.start(name, self.listed, report, fresh=act == "fresh")
            case "stop":
                self.lab.stop(name)
            case "remove":
                self.lab.remove(name, self.listed)

    def _tell(self, name: str, **facts: object) -> None:
        errand = self.of(name)
        if errand is not None:
            self._write(name, errand.model_copy(update=facts))

    def _write(self, name: str, errand: Errand) -> None:
        write_whole(self._place(name), errand.model_dump_json().encode(), mode=0o600)

    def _place(self, name: str) -> Path:
        return self.lab.folder / f".{name}.errand.json"


def main(words: list[str]) -> None:
    """Do the errand that the words tell: act, product, folder of the lab, list of targets."""
    act, name, folder, listed = words
    errands = Errands(lab=VendorLab(folder=Path(folder)), listed=Path(listed))
    errands.do(Errand.model_validate({"act": act, "asked": datetime.now(UTC)}).act, name)


if __name__ == "__main__":
    main(sys.argv[1:])
