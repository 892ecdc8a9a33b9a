"""workbook(): the record as a spreadsheet whose totals follow when a weight is changed."""

import io
from collections.abc import Sequence

import numpy as np
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from poc.business import Worked
from poc.container import timeless
from poc.decision_plots import order
from poc.paper import Paper
from poc.record import Record

#: The font that is asked for; a program that lacks it takes its own.
FONT = "Microsoft YaHei"


def workbook(record: Record, language: str) -> bytes:
    """Return the record as .xlsx: every total is a formula that bears its value already."""
    return _Workbook(Paper(record, language)).made()


class _Workbook:
    """One workbook while it is written; texts are written as texts, so that none becomes a formula."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.say, self.decision = paper, paper.say, paper.record.decision
        self.contest = self.decision.contest
        self.names = order(paper.spoken)
        self.file = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.file, {"in_memory": True})
        self.book.set_properties({"title": paper.title})
        self.text = self._format(text_wrap=True, valign="top")
        self.bold = self._format(bold=True, text_wrap=True, valign="top", bottom=1)
        self.percent, self.points = self._format(num_format="0.0%"), self._format(num_format="0.00")
        self.input = self._format(num_format="0.0%", bg_color="#fff4d6", border=1)

    def _format(self, **looks: object) -> Format:
        made: Format = self.book.add_format({"font_name": FONT, "font_size": 10, **looks})
        return made

    def made(self) -> bytes:
        summary, totals = self._sheet("summary", [90]), self._sheet("totals", [38, 14, 14, 14, 14])
        weights, scores = self._sheet("weights", [10, 40, 16]), self._sheet("scores", [10, 44, 10, 12, 12])
        self._summary(summary)
        self._weights(weights)
        self._scores(scores)
        self._totals(totals)
        if self.paper.record.worked is not None:
            self._cash(self._sheet("cash", [26, *[16] * 12]), self.paper.record.worked)
        self._evidence(self._sheet("evidence", [30, 22, 44, 70]))
        self.book.close()
        return timeless(self.file.getvalue(), self.paper.seen)

    def _sheet(self, key: str, widths: Sequence[int]) -> Worksheet:
        sheet: Worksheet = self.book.add_worksheet(self.say(f"file.{key}"))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_landscape()
        return sheet

    def _row(self, sheet: Worksheet, row: int, texts: Sequence[str], looks: Format | None = None) -> None:
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text, looks or self.text)

    def _summary(self, sheet: Worksheet) -> None:
        spoken = self.paper.spoken
        sheet.write_string(0, 0, self.paper.title, self._format(bold=True, font_size=16))
        sheet.write_string(1, 0, spoken.headline(), self._format(font_size=12, text_wrap=True))
        live = self.say("file.live", sheet=self.say("file.weights"))
        lines = [*self.paper.notes, spoken.drawn(), live, self.say("decision.disclaimer"), self.paper.foot]
        for row, line in enumerate(lines, start=3):
            sheet.write_string(row, 0, line, self.text)

    # -- what the totals follow from ---------------------------------------------------------------------------------
    def _weights(self, sheet: Worksheet) -> None:
        self._row(sheet, 0, ["", self.say("file.dimension"), self.say("file.share")], self.bold)
        for row, (code, share) in enumerate(zip(self.contest.dimensions, self.contest.outer, strict=True), start=1):
            self._row(sheet, row, [code, self.paper.spoken.dimension(code)])
            sheet.write_number(row, 2, float(share), self.input)
        last = len(self.contest.dimensions)
        sheet.write_string(last + 1, 1, self.say("file.sum"), self.bold)
        sheet.write_formula(last + 1, 2, f"=SUM(C2:C{last + 1})", self.percent, float(self.contest.outer.sum()))
        sheet.data_validation(1, 2, last, 2, {"validate": "decimal", "criteria": ">=", "value": 0})

    def _scores(self, sheet: Worksheet) -> None:
        say, tree, shares = self.say, self.contest.tree, self.contest.weights
        heads = ["", say("decision.what"), say("file.dimension"), say("file.within"), say("file.share")]
        for name in self.names:
            title = self.paper.view.title(name)
            heads += [say(f"file.{one}", target=title) for one in ("low", "middle", "high", "grade")]
        self._row(sheet, 0, heads, self.bold)
        sheet.freeze_panes(1, 2)
        sheet.set_column(5, 4 + 4 * len(self.names), 11)
        weights, ends = f"'{say('file.weights')}'!$C$", len(self.contest.dimensions) + 1
        for place, criterion in enumerate(self.contest.criteria):
            row, branch = place + 1, int(tree.dimension[place])
            title = self.paper.view.criterion(criterion)
            self._row(sheet, row, [criterion, title, self.contest.dimensions[branch]])
            sheet.write_number(row, 3, float(tree.within[place]), self.percent)
            formula = f"=D{row + 1}*{weights}{branch + 2}/SUM({weights}2:{weights.rpartition('!')[2]}{ends})"
            sheet.write_formula(row, 4, formula, self.percent, float(shares[place]))
            self._cells(sheet, row, place)

    def _cells(self, sheet: Worksheet, row: int, place: int) -> None:
        for number, name in enumerate(self.names):
            vendor, column = self.contest.vendors.index(name), 5 + 4 * number
            sure, expected = self.contest.conservative, self.contest.expected
            for step, value in enumerate((sure.low, expected.mean, sure.high)):
                sheet.write_number(row, column + step, float(value[vendor, place]), self.points)
            unknown = bool(expected.unknown[vendor, place])
            grade = self.say("file.unknown") if unknown else str(self.contest.grades[vendor, place]) or "–"
            sheet.write_string(row, column + 3, grade, self.text)

    def _totals(self, sheet: Worksheet) -> None:
        say, last = self.say, len(self.contest.criteria) + 1
        heads = [say("decision.target"), say("file.worst"), say("decision.expected"), say("file.best"),
                 say("file.covered"), say("file.reach")]  # fmt: skip
        self._row(sheet, 0, heads, self.bold)
        scores = f"'{say('file.scores')}'!"
        of_all = f"{scores}$E$2:$E${last}"
        for row, name in enumerate(self.names, start=1):
            found = (self.decision.low[name], self.decision.middle[name], self.decision.high[name])
            sheet.write_string(row, 0, self.paper.spoken.named(name), self.text)
            for step, value in enumerate(found):
                column = xl_col_to_name(5 + 4 * (row - 1) + step, col_abs=True)
                formula = f"=SUMPRODUCT({of_all},{scores}{column}$2:{column}${last})"
                sheet.write_formula(row, 1 + step, formula, self.points, value)
            column = xl_col_to_name(8 + 4 * (row - 1), col_abs=True)
            known = f'=SUMPRODUCT({of_all}*({scores}{column}$2:{column}${last}<>"{say("file.unknown")}"))'
            sheet.write_formula(row, 4, known, self.percent, self.decision.coverage[name])
            sheet.write_formula(row, 5, f"=D{row + 1}-B{row + 1}", self.points, found[2] - found[0])
        self._ranks(sheet, len(self.names) + 2)
        self._chart(sheet, len(self.names))

    def _ranks(self, sheet: Worksheet, top: int) -> None:
        part = self.paper.ranks()
        self._row(sheet, top, [part.title], self.bold)
        for row, name in enumerate(self.names, start=top + 1):
            sheet.write_string(row, 0, self.paper.spoken.named(name), self.text)
            for rank, share in enumerate(self.decision.acceptability.ranks[self.contest.vendors.index(name)], start=1):
                sheet.write_string(top, rank, self.say("decision.rank", rank=rank), self.bold)
                sheet.write_number(row, rank, float(share), self.percent)

    def _chart(self, sheet: Worksheet, count: int) -> None:
        chart = self.book.add_chart({"type": "bar", "subtype": "stacked"})
        name = self.say("file.totals")
        looks = (
            (1, self.say("decision.surely"), {"fill": {"color": "#0b5cad"}}),
            (5, self.say("decision.unknown"), {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#6ba0d4"}}),
        )
        for column, title, look in looks:
            chart.add_series({
                "name": title, "categories": [name, 1, 0, count, 0], "values": [name, 1, column, count, column],
                "border": {"color": "#0b5cad"}, **look,
            })  # fmt: skip
        chart.set_title({"name": self.paper.found("totals"), "name_font": {"size": 11, "bold": False}})
        chart.set_x_axis({"min": 0, "max": 5})
        chart.set_y_axis({"reverse": True})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 820, "height": 180 + 50 * count})
        sheet.insert_chart(2 * count + 5, 0, chart)

    # -- beside them -------------------------------------------------------------------------------------------------
    def _cash(self, sheet: Worksheet, done: Worked) -> None:
        say, case = self.say, done.case
        costs, benefits, _ = case.flows({name: np.array([one.median]) for name, one in case.inputs.items()})
        money, years = self._format(num_format="#,##0"), case.years + 1
        lead = say("file.medians", npv=done.money(done.medians.npv, say.language))
        self._row(sheet, 0, [f"{case.name}: {lead}"], self._format())
        if case.example:
            self._row(sheet, 1, [say("business.example")], self._format())
        sheet.write_string(2, 0, say("file.rate"), self.text)
        sheet.write_number(2, 1, case.rate, self.input)
        for row, key in enumerate(("business.year", "file.costs", "file.benefits", "file.net", "file.factor",
                                   "file.present"), start=3):  # fmt: skip
            sheet.write_string(row, 0, say(key), self.bold)
        for year in range(years):
            out, back, at = float(costs[0, year]), float(benefits[0, year]), xl_col_to_name(year + 1)
            factor = (1 + case.rate) ** -year
            sheet.write_number(3, year + 1, year, self.bold)
            sheet.write_number(4, year + 1, out, money)
            sheet.write_number(5, year + 1, back, money)
            sheet.write_formula(6, year + 1, f"={at}6-{at}5", money, back - out)
            sheet.write_formula(7, year + 1, f"=(1+$B$3)^-{at}4", self._format(num_format="0.0000"), factor)
            sheet.write_formula(8, year + 1, f"={at}7*{at}8", money, (back - out) * factor)
        sheet.write_string(9, 0, say("business.npv"), self.bold)
        ends = xl_rowcol_to_cell(8, years)
        sheet.write_formula(9, 1, f"=SUM(B9:{ends})", money, done.medians.npv)
        for row, (share, found) in enumerate(done.stress.items(), start=13):
            sheet.write_number(row, 0, share, self.percent)
            for step, value in enumerate(found, start=1):
                sheet.write_number(row, step, value, money)
        self._row(sheet, 12, [say("business.claims_at"), "NPV P10", "P50", "P90"], self.bold)

    def _evidence(self, sheet: Worksheet) -> None:
        part = self.paper.evidence()
        heads = [*part.head, "SHA-256"]
        self._row(sheet, 0, heads, self.bold)
        hashes = [one.head_sha256 for one in self.paper.record.assessment.subjects]
        for row, (line, digest) in enumerate(zip(part.rows, hashes, strict=True), start=1):
            self._row(sheet, row, [*line, digest])
