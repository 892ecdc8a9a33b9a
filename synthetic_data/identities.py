"""Identities: numbers of people and companies that look right and can belong to nobody.

Each number carries eight digits that are a keyed permutation of the customer's place in the bank: they look random,
never collide, and are known again wherever they turn up (see ``canaries``). Columns are numbered
at once; functions named in the singular do it for one.
"""

import hashlib
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from synthetic_data import days, texts
from synthetic_data.columns import Flags, Places
from synthetic_data.texts import Letters, beside

#: Province codes that GB/T 2260 has never assigned (it uses 11-15, 21-23, 31-37, 41-46, 50-54, 61-65, 71, 81-82; 83 and
#: 91 have uses elsewhere). An identity number in them is well formed and belongs to nobody. The second half is kept
#: for the slips of clerks: the same number with its province mistyped.
PROVINCES = "10 16 17 18 19 20 24 25 26 27 28 29 30 38 39 40 47 48 49 55"
MISTYPED_PROVINCES = "56 57 58 59 60 66 67 68 69 70 72 73 74 75 76 77 78 79 80 84"

#: Mobile numbers of mainland China have eleven digits that begin with 13 to 19; no operator has been given 154.
MOBILE_SEGMENT = "154"

#: What begins the mark in texts.
TEXT_MARK = "TM-"

#: ISO/IEC 7812: a card that begins with 9 goes on with an ISO 3166 country; 999 is left to users and names no country.
CARD_RANGE = "9999000"

#: Weights and check characters of GB 11643-1999 (ISO 7064 MOD 11-2).
_ID_WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
_ID_CHECKS = np.frombuffer(b"10X98765432", np.uint8)

#: The alphabet of GB 32100-2015 leaves out I, O, S, V and Z; weights are powers of 3 modulo 31.
_USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_CHECKS = np.frombuffer(_USCC_LETTERS.encode(), np.uint8)
_USCC_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)])
_USCC_VALUES = np.array([max(_USCC_LETTERS.find(chr(code)), 0) for code in range(128)])
#: Weights of GB 11714-1997 for the nine characters of the organisation inside it.
_ORGANISATION_WEIGHTS = np.array((3, 7, 9, 10, 5, 8, 4, 2))
_ORGANISATION_CHECKS = np.frombuffer(b"0X987654321", np.uint8)

#: Digits of a card that count twice in Luhn's method, seen from its end, and what a doubled digit counts.
_TWICE = np.array((0, 2, 4, 6, 8, 1, 3, 5, 7, 9))

_ZERO = ord("0")
MOST = 10**8


def marks(seed: int, field: str, index: Places) -> Places:
    """Return eight digits, as numbers, that stand for (seed, field, index): a Feistel permutation of 0..99 999 999.

    Four rounds, each adding to one half what SplitMix64 (Steele, Lea and Flood, 2014) makes of the other under a key.
    Two indices never share their digits. Raises ``ValueError`` for an index outside that range.
    """
    if len(index) and (index.min() < 0 or index.max() >= MOST):
        raise ValueError(f"index {index.max()} is outside 0..99999999: a bank holds at most that many customers")
    left, right = (half.astype(np.uint64) for half in np.divmod(index, 10_000))
    for turn in range(4):
        left, right = right, (left + _mixed(right, _key(seed, field, turn)) % np.uint64(10_000)) % np.uint64(10_000)
    return (left * np.uint64(10_000) + right).astype(np.int64)


@lru_cache(maxsize=256)
def _key(seed: int, field: str, turn: int) -> np.uint64:
    told = hashlib.blake2b(f"{seed}/{field}/{turn}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(told, "big"))


def _mixed(numbers: NDArray[np.uint64], key: np.uint64) -> NDArray[np.uint64]:
    """The finalizer of SplitMix64; products are taken modulo 2**64."""
    mixed = numbers * np.uint64(0x9E3779B97F4A7C15) + key
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def digits(seed: int, field: str, index: int) -> str:
    """Return the eight digits of one place in the bank as text."""
    return _text(texts.digits(marks(seed, field, np.array([index])), 8))


def text_mark(seed: int, index: int) -> str:
    """Return the mark that stands in every text about a customer, so that a text that leaks names whose it is."""
    return TEXT_MARK + digits(seed, "text", index)


def _text(letters: Letters) -> str:
    return str(letters[0].tobytes(), "ascii")


def _letters(text: str) -> Letters:
    return np.frombuffer(text.encode("ascii"), np.uint8)[None, :]


def _one(text: str) -> Places:
    """The number that eight digits stand for, as a column of one."""
    return np.array([int(text)])


def id_checks(seventeen: Letters) -> Letters:
    """Return the check characters of the first 17 characters of identity numbers (GB 11643-1999)."""
    found: Letters = _ID_CHECKS[(seventeen.astype(np.int64) - _ZERO) @ _ID_WEIGHTS % 11]
    return found[:, None]


def id_check(seventeen: str) -> str:
    """Return the check character of the first 17 characters of an identity number."""
    return _text(id_checks(_letters(seventeen)))


def national_ids(birth: NDArray[np.integer], male: Flags, found: Places, mistyped: Flags) -> Letters:
    """Return 18-character identity numbers by marks; the 17th digit is odd for men and even for women.

    The province of the mistyped is one that clerks write by mistake; all else of the number is the same.
    """
    front, rest = np.divmod(found, 10_000)
    turn, step = np.divmod(rest, 500)
    right, wrong = (np.array(list(map(int, codes.split())))[turn] for codes in (PROVINCES, MISTYPED_PROVINCES))
    body = beside(
        len(found),
        texts.digits(np.where(mistyped, wrong, right), 2),
        texts.digits(front, 4),
        texts.digits(days.written(birth), 8),
        texts.digits(2 * step + male, 3),
    )
    return np.hstack([body, id_checks(body)])


def national_id(birth: date, gender: str, digits_of: str, *, mistyped: bool = False) -> str:
    """Return the identity number of one person by the eight digits of a mark."""
    day, male, slip = np.array([days.of_date(birth)]), np.array([gender == "M"]), np.array([mistyped])
    return _text(national_ids(day, male, _one(digits_of), slip))


def old_national_ids(new: Letters) -> Letters:
    """Return the same numbers in the 15-digit form of GB 11643-1989: no century, no check character."""
    return np.hstack([new[:, :6], new[:, 8:17]])


def old_national_id(new: str) -> str:
    """Return the same number in the 15-digit form."""
    return _text(old_national_ids(_letters(new)))


def is_national_id(text: str) -> bool:
    """Whether a text is a well-formed identity number of 18 characters, or 15 digits of the old form."""
    if not text.isascii():
        return False
    if len(text) == 15:
        return text.isdecimal() and _is_day("19" + text[6:12])
    return len(text) == 18 and text[:17].isdecimal() and _is_day(text[6:14]) and text[17] == id_check(text[:17])


def _is_day(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def luhn_checks(numbers: Letters) -> Letters:
    """Return the check digits that ISO/IEC 7812-1 appends to card numbers."""
    values = numbers[:, ::-1].astype(np.int64) - _ZERO
    total = _TWICE[values[:, ::2]].sum(axis=1) + values[:, 1::2].sum(axis=1)
    return texts.digits(-total % 10, 1)


def luhn_check(number: str) -> str:
    """Return the check digit that ISO/IEC 7812-1 appends to a card number."""
    return _text(luhn_checks(_letters(number)))


def is_card_number(text: str) -> bool:
    """Whether a text is 12 to 19 digits of which the last checks the rest."""
    return text.isascii() and text.isdecimal() and 12 <= len(text) <= 19 and luhn_check(text[:-1]) == text[-1]


def card_numbers(found: Places) -> Letters:
    """Return 16-digit cards, by marks, in a range that no issuer can hold."""
    body = beside(len(found), CARD_RANGE, texts.digits(found, 8))
    return np.hstack([body, luhn_checks(body)])


def card_number(digits_of: str) -> str:
    """Return the card of one customer by the eight digits of a mark."""
    return _text(card_numbers(_one(digits_of)))


def mobiles(found: Places) -> Letters:
    """Return 11-digit mobile numbers, by marks, in a segment that no operator holds."""
    return beside(len(found), MOBILE_SEGMENT, texts.digits(found, 8))


def mobile(digits_of: str) -> str:
    """Return the mobile number of one customer by the eight digits of a mark."""
    return _text(mobiles(_one(digits_of)))


def landlines(found: Places) -> Letters:
    """Return telephone numbers, by marks, in area code 0666, which no city of China has."""
    return beside(len(found), "0666-", texts.digits(found, 8))


def landline(digits_of: str) -> str:
    """Return the telephone number of one company by the eight digits of a mark."""
    return _text(landlines(_one(digits_of)))


def uscc_checks(seventeen: Letters) -> Letters:
    """Return the check characters of the first 17 characters of unified social credit codes (GB 32100-2015)."""
    found: Letters = _USCC_CHECKS[-(_USCC_VALUES[seventeen] @ _USCC_WEIGHTS) % 31]
    return found[:, None]


def uscc_check(seventeen: str) -> str:
    """Return the check character of the first 17 characters of a unified social credit code."""
    return _text(uscc_checks(_letters(seventeen)))


def registration_ids(found: Places) -> Letters:
    """Return 18-character unified social credit codes of companies (91), by marks, in provinces not assigned."""
    own = texts.digits(found, 8)
    left = (own.astype(np.int64) - _ZERO) @ _ORGANISATION_WEIGHTS % 11
    province = texts.digits(np.array(list(map(int, PROVINCES.split())))[found % 20], 2)
    body = beside(len(found), "91", province, "0000", own, _ORGANISATION_CHECKS[left][:, None])
    return np.hstack([body, uscc_checks(body)])


def registration_id(digits_of: str) -> str:
    """Return the unified social credit code of one company by the eight digits of a mark."""
    return _text(registration_ids(_one(digits_of)))


def is_registration_id(text: str) -> bool:
    """Whether a text is a well-formed unified social credit code."""
    return len(text) == 18 and all(c in _USCC_LETTERS for c in text) and uscc_check(text[:17]) == text[17]
