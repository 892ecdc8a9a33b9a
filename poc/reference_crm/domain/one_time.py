"""One time: codes of a second factor that change every thirty seconds (RFC 6238 over RFC 4226)."""

import hmac
from datetime import datetime

#: Seconds that a code is shown, and its digits (RFC 6238 4.1, RFC 4226 5.3).
PERIOD, DIGITS = 30, 6
#: How many codes before and after the present one pass, for clocks that differ (RFC 6238 5.2 advises one).
DRIFT = 1
#: Bytes of a secret (RFC 4226 4 R6 recommends 160 bits).
SECRET_BYTES = 20


def step_of(at: datetime) -> int:
    """Return the number of the period in which a moment lies."""
    return int(at.timestamp()) // PERIOD


def code(secret: bytes, step: int) -> str:
    """Return the code of a period."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    place = digest[-1] & 0x0F
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching(secret: bytes, given: str, at: datetime) -> int | None:
    """Return the period whose code was given, None if no period near the moment has it."""
    now, found = step_of(at), None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code(secret, step).encode(), given.encode("utf-8", "replace")):
            found = step
    return found
