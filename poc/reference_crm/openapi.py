"""OpenAPI: the published contract, completed with what the framework does not say by itself: sign-in and versions."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

#: Operations that need no sign-in.
OPEN_PATHS = (
    "/health/live",
    "/health/ready",
    "/v1/auth/token",
    "/v1/auth/refresh",
    "/v1/auth/passkey",
    "/v1/auth/passkey/challenge",
    "/v1/auth/sso/{provider}",
    "/v1/auth/sso/{provider}/callback",
    "/v1/auth/sso/{provider}/acs",
)
DESCRIPTION = """The reference CRM of a bank.

Errors are problem documents (RFC 9457) whose type ends in a reason word: invalid, unauthenticated, forbidden,
not-found, conflict, duplicate, throttled, locked, unsupported, server-error, unavailable
(503: ask again after Retry-After).

A POST that creates a record may carry Idempotency-Key: the same key with the same body gives the first reply again,
with another body it is refused (409). A PATCH must carry the version that was read as If-Match: without it 428, with an
old one 412. A field that is not in the schema is refused (422), as is a value that breaks a rule no schema can express:
check digits of identity numbers (GB 11643), company codes (GB 32100) and cards (Luhn), and references to nothing.

Changes of this interface raise the number in its paths; a version is announced half a year before it ends."""


def document(app: FastAPI) -> dict[str, Any]:
    """Return the contract of an application."""
    if app.openapi_schema is None:
        contract = get_openapi(
            title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes, openapi_version="3.1.0"
        )
        contract["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        for path, operation in _operations(contract):
            operation["security"] = [] if path in OPEN_PATHS else [{"token": []}]
            for parameter in operation.get("parameters", ()):
                _plain(parameter)
        app.openapi_schema = contract
    return app.openapi_schema


def _operations(contract: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in contract["paths"].items():
        for operation in methods.values():
            yield path, operation


def _plain(parameter: dict[str, Any]) -> None:
    """Say of a parameter that may be left out what it must be if it is there: nobody can send a null in a header."""
    schema = parameter.get("schema", {})
    kinds = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(kinds) == 1:
        parameter["schema"] = {**{k: v for k, v in schema.items() if k not in ("anyOf", "default")}, **kinds[0]}
    if parameter["in"] == "header" and parameter["name"] == "If-Match":
        parameter["required"] = True
