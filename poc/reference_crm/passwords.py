"""Passwords: kept as Argon2id, checked in equal time for known and unknown names, weak ones refused.

Cost parameters follow OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
"""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

#: A hash of nobody's password; unknown names are checked against it so that they take the same time.
NOBODY = _HASHER.hash("a password that nobody has")

SHORTEST, LONGEST = 12, 200

#: Words that open too many doors; compared without case, digits and signs at the ends.
COMMON = frozenset(
    {
        "password",
        "passwordpassword",
        "passw0rd",
        "administrator",
        "adminadmin",
        "qwertyuiop",
        "qwertyuiopas",
        "letmeinletmein",
        "welcome",
        "welcomewelcome",
        "iloveyou",
        "changeme",
        "changemechangeme",
        "abcdefghijkl",
        "touchstone",
        "correcthorsebatterystaple",
    }
)


def hashed(password: str) -> str:
    """Return the Argon2id hash of a password, with its salt and parameters inside."""
    return _HASHER.hash(password)


def matches(digest: str, password: str) -> bool:
    """Tell whether a password belongs to a hash."""
    try:
        return _HASHER.verify(digest, password)
    except (VerificationError, InvalidHashError):
        return False


def weakness(password: str) -> str | None:
    """Return why a password is too weak, None if it is not."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"must have {SHORTEST} to {LONGEST} characters"
    if len(set(password)) < 5:
        return "repeats too few characters"
    if password.casefold().strip("0123456789!?.-_#@ ") in COMMON or password.isdigit():
        return "is on the list of common passwords"
    return None
