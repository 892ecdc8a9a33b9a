"""Identity: national identity numbers, phones and cards brought to one form, so that spellings compare equal."""

import re

NOT_A_DIGIT = re.compile(r"\D+")
#: GB 11643: weights of the first 17 digits, and the check character for the weighted sum modulo 11.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"


def digits(text: str) -> str:
    """Return the digits of a text."""
    return NOT_A_DIGIT.sub("", text)


def phone(text: str) -> str:
    """Return a mobile number's last eleven digits: country code and spacing dropped."""
    return digits(text)[-11:]


def check_character(first17: str) -> str:
    """Return the check character of an 18-character identity number (GB 11643)."""
    return CHECK[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first17, strict=True)) % 11]


def canonical(national_id: str) -> str:
    """Return the 18-character form; one of 15 digits (before 1999, people born in 19xx) gets century and check."""
    text = re.sub(r"\s+", "", national_id).upper()
    if len(text) != 15 or not text.isdigit():
        return text
    first17 = f"{text[:6]}19{text[6:]}"
    return first17 + check_character(first17)


def forms(national_id: str) -> tuple[str, ...]:
    """Return every form in which a number may be on file: 18 characters, and 15 digits for people born in 19xx."""
    new = canonical(national_id)
    return (new, new[:6] + new[8:17]) if len(new) == 18 and new[6:8] == "19" else (new,)


def is_slip(first: str, second: str) -> bool:
    """Whether two numbers of equal length are one, mistyped: in the region, or where its check betrays it.

    Two people may share a region and a birth date, hardly ever birth date, sequence and four of six region digits.
    """
    if len(first) != len(second):
        return False
    apart = [place for place, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    if is_sound(first) and is_sound(second):
        return len([place for place in apart if place < 6]) <= 2 and all(place < 6 or place == 17 for place in apart)
    return len(apart) == 1 or is_swap(first, second, apart) or is_other_country(first, second, apart)


def is_other_country(first: str, second: str, apart: list[int]) -> bool:
    """Whether two numbers that begin with a country's letters are apart in them and the check character at most."""
    last = len(first) - 1
    return first[:2].isalpha() and second[:2].isalpha() and all(place < 2 or place == last for place in apart)


def is_swap(first: str, second: str, apart: list[int]) -> bool:
    """Whether the places in which two numbers are apart are two neighbours that changed places."""
    return len(apart) == 2 and apart[1] == apart[0] + 1 and first[apart[0]] == second[apart[1]]


def is_sound(number: str) -> bool:
    """Whether an 18-character number's check character fits."""
    return len(number) == 18 and number[:17].isdigit() and check_character(number[:17]) == number[17]
