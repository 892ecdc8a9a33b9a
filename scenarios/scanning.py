"""Scanning: what a wire that can run scanners of others is asked for, and how their reports go on record."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from scenarios.port import Request


@runtime_checkable
class Scanner(Protocol):
    """A wire that can also have a scanner of others look at the target; optional, since the scanner may be missing."""

    def scan(self, tool: str, *, seconds: float) -> Mapping[str, object]:
        """Return what a scanner reports after at most about ``seconds``.

        Raises NotTestable if it is not installed or nobody permitted attacks, BenchFault if the scanner fails.
        """
        ...


def scan_request(tool: str) -> Request:
    """Return how a scan is named on record."""
    return Request(method="SCAN", path=tool, step="scan")
