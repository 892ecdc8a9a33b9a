"""leave_for(): whose permission covers pressing a target with a workload now, in facts that a page can tell."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from loadtests.limits import peak
from loadtests.permission import Paper, Permission, PermitError, allow
from loadtests.workload import Workload
from poc.settings import SettingsError, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """How a target may be pressed: ``here`` needs nobody's leave, ``signed`` has it, ``refused`` and ``attested`` not.

    ``permission`` is the paper where one could be read, ``why`` what is against it. The load agent looks again by
    itself before it presses: this only tells.
    """

    kind: Literal["here", "signed", "refused", "attested"]
    permission: Permission | None = None
    key: str = ""
    why: str = ""

    @property
    def given(self) -> bool:
        """Whether the target may be pressed."""
        return self.kind in ("here", "signed")


def leave_for(target: Target, load: Workload | None, now: datetime) -> Leave:
    """Return how a target may be pressed now; ``load`` None leaves the rate and the length out."""
    host = (urlsplit(target.url).hostname or "").lower()
    if target.load_mode == "attested":
        return Leave(kind="attested")
    if _here(host):
        return Leave(kind="here")
    paper = None
    try:
        if not (text := target.paper()):
            return Leave(kind="refused", why="nobody signed a permission to press it: `touchstone load permit new`")
        paper = Paper.read(text)
        permission = paper.believed(target.permission_key or "")
        seconds, rate = (load.profile.seconds, peak(load)) if load is not None else (0.0, 0.0)
        allow(permission, "load", host, now, seconds=seconds, per_second=rate)
    except (PermitError, SettingsError) as no:
        known = None if paper is None else paper.permission
        return Leave(kind="refused", permission=known, key=paper.signature.key if paper else "", why=str(no))
    return Leave(kind="signed", permission=permission, key=paper.signature.key)


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
