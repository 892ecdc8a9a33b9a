"""Fields: a map of fields, a shade and a word each, drawn between two axes that bear words."""

import math
from collections.abc import Sequence
from typing import Any

from poc.pictures.marks import Marks
from poc.pictures.scales import Scale, width
from poc.plots import INK


class Fields:
    """A map of fields as Plotly holds it; ``names`` and ``rows`` are the words along its axes."""

    def __init__(self, trace: Any) -> None:
        self.trace = trace
        self.names, self.rows = [str(one) for one in trace.x], [str(one) for one in trace.y]
        self.low, self.high = float(trace.zmin), float(trace.zmax)

    def draw(self, on: Marks, x: Scale, y: Scale) -> None:
        """Draw every field; what is not known stays white."""
        for row, values in enumerate(self.trace.z):
            for column, value in enumerate(values):
                left, top = x(column - 0.5), min(y(row - 0.5), y(row + 0.5))
                wide, high = x(column + 0.5) - left, abs(y(row + 0.5) - y(row - 0.5))
                known = value is not None and math.isfinite(value)
                shade, ink = (self._shade(value), self._ink(value)) if known else ("#ffffff", INK)
                on.box(left + 1, top + 1, wide - 2, high - 2, shade, edge="" if known else "#cfd6de")
                told = "" if self.trace.text is None else str(self.trace.text[row][column])
                on.text(left + wide / 2, top + high / 2, told, size=11, anchor="middle", colour=ink)

    def key(self, on: Marks, left: float, y: float, size: float) -> None:
        """Say what the shades mean."""
        told = self.trace.colorbar.title.text or ""
        on.text(left, y, told, size=size)
        at = left + width(told, size) + 12
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            value = self.low + share * (self.high - self.low)
            on.box(at, y - 7, 34, 14, self._shade(value))
            mark = f"{value:+g}".replace("-", "\u2212") if value else "0"
            on.text(at + 17, y, mark, size=size - 1.5, anchor="middle", colour=self._ink(value))
            at += 36

    def _shade(self, value: float) -> str:
        return sampled((value - self.low) / (self.high - self.low), self.trace.colorscale)

    def _ink(self, value: float) -> str:
        shade = self._shade(value)
        red, green, blue = (int(shade[at : at + 2], 16) for at in (1, 3, 5))
        return INK if 0.3 * red + 0.59 * green + 0.11 * blue > 140 else "#ffffff"


def sampled(share: float, stops: Sequence[tuple[float, str]]) -> str:
    """Return the colour at a share (0 to 1) of a scale of stops, each a share and a colour as #rrggbb."""
    share = min(max(share, 0.0), 1.0)
    place = next((at for at in range(1, len(stops)) if share <= stops[at][0]), len(stops) - 1)
    (low, first), (high, last) = stops[place - 1], stops[place]
    part = (share - low) / (high - low)
    parts = [(int(first[at : at + 2], 16), int(last[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in parts)
