"""Traces: what a figure shows, drawn between two axes: bars, lines, points with their spans, maps of fields."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import plotly.graph_objects as go

from poc.pictures.fields import Fields
from poc.pictures.marks import Marks
from poc.pictures.scales import Scale, width
from poc.plots import INK


class Traces:
    """The traces of a figure; ``names`` and ``rows`` are the words along axes that bear words."""

    def __init__(self, figure: go.Figure) -> None:
        self.all = figure.data
        self.fields = next((Fields(one) for one in self.all if one.type == "heatmap"), None)
        self.names = None if self.fields is None else self.fields.names
        self.rows = None if self.fields is None else self.fields.rows
        self.stacked = figure.layout.barmode == "stack"
        self.bars = [one for one in self.all if one.type == "bar"]
        self.boxes = [box for one in self._ends() for box in one]

    # -- reach -------------------------------------------------------------------------------------------------------
    @property
    def widths(self) -> list[float]:
        """All values across; bars with words beside them need room for these."""
        room = max((v for one in self.boxes for v in one[:2]), default=0.0) * 1.15
        beside = any(one.textposition == "outside" for one in self.bars)
        return [
            *([room] if beside else []), *(v for one in self.boxes for v in one[:2]),
            *(v for one in self._scatters() for v in _reach(one, "x")),
        ]  # fmt: skip

    @property
    def columns(self) -> list[float]:
        """All values up."""
        return [
            *(v for one in self.boxes for v in one[2:4]),
            *(v for one in self._scatters() for v in _reach(one, "y")),
        ]

    def from_zero(self, ref: str) -> bool:
        """Whether the axis must bear 0, since bars begin there."""
        return any((one.orientation == "h") == (ref == "x") and one.base is None for one in self.bars)

    def _scatters(self) -> list[Any]:
        return [one for one in self.all if one.type == "scatter"]

    def _ends(self) -> Iterator[list[tuple[float, float, float, float, Any, int]]]:
        """Walk over the boxes of every bar trace: (x from, x to, y from, y to, trace, place)."""
        above: dict[float, float] = defaultdict(float)
        for one in self.bars:
            flat = one.orientation == "h"
            places, sizes = (one.y, one.x) if flat else (one.x, one.y)
            found = []
            for place, (at, size) in enumerate(zip(places, sizes, strict=True)):
                if size is None or not math.isfinite(size):
                    continue
                begins = _nth(one.base, place, 0.0) if one.base is not None else above[at] if self.stacked else 0.0
                above[at] += float(size) if self.stacked else 0.0
                half = float(_nth(one.width, place, 0.8)) / 2
                offset = _nth(one.offset, place, None)
                low = float(at) - half if offset is None else float(at) + float(offset)
                ends = (float(begins), float(begins) + float(size))
                sides = (low, low + 2 * half)
                found.append((*ends, *sides, one, place) if flat else (*sides, *ends, one, place))
            yield found

    # -- drawing -----------------------------------------------------------------------------------------------------
    def draw(self, on: Marks, x: Scale, y: Scale) -> None:
        """Draw every trace, bars first."""
        for box in self.boxes:
            self._bar(on, x, y, *box)
        if self.fields is not None:
            self.fields.draw(on, x, y)
        before: list[tuple[float, float]] = []
        for one in self._scatters():
            points = [(x(float(a)), y(float(b))) for a, b in zip(one.x, one.y, strict=True) if _known(a, b)]
            if one.fill == "tonexty":
                on.area([*points, *reversed(before)], one.fillcolor)
            self._scatter(on, one, points, x, y)
            before = points

    def _bar(
        self, on: Marks, x: Scale, y: Scale, left: float, right: float, low: float, high: float, one: Any, place: int
    ) -> None:
        across, up = sorted((x(left), x(right))), sorted((y(low), y(high)))
        look = one.marker
        edge = look.line.color if look.line.width and look.line.color != "white" else ""
        colour = look.color if isinstance(look.color, str) else look.color[place]
        on.box(
            across[0], up[0], across[1] - across[0], up[1] - up[0], colour, edge=edge, hatch=look.pattern.shape or "",
            ink=look.pattern.fgcolor or "white",
        )  # fmt: skip
        told = _nth(one.text, place, "") or ""
        if told and one.textposition == "outside":
            on.text(across[1] + 5, sum(up) / 2, told, size=11, colour=INK)
        elif told and width(told, 11) < across[1] - across[0] - 2:
            plain = one.insidetextfont.color or INK
            middle = sum(across) / 2, sum(up) / 2
            if look.pattern.shape:
                wide = width(told, 11) + 6
                on.box(middle[0] - wide / 2, middle[1] - 8, wide, 16, colour)
            on.text(*middle, told, size=11, colour=plain, anchor="middle")

    def _scatter(self, on: Marks, one: Any, points: Sequence[tuple[float, float]], x: Scale, y: Scale) -> None:
        colour = one.line.color or (one.marker.color if isinstance(one.marker.color, str) else INK)
        if "lines" in one.mode and one.line.width != 0:
            on.line(_stepped(points) if one.line.shape == "hv" else points, colour, one.line.width or 2,
                    one.line.dash or "solid")  # fmt: skip
        for ref in ("x", "y"):
            for ends in _spans(one, ref, x, y):
                on.line(ends, colour if "lines" in one.mode else one.marker.color or colour, 1.8)
        if "markers" in one.mode:
            most = one.marker.maxdisplayed or len(points)
            step = max(1, math.ceil(len(points) / most))
            for point in points[::step]:
                on.symbol(
                    *point, one.marker.symbol or "circle", float(one.marker.size or 7), one.marker.color or colour
                )
        if "text" in one.mode:
            left_of = (one.textposition or "").endswith("left")
            for (left, top), told in zip(points, one.text, strict=True):
                place, anchor = ((left - 9, top), "end") if left_of else ((left, top - 15), "middle")
                on.text(*place, told, size=11, anchor=anchor)

    def swatch(self, on: Marks, one: Any, x: float, y: float, wide: float) -> None:
        """Draw what stands for a trace in the legend."""
        if one.type == "bar":
            look = one.marker
            colour = look.color if isinstance(look.color, str) else look.color[0]
            on.box(x + 4, y - 6, wide - 8, 12, colour, hatch=look.pattern.shape or "",
                   ink=look.pattern.fgcolor or "white",
                   edge=look.line.color if look.line.width and look.line.color != "white" else "")  # fmt: skip
            return
        if one.fill == "tonexty":
            on.area([(x, y - 6), (x + wide, y - 6), (x + wide, y + 6), (x, y + 6)], one.fillcolor)
            return
        if "lines" in one.mode and one.line.width != 0:
            on.line([(x, y), (x + wide, y)], one.line.color or INK, one.line.width or 2, one.line.dash or "solid")
        if "markers" in one.mode:
            colour = one.marker.color or one.line.color or INK
            on.symbol(x + wide / 2, y, one.marker.symbol or "circle", float(one.marker.size or 7), colour)


def _nth(values: Any, place: int, otherwise: Any) -> Any:
    """Return what a trace says of one of its marks, whether it says it once or for each."""
    if values is None:
        return otherwise
    return values if isinstance(values, (str, int, float)) else values[place]


def _known(*values: Any) -> bool:
    return all(one is not None and math.isfinite(one) for one in values)


def _stepped(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for left, top in points:
        found += [(left, found[-1][1])] if found else []
        found.append((left, top))
    return found


def _error(one: Any, ref: str, place: int) -> tuple[float, float]:
    told = one.error_x if ref == "x" else one.error_y
    if told.array is None:
        return 0.0, 0.0
    below = told.array if told.arrayminus is None else told.arrayminus
    return float(below[place]), float(told.array[place])


def _reach(one: Any, ref: str) -> Iterator[float]:
    for place, (across, up) in enumerate(zip(one.x, one.y, strict=True)):
        if _known(across, up):
            value, (below, above) = float(across if ref == "x" else up), _error(one, ref, place)
            yield from (value - below, value + above)


def _spans(one: Any, ref: str, x: Scale, y: Scale) -> Iterator[list[tuple[float, float]]]:
    """Walk over the spans of points as lines with a short end on either side."""
    for place, (a, b) in enumerate(zip(one.x, one.y, strict=True)):
        below, above = _error(one, ref, place)
        if not _known(a, b) or not (below or above):
            continue
        if ref == "x":
            low, high, at = x(float(a) - below), x(float(a) + above), y(float(b))
            yield from ([(low, at), (high, at)], [(low, at - 4), (low, at + 4)], [(high, at - 4), (high, at + 4)])
        else:
            low, high, at = y(float(b) - below), y(float(b) + above), x(float(a))
            yield from ([(at, low), (at, high)], [(at - 4, low), (at + 4, low)], [(at - 4, high), (at + 4, high)])
