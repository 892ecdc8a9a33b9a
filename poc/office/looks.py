"""Looks: how native charts are painted: a colour and a hatching, dash or mark each, so that none speaks alone."""

from collections.abc import Sequence

from pptx.chart.chart import Chart
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_AXIS_CROSSES, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.util import Pt

from poc.plots import COLOURS, LOOKS

#: What stands for the hatchings of the pages.
PATTERNS = {
    "/": MSO_PATTERN.WIDE_UPWARD_DIAGONAL, "\\": MSO_PATTERN.WIDE_DOWNWARD_DIAGONAL, "x": MSO_PATTERN.OUTLINED_DIAMOND,
    ".": MSO_PATTERN.PERCENT_20, "-": MSO_PATTERN.NARROW_HORIZONTAL, "|": MSO_PATTERN.NARROW_VERTICAL,
}  # fmt: skip
DASHES = (MSO_LINE.SOLID, MSO_LINE.DASH, MSO_LINE.ROUND_DOT, MSO_LINE.DASH_DOT, MSO_LINE.LONG_DASH)
MARKS = (XL_MARKER_STYLE.CIRCLE, XL_MARKER_STYLE.SQUARE, XL_MARKER_STYLE.DIAMOND, XL_MARKER_STYLE.TRIANGLE)


def painted_bars(chart: Chart, looks: Sequence[tuple[str, str]] = (), *, side_by_side: bool = False) -> None:
    """Paint bars with a colour and a hatching each, and read them from the top."""
    plot, looks = chart.plots[0], looks or LOOKS
    few = len(plot.categories) < 3
    plot.gap_width, plot.overlap = 220 if few else 60, 0 if side_by_side else 100
    chart.category_axis.reverse_order = True
    chart.category_axis.crosses = XL_AXIS_CROSSES.MAXIMUM  # read from the top, yet with the scale below
    for place, series in enumerate(plot.series):
        told, hatch = looks[place % len(looks)]
        colour, fill = RGBColor.from_string(told.lstrip("#").upper()), series.format.fill
        if hatch:
            fill.patterned()
            fill.pattern, fill.fore_color.rgb, fill.back_color.rgb = PATTERNS[hatch], colour, RGBColor(255, 255, 255)
        else:
            fill.solid()
            fill.fore_color.rgb = colour
        series.format.line.color.rgb = colour
        series.invert_if_negative = False


def painted_lines(chart: Chart, *, points: bool = False) -> None:
    """Paint lines with a colour, a dash and a mark each; of ``points`` the marks alone."""
    for place, series in enumerate(chart.plots[0].series):
        colour = RGBColor.from_string(COLOURS[place % len(COLOURS)].lstrip("#").upper())
        series.smooth = False
        if points:
            series.format.line.fill.background()
        else:
            series.format.line.color.rgb, series.format.line.width = colour, Pt(2.25)
            series.format.line.dash_style = DASHES[place % len(DASHES)]
        many = not points and sum(1 for _ in series.values) > 12
        series.marker.style = XL_MARKER_STYLE.NONE if many else MARKS[place % len(MARKS)]
        series.marker.size = 14 if points else 7
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = colour
