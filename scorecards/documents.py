"""document(): a TOML document that somebody gives us, read within bounds, every refusal one line with its remedy."""

import tomllib
from collections.abc import Mapping
from typing import Any

#: Bytes, levels and dots in a line that a document may have: what we are given has a few hundred lines of small tables.
LARGEST, DEEPEST, DOTS = 256 * 1024, 16, 100


class DocumentError(ValueError):
    """A document that is not read; the message says where it goes wrong and how to mend it."""


def document(content: bytes) -> Mapping[str, Any]:
    """Return a TOML document; raises DocumentError for one that is too large, too deep, badly encoded or no TOML.

    A key of many dots costs tomllib the square of its length, and one bracket a level costs it a stack: both are
    refused by their looks, before they are parsed.
    """
    if len(content) > LARGEST:
        raise DocumentError(f"has {len(content):,} bytes; give at most {LARGEST:,}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise DocumentError(f"byte {fault.start} is not UTF-8; save it as TOML in UTF-8") from None
    for number, line in enumerate(text.splitlines(), 1):
        if line.count(".") > DOTS:
            raise DocumentError(f"line {number} has {line.count('.'):,} dots; write tables of fewer levels")
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise DocumentError(f"{fault}; mend that line") from None
    except RecursionError:
        raise DocumentError(f"is nested too deep; write tables of at most {DEEPEST} levels") from None
    except ValueError as fault:  # a number of thousands of digits
        raise DocumentError(f"{str(fault).partition(';')[0]}; write numbers of a few digits") from None
    if _depth(told) > DEEPEST:
        raise DocumentError(f"is nested too deep; write tables of at most {DEEPEST} levels")
    return told


def shown(value: object, longest: int = 80) -> str:
    """Return a value for an error line, cut where it gets long."""
    text = repr(value)
    return text if len(text) <= longest else f"{text[:longest]}…"


def _depth(told: object) -> int:
    depth, level = 0, [told]
    while level:
        depth += 1
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
            if isinstance(inner, dict | list)
        ]
    return depth
