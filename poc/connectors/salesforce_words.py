"""Salesforce words: what its error codes mean, and how its two ways of being too much are told apart."""

from collections.abc import Mapping

import orjson

from scenarios.port import REASONS, Refused, Reply

#: https://developer.salesforce.com/docs/platform/api-rest/guide/errorcodes.html and the SOAP API's StatusCode list.
CODES: Mapping[str, str] = {
    "INVALID_SESSION_ID": "unauthenticated",
    "invalid_client": "unauthenticated",
    "invalid_client_id": "unauthenticated",
    "invalid_grant": "unauthenticated",
    "inactive_user": "unauthenticated",
    "NOT_FOUND": "not-found",
    "ENTITY_IS_DELETED": "not-found",
    "DUPLICATE_VALUE": "duplicate",
    "DUPLICATES_DETECTED": "duplicate",
    "UNABLE_TO_LOCK_ROW": "conflict",
    "INSUFFICIENT_ACCESS": "forbidden",
    "INSUFFICIENT_ACCESS_OR_READONLY": "forbidden",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "forbidden",
    "API_DISABLED_FOR_ORG": "forbidden",
}
LIMIT = "REQUEST_LIMIT_EXCEEDED"
#: No Retry-After is given; calls of over 20 s are limited at once, so that waiting a while helps.
BUSY_SECONDS = 5.0


def error_of(reply: Reply) -> Refused | None:
    """Return the refusal of a reply: the first of its errors, or its status."""
    if reply.status < 400:
        return None
    code, words, fields = _first(reply)
    broken = "server-error" if reply.status >= 500 else "refused"
    reason = CODES.get(code) or REASONS.get(reply.status, broken)
    return Refused(reason, status=reply.status, detail=f"{code} {words}".strip(), fields=fields)


def used_up(reply: Reply) -> str:
    """Return what to do if the organisation's calls of 24 hours are used up, else "" (403, and no 429)."""
    code, words, _ = _first(reply) if reply.status == 403 else ("", "", ())
    if code != LIMIT or "Concurrent" in words:
        return ""
    usage = reply.headers.get("sforce-limit-info", "the allowance of 24 hours")
    return f"this organisation's calls are used up ({usage}): resume the run tomorrow, or buy more"


def wait_of(reply: Reply) -> float | None:
    """Return the seconds to wait if too many long calls are under way, else None."""
    code, words, _ = _first(reply) if reply.status in (403, 503) else ("", "", ())
    return BUSY_SECONDS if code == LIMIT and "Concurrent" in words else None


def _first(reply: Reply) -> tuple[str, str, tuple[str, ...]]:
    try:
        told = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return "", "", ()
    if isinstance(told, list) and told and isinstance(told[0], dict):
        first = told[0]
        return str(first.get("errorCode", "")), str(first.get("message", "")), tuple(first.get("fields") or ())
    if isinstance(told, dict):  # the token's address speaks OAuth
        return str(told.get("error", "")), str(told.get("error_description", "")), ()
    return "", "", ()
