"""Deck: slides with charts that can be edited; every slide bears its finding as title and the hash of the record."""

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Mm, Pt

from poc.container import timeless
from poc.office.document import CHINESE, LATIN
from poc.office.looks import painted_bars, painted_lines
from poc.paper import Paper
from poc.part import Part

#: A slide, its margin, where what stands below the title begins, and the room above the foot (mm).
WIDE, HIGH, EDGE, BELOW, FOOT = 338.7, 190.5, 16, 36, 14
#: Room for a table on a slide (mm), and the sizes of its writing: as large as fits, else small and on several slides.
ROOM, SIZES = 132, (15.0, 13.0, 11.0)
#: (name, values) of one series over the categories; (name, values across, values up) of one curve.
Series = tuple[str, Sequence[float]]
Curve = tuple[str, Sequence[float], Sequence[float]]


class Deck:
    """Slides while they are made."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.say, self._deck = paper, paper.say, Presentation()
        self._deck.slide_width, self._deck.slide_height = Mm(WIDE), Mm(HIGH)
        told = self._deck.core_properties
        told.title, told.author, told.last_modified_by, told.revision = paper.title, "Touchstone", "Touchstone", 1

    def saved(self) -> bytes:
        """Return the file."""
        out = io.BytesIO()
        self._deck.save(out)
        return timeless(out.getvalue(), self.paper.seen)

    def slide(self, title: str) -> Slide:
        """Begin a slide."""
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[5])
        shape = slide.shapes.title
        assert shape is not None
        shape.left, shape.top, shape.width, shape.height = Mm(EDGE), Mm(7), Mm(WIDE - 2 * EDGE), Mm(24)
        write(shape.text_frame, title, 22 if len(title) < 90 else 18)
        self.tell(slide, [self.paper.foot], top=HIGH - 11, size=8)
        return slide

    def tell(self, slide: Slide, texts: Sequence[str], *, top: float = BELOW, size: float = 15) -> None:
        """Write paragraphs across a slide."""
        if texts:
            box = slide.shapes.add_textbox(Mm(EDGE), Mm(top), Mm(WIDE - 2 * EDGE), Mm(10))
            box.text_frame.word_wrap = True
            for place, text in enumerate(texts):
                write(box.text_frame, text, size, more=place > 0)

    # -- charts ------------------------------------------------------------------------------------------------------
    def bars(
        self, found: str, names: Sequence[str], series: Sequence[Series], *, axis: str, form: str = "#,##0",
        top: float | None = None, looks: Sequence[tuple[str, str]] = (), side_by_side: bool = False, note: str = "",
    ) -> None:  # fmt: skip
        """Add a slide of bars lying on their side, a row for each name, read from the top."""
        data = CategoryChartData(number_format=form)
        data.categories = list(names)
        for name, values in series:
            data.add_series(name, [float(value) for value in values])
        kind = XL_CHART_TYPE.BAR_CLUSTERED if side_by_side else XL_CHART_TYPE.BAR_STACKED
        chart = self._chart(self.slide(found), kind, data, note)
        painted_bars(chart, looks, side_by_side=side_by_side)
        if top is not None:
            chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, top
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        self._axis(chart.value_axis, axis, form)

    def curves(
        self, found: str, curves: Sequence[Curve], *, across: str, up: str, form: tuple[str, str] = ("#,##0", "0%"),
        points: bool = False, note: str = "",
    ) -> Chart:  # fmt: skip
        """Add a slide of curves (or single points) over a scale, and return its chart."""
        data = XyChartData(number_format="General")
        for name, xs, ys in curves:
            series = data.add_series(name)
            for x, y in zip(xs, ys, strict=True):
                series.add_data_point(float(x), float(y))
        kind = XL_CHART_TYPE.XY_SCATTER if points else XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS
        chart = self._chart(self.slide(found), kind, data, note)
        painted_lines(chart, points=points)
        for axis, told, one in ((chart.category_axis, across, form[0]), (chart.value_axis, up, form[1])):
            axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
            self._axis(axis, told, one)
        return chart

    def courses(self, found: str, names: Sequence[str], series: Sequence[Series], *, axis: str, note: str) -> None:
        """Add a slide of lines with marks over the years."""
        data = CategoryChartData(number_format="#,##0")
        data.categories = list(names)
        for name, values in series:
            data.add_series(name, [float(value) for value in values])
        chart = self._chart(self.slide(found), XL_CHART_TYPE.LINE_MARKERS, data, note)
        painted_lines(chart)
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        self._axis(chart.value_axis, axis, "#,##0")

    def _chart(self, slide: Slide, kind: XL_CHART_TYPE, data: CategoryChartData | XyChartData, note: str) -> Chart:
        room = HIGH - BELOW - FOOT - (10 if note else 4)
        chart: Chart = slide.shapes.add_chart(kind, Mm(EDGE), Mm(BELOW), Mm(WIDE - 2 * EDGE), Mm(room), data).chart
        chart.has_legend, chart.has_title = True, False
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.font.size, chart.font.name = Pt(12), LATIN
        chinese(chart.font._rPr)
        self.tell(slide, [note] if note else [], top=HIGH - FOOT - 9, size=11)
        return chart

    def _axis(self, axis: Any, told: str, form: str) -> None:
        axis.has_title = bool(told)
        if told:
            write(axis.axis_title.text_frame, told, 11)
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = form, False

    # -- tables ------------------------------------------------------------------------------------------------------
    def table(self, part: Part) -> None:
        """Add a table, on as many slides as its rows need; a part without rows is its sentences alone."""
        room = ROOM - 7.5 * sum(1 + len(text) // 120 for text in part.text)
        size = next((one for one in SIZES if len(_pages(part, room, one)) < 2), SIZES[-1])
        for rows in _pages(part, room, size) or [()]:
            slide = self.slide(part.title)
            self.tell(slide, part.text, size=12)
            if part.head:
                top = BELOW + ROOM - room + (2 if part.text else 0)
                self._grid(slide, (part.head, *rows), part.widths, top, size)

    def _grid(
        self, slide: Slide, rows: Sequence[Sequence[str]], widths: Sequence[int], top: float, size: float
    ) -> None:
        room = WIDE - 2 * EDGE
        heights = [_height(row, widths, size) for row in rows]
        frame = slide.shapes.add_table(len(rows), len(widths), Mm(EDGE), Mm(top), Mm(room), Mm(sum(heights)))
        for column, share in zip(frame.table.columns, widths, strict=True):
            column.width = Mm(room * share / sum(widths))
        for line, row, height in zip(frame.table.rows, rows, heights, strict=True):
            line.height = Mm(height)
            for cell, text in zip(line.cells, row, strict=True):
                cell.margin_top = cell.margin_bottom = Mm(0.8)
                write(cell.text_frame, text, size)

    def tiles(self, slide: Slide, tiles: Sequence[tuple[str, str, str]], top: float) -> None:
        """Add figures beside each other, each with what it is above it and what it is held against below."""
        wide = (WIDE - 2 * EDGE) / len(tiles)
        for place, (label, value, note) in enumerate(tiles):
            box = slide.shapes.add_textbox(Mm(EDGE + place * wide), Mm(top), Mm(wide - 3), Mm(30))
            box.text_frame.word_wrap = True
            box.line.color.rgb = RGBColor(0xB9, 0xCF, 0xE6)
            for more, (text, size) in enumerate(((label, 11), (value, 18), (note, 10))):
                write(box.text_frame, text, size, more=more > 0)

    def map(self, found: str, text: str, head: Sequence[str], rows: Sequence[Sequence[tuple[str, str]]]) -> None:
        """Add a table of fields, each a text on a colour (hex, "" for none)."""
        slide, room = self.slide(found), WIDE - 2 * EDGE
        self.tell(slide, [text], size=11)
        frame = slide.shapes.add_table(len(rows) + 1, len(head), Mm(EDGE), Mm(BELOW + 10), Mm(room), Mm(8))
        for cell, told in zip(frame.table.rows[0].cells, head, strict=True):
            write(cell.text_frame, told, SIZES[-1])
        for line, row in zip(list(frame.table.rows)[1:], rows, strict=True):
            line.height = Mm(7)
            for cell, (told, colour) in zip(line.cells, row, strict=True):
                write(cell.text_frame, told, SIZES[-1])
                cell.margin_top = cell.margin_bottom = Mm(0.5)
                if colour:
                    cell.fill.solid()
                    cell.fill.fore_color.rgb = RGBColor.from_string(colour)


def _height(row: Sequence[str], widths: Sequence[int], size: float) -> float:
    """Return about how high a row is (mm): its fullest cell broken into lines, Chinese twice as wide as Latin."""
    room = [(WIDE - 2 * EDGE) * share / sum(widths) - 6 for share in widths]
    letter = size * 25.4 / 72  # the width of a Chinese character (mm)
    lines = [
        1 + int(sum(letter if ord(one) > 0x2E7F else 0.56 * letter for one in text) / wide)
        for text, wide in zip(row, room, strict=True)
    ]
    return 1.35 * letter * max(lines, default=1) + size / 3 * 25.4 / 72 + 1.6


def _pages(part: Part, room: float, size: float) -> list[tuple[tuple[str, ...], ...]]:
    """Return a table's rows by slide, as many on each as fit below its head."""
    found: list[list[tuple[str, ...]]] = []
    left = 0.0
    for row in part.rows:
        need = _height(row, part.widths, size)
        if not found or need > left:
            found.append([])
            left = room - _height(part.head, part.widths, size)
        found[-1].append(row)
        left -= need
    return [tuple(rows) for rows in found]


def write(frame: TextFrame, text: str, size: float, *, more: bool = False) -> None:
    """Write a paragraph with both fonts named outright; a theme would choose the Chinese one by itself."""
    paragraph = frame.add_paragraph() if more else frame.paragraphs[0]
    paragraph.space_after = Pt(size / 3)
    run = paragraph.add_run()
    run.text, run.font.size, run.font.name = text, Pt(size), LATIN
    chinese(run.font._rPr)


def chinese(properties: Any) -> None:
    """Name the Chinese font beside the Latin one."""
    for old in properties.findall(qn("a:ea")):
        properties.remove(old)
    latin = properties.find(qn("a:latin"))
    made = latin.makeelement(qn("a:ea"), {"typeface": CHINESE})
    latin.addnext(made)
