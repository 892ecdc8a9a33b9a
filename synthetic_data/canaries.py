"""Canaries: values that name, wherever they turn up, the customer and the field from which they leaked."""

import base64
import binascii
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

import numpy as np

from synthetic_data import identities
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: Digits as people write them, with single separators between; an identity number may end in X.
_DIGITS = re.compile(r"\d(?:[ .\-]?\d){10,}(?:[ .\-]?[xX])?")
_AT = re.compile(r"@example\.(?:com|net|org)", re.IGNORECASE)
_LOCAL = re.compile(r"[\w.+\-]+$")
_HOME = re.compile(r"(\d{4})\s?号\s?(\d{4})\s?室|Flat (\d{4}), (\d{4}) ")
_MARK = re.compile(r"TM[- ]?(\d{8})")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_PACKED = re.compile(r"[A-Za-z0-9+/_\-]{16,65536}={0,2}")

#: Lengths of identity numbers (new and old), cards and mobile numbers.
_LENGTHS = (18, 16, 15, 11)


class Sighting(NamedTuple):
    """A restricted value that was seen: whose, and from which field.

    Families share an address and second files a mobile number: ``also`` names the others whose value it is as well.
    A leak is one only if the reader was entitled to none of them.
    """

    customer: str
    field: str  # national_id | mobile | email | address | card_number | text
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Canaries:
    """The restricted values of a bank by the shape in which they are recognised."""

    known: Mapping[str, Sighting]

    @classmethod
    def of(cls, bank: Bank) -> "Canaries":
        """The canaries of all customers of a bank.

        Birth dates, incomes and ratings are shared by many people and name nobody, so they are none.
        """
        holders: dict[str, list[tuple[str, str]]] = defaultdict(list)
        places = np.array([int(customer.number[1:]) - 1 for customer in bank.customers])
        for customer, mark in zip(bank.customers, identities.marks(bank.seed, "text", places).tolist(), strict=True):
            for field, key in _keys(customer, mark):
                holders[key].append((customer.number, field))
        known = {
            key: Sighting(held[0][0], held[0][1], tuple(number for number, _ in held[1:]))
            for key, held in holders.items()
        }
        return cls(known)

    def scan(self, data: bytes | str) -> tuple[Sighting, ...]:
        """All canaries in a captured stream, each once, in the order in which they were recognised.

        Also found when broken by spaces, dots or hyphens, escaped in JSON, URL-encoded or in base64; masked values not.
        """
        text = data if isinstance(data, str) else data.decode("utf-8", errors="replace")
        seen = dict.fromkeys(sighting for view in _views(text) for sighting in self._in(view))
        return tuple(seen)

    def _in(self, text: str) -> Iterator[Sighting]:
        for key in _candidates(text):
            if key in self.known:
                yield self.known[key]


def _keys(customer: Customer, mark: int) -> Iterator[tuple[str, str]]:
    yield "national_id", customer.national_id
    yield "mobile", customer.mobile
    yield "card_number", customer.card_number
    if customer.email:
        yield "email", customer.email.lower()
    yield "text", f"TM{mark:08d}"
    for home in _homes(customer.address):
        yield "address", home


def _homes(text: str) -> Iterator[str]:
    for found in _HOME.finditer(text):
        house, room = (found[1], found[2]) if found[1] else (found[4], found[3])
        yield f"@{house}{room}"


def _candidates(text: str) -> Iterator[str]:
    """Every piece of a text that could be a canary, in the form in which canaries are kept."""
    for found in _DIGITS.finditer(text):
        run = re.sub(r"[ .\-]", "", found[0]).upper()
        for length in _LENGTHS:
            for start in range(len(run) - length + 1):
                yield run[start : start + length]
    for found in _AT.finditer(text):
        local = _LOCAL.search(text, max(0, found.start() - 64), found.start())
        if local:
            yield (local[0] + found[0]).lower()
    for found in _MARK.finditer(text):
        yield f"TM{found[1]}"
    yield from _homes(text)


def _views(text: str) -> Iterator[str]:
    """The text as it is, and as it reads once unescaped or unpacked."""
    if "\\u" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    yield text
    if "%" in text:
        yield unquote(text)
    for packed in _PACKED.findall(text):
        yield from _unpacked(packed)


def _unpacked(packed: str) -> Iterator[str]:
    body = packed.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1 or body.isdigit():
        return
    try:
        yield base64.b64decode(body + "=" * (-len(body) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return
