"""Manifest: what must be known of a run to repeat it, without any secret."""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from scenarios.lines import plain

#: The version of the run folder's layout; a reader refuses what it does not know.
LAYOUT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a run was: written once, and the first link of the run's chains.

    ``bank`` holds digest, seed, customers and profile; ``settings`` the target's settings without secrets; ``labels``
    what readers must be told (deliberately weakened, not verified live).
    """

    run: str
    target: str
    title: str
    started: datetime
    bank: Mapping[str, object]
    catalogue: str
    code: str
    packages: Mapping[str, str]
    machine: Mapping[str, object]
    settings: Mapping[str, object] = field(default_factory=dict)
    labels: tuple[str, ...] = ()

    def as_object(self) -> dict[str, Any]:
        """Return the manifest as it is written."""
        names = ("run", "target", "title", "started", "bank", "catalogue", "code", "packages", "machine", "settings")
        return {"layout": LAYOUT, "labels": list(self.labels), **{name: plain(getattr(self, name)) for name in names}}


def manifest_of(read: Mapping[str, Any]) -> Manifest:
    """Return the manifest that an object holds; raises KeyError or ValueError when it holds none."""
    if read["layout"] != LAYOUT:
        raise ValueError(f"layout {read['layout']} is not {LAYOUT}")
    return Manifest(
        run=read["run"],
        target=read["target"],
        title=read["title"],
        started=datetime.fromisoformat(read["started"]),
        bank=read["bank"],
        catalogue=read["catalogue"],
        code=read["code"],
        packages=read["packages"],
        machine=read["machine"],
        settings=read["settings"],
        labels=tuple(read["labels"]),
    )


def describe(
    *,
    run: str,
    target: str,
    title: str,
    started: datetime,
    bank: Mapping[str, object],
    catalogue: str,
    settings: Mapping[str, object] | None = None,
    labels: Sequence[str] = (),
) -> Manifest:
    """Return the manifest of a run that starts now, here, with this code."""
    return Manifest(
        run=run,
        target=target,
        title=title,
        started=started,
        bank=bank,
        catalogue=catalogue,
        code=revision(),
        packages=packages(),
        machine=machine(),
        settings=settings or {},
        labels=tuple(labels),
    )


def revision() -> str:
    """Return the git commit that this code is of (``+`` when files were changed since), else the package's version."""
    house = Path(__file__).parent.parent
    if (house / ".git").exists():
        head = _git(house, "rev-parse", "HEAD")
        if head:
            return head + ("+" if _git(house, "status", "--porcelain", "--untracked-files=no") else "")
    try:
        return f"touchstone-crm {metadata.version('touchstone-crm')}"
    except metadata.PackageNotFoundError:
        return "unknown"


def _git(house: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", "-C", house, *words], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def packages() -> dict[str, str]:
    """Return the versions of all packages that this process could import, by name."""
    return dict(sorted((found.name, found.version) for found in metadata.distributions() if found.name))


def machine() -> dict[str, object]:
    """Return what may explain a figure: system, processors, memory, Python."""
    return {
        "system": platform.system(),
        "release": platform.release(),
        "processor": platform.machine(),
        "processors": os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "python": sys.version.split()[0],
    }
