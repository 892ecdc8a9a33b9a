"""Knocking: the door at which a target asks everybody for a certificate, and what it answers to a good or bad one."""

from typing import Protocol, runtime_checkable

from scenarios.port import Reply, Request

#: Names of the certificates that a bench can show: the one bound to the integration's user, and bad ones.
OWN, EXPIRED, REVOKED, OTHER_AUTHORITY, NONE = "own", "expired", "revoked", "other-authority", "none"


@runtime_checkable
class Knocker(Protocol):
    """A wire that knows the way to such a door and holds certificates to show there; optional."""

    def knock(self, certificate: str, request: Request) -> Reply | None:
        """Carry a request to the door with a certificate by its name; None if the door let nobody speak.

        Raises NotTestable if the settings name no such door or lack the certificate, BenchFault when nobody listens.
        """
        ...


def knock_request(certificate: str, request: Request) -> Request:
    """Return how a request to the door is named on record."""
    return Request(
        method=request.method,
        path=request.path,
        query={**request.query, "certificate": certificate},
        json=request.json,
        headers=request.headers,
        content=request.content,
        step="knock",
    )
