"""Book: a spreadsheet while it is written: sheets, looks and tables; texts stay texts and become no formula."""

import io
from collections.abc import Mapping, Sequence

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from poc.container import timeless
from poc.paper import Paper
from poc.part import Part
from scorecards.business.amounts import cell_format

#: The font that is asked for; a program that lacks it takes its own.
FONT = "Microsoft YaHei"
#: Hatchings of the pages as a spreadsheet names them.
PATTERNS = {
    "/": "wide_upward_diagonal", "\\": "wide_downward_diagonal", "x": "outlined_diamond", ".": "percent_20",
    "-": "narrow_horizontal", "|": "narrow_vertical",
}  # fmt: skip


class Book:
    """One workbook in one language."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.say = paper, paper.say
        self._file = io.BytesIO()
        self.book = xlsxwriter.Workbook(self._file, {"in_memory": True})
        self.book.set_properties({"title": paper.title})
        self.text = self.looks(text_wrap=True, valign="top")
        self.bold = self.looks(bold=True, text_wrap=True, valign="top", bottom=1)
        self.lead = self.looks(bold=True, font_size=12, font_color="#0b5cad")
        self.percent, self.points = self.looks(num_format="0.0%"), self.looks(num_format="0.00")
        self.input = self.looks(num_format="0.0%", bg_color="#fff4d6", border=1)

    def looks(self, **told: object) -> Format:
        """Return how cells look."""
        made: Format = self.book.add_format({"font_name": FONT, "font_size": 10, **told})
        return made

    def money(self, currency: str) -> Format:
        """Return how amounts of a currency look."""
        return self.looks(num_format=cell_format(currency, self.say.language))

    def sheet(self, key: str, widths: Sequence[int]) -> Worksheet:
        """Begin a sheet, named by a word of the catalogue."""
        sheet: Worksheet = self.book.add_worksheet(self.say(f"file.{key}"))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_landscape()
        return sheet

    def row(self, sheet: Worksheet, row: int, texts: Sequence[str], looks: Format | None = None) -> None:
        """Write texts into a row."""
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text, looks or self.text)

    def part(self, sheet: Worksheet, row: int, part: Part) -> int:
        """Write a part of the record from a row on and return the first row after it."""
        sheet.write_string(row, 0, part.title, self.lead)
        row += 1
        for text in part.text:
            sheet.write_string(row, 0, text, self.looks())
            row += 1
        if part.head:
            self.row(sheet, row, part.head, self.bold)
            for line in part.rows:
                row += 1
                self.row(sheet, row, line)
            row += 1
        return row + 1

    def chart(self, kind: Mapping[str, str], title: str, across: str = "", up: str = "") -> Chart:
        """Return an empty chart under its finding; ``across`` and ``up`` are what its axes are."""
        chart: Chart = self.book.add_chart(dict(kind))
        chart.set_title({"name": title, "name_font": {"size": 11, "bold": False}, "overlay": False})
        chart.set_x_axis({"name": across, "name_font": {"size": 9, "bold": False}})
        chart.set_y_axis({"name": up, "name_font": {"size": 9, "bold": False}})
        chart.set_legend({"position": "bottom"})
        return chart

    def fill(self, look: tuple[str, str]) -> dict[str, object]:
        """Return how a series of bars looks: a colour, and a hatching where one is named."""
        colour, hatch = look
        if not hatch:
            return {"fill": {"color": colour}, "border": {"color": colour}}
        pattern = {"pattern": PATTERNS[hatch], "fg_color": colour, "bg_color": "#ffffff"}
        return {"pattern": pattern, "border": {"color": colour}}

    def saved(self) -> bytes:
        """Return the file."""
        self.book.close()
        return timeless(self._file.getvalue(), self.paper.seen)
