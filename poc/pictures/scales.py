"""Scales: where a value lies in a picture, which marks an axis bears, and how a mark is written."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: A number format as Plotly writes it: thousands, places, whether zeros at the end go, plain or per cent.
_FORMAT = re.compile(r"(,?)\.(\d)(~?)([f%])")
#: Characters that are as wide as they are high.
_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]")


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values (``low`` to ``high``) to pixels (``start`` to ``end``)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return where a value lies."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def inside(self, value: float) -> bool:
        """Whether a value lies between the ends, with a hair's room."""
        room = abs(self.high - self.low) * 1e-9
        return min(self.low, self.high) - room <= value <= max(self.low, self.high) + room


def spread(values: Iterable[float], *, zero: bool = False) -> tuple[float, float]:
    """Return the ends of an axis for values, a twentieth wider; ``zero`` keeps 0 inside without room beyond it."""
    known = [value for value in values if math.isfinite(value)] + ([0.0] if zero else [])
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    room = (high - low or abs(high) or 1.0) / 20
    return (low if zero and low == 0 else low - room), (high if zero and high == 0 else high + room)


def marks(low: float, high: float, *, most: int = 7, step: float | None = None) -> list[float]:
    """Return round values between two ends, at most ``most`` of them unless a step is given."""
    low, high = min(low, high), max(low, high)
    if step is None:
        rough = (high - low) / most or 1.0
        power = 10.0 ** math.floor(math.log10(rough))
        step = next((power * one for one in (1, 2, 5) if power * one >= rough), power * 10)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [place * step for place in range(first, last + 1)]


def written(value: float, form: str, values: Sequence[float] = ()) -> str:
    """Return a mark as text by Plotly's format; without one, with as many places as its neighbours need."""
    if (found := _FORMAT.fullmatch(form or "")) is None:
        places = next((n for n in range(6) if all(abs(one - round(one, n)) < 1e-9 for one in (value, *values))), 6)
        return _signed(f"{value:,.{places}f}")
    thousands, places_told, trimmed, kind = found.groups()
    text = f"{value * (100 if kind == '%' else 1):{thousands}.{places_told}f}"
    if trimmed and "." in text:
        text = text.rstrip("0").rstrip(".")
    return _signed(text) + ("%" if kind == "%" else "")


def _signed(text: str) -> str:
    return text.replace("-", "\u2212") if text.strip("-0.,") else text.lstrip("-")


def width(text: str, size: float) -> float:
    """Return about how wide a text of one line is: a Chinese character is as wide as high, others half of that."""
    wide = len(_WIDE.findall(text))
    return size * (wide + 0.56 * (len(text) - wide))
