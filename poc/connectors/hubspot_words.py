"""HubSpot words: what the categories of its errors mean, and which of its limits was reached."""

from collections.abc import Mapping
from typing import Any

import orjson

from scenarios.port import REASONS, BenchFault, Refused, Reply

#: Categories and codes of an error body (api-reference/error-handling and the reference of each object).
CATEGORIES: Mapping[str, str] = {
    "INVALID_AUTHENTICATION": "unauthenticated",
    "EXPIRED_AUTHENTICATION": "unauthenticated",
    "MISSING_SCOPES": "forbidden",
    "BANNED": "forbidden",
    "OBJECT_NOT_FOUND": "not-found",
    "RESOURCE_NOT_FOUND": "not-found",
    "CONFLICT": "duplicate",
    "OBJECT_ALREADY_EXISTS": "duplicate",
    "CONFLICTING_UNIQUE_VALUE": "duplicate",
    "VALIDATION_ERROR": "invalid",
}
#: Seconds to wait where no Retry-After is given: a locked record (423) for two, as documented.
WAITS: Mapping[str, float] = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0}
LOCKED_SECONDS = 2.0
LOCKED, MOVING = 423, 477


def error_of(reply: Reply) -> Refused | None:
    """Return the refusal of a reply: a code of its errors before its category, and that before its status."""
    if reply.status < 400:
        return None
    told = told_by(reply)
    broken = "server-error" if reply.status >= 500 else "refused"
    known = [CATEGORIES[word] for word in (*codes(told), str(told.get("category", ""))) if word in CATEGORIES]
    if str(told.get("status", "")).startswith("BAD_"):  # the token's address has words of its own
        known.append("unauthenticated")
    reason = known[0] if known else REASONS.get(reply.status, broken)
    return Refused(reason, status=reply.status, detail=str(told.get("message", "")))


def wait_of(reply: Reply) -> float | None:
    """Return the seconds to wait; raises BenchFault where waiting does not help: a day's calls, a move of the account.

    ``policyName`` tells which limit was reached (developer-tooling/platform/usage-guidelines).
    """
    if reply.status == LOCKED:
        return LOCKED_SECONDS
    if reply.status == MOVING:
        raise BenchFault("this HubSpot account is being moved between data centres: resume the run when that is done")
    if reply.status != 429:
        return None
    policy = str(told_by(reply).get("policyName", ""))
    if policy == "DAILY":
        raise BenchFault(
            "this HubSpot account's calls of today are used up: resume the run after midnight in the account's "
            "time zone, or buy a capacity pack"
        )
    after = reply.headers.get("retry-after", "")
    return float(after) if after.isdigit() else WAITS.get(policy, 1.0)


def told_by(reply: Reply) -> dict[str, Any]:
    """Return the body of an error; every field of it may be missing, as may the body."""
    try:
        told = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}


def codes(told: Mapping[str, Any]) -> list[str]:
    """Return the codes of the single errors in an error body."""
    return [str(one.get("code", "")) for one in told.get("errors") or () if isinstance(one, dict)]
