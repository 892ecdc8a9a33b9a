"""Part: a piece of the decision record in words and pictures, for every form of file alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import plotly.graph_objects as go


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """A part of the paper: its title, what its figure finds, the figure, sentences, and a table.

    ``widths`` share out the room among the table's columns.
    """

    title: str
    text: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    found: str = ""
    figure: go.Figure | None = None

    @classmethod
    def of(
        cls,
        title: str,
        text: Sequence[str] = (),
        head: Sequence[str] = (),
        rows: Sequence[Sequence[str]] = (),
        widths: Sequence[int] = (),
    ) -> Self:
        """Return a part; unless ``widths`` say else, the first column has twice the room of the others."""
        room = tuple(widths) or (2, *[1] * (len(head) - 1))
        return cls(title=title, text=tuple(text), head=tuple(head), rows=tuple(tuple(row) for row in rows),
                   widths=room if head else ())  # fmt: skip

    def showing(self, found: str, figure: go.Figure) -> Self:
        """Return the part with a figure above its table, under what the figure finds."""
        return replace(self, found=found, figure=figure)
