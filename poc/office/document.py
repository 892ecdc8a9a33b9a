"""document(): the record as a text document that a committee edits, comments and signs."""

import io

from docx import Document
from docx.document import Document as Open
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table

from poc.container import timeless
from poc.paper import Paper
from poc.part import Part
from poc.pictures.png import png
from poc.pictures.svg import svg
from poc.record import Record
from poc.strip import strip

#: The fonts that are asked for, Latin and Chinese; a program that lacks them takes its own.
LATIN, CHINESE = "Arial", "Microsoft YaHei"
BLUE, GREY = RGBColor(0x0B, 0x5C, 0xAD), RGBColor(0x5D, 0x6B, 0x7D)
#: Width of what stands between the margins (mm).
ROOM = 170
#: Table cells of more columns than this need the sheet on its side.
UPRIGHT = 6


def document(record: Record, language: str) -> bytes:
    """Return the record as .docx."""
    paper, made = Paper(record, language), Document()
    _looks(made, paper)
    made.add_heading(paper.title, 0)
    made.add_paragraph(paper.spoken.headline()).runs[0].font.size = Pt(13)
    _strip(made, paper)
    for note in paper.notes:
        made.add_paragraph(note, "List Bullet")
    for part in paper.parts():
        _part(made, part, paper)
    out = io.BytesIO()
    made.save(out)
    return timeless(out.getvalue(), paper.seen)


def _looks(made: Open, paper: Paper) -> None:
    told = made.core_properties
    told.title, told.author, told.comments, told.language = paper.title, "Touchstone", "", paper.view.language
    told.last_modified_by, told.revision = "Touchstone", 1
    sheet = made.sections[0]
    sheet.page_width, sheet.page_height, sheet.orientation = Mm(210), Mm(297), WD_ORIENT.PORTRAIT
    sheet.left_margin = sheet.right_margin = Mm(20)
    foot = sheet.footer.paragraphs[0]
    foot.add_run(paper.foot).font.size = Pt(7.5)
    for name in ("Normal", "Title", "Heading 1", "List Bullet"):
        style = made.styles[name]
        assert isinstance(style, ParagraphStyle)
        _font(style)
    made.styles["Normal"].font.size = Pt(9.5)


def _font(style: ParagraphStyle) -> None:
    """Name both fonts outright: where a theme is left to choose, Chinese falls to a font of its own."""
    style.font.name = LATIN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:eastAsia"), CHINESE)
    if style.name != "Normal" and style.name != "List Bullet":
        style.font.color.rgb = BLUE


def _part(made: Open, part: Part, paper: Paper) -> None:
    made.add_heading(part.title, 1)
    if part.figure is not None:
        _picture(made, part, paper)
    for text in part.text:
        made.add_paragraph(text)
    if part.head:
        _table(made, part.head, part.rows, part.widths)


def _picture(made: Open, part: Part, paper: Paper) -> None:
    """Show a figure as a picture under its finding, kept together, described for those who cannot see it."""
    assert part.figure is not None
    found = made.add_paragraph()
    found.add_run(part.found).bold = True
    place = made.add_paragraph()
    shape = place.add_run().add_picture(io.BytesIO(png(svg(part.figure))), width=Mm(ROOM))
    shape._inline.docPr.set("descr", part.found)
    found.paragraph_format.keep_with_next = place.paragraph_format.keep_with_next = True
    below = made.add_paragraph().add_run(paper.source)
    below.font.size, below.font.color.rgb = Pt(7.5), GREY


def _strip(made: Open, paper: Paper) -> None:
    """Show the verdict at one glance, a cell for each figure."""
    tiles = strip(paper.spoken)
    table = made.add_table(rows=1, cols=len(tiles), style="Table Grid")
    table.autofit = False
    for cell, tile, share in zip(table.rows[0].cells, tiles, (3, 2, 2, 3, 2), strict=True):
        cell.width = Mm(ROOM * share / 12)
        cell.text = tile.label
        cell.paragraphs[0].runs[0].font.size = Pt(7.5)
        value = cell.add_paragraph().add_run(tile.value)
        value.bold, value.font.size = True, Pt(11)
        cell.add_paragraph().add_run(tile.note).font.size = Pt(7.5)
    made.add_paragraph()


def _table(made: Open, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], widths: tuple[int, ...]) -> None:
    table = made.add_table(rows=1 + len(rows), cols=len(head), style="Light Grid Accent 1")
    table.autofit = False
    for place, row in enumerate((head, *rows)):
        for cell, text in zip(table.rows[place].cells, row, strict=True):
            cell.text = text
            cell.paragraphs[0].runs[0].font.size = Pt(8.5 if len(head) <= UPRIGHT else 7)
    for column, share in zip(table.columns, widths, strict=True):
        column.width = Mm(ROOM * share / sum(widths))
        for cell in column.cells:
            cell.width = Mm(ROOM * share / sum(widths))
    _repeat(table)


def _repeat(table: Table) -> None:
    """Let the head of a table stand on every page that the table reaches."""
    told = OxmlElement("w:tblHeader")
    told.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(told)
