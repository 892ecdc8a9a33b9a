"""slides(): the record as slides with charts that can be edited, each titled by what it finds."""

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Mm, Pt

from poc.business import Worked
from poc.business_plots import cash
from poc.container import timeless
from poc.deciding import nearest_flip
from poc.decision_plots import graded, grades, order, ranked, sensitivity
from poc.office.document import CHINESE, LATIN
from poc.paper import Paper
from poc.part import Part
from poc.plots import COLOURS
from poc.record import Record
from scorecards.robustness.sensitivity import lines
from scorecards.rubric import TOP

#: A slide, its margin, and where what stands below the title begins (mm).
WIDE, HIGH, EDGE, BELOW = 338.7, 190.5, 16, 46
#: Rows that a table on a slide may have.
ROWS = 11
PATTERNS = (
    None,
    MSO_PATTERN.WIDE_UPWARD_DIAGONAL,
    MSO_PATTERN.PERCENT_20,
    MSO_PATTERN.CROSS,
    MSO_PATTERN.NARROW_HORIZONTAL,
)
DASHES = (MSO_LINE.SOLID, MSO_LINE.DASH, MSO_LINE.ROUND_DOT, MSO_LINE.DASH_DOT, MSO_LINE.LONG_DASH)
MARKS = (XL_MARKER_STYLE.CIRCLE, XL_MARKER_STYLE.SQUARE, XL_MARKER_STYLE.DIAMOND, XL_MARKER_STYLE.TRIANGLE)


def slides(record: Record, language: str) -> bytes:
    """Return the record as .pptx."""
    return _Deck(Paper(record, language)).made()


class _Deck:
    """Slides while they are made; every one bears the hash of the record."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.say, self.decision = paper, paper.say, paper.record.decision
        self.deck = Presentation()
        self.deck.slide_width, self.deck.slide_height = Mm(WIDE), Mm(HIGH)
        told = self.deck.core_properties
        told.title, told.author, told.last_modified_by, told.revision = paper.title, "Touchstone", "Touchstone", 1

    def made(self) -> bytes:
        paper, worked = self.paper, self.paper.record.worked
        self._told(self._slide(paper.spoken.headline()), [paper.title, *paper.notes, paper.spoken.drawn()])
        self._totals()
        self._ranks()
        self._mix()
        self._gates()
        self._sensitivity()
        self._table(paper.others())
        self._table(paper.next())
        if worked is not None:
            self._cash(worked)
            self._table(paper.business(worked))
        self._table(paper.evidence())
        out = io.BytesIO()
        self.deck.save(out)
        return timeless(out.getvalue(), self.paper.seen)

    # -- charts ------------------------------------------------------------------------------------------------------
    def _totals(self) -> None:
        decision, names = self.decision, order(self.paper.spoken)
        data = CategoryChartData(number_format="0.00")
        data.categories = [self.paper.spoken.named(name) for name in names]
        data.add_series(self.say("decision.surely"), [decision.low[name] for name in names])
        data.add_series(self.say("decision.unknown"), [decision.high[name] - decision.low[name] for name in names])
        chart = self._chart(self._slide(self.paper.found("totals")), XL_CHART_TYPE.BAR_STACKED, data)
        _bars(chart, ("0b5cad", "6ba0d4"), TOP)
        chart.value_axis.has_title = True
        _say(chart.value_axis.axis_title.text_frame, self.say("decision.total_points"), 11)

    def _ranks(self) -> None:
        names, data = ranked(self.paper.spoken), CategoryChartData(number_format="0%")
        rows = [self.decision.acceptability.ranks[self.decision.contest.vendors.index(name)] for name in names]
        data.categories = [self.paper.spoken.named(name) for name in names]
        for rank in range(len(names)):
            data.add_series(self.say("decision.rank", rank=rank + 1), [float(row[rank]) for row in rows])
        chart = self._chart(self._slide(self.paper.found("ranks")), XL_CHART_TYPE.BAR_STACKED, data)
        _bars(chart, ("0b5cad", "6ba0d4", "5d6b7d", "b8520a", "1c7c4a"), 1)

    def _mix(self) -> None:
        names, mix = order(self.paper.spoken), self.decision.contest.mix()
        data = CategoryChartData(number_format="0%")
        data.categories = [self.paper.spoken.named(name) for name in names]
        for grade in grades(self.paper.spoken):
            data.add_series(graded(self.paper.spoken, grade), [mix[name].get(grade, 0.0) for name in names])
        chart = self._chart(self._slide(self.paper.found("evidence")), XL_CHART_TYPE.BAR_STACKED, data)
        _bars(chart, ("0b5cad", "6ba0d4", "5d6b7d", "b8520a", "1c7c4a"), 1)

    def _sensitivity(self) -> None:
        table, found = self.decision.contest, nearest_flip(self.decision)
        code = found[0] if found else table.dimensions[0]
        shares, values = lines(table.by_dimension(table.expected), table.outer, table.dimensions.index(code), points=21)
        data = XyChartData(number_format="0.00")
        for name, row in zip(table.vendors, values, strict=True):
            series = data.add_series(self.paper.spoken.named(name))
            for share, value in zip(shares, row, strict=True):
                series.add_data_point(float(share), float(value))
        title = sensitivity(self.paper.spoken, code).title
        chart = self._chart(self._slide(title), XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, data)
        _lines(chart)
        chart.category_axis.maximum_scale, chart.category_axis.minimum_scale = 1, 0
        labels = chart.category_axis.tick_labels
        labels.number_format, labels.number_format_is_linked = "0%", False
        below = self.say("decision.weight_of", dimension=self.paper.spoken.dimension(code))
        for axis, told in ((chart.category_axis, below), (chart.value_axis, self.say("decision.total_points"))):
            axis.has_title = True
            _say(axis.axis_title.text_frame, told, 11)

    def _cash(self, done: Worked) -> None:
        data = CategoryChartData(number_format="#,##0")
        data.categories = [str(year) for year in range(done.case.years + 1)]
        for name, row in zip(("P10", "P50", "P90"), done.graded.running, strict=True):
            data.add_series(name, [float(value) for value in row])
        data.add_series(self.say("business.face"), [float(value) for value in done.face.running[1]])
        slide = self._slide(cash(done, self.say).title)
        chart = self._chart(slide, XL_CHART_TYPE.LINE_MARKERS, data)
        _lines(chart)
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        chart.value_axis.tick_labels.number_format = "#,##0"
        chart.value_axis.tick_labels.number_format_is_linked = False
        example = [self.say("business.example")] if done.case.example else []
        self._told(slide, [self.say("file.cumulated") + f" ({done.case.currency})", *example], top=HIGH - 32, size=11)

    def _chart(self, slide: Slide, kind: XL_CHART_TYPE, data: CategoryChartData | XyChartData) -> Chart:
        frame = slide.shapes.add_chart(kind, Mm(EDGE), Mm(BELOW), Mm(WIDE - 2 * EDGE), Mm(HIGH - BELOW - 34), data)
        chart: Chart = frame.chart
        chart.has_legend, chart.has_title = True, False
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.font.size, chart.font.name = Pt(12), LATIN
        _chinese(chart.font._rPr)
        return chart

    # -- words -------------------------------------------------------------------------------------------------------
    def _gates(self) -> None:
        """Show the gates that somebody has not passed; those that all pass are counted."""
        part, good = self.paper.gates(), self.say("report.gate_passed")
        rows = tuple(row for row in part.rows if any(cell != good for cell in row[1:]))
        self._table(Part.of(part.title, part.text, part.head, rows, widths=part.widths))

    def _table(self, part: Part) -> None:
        for start in range(0, max(len(part.rows), 1), ROWS):
            slide, rows = self._slide(part.title), part.rows[start : start + ROWS]
            self._told(slide, part.text, top=BELOW - 14, size=11)
            if part.head:
                self._grid(slide, (part.head, *rows), part.widths)

    def _grid(self, slide: Slide, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        room, top = WIDE - 2 * EDGE, BELOW + 8
        frame = slide.shapes.add_table(len(rows), len(widths), Mm(EDGE), Mm(top), Mm(room), Mm(9 * len(rows)))
        for column, share in zip(frame.table.columns, widths, strict=True):
            column.width = Mm(room * share / sum(widths))
        for line, row in zip(frame.table.rows, rows, strict=True):
            for cell, text in zip(line.cells, row, strict=True):
                _say(cell.text_frame, text, 10.5)

    def _slide(self, title: str) -> Slide:
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        shape = slide.shapes.title
        assert shape is not None
        shape.left, shape.top, shape.width, shape.height = Mm(EDGE), Mm(8), Mm(WIDE - 2 * EDGE), Mm(24)
        _say(shape.text_frame, title, 22)
        self._told(slide, [self.paper.foot], top=HIGH - 12, size=8)
        return slide

    def _told(self, slide: Slide, texts: Sequence[str], top: float = BELOW - 10, size: float = 15) -> None:
        if texts:
            box = slide.shapes.add_textbox(Mm(EDGE), Mm(top), Mm(WIDE - 2 * EDGE), Mm(10))
            box.text_frame.word_wrap = True
            for place, text in enumerate(texts):
                _say(box.text_frame, text, size, more=place > 0)


def _say(frame: TextFrame, text: str, size: float, *, more: bool = False) -> None:
    """Write a paragraph with both fonts named outright; a theme would choose the Chinese one by itself."""
    paragraph = frame.add_paragraph() if more else frame.paragraphs[0]
    paragraph.space_after = Pt(size / 3)
    run = paragraph.add_run()
    run.text, run.font.size, run.font.name = text, Pt(size), LATIN
    _chinese(run.font._rPr)


def _chinese(properties: Any) -> None:
    for old in properties.findall(qn("a:ea")):
        properties.remove(old)
    latin = properties.find(qn("a:latin"))
    made = latin.makeelement(qn("a:ea"), {"typeface": CHINESE})
    latin.addnext(made)


def _bars(chart: Chart, colours: Sequence[str], top: float) -> None:
    """Paint bars with a colour and a hatching each, and read them from the top."""
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 60, 100
    chart.category_axis.reverse_order = True
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, top
    for place, series in enumerate(plot.series):
        fill, colour = series.format.fill, RGBColor.from_string(colours[place % len(colours)].upper())
        if (pattern := PATTERNS[place % len(PATTERNS)]) is None:
            fill.solid()
            fill.fore_color.rgb = colour
        else:
            fill.patterned()
            fill.pattern, fill.fore_color.rgb, fill.back_color.rgb = pattern, colour, RGBColor(255, 255, 255)
        series.format.line.color.rgb = colour


def _lines(chart: Chart) -> None:
    """Paint lines with a colour, a dash and a mark each."""
    for place, series in enumerate(chart.plots[0].series):
        colour = RGBColor.from_string(COLOURS[place % len(COLOURS)].lstrip("#").upper())
        series.smooth = False
        series.format.line.color.rgb, series.format.line.width = colour, Pt(2.25)
        series.format.line.dash_style = DASHES[place % len(DASHES)]
        series.marker.style, series.marker.size = MARKS[place % len(MARKS)], 7
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = colour
