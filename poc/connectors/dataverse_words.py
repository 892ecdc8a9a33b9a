"""Dataverse words: what its error codes mean, and where its challenge sends a caller to sign in."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from scenarios.port import REASONS, Refused, Reply

#: Codes of the Web API (reference/web-service-error-codes) and of the identity platform's token address.
CODES: Mapping[str, str] = {
    "0x80060892": "duplicate",  # an alternate key has that value already
    "0x80040237": "duplicate",
    "0x80040333": "duplicate",
    "0x80060882": "conflict",  # the row version that was named is not the present one
    "0x80040217": "not-found",
    "0x80060891": "not-found",  # nothing has that alternate key
    "0x80040220": "forbidden",
    "0x80048306": "forbidden",
    "0x80072321": "throttled",
    "0x80072322": "throttled",
    "0x80072326": "throttled",
    "invalid_client": "unauthenticated",
    "unauthorized_client": "unauthenticated",
    "invalid_grant": "unauthenticated",
}
#: What a 412 means when it comes without a code, as the documents show it (perform-conditional-operations).
EXISTS = "already exists"
_CHALLENGE = re.compile(
    r"authorization_uri=(?P<authority>[^\s,]+?)/oauth2/(?:v2\.0/)?authorize\W+resource_id=(?P<resource>[^\s,]+)"
)


def error_of(reply: Reply) -> Refused | None:
    """Return the refusal of a reply; of a 401 the challenge is told, since it says where to sign in."""
    if reply.status < 400:
        return None
    code, words = _said(reply)
    broken = "server-error" if reply.status >= 500 else "refused"
    reason = CODES.get(code) or REASONS.get(reply.status, broken)
    if reply.status == 412 and not code and EXISTS in words:
        reason = "duplicate"
    challenge = reply.headers.get("www-authenticate", "") if reply.status == 401 else ""
    return Refused(reason, status=reply.status, detail=f"{code} {words} {challenge}".strip())


def challenged(detail: str) -> tuple[str, str] | None:
    """Return authority and resource of a challenge (authenticate-web-api), None if there are none in it."""
    found = _CHALLENGE.search(detail)
    return None if found is None else (found["authority"], found["resource"].rstrip("/"))


def _said(reply: Reply) -> tuple[str, str]:
    try:
        told: Any = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return "", ""
    inner = told.get("error") if isinstance(told, dict) else None
    if isinstance(inner, dict):
        return str(inner.get("code", "")), str(inner.get("message", ""))
    return ("", "") if inner is None else (str(inner), str(told.get("error_description", "")))
