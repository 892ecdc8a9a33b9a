"""Identities: numbers of people and companies that look right and can belong to nobody.

Each number carries eight digits that are a keyed permutation of the customer's place in the bank: they look random,
never collide, and are known again wherever they turn up (see ``canaries``).
"""

import hashlib
from datetime import date

#: Province codes that GB/T 2260 has never assigned (it uses 11-15, 21-23, 31-37, 41-46, 50-54, 61-65, 71, 81-82; 83 and
#: 91 have uses elsewhere). An identity number in them is well formed and belongs to nobody. The second half is kept
#: for the slips of clerks: the same number with its province mistyped.
PROVINCES = "10 16 17 18 19 20 24 25 26 27 28 29 30 38 39 40 47 48 49 55"
MISTYPED_PROVINCES = "56 57 58 59 60 66 67 68 69 70 72 73 74 75 76 77 78 79 80 84"

#: Mobile numbers of mainland China have eleven digits that begin with 13 to 19; no operator has been given 154.
MOBILE_SEGMENT = "154"

#: ISO/IEC 7812: a card that begins with 9 goes on with an ISO 3166 country; 999 is left to users and names no country.
CARD_RANGE = "9999000"

#: Weights and check characters of GB 11643-1999 (ISO 7064 MOD 11-2).
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"

#: The alphabet of GB 32100-2015 leaves out I, O, S, V and Z; weights are powers of 3 modulo 31.
_USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
#: Weights of GB 11714-1997 for the nine characters of the organisation inside it.
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def digits(seed: int, field: str, index: int) -> str:
    """Eight digits that stand for (seed, field, index): a four-round Feistel permutation of 0..99 999 999.

    Two indices never share their digits. Raises ``ValueError`` for an index outside that range.
    """
    if not 0 <= index < 10**8:
        raise ValueError(f"index {index} is outside 0..99999999: a bank holds at most that many customers")
    left, right = divmod(index, 10_000)
    key = f"{seed}/{field}".encode()
    for turn in range(4):
        told = hashlib.blake2b(b"%d/%d" % (turn, right), key=key[:64], digest_size=8).digest()
        left, right = right, (left + int.from_bytes(told, "big")) % 10_000
    return f"{left:04d}{right:04d}"


def id_check(seventeen: str) -> str:
    """The check character of the first 17 characters of an identity number (GB 11643-1999)."""
    return _ID_CHECKS[sum(int(c) * w for c, w in zip(seventeen, _ID_WEIGHTS, strict=True)) % 11]


def national_id(birth: date, gender: str, marks: str, *, mistyped: bool = False) -> str:
    """An 18-character identity number; its 17th digit is odd for men and even for women."""
    turn, step = divmod(int(marks[4:]), 500)
    province = (MISTYPED_PROVINCES if mistyped else PROVINCES).split()[turn]
    body = f"{province}{marks[:4]}{birth:%Y%m%d}{2 * step + (gender == 'M'):03d}"
    return body + id_check(body)


def old_national_id(new: str) -> str:
    """The same number in the 15-digit form of GB 11643-1989: no century, no check character."""
    return new[:6] + new[8:17]


def is_national_id(text: str) -> bool:
    """Whether a text is a well-formed identity number of 18 characters, or 15 digits of the old form."""
    if len(text) == 15:
        return text.isdecimal() and _is_day("19" + text[6:12])
    return len(text) == 18 and text[:17].isdecimal() and _is_day(text[6:14]) and text[17] == id_check(text[:17])


def _is_day(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def luhn_check(number: str) -> str:
    """The check digit that ISO/IEC 7812-1 appends to a card number."""
    doubled = (int(c) * (2 if place % 2 == 0 else 1) for place, c in enumerate(reversed(number)))
    return str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def is_card_number(text: str) -> bool:
    """Whether a text is 12 to 19 digits of which the last checks the rest."""
    return text.isdecimal() and 12 <= len(text) <= 19 and luhn_check(text[:-1]) == text[-1]


def card_number(marks: str) -> str:
    """A 16-digit card in a range that no issuer can hold."""
    body = CARD_RANGE + marks
    return body + luhn_check(body)


def mobile(marks: str) -> str:
    """An 11-digit mobile number in a segment that no operator holds."""
    return MOBILE_SEGMENT + marks


def landline(marks: str) -> str:
    """A telephone number in area code 0666, which no city of China has."""
    return f"0666-{marks}"


def uscc_check(seventeen: str) -> str:
    """The check character of the first 17 characters of a unified social credit code (GB 32100-2015)."""
    total = sum(_USCC_LETTERS.index(c) * w for c, w in zip(seventeen, _USCC_WEIGHTS, strict=True))
    return _USCC_LETTERS[-total % 31]


def registration_id(marks: str) -> str:
    """An 18-character unified social credit code of a company (91), in a province that is not assigned."""
    left = sum(int(c) * w for c, w in zip(marks, _ORGANISATION_WEIGHTS, strict=True)) % 11
    organisation = marks + "0X987654321"[left]
    body = f"91{PROVINCES.split()[int(marks) % 20]}0000{organisation}"
    return body + uscc_check(body)


def is_registration_id(text: str) -> bool:
    """Whether a text is a well-formed unified social credit code."""
    return len(text) == 18 and all(c in _USCC_LETTERS for c in text) and uscc_check(text[:17]) == text[17]
