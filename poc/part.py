"""Part: a piece of the decision record in words: its title, sentences, bars and a table, for every form alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One system's total as shares of the most there is, and the same in words."""

    name: str
    low: float
    middle: float
    high: float
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the paper: its title, sentences, bars, and a table of which ``widths`` share out the room."""

    title: str
    text: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[Bar, ...]
    widths: tuple[int, ...]

    @classmethod
    def of(
        cls,
        title: str,
        text: Sequence[str] = (),
        head: Sequence[str] = (),
        rows: Sequence[Sequence[str]] = (),
        bars: Sequence[Bar] = (),
        widths: Sequence[int] = (),
    ) -> Self:
        """Return a part; unless ``widths`` say else, the first column has twice the room of the others."""
        room = tuple(widths) or (2, *[1] * (len(head) - 1))
        return cls(title=title, text=tuple(text), head=tuple(head), rows=tuple(tuple(row) for row in rows),
                   bars=tuple(bars), widths=room if head else ())  # fmt: skip
