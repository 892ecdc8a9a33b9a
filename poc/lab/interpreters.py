"""Interpreters: a Python of at least some version on this machine, tried before it is believed."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

#: How many minor versions beyond the wanted one are looked for by their name.
LATER = 3
#: Where pyenv and uv keep the interpreters that they fetched.
KEPT = (".pyenv/versions/*/bin/python3", ".local/share/uv/python/*/bin/python3")
_ASK = "import sys, venv, ensurepip; print(sys.version_info[0], sys.version_info[1])"

Version = tuple[int, int]


def interpreter(
    least: Version,
    candidates: Iterable[Path] | None = None,
    ask: Callable[[Path], Version | None] | None = None,
) -> Path | None:
    """Return a Python that can make environments, the oldest of at least this version; None if there is none."""
    if candidates is None and sys.version_info[:2] == least:
        return Path(sys.executable)
    tried = {
        one: (ask or version_of)(one) for one in dict.fromkeys(candidates if candidates is not None else here(least))
    }
    fitting = [(version, place) for place, version in tried.items() if version is not None and version >= least]
    return min(fitting, default=(least, None), key=lambda one: one[0])[1]


def here(least: Version) -> Iterator[Path]:
    """Yield the places of this machine at which such an interpreter may lie: our own, named ones, kept ones."""
    yield Path(sys.executable)
    for minor in range(least[1], least[1] + LATER + 1):
        if found := shutil.which(f"python{least[0]}.{minor}"):
            yield Path(found)
    for pattern in KEPT:
        yield from sorted(Path.home().glob(pattern))


@cache
def version_of(python: Path) -> Version | None:
    """Return the version that an interpreter says it has; None if it does not run or can make no environments."""
    try:
        done = subprocess.run([str(python), "-I", "-c", _ASK], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    major, minor = done.stdout.split()
    return int(major), int(minor)
