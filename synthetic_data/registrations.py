"""Registrations: identifiers of companies that check and can belong to nobody."""

from typing import Literal, TypeAlias

from synthetic_data import identities

Scheme: TypeAlias = Literal["uscc", "lei"]

#: The first four characters of an LEI name the office that issues it (ISO 17442); none has been given 0000, and the two
#: that follow are 00 in all that offices issue.
OFFICE = "000000"
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def registration_of(scheme: Scheme, marks: str) -> str:
    """Return a company's identifier from eight digits of its own: a code of GB 32100, or an LEI."""
    return identities.registration_id(marks) if scheme == "uscc" else lei(marks)


def lei(marks: str) -> str:
    """Return a legal entity identifier of 20 characters with the check digits of ISO 17442 (ISO 7064 MOD 97-10)."""
    body = f"{OFFICE}TS{marks:0>10}"
    return f"{body}{98 - _number(body + '00') % 97:02d}"


def is_lei(text: str) -> bool:
    """Return whether a text is a well-formed legal entity identifier."""
    return len(text) == 20 and all(c in _LETTERS for c in text) and text[18:].isdecimal() and _number(text) % 97 == 1


def _number(text: str) -> int:
    """Letters count 10 to 35, and all is read as one number."""
    return int("".join(str(_LETTERS.index(c)) for c in text))
