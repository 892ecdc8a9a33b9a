"""Permission: whether a target may be attacked, harmless as attacks are: on this machine, or with a signed paper."""

from typing import Protocol, runtime_checkable

from scenarios.port import Request


@runtime_checkable
class Permitting(Protocol):
    """A wire that knows whether its target may be attacked."""

    def permission(self) -> str:
        """Return on what ground attacks are permitted (loopback, or who signed until when), "" if they are not."""
        ...


def permission_request() -> Request:
    """Return how the look at the permission is named on record."""
    return Request(method="PERMIT", path="attacks", step="permission")
