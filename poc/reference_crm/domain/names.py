"""Names: one person's name in its many spellings, brought to keys that can be compared."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from pypinyin import Style, lazy_pinyin

HAN = re.compile(r"[㐀-鿿]")
NOT_A_LETTER = re.compile(r"[^a-z]+")


@cache
def simplified_of() -> dict[int, str]:
    """Return the folding table, traditional code point -> simplified character (simplified.txt)."""
    text = files("poc.reference_crm.domain").joinpath("simplified.txt").read_text("utf-8")
    pairs = (pair for line in text.splitlines() if not line.startswith("#") for pair in line.split())
    return {ord(pair[0]): pair[1] for pair in pairs}


def fold(text: str) -> str:
    """Return text in simplified characters, without case, width, spacing or punctuation: what makes spellings equal."""
    plain = unicodedata.normalize("NFKC", text).translate(simplified_of()).casefold()
    return "".join(char for char in plain if char.isalnum())


def is_chinese(text: str) -> bool:
    """Whether a name is written in Chinese characters."""
    return HAN.search(text) is not None


@lru_cache(maxsize=65_536)
def sound(text: str) -> tuple[str, ...]:
    """Return the syllables of a Chinese name without tones, the tokens of any other one, lower case."""
    if is_chinese(text):
        return tuple(lazy_pinyin(fold(text), style=Style.NORMAL))
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return tuple(token for token in NOT_A_LETTER.split(bare) if token)


def letters(text: str) -> str:
    """Return a name's Latin letters in alphabetical order: equal for every order and grouping of its parts."""
    return "".join(sorted("".join(sound(text))))


def parts(text: str) -> tuple[str, ...]:
    """Return a name's Latin parts in alphabetical order."""
    return tuple(sorted(sound(text)))


def distance(first: str, second: str, limit: int = 3) -> int:
    """Return how many letters must be changed, added, dropped or swapped with a neighbour; at most ``limit``.

    Optimal string alignment (Damerau-Levenshtein with each part edited once), cut off at the limit.
    """
    if abs(len(first) - len(second)) >= limit:
        return limit
    before, row = [0] * (len(second) + 1), list(range(len(second) + 1))
    for i, left in enumerate(first, 1):
        previous, row = row, [i]
        for j, right in enumerate(second, 1):
            best = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (left != right))
            if i > 1 and j > 1 and left == second[j - 2] and first[i - 2] == right:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before = previous
    return min(row[-1], limit)
