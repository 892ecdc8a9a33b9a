"""Fonts: where the font of paper and pictures lies, and texts with nothing in them that it cannot write."""

import struct
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn

#: What stands for a sign that the font lacks: one that looks like it, else an empty box.
ALIKE: Mapping[str, str] = {"✕": "×", "❌": "×", "✅": "✓", "☑": "✓", "☐": "□"}
BOX = "□"
#: The table that maps characters to glyphs, and its subtable for all of Unicode (OpenType 1.9, cmap format 12).
_TABLE, _UNICODE, _GROUPED = b"cmap", (3, 10), 12


def fonts() -> Path:
    """Return the folder in which Typst finds Noto Sans SC; no font of the system is asked for."""
    return Path(pylopdf_fonts_zh_cn.sans_path()).parent


def readable(text: str) -> str:
    """Return a text as the font can write it: a sign that it lacks becomes one that looks alike, or an empty box.

    An archive's PDF holds no sign without a glyph, whoever typed it in; the JSON keeps what was typed.
    """
    known = _spans()
    missing = {one for one in set(text) if ord(one) > 0x7E and not any(low <= ord(one) <= high for low, high in known)}
    return text.translate({ord(one): ALIKE.get(one, BOX) for one in missing}) if missing else text


@cache
def _spans() -> tuple[tuple[int, int], ...]:
    """Return the ranges of characters for which the font has a glyph."""
    data = Path(pylopdf_fonts_zh_cn.sans_path()).read_bytes()
    (count,) = struct.unpack_from(">H", data, 4)
    tables = {data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    begins = tables[_TABLE]
    (count,) = struct.unpack_from(">H", data, begins + 2)
    for at in range(begins + 4, begins + 4 + 8 * count, 8):
        platform, encoding, offset = struct.unpack_from(">HHI", data, at)
        place = begins + offset
        if (platform, encoding) == _UNICODE and struct.unpack_from(">H", data, place) == (_GROUPED,):
            (groups,) = struct.unpack_from(">I", data, place + 12)
            rows = (struct.unpack_from(">III", data, place + 16 + 12 * one) for one in range(groups))
            return tuple((low, high) for low, high, _ in rows)
    return ()
