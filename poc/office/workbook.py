"""workbook(): the record as a spreadsheet whose totals follow when a weight is changed."""

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from poc.decision_plots import order
from poc.office.book import Book
from poc.office.case_sheets import case_sheets
from poc.paper import Paper
from poc.proceedings import logged, proceedings
from poc.record import Record
from poc.strip import strip


def workbook(record: Record, language: str) -> bytes:
    """Return the record as .xlsx: every total is a formula that bears its value already."""
    return _Workbook(Book(Paper(record, language))).made()


class _Workbook:
    """One workbook while it is written."""

    def __init__(self, book: Book) -> None:
        self.book, self.paper, self.say = book, book.paper, book.say
        self.decision = self.paper.record.decision
        self.contest = self.decision.contest
        self.names = order(self.paper.spoken)

    def made(self) -> bytes:
        record = self.paper.record
        summary, totals = self.book.sheet("summary", [90]), self.book.sheet("totals", [38, 14, 14, 14, 14])
        weights, scores = self.book.sheet("weights", [10, 40, 16]), self.book.sheet("scores", [10, 44, 10, 12, 12])
        self._summary(summary)
        self._weights(weights)
        self._scores(scores)
        self._totals(totals)
        self.book.part(self.book.sheet("gates", [48, *[26] * len(self.names)]), 0, self.paper.gates())
        if record.worked is not None:
            case_sheets(self.book, record.worked)
        if record.committee is not None:
            self._minutes(self.book.sheet("minutes", [34, 22, 30, 44, 24, 44]))
        self._evidence(self.book.sheet("evidence", [30, 22, 44, 70]))
        return self.book.saved()

    def _minutes(self, sheet: Worksheet) -> None:
        """Write who sat, how they voted and why, who answers for what, and the log entry by entry."""
        state, row = self.paper.record.committee, 0
        assert state is not None
        for part in (*proceedings(state, self.paper.view), logged(state, self.say)):
            row = self.book.part(sheet, row, part)

    def _summary(self, sheet: Worksheet) -> None:
        spoken = self.paper.spoken
        sheet.write_string(0, 0, self.paper.title, self.book.looks(bold=True, font_size=16))
        sheet.write_string(1, 0, spoken.headline(), self.book.looks(font_size=12, text_wrap=True))
        live = self.say("file.live", sheet=self.say("file.weights"))
        tiles = [f"{one.label}: {one.value} ({one.note})" for one in strip(spoken)]
        lines = [*tiles, *self.paper.notes, spoken.drawn(), live, self.say("decision.disclaimer"), self.paper.foot]
        for row, line in enumerate(lines, start=3):
            sheet.write_string(row, 0, line, self.book.text)

    # -- what the totals follow from ---------------------------------------------------------------------------------
    def _weights(self, sheet: Worksheet) -> None:
        self.book.row(sheet, 0, ["", self.say("file.dimension"), self.say("file.share")], self.book.bold)
        for row, (code, share) in enumerate(zip(self.contest.dimensions, self.contest.outer, strict=True), start=1):
            self.book.row(sheet, row, [code, self.paper.spoken.dimension(code)])
            sheet.write_number(row, 2, float(share), self.book.input)
        last = len(self.contest.dimensions)
        sheet.write_string(last + 1, 1, self.say("file.sum"), self.book.bold)
        sheet.write_formula(last + 1, 2, f"=SUM(C2:C{last + 1})", self.book.percent, float(self.contest.outer.sum()))
        sheet.data_validation(1, 2, last, 2, {"validate": "decimal", "criteria": ">=", "value": 0})

    def _scores(self, sheet: Worksheet) -> None:
        say, tree, shares = self.say, self.contest.tree, self.contest.weights
        heads = ["", say("decision.what"), say("file.dimension"), say("file.within"), say("file.share")]
        for name in self.names:
            title = self.paper.view.title(name)
            heads += [say(f"file.{one}", target=title) for one in ("low", "middle", "high", "grade")]
        self.book.row(sheet, 0, heads, self.book.bold)
        sheet.freeze_panes(1, 2)
        sheet.set_column(5, 4 + 4 * len(self.names), 11)
        weights, ends = f"'{say('file.weights')}'!$C$", len(self.contest.dimensions) + 1
        for place, criterion in enumerate(self.contest.criteria):
            row, branch = place + 1, int(tree.dimension[place])
            title = self.paper.view.criterion(criterion)
            self.book.row(sheet, row, [criterion, title, self.contest.dimensions[branch]])
            sheet.write_number(row, 3, float(tree.within[place]), self.book.percent)
            formula = f"=D{row + 1}*{weights}{branch + 2}/SUM({weights}2:{weights.rpartition('!')[2]}{ends})"
            sheet.write_formula(row, 4, formula, self.book.percent, float(shares[place]))
            self._cells(sheet, row, place)

    def _cells(self, sheet: Worksheet, row: int, place: int) -> None:
        for number, name in enumerate(self.names):
            vendor, column = self.contest.vendors.index(name), 5 + 4 * number
            sure, expected = self.contest.conservative, self.contest.expected
            for step, value in enumerate((sure.low, expected.mean, sure.high)):
                sheet.write_number(row, column + step, float(value[vendor, place]), self.book.points)
            unknown = bool(expected.unknown[vendor, place])
            grade = self.say("file.unknown") if unknown else str(self.contest.grades[vendor, place]) or "–"
            sheet.write_string(row, column + 3, grade, self.book.text)

    def _totals(self, sheet: Worksheet) -> None:
        say, last = self.say, len(self.contest.criteria) + 1
        heads = [say("decision.target"), say("file.worst"), say("decision.expected"), say("file.best"),
                 say("file.covered"), say("file.reach")]  # fmt: skip
        self.book.row(sheet, 0, heads, self.book.bold)
        scores = f"'{say('file.scores')}'!"
        of_all = f"{scores}$E$2:$E${last}"
        for row, name in enumerate(self.names, start=1):
            found = (self.decision.low[name], self.decision.middle[name], self.decision.high[name])
            sheet.write_string(row, 0, self.paper.spoken.named(name), self.book.text)
            for step, value in enumerate(found):
                column = xl_col_to_name(5 + 4 * (row - 1) + step, col_abs=True)
                formula = f"=SUMPRODUCT({of_all},{scores}{column}$2:{column}${last})"
                sheet.write_formula(row, 1 + step, formula, self.book.points, value)
            column = xl_col_to_name(8 + 4 * (row - 1), col_abs=True)
            known = f'=SUMPRODUCT({of_all}*({scores}{column}$2:{column}${last}<>"{say("file.unknown")}"))'
            sheet.write_formula(row, 4, known, self.book.percent, self.decision.coverage[name])
            sheet.write_formula(row, 5, f"=D{row + 1}-B{row + 1}", self.book.points, found[2] - found[0])
        self._ranks(sheet, len(self.names) + 2)
        self._chart(sheet, len(self.names))

    def _ranks(self, sheet: Worksheet, top: int) -> None:
        part = self.paper.ranks()
        self.book.row(sheet, top, [part.title], self.book.bold)
        for row, name in enumerate(self.names, start=top + 1):
            sheet.write_string(row, 0, self.paper.spoken.named(name), self.book.text)
            for rank, share in enumerate(self.decision.acceptability.ranks[self.contest.vendors.index(name)], start=1):
                sheet.write_string(top, rank, self.say("decision.rank", rank=rank), self.book.bold)
                sheet.write_number(row, rank, float(share), self.book.percent)

    def _chart(self, sheet: Worksheet, count: int) -> None:
        chart = self.book.book.add_chart({"type": "bar", "subtype": "stacked"})
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
        chart.set_title({"name": self.paper.totals().found, "name_font": {"size": 11, "bold": False}})
        chart.set_x_axis({"min": 0, "max": 5})
        chart.set_y_axis({"reverse": True})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 820, "height": 180 + 50 * count})
        sheet.insert_chart(2 * count + 5, 0, chart)

    def _evidence(self, sheet: Worksheet) -> None:
        part = self.paper.evidence()
        heads = [*part.head, "SHA-256"]
        self.book.row(sheet, 0, heads, self.book.bold)
        hashes = [one.head_sha256 for one in self.paper.record.assessment.subjects]
        for row, (line, digest) in enumerate(zip(part.rows, hashes, strict=True), start=1):
            self.book.row(sheet, row, [*line, digest])
