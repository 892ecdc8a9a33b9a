"""Case sheets: the business case in a spreadsheet: cash, spread, claims and costs as formulas, each with its chart."""

from collections.abc import Sequence

import numpy as np
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from poc.business import Worked
from poc.business_plots import cash, claims, distribution, driver, named, tornado
from poc.case_parts import exchange, ledger, offers, register, results
from poc.offer_plots import asked, by_lines, by_years, cost_by_line, cost_by_year
from poc.office.book import Book
from poc.plots import COLOURS, LOOKS
from scorecards.business.amounts import counted

#: Rows that a chart covers, and its size in pixels.
COVERED, SIZE = 20, {"width": 860, "height": 380}
#: How the lines of the running total are drawn: worst tenth, middle, best tenth, and at face value.
DASHES = ("dash", "solid", "dash_dot", "round_dot")


def case_sheets(book: Book, done: Worked) -> None:
    """Add the sheets of a business case."""
    say = book.say
    told = book.sheet("case", [34, 34, 16, 14, 14, 16, 20, 20])
    row = book.part(told, 0, results(done, say))
    for part in (
        ledger(done, say),
        *([offers(done, say)] if done.offers else []),
        *([exchange(done, say)] if done.case.exchange else []),
        *([register(done, entries, say)] if (entries := done.benefits()) else []),
    ):
        row = book.part(told, row, part)
    if done.case.example:
        told.write_string(row, 0, say("business.example"), book.bold)
    _Cash(book, done).written()
    _Spread(book, done).written()
    _Costs(book, done).written()


class _Sheet:
    """One sheet of a case; amounts stand in cells as they are and are shown in the units of the language."""

    key, widths = "", (34, *[16] * 12)

    def __init__(self, book: Book, done: Worked) -> None:
        self.book, self.say, self.done = book, book.say, done
        self.money = book.money(done.case.currency)
        self.sheet: Worksheet = book.sheet(self.key, self.widths)
        self.sheet.fit_to_pages(1, 1)  # a chart is not cut in two where a page ends

    @property
    def name(self) -> str:
        return str(self.say(f"file.{self.key}"))

    def axis(self, largest: float, key: str) -> dict[str, object]:
        """Return how an axis of amounts looks: its own numbers in the unit of the cells."""
        _, unit = counted(largest, self.done.case.currency, self.say.language)
        return {"name": self.say("business.axis", title=self.say(key), unit=unit), "num_format": self.money.num_format,
                "name_font": {"size": 9, "bold": False}, "label_position": "low"}  # fmt: skip


class _Cash(_Sheet):
    """Costs and benefits by year at the medians, and what they are worth today."""

    key = "cash"

    def written(self) -> None:
        say, done, case, sheet = self.say, self.done, self.done.case, self.sheet
        costs, benefits = done.by_year
        years = case.years + 1
        lead = say("file.medians", npv=done.money(done.medians.npv, say.language))
        self.book.row(sheet, 0, [f"{case.named(say.language)}: {lead}"], self.book.looks())
        if case.example:
            self.book.row(sheet, 1, [say("business.example")], self.book.looks())
        sheet.write_string(2, 0, say("file.rate"), self.book.text)
        sheet.write_number(2, 1, case.rate, self.book.input)
        for row, key in enumerate(("business.year", "file.costs", "file.benefits", "file.net", "file.factor",
                                   "file.present", "file.running"), start=3):  # fmt: skip
            sheet.write_string(row, 0, say(key), self.book.bold)
        for year in range(years):
            self._year(year, float(costs[year]), float(benefits[year]), float((benefits - costs)[: year + 1].sum()))
        sheet.write_string(10, 0, say("business.npv"), self.book.bold)
        sheet.write_formula(10, 1, f"=SUM(B9:{xl_rowcol_to_cell(8, case.years)})", self.money, done.medians.npv)
        self.book.row(sheet, 12, [say("business.claims_at"), "NPV P10", "P50", "P90"], self.book.bold)
        for row, (share, found) in enumerate(done.stress.items(), start=13):
            sheet.write_number(row, 0, share, self.book.percent)
            for step, value in enumerate(found, start=1):
                sheet.write_number(row, step, value, self.money)
        self._beside(19)
        self._chart(years)

    def _year(self, year: int, out: float, back: float, running: float) -> None:
        sheet, at, factor = self.sheet, xl_col_to_name(year + 1), (1 + self.done.case.rate) ** -year
        sheet.write_number(3, year + 1, year, self.book.bold)
        sheet.write_number(4, year + 1, out, self.money)
        sheet.write_number(5, year + 1, back, self.money)
        sheet.write_formula(6, year + 1, f"={at}6-{at}5", self.money, back - out)
        sheet.write_formula(7, year + 1, f"=(1+$B$3)^-{at}4", self.book.looks(num_format="0.0000"), factor)
        sheet.write_formula(8, year + 1, f"={at}7*{at}8", self.money, (back - out) * factor)
        sheet.write_formula(9, year + 1, f"=SUM($B7:{at}7)", self.money, running)

    def _beside(self, top: int) -> None:
        """Write what the draws say of the running total, which no formula gives."""
        low, middle, high = self.done.graded.running
        rows = [("P10", low), ("P50", middle), ("P90", high), (self.say("business.face"), self.done.face.running[1])]
        self.sheet.write_string(top - 1, 0, self.say("file.cumulated"), self.book.bold)
        for row, (name, values) in enumerate(rows, start=top):
            self.sheet.write_string(row, 0, name, self.book.text)
            for year, value in enumerate(values, start=1):
                self.sheet.write_number(row, year, float(value), self.money)

    def _chart(self, years: int) -> None:
        chart = self.book.chart({"type": "line"}, cash(self.done, self.say).title, self.say("business.year"))
        for place in range(4):
            colour = COLOURS[place]
            chart.add_series({
                "name": [self.name, 19 + place, 0], "categories": [self.name, 3, 1, 3, years],
                "values": [self.name, 19 + place, 1, 19 + place, years],
                "line": {"color": colour, "width": 2.25, "dash_type": DASHES[place]},
                "marker": {"type": ("none", "circle", "none", "square")[place], "fill": {"color": colour}, "size": 6},
            })  # fmt: skip
        chart.set_y_axis(self.axis(float(np.abs(self.done.face.running).max()), "business.cumulated"))
        chart.set_x_axis({"name": self.say("business.year"), "label_position": "low"})
        chart.set_size(SIZE)
        self.sheet.insert_chart(24, 0, chart, {"description": cash(self.done, self.say).title})


class _Spread(_Sheet):
    """How NPV is spread, what moves it, and what each claim is worth at face value and as it is believed."""

    key = "spread"

    def written(self) -> None:
        self._claims(self._tornado(self._curve()))

    def _curve(self) -> int:
        say, done, sheet = self.say, self.done, self.sheet
        chances = [round(float(one), 2) for one in np.linspace(0.02, 0.98, 25)]
        values, face = np.quantile(done.graded.npv, chances), float(done.face.npv[0])
        self.book.row(sheet, 0, [say("business.share"), say("business.npv"), "", say("business.face")], self.book.bold)
        for row, (share, value) in enumerate(zip(chances, values, strict=True), start=1):
            sheet.write_number(row, 0, share, self.book.percent)
            sheet.write_number(row, 1, float(value), self.money)
        for row, share in ((1, 0.0), (2, 1.0)):
            sheet.write_number(row, 2, share, self.book.percent)
            sheet.write_number(row, 3, face, self.money)
        title, last = distribution(done, say).title, len(chances)
        chart = self.book.chart({"type": "scatter", "subtype": "straight"}, title, "", say("business.share"))
        curves = ((say("business.believed"), (1, last), (1, 0), COLOURS[0], "solid"),
                  (say("business.face"), (1, 2), (3, 2), COLOURS[1], "dash"))  # fmt: skip
        for name, (top, end), (across, up), colour, dash in curves:
            chart.add_series({
                "name": name, "categories": [self.name, top, across, end, across],
                "values": [self.name, top, up, end, up], "line": {"color": colour, "width": 2.25, "dash_type": dash},
            })  # fmt: skip
        chart.set_x_axis(self.axis(max(float(np.abs(values).max()), abs(face)), "business.npv"))
        chart.set_y_axis(
            {"name": say("business.share"), "min": 0, "max": 1, "num_format": "0%", "label_position": "low"}
        )
        chart.set_size(SIZE)
        sheet.insert_chart(0, 5, chart, {"description": title})
        return last + 3

    def _tornado(self, top: int) -> int:
        say, done, sheet = self.say, self.done, self.sheet
        rows, middle = done.tornado[:10], done.medians.npv
        sheet.write_string(top, 0, say("file.at_medians"), self.book.bold)
        sheet.write_number(top, 1, middle, self.money)
        heads = [say("file.input"), say("business.at_5"), say("business.at_95"), f"Δ {say('business.at_5')}",
                 f"Δ {say('business.at_95')}"]  # fmt: skip
        self.book.row(sheet, top + 1, heads, self.book.bold)
        for row, (name, low, high) in enumerate(rows, start=top + 2):
            sheet.write_string(row, 0, named(done, name, say), self.book.text)
            for column, value in ((1, low), (2, high)):
                sheet.write_number(row, column, value, self.money)
                formula = f"={xl_rowcol_to_cell(row, column)}-$B${top + 1}"
                sheet.write_formula(row, column + 2, formula, self.money, value - middle)
        looks = [("#b8520a", "/"), ("#0b5cad", "")]
        names = [say("business.at_5"), say("business.at_95")]
        largest = max((abs(end - middle) for row in rows for end in row[1:]), default=1.0)
        axis = self.axis(largest, "business.npv_change")
        self._bars(tornado(done, say).title, names, top + 2, len(rows), 3, looks, axis, (top, 5))
        return top + max(len(rows) + 4, COVERED)

    def _claims(self, top: int) -> None:
        say, done, sheet = self.say, self.done, self.sheet
        names = [one.name for one in done.case.drivers if one.way != "nothing"]
        heads = [say("business.face"), say("business.believed")]
        self.book.row(sheet, top, [say("business.driver"), *heads], self.book.bold)
        found = (done.face.worth, done.graded.worth)
        for row, name in enumerate(names, start=top + 1):
            sheet.write_string(row, 0, driver(done, name, say), self.book.text)
            for column, worth in enumerate(found, start=1):
                sheet.write_number(row, column, worth[name], self.money)
        end = top + len(names) + 1
        sheet.write_string(end, 0, say("file.sum"), self.book.bold)
        for column, worth in enumerate(found, start=1):
            letter = xl_col_to_name(column)
            formula = f"=SUM({letter}{top + 2}:{letter}{end})"
            sheet.write_formula(end, column, formula, self.money, sum(worth[name] for name in names))
        largest = max((abs(worth[name]) for worth in found for name in names), default=1.0)
        self._bars(claims(done, say).title, heads, top + 1, len(names), 1, [("#b8520a", "/"), ("#0b5cad", "")],
                   self.axis(largest, "business.worth"), (top, 5), stacked=False)  # fmt: skip

    def _bars(
        self, title: str, names: Sequence[str], top: int, count: int, column: int, looks: Sequence[tuple[str, str]],
        axis: dict[str, object], at: tuple[int, int], *, stacked: bool = True,
    ) -> None:  # fmt: skip
        chart = self.book.chart({"type": "bar", **({"subtype": "stacked"} if stacked else {})}, title)
        for step, (name, look) in enumerate(zip(names, looks, strict=True)):
            chart.add_series({
                "name": name, "categories": [self.name, top, 0, top + count - 1, 0],
                "values": [self.name, top, column + step, top + count - 1, column + step], "gap": 60,
                **self.book.fill(look),
            })  # fmt: skip
        chart.set_x_axis(axis)
        chart.set_y_axis({"reverse": True, "label_position": "low", "crossing": "max"})
        chart.set_size(SIZE)
        self.sheet.insert_chart(*at, chart, {"description": title})


class _Costs(_Sheet):
    """What every offer costs, by line and by year; sums are formulas."""

    key = "costs_over"
    widths = (34, *[26] * 8)

    def written(self) -> None:
        names = [name for name, _ in asked(self.done, self.say)]
        top = self._matrix(0, self.say("file.line"), names, by_lines(self.done, self.say))
        top = self._stack(top, 1, names, len(by_lines(self.done, self.say)), cost_by_line(self.done, self.say).title)
        begins = top
        top = self._matrix(top, self.say("business.year"), names, by_years(self.done, self.say))
        self._stack(top, begins + 1, names, self.done.case.years + 1, cost_by_year(self.done, self.say).title)

    def _matrix(self, top: int, head: str, names: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]]) -> int:
        self.book.row(self.sheet, top, [head, *names], self.book.bold)
        for row, (title, values) in enumerate(rows, start=top + 1):
            self.sheet.write_string(row, 0, title, self.book.text)
            for column, value in enumerate(values, start=1):
                self.sheet.write_number(row, column, value, self.money)
        end = top + len(rows) + 1
        self.sheet.write_string(end, 0, self.say("file.sum"), self.book.bold)
        for column in range(1, len(names) + 1):
            letter = xl_col_to_name(column)
            whole = sum(values[column - 1] for _, values in rows)
            self.sheet.write_formula(end, column, f"=SUM({letter}{top + 2}:{letter}{end})", self.money, whole)
        return end + 2

    def _stack(self, top: int, first: int, names: Sequence[str], count: int, title: str) -> int:
        chart = self.book.chart({"type": "bar", "subtype": "stacked"}, title)
        for place in range(count):
            chart.add_series({
                "name": [self.name, first + place, 0], "categories": [self.name, first - 1, 1, first - 1, len(names)],
                "values": [self.name, first + place, 1, first + place, len(names)], "gap": 60,
                **self.book.fill(LOOKS[place % len(LOOKS)]),
            })  # fmt: skip
        whole = max(float(sum(flows.sum() for flows in lines.values())) for _, lines in asked(self.done, self.say))
        chart.set_x_axis(self.axis(whole, "business.tco"))
        chart.set_y_axis({"reverse": True, "label_position": "low", "crossing": "max"})
        chart.set_size({"width": 860, "height": 200 + 50 * len(names)})
        self.sheet.insert_chart(top, 0, chart, {"description": title})
        return top + 12 + 3 * len(names)
