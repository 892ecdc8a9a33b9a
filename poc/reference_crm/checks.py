"""Checks: what makes a value of a bank's master data valid; each returns what is wrong, or None."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from operator import mul
from types import MappingProxyType

_EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
_IDENTITY, _OLD_IDENTITY, _CARD = re.compile(r"\d{17}[\dX]"), re.compile(r"\d{15}"), re.compile(r"[0-9]{13,19}")
#: What a digit in an even place counts (ISO/IEC 7812-1): twice as much, less nine where that has two digits.
_LUHN_DOUBLED = str.maketrans("0123456789", "0246813579")
_WEIGHTS_11643 = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS_32100 = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
OLDEST = date(1890, 1, 1)


def national_id(value: str) -> str | None:
    """Check an identity number: 18 characters with GB 11643-1999 check digit and a real date, or 15 digits of old."""
    if _OLD_IDENTITY.fullmatch(value):
        return None if born(value) else "holds no real birth date"
    if not _IDENTITY.fullmatch(value):
        return "must be 17 digits and a check character"
    if not born(value):
        return "holds no real birth date"
    total = sum(map(mul, map(int, value[:17]), _WEIGHTS_11643))
    return None if "10X98765432"[total % 11] == value[17] else "has a wrong check character"


def born(value: str) -> date | None:
    """Return the birth date inside an identity number, None if it is no date."""
    digits = value[6:14] if len(value) == 18 else "19" + value[6:12]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def registration_id(value: str) -> str | None:
    """Check a unified social credit code: 18 characters with GB 32100-2015 check character."""
    if len(value) != 18 or any(character not in _USCC_ALPHABET for character in value):
        return "must be 18 characters of digits and capitals without I, O, S, V, Z"
    total = sum(
        _USCC_ALPHABET.index(character) * weight for character, weight in zip(value, _WEIGHTS_32100, strict=False)
    )
    return None if _USCC_ALPHABET[(31 - total % 31) % 31] == value[17] else "has a wrong check character"


def card_number(value: str) -> str | None:
    """Check a card number: 13 to 19 digits, Luhn (ISO/IEC 7812-1)."""
    if not _CARD.fullmatch(value):
        return "must be 13 to 19 digits"
    total = sum(map(int, value[::-2])) + sum(map(int, value[-2::-2].translate(_LUHN_DOUBLED)))
    return "has a wrong check digit" if total % 10 else None


def email(value: str) -> str | None:
    """Check the form of an e-mail address; somebody without one leaves it empty."""
    return None if not value or (_EMAIL.fullmatch(value) and ".." not in value) else "is no e-mail address"


def name(value: str) -> str | None:
    """Check that a name is more than blanks."""
    return None if value.strip() else "must not be blank"


def address(value: str) -> str | None:
    """Check that an address is neither blank nor a masked one that is being written back."""
    if not value.strip():
        return "must not be blank"
    return "is a masked value" if "****" in value else None


def past(value: date) -> str | None:
    """Check that a birth date lies in the past, and in living memory."""
    return None if OLDEST <= value <= date.today() else "must lie in the past"  # noqa: DTZ011 - a calendar day


def not_negative(value: Decimal) -> str | None:
    """Check that an amount is zero or more."""
    return None if value >= 0 else "must not be negative"


RULES: Mapping[str, Callable[..., str | None]] = MappingProxyType(
    {
        check.__name__: check
        for check in (national_id, registration_id, card_number, email, name, address, past, not_negative)
    }
)


def agree(identity: str, birth_date: date) -> str | None:
    """Check that an identity number belongs to a birth date."""
    return None if born(identity) == birth_date else "does not agree with the birth date in national_id"
