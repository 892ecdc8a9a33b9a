"""svg(): a figure of the pages drawn as a still picture: bars, lines, points, maps of fields, with axes and legend."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import plotly.graph_objects as go

from poc.pictures.marks import Marks
from poc.pictures.scales import Scale, marks, spread, width, written
from poc.pictures.traces import Traces
from poc.plots import INK, LINE, SOFT

#: Pixels of a picture, of its smallest edge, of a line of the legend, of a legend's swatch, and of small writing.
WIDE, EDGE, ROW, SWATCH, SMALL = 680, 10, 20, 22, 11.5


def svg(figure: go.Figure, wide: int = WIDE) -> str:
    """Return a figure as SVG, ``wide`` pixels wide and as high as the figure says.

    It draws what the plots of this house are made of and nothing else of what Plotly knows: bars (stacked or with a
    base of their own, hatched), lines, points with spans, filled bands, maps of fields, lines and bands across,
    annotations. The same figure gives the same bytes.
    """
    return _Picture(figure, wide).drawn()


class _Picture:
    """One picture while it is drawn."""

    def __init__(self, figure: go.Figure, wide: int) -> None:
        self.layout, self.wide, self.high = figure.layout, wide, int(figure.layout.height or 360)
        self.marks, self.traces = Marks(), Traces(figure)
        self.named = [one for one in figure.data if self.layout.showlegend and one.name and one.showlegend is not False]
        self._room()

    def drawn(self) -> str:
        self._bands()
        self._axes()
        self.traces.draw(self.marks, self.x, self.y)
        self._lines()
        self._notes()
        self._legend()
        return self.marks.whole(self.wide, self.high)

    # -- room --------------------------------------------------------------------------------------------------------
    def _room(self) -> None:
        """Leave room for legend, marks and titles, and lay the axes into what is left."""
        self.rows = list(self._legend_rows())
        across, up = self.layout.xaxis, self.layout.yaxis
        top = EDGE + ROW * (len(self.rows) + (1 if self.traces.fields is not None else 0))
        top += 16 if any(one.text and one.yanchor == "bottom" and one.y == 1 for one in self.layout.annotations) else 0
        bottom = self.high - EDGE - (0 if across.visible is False else 18) - (18 if across.title.text else 0)
        low, high = self._ends(up, self.traces.columns, "y")
        self.y = Scale(low, high, bottom, top)
        labels = [width(text, SMALL) for _, text in self._marks(up, self.y, self.traces.rows)]
        left = EDGE + (max(labels, default=0) + 6 if up.visible is not False else 0) + (20 if up.title.text else 0)
        low, high = self._ends(across, self.traces.widths, "x")
        self.x = Scale(low, high, left, self.wide - EDGE - 8)

    def _ends(self, axis: Any, values: Sequence[float], ref: str) -> tuple[float, float]:
        if axis.range is not None:
            return float(axis.range[0]), float(axis.range[1])
        if (names := self.traces.rows if ref == "y" else self.traces.names) is not None:
            return (len(names) - 0.5, -0.5) if ref == "y" else (-0.5, len(names) - 0.5)
        more = [float(getattr(one, f"{ref}{end}")) for one in self.layout.shapes
                if getattr(one, f"{ref}ref") == ref for end in (0, 1)]  # fmt: skip
        low, high = spread([*values, *more], zero=self.traces.from_zero(ref) or axis.rangemode == "tozero")
        return (high, low) if axis.autorange == "reversed" else (low, high)

    def _marks(self, axis: Any, scale: Scale, names: Sequence[str] | None) -> list[tuple[float, str]]:
        if axis.visible is False:
            return []
        if names is not None:
            return [(float(place), name) for place, name in enumerate(names)]
        found = marks(scale.low, scale.high, step=float(axis.dtick) if axis.dtick else None)
        return [(one, written(one, axis.tickformat or "", found)) for one in found]

    # -- around ------------------------------------------------------------------------------------------------------
    def _axes(self) -> None:
        left, right, top, bottom = self.x.start, self.x.end, self.y.end, self.y.start
        for value, text in self._marks(self.layout.yaxis, self.y, self.traces.rows):
            if self.traces.rows is None and self.layout.yaxis.showgrid is not False:
                self.marks.line([(left, self.y(value)), (right, self.y(value))], LINE)
            self.marks.text(left - 6, self.y(value), text, size=SMALL, colour=SOFT, anchor="end")
        for value, text in self._fitting(self._marks(self.layout.xaxis, self.x, self.traces.names)):
            if self.traces.names is None and self.layout.xaxis.showgrid is not False:
                self.marks.line([(self.x(value), top), (self.x(value), bottom)], LINE)
            self.marks.text(self.x(value), bottom + 11, text, size=SMALL, colour=SOFT, anchor="middle")
        if told := self.layout.xaxis.title.text:
            self.marks.text((left + right) / 2, self.high - EDGE, told, size=SMALL, colour=SOFT, anchor="middle")
        if told := self.layout.yaxis.title.text:
            self.marks.text(EDGE + 2, (top + bottom) / 2, told, size=SMALL, colour=SOFT, anchor="middle", turned=True)

    def _fitting(self, found: list[tuple[float, str]]) -> list[tuple[float, str]]:
        """Return marks of which none runs into the next one."""
        room = max((width(text, SMALL) + 8 for _, text in found), default=0)
        step = abs(self.x(found[1][0]) - self.x(found[0][0])) if len(found) > 1 else room
        return found[:: max(1, math.ceil(room / step))] if step else found

    def _legend_rows(self) -> Iterator[list[tuple[float, Any]]]:
        row: list[tuple[float, Any]] = []
        at = float(EDGE)
        for one in self.named:
            wide = SWATCH + 6 + width(one.name, SMALL) + 16
            if row and at + wide > self.wide - EDGE:
                yield row
                row, at = [], float(EDGE)
            row.append((at, one))
            at += wide
        if row:
            yield row

    def _legend(self) -> None:
        for place, row in enumerate(self.rows):
            y = EDGE + ROW * place + 4
            for x, one in row:
                self.traces.swatch(self.marks, one, x, y, SWATCH)
                self.marks.text(x + SWATCH + 6, y, one.name, size=SMALL, colour=INK)
        if self.traces.fields is not None:
            self.traces.fields.key(self.marks, EDGE, EDGE + ROW * len(self.rows) + 4, SMALL)

    # -- across ------------------------------------------------------------------------------------------------------
    def _bands(self) -> None:
        for one in self.layout.shapes:
            if one.type == "rect":
                (left, right), (low, high) = self._span(one, "x"), self._span(one, "y")
                self.marks.box(min(left, right), min(low, high), abs(right - left), abs(low - high), one.fillcolor)

    def _lines(self) -> None:
        for one in self.layout.shapes:
            if one.type == "line":
                (left, right), (low, high) = self._span(one, "x"), self._span(one, "y")
                self.marks.line(
                    [(left, low), (right, high)], one.line.color or INK, one.line.width or 1, one.line.dash or ""
                )

    def _span(self, shape: Any, ref: str) -> tuple[float, float]:
        scale, told = (self.x, shape.xref) if ref == "x" else (self.y, shape.yref)
        low, high = (float(getattr(shape, f"{ref}{end}")) for end in (0, 1))
        first, last = (self._at(value, told, scale) for value in (low, high))
        ends = sorted((scale.start, scale.end))
        return min(max(first, ends[0]), ends[1]), min(max(last, ends[0]), ends[1])

    @staticmethod
    def _at(value: float, ref: str | None, scale: Scale) -> float:
        share = ref is not None and (ref == "paper" or ref.endswith("domain"))
        return scale.start + value * (scale.end - scale.start) if share else scale(value)

    def _notes(self) -> None:
        """Write the annotations, moved inside where they would run off the picture."""
        for one in self.layout.annotations:
            if not one.text:
                continue
            size = float(one.font.size or SMALL)
            x = self._at(float(one.x), one.xref, self.x) + float(one.xshift or 0)
            y = self._at(float(one.y), one.yref, self.y) - float(one.yshift or 0)
            y += {"top": size * 0.7, "bottom": -size * 0.7}.get(one.yanchor or "", 0)
            wide, anchor = width(one.text, size), {"left": "start", "right": "end"}.get(one.xanchor or "", "middle")
            begins = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor] + (4 if anchor == "start" else 0)
            begins = max(min(begins, self.wide - EDGE / 2 - wide), EDGE / 2)
            self.marks.text(begins, y, one.text, size=size, colour=one.font.color or INK)
