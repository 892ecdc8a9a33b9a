"""Filed: a decision record in every form that people ask for; the JSON is the truth, the others are copies to read."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from poc.office.document import document
from poc.office.slides import slides
from poc.office.workbook import workbook
from poc.paper import pdf
from poc.record import Record
from poc.words import LANGUAGES

#: The forms that there are in each language, by the ending of the file.
FORMS: Mapping[str, Callable[[Record, str], bytes]] = MappingProxyType(
    {"pdf": pdf, "docx": document, "pptx": slides, "xlsx": workbook}
)


def write(record: Record, folder: Path) -> tuple[Path, ...]:
    """Write ``decision.json`` and every form in each language into a folder and return their paths; all or none."""
    files = {"decision.json": record.as_json()}
    files |= {f"decision.{one}.{end}": form(record, one) for one in LANGUAGES for end, form in FORMS.items()}
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in files.items():
        aside = folder / f"{name}.part"
        aside.write_bytes(content)
        written.append(aside.rename(folder / name))
    return tuple(written)
