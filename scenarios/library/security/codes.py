"""Codes: what an authenticator shows at a moment, worked out by ourselves (RFC 6238), and what it never shows."""

import base64
import binascii
import hmac
from datetime import datetime

#: Seconds that a code is shown (RFC 6238 4.1).
PERIOD = 30


def code(secret: str, at: datetime, ahead: int = 0) -> str:
    """Return the six digits of a base32 secret, ``ahead`` periods after a moment."""
    step = int(at.timestamp()) // PERIOD + ahead
    digest = hmac.digest(_bytes(secret), step.to_bytes(8, "big"), "sha1")
    place = digest[-1] & 0x0F
    return str((int.from_bytes(digest[place : place + 4], "big") & 0x7FFF_FFFF) % 1_000_000).zfill(6)


def wrong(secret: str, at: datetime, turn: int = 0) -> str:
    """Return a code that is not shown near a moment."""
    near = {code(secret, at, ahead) for ahead in range(-4, 5)}
    return [str(number * 111_111).zfill(6) for number in range(10) if str(number * 111_111).zfill(6) not in near][turn]


def _bytes(secret: str) -> bytes:
    """Return a secret's bytes; where a stored run is judged again a placeholder stands for it, and will do."""
    try:
        return base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
    except (binascii.Error, ValueError):
        return secret.encode()
