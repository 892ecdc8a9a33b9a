"""Problems: every refusal as one kind of exception, and on the wire as application/problem+json (RFC 9457)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

#: The HTTP status of each reason word.
STATUS = {
    "invalid": 422,
    "unauthenticated": 401,
    "forbidden": 403,
    "not-found": 404,
    "conflict": 409,
    "duplicate": 409,
    "throttled": 429,
    "locked": 409,
    "unsupported": 403,
    "server-error": 500,
    "unavailable": 503,
}

#: Seconds after which somebody who could not be served may ask again: a database that fell is back by then, mostly.
AGAIN_IN = 2

TITLES = {
    "invalid": "The request is not valid",
    "unauthenticated": "Sign in first",
    "forbidden": "Your role may not do this",
    "not-found": "There is no such thing",
    "conflict": "The record has changed or is in another state",
    "duplicate": "This is on file already",
    "throttled": "Too many requests",
    "locked": "This is kept as it is",
    "unsupported": "This service does not offer that",
    "server-error": "The service failed",
    "unavailable": "The service cannot do this now",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one field; ``value`` is what was given, masked where the field is restricted."""

    field: str
    message: str
    value: str | None = None

    def json(self) -> dict[str, object]:
        """Return the error as it appears in a problem."""
        shown: dict[str, object] = {"field": self.field, "message": self.message}
        return shown if self.value is None else shown | {"value": self.value}


@dataclass(slots=True, kw_only=True)
class Problem(Exception):
    """A refusal: ``reason`` is one of the words in STATUS, ``detail`` one sentence with the remedy."""

    reason: str
    detail: str
    errors: Sequence[FieldError] = ()
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the status from the reason unless a finer one is given."""
        self.status = self.status or STATUS[self.reason]

    def json(self, trace: str) -> dict[str, object]:
        """Return the problem document."""
        document: dict[str, object] = {
            "type": f"urn:touchstone:problem:{self.reason}",
            "title": TITLES[self.reason],
            "status": self.status,
            "detail": self.detail,
            "trace": trace,
        }
        if self.errors:
            document["errors"] = [error.json() for error in self.errors]
        return document


def invalid(name: str, message: str, value: str | None = None) -> Problem:
    """Return the refusal of one field."""
    return Problem(
        reason="invalid", detail=f"{name} {message}", errors=(FieldError(field=name, message=message, value=value),)
    )


def missing(what: str = "record") -> Problem:
    """Return the refusal that says neither whether something exists nor whose it is."""
    return Problem(reason="not-found", detail=f"no such {what}")


def unavailable() -> Problem:
    """Return the refusal of what cannot be done now, though it may be in a moment (RFC 9110, 15.6.4)."""
    return Problem(
        reason="unavailable",
        detail=f"the service cannot do this now: ask again in {AGAIN_IN} s, a write under the same Idempotency-Key",
        headers={"Retry-After": str(AGAIN_IN)},
    )


def forbidden(operation: str) -> Problem:
    """Return the refusal of an operation that a role may not do."""
    return Problem(reason="forbidden", detail=f"your role may not do {operation}")
