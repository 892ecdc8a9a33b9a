"""Terms: on what ground a target may be pressed, and how hard; refused before a single connection is made."""

import ipaddress
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from loadtests.limits import Limit, breaches, fitting, peak
from loadtests.permission import Paper, PermitError, allow
from loadtests.workload import Workload

#: full: whatever is permitted; capped: never beyond what is declared; attested: nobody presses it, the vendor tells.
Mode = Literal["full", "capped", "attested"]
#: The ground on which this machine itself is pressed.
LOOPBACK = "loopback"
#: An address and a port.
Place = tuple[str, int]
#: Finds all places that a host name and a port have now; raises OSError.
Resolve = Callable[[str, int], frozenset[Place]]


class Ground(NamedTuple):
    """On what ground a target is pressed, in words, and at which places: nothing else is connected to."""

    words: str
    places: frozenset[Place]


def resolve(host: str, port: int) -> frozenset[Place]:
    """Return the places of a host as this machine sees them; raises OSError when the name is not known."""
    return frozenset((str(found[4][0]), port) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed about a target: the mode, the signed paper (TOML) and whose key it must bear, declared limits.

    ``spent`` is how many requests of today were made before, as far as is known.
    """

    mode: Mode = "full"
    paper: str = ""
    trusted_key: str = ""
    limits: tuple[Limit, ...] = ()
    spent: int = 0

    def ground(self, url: str, load: Workload, now: datetime, *, resolve: Resolve = resolve) -> Ground:
        """Return on what ground a workload may press a URL, and at which places; raises PermitError.

        This machine needs no paper: what counts are the addresses, not what a name promises.
        """
        if self.mode == "attested":
            raise PermitError(f"{url} lets nobody press it (load = attested): its speed is what the vendor attests")
        if self.mode == "capped":
            self._hold(load)
        places = _places(url, resolve)
        if all(ipaddress.ip_address(address).is_loopback for address, _ in places):
            return Ground(LOOPBACK, places)
        return Ground(self._permitted(url, load, now), places)

    def _hold(self, load: Workload) -> None:
        broken = breaches(load, self.limits, self.spent)
        if not broken:
            return
        slower = fitting(load, self.limits, self.spent)
        fits = "nothing fits" if slower is None else f"--rate {slower.rate:g} with {slower.users} connections fits"
        raise PermitError(f"the contract does not carry this: {'; '.join(broken)}. {fits}; --pace takes it")

    def _permitted(self, url: str, load: Workload, now: datetime) -> str:
        host = (urlsplit(url).hostname or "").lower()
        if not self.paper:
            raise PermitError(
                f"{url} is not this machine, and nobody signed a permission to press it: "
                "`touchstone load permit new` writes one, `permission` of the target names it"
            )
        if load.arrivals == "closed":
            raise PermitError(f"a closed workload has no rate that a permission could bound: press {host} open")
        try:
            permission = Paper.read(self.paper).believed(self.trusted_key)
            allow(permission, "load", host, now, seconds=load.profile.seconds, per_second=peak(load))
        except PermitError as no:
            raise PermitError(f"the permission for {host} {no}") from None
        return permission.told()

    def as_dict(self) -> dict[str, object]:
        """Return plain values for the agent's plan."""
        return {
            "mode": self.mode,
            "paper": self.paper,
            "trusted_key": self.trusted_key,
            "limits": [list(limit) for limit in self.limits],
            "spent": self.spent,
        }


def _places(url: str, resolve: Resolve) -> frozenset[Place]:
    parts = urlsplit(url)
    try:
        return resolve(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    except OSError as fault:
        raise PermitError(f"the host of {url} has no address here: {fault.strerror}") from None


def terms_of(data: Mapping[str, Any]) -> Terms:
    """Read terms back from plain values."""
    limits: Sequence[Sequence[Any]] = data["limits"]
    return Terms(**{**data, "limits": tuple(Limit(*limit) for limit in limits)})
