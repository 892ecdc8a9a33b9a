"""Environment: programs of others in a place of their own, every file checked by its hash; whole, or not there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

#: The file that says that an environment is whole, and for what: a version, a digest.
WHOLE = "touchstone.version"

#: Tells how far a piece of work is: its name, how much is done, how much there is.
Report = Callable[[str, int, int], None]


class EnvironmentFault(Exception):
    """An environment could not be made; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A virtual environment for what is called ``name``; ``mark`` is what it holds when it is whole."""

    name: str
    place: Path
    mark: str

    @property
    def found(self) -> str:
        """Return the mark of what is there whole, "" for nothing."""
        mark = self.place / WHOLE
        return mark.read_text("utf-8").strip() if mark.is_file() else ""

    @property
    def whole(self) -> bool:
        """Whether it is there, and holds what it should."""
        return self.found == self.mark

    @property
    def bin(self) -> Path:
        """Return the folder of its programs."""
        return self.place / "bin"

    def make(self, listed: Path, python: Path, report: Report) -> None:
        """Fill it anew with what a list of versions and hashes names; raises EnvironmentFault and leaves nothing half.

        uv does it where there is one, since it takes a tenth of the time, else pip.
        """
        self.remove()
        self.place.parent.mkdir(parents=True, exist_ok=True)
        try:
            report(f"{self.name}: environment", 0, 2)
            fill = self._by_uv(listed, python) or self._by_pip(listed, python)
            report(f"{self.name}: programs", 1, 2)
            fill()
            (self.place / WHOLE).write_text(f"{self.mark}\n", "utf-8")
            report(f"{self.name}: ready", 2, 2)
        finally:
            if not self.whole:
                self.remove()

    def remove(self) -> bool:
        """Remove it and return whether there was one."""
        there = self.place.is_dir()
        shutil.rmtree(self.place, ignore_errors=True)
        return there

    def _by_uv(self, listed: Path, python: Path) -> Callable[[], None] | None:
        uv = uv_here()
        if uv is None:
            return None
        self._do([str(uv), "venv", "--quiet", "--python", str(python), str(self.place)])
        fetch = [str(uv), "pip", "install", "--quiet", "--python", str(self.bin / "python"), "--compile-bytecode"]

        def fill() -> None:
            try:
                self._do([*fetch, "--require-hashes", "--requirement", str(listed)], for_uv(os.environ))
            except (
                EnvironmentFault
            ):  # uv does not read all of pip's settings: an index that only pip knows is tried too
                shutil.rmtree(self.place, ignore_errors=True)
                self._by_pip(listed, python)()

        return fill

    def _by_pip(self, listed: Path, python: Path) -> Callable[[], None]:
        self._do([str(python), "-m", "venv", str(self.place)])
        pip = [str(self.bin / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        return lambda: self._do([*pip, "--require-hashes", "--requirement", str(listed)])

    def _do(self, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if done.returncode:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason given"]
            raise EnvironmentFault(
                f"{self.name} could not be installed: {last[0].strip()}; check the way to your package index, try again"
            )


def uv_here() -> Path | None:
    """Return uv, from beside our own interpreter or from the path; None without it."""
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.is_file() else shutil.which("uv")
    return Path(found) if found else None


def for_uv(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that hands to uv what pip's variables say of where packages come from."""
    told = {"PIP_INDEX_URL": "UV_DEFAULT_INDEX", "PIP_FIND_LINKS": "UV_FIND_LINKS", "PIP_CERT": "SSL_CERT_FILE"}
    handed = {theirs: environment[ours] for ours, theirs in told.items() if environment.get(ours)}
    return {**handed, **environment}
