"""Container: zip files of which every byte follows from what is in them, so that made again they are the same."""

import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

#: The earliest moment that a zip can tell: a file that says when it was zipped is never the same twice.
EPOCH = (1980, 1, 1, 0, 0, 0)
#: The head of an entry (APPNOTE.TXT 4.3.7) and the marks with which an entry and the directory begin.
HEAD, ENTRY, DIRECTORY = struct.Struct("<4s5H3I2H"), b"PK\x03\x04", b"PK\x01\x02"

_WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")


class ContainerError(ValueError):
    """A file that is no container of ours, or was changed; the text names the place."""


def zipped(entries: Mapping[str, bytes], *, squeezed: bool = False) -> bytes:
    """Return a zip of entries (name -> content) in their order; stored as they are unless ``squeezed``."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED if squeezed else zipfile.ZIP_STORED
            out.writestr(entry, content)
    return made.getvalue()


def timeless(made: bytes, at: datetime) -> bytes:
    """Return an office file that some library wrote, and what is inside it, as if all were written at one moment."""
    with zipfile.ZipFile(io.BytesIO(made)) as read:
        return zipped({name: _dated(name, read.read(name), at) for name in read.namelist()}, squeezed=True)


def _dated(name: str, content: bytes, at: datetime) -> bytes:
    if name.endswith(".xlsx"):
        return timeless(content, at)
    moment = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}".encode()
    return _WRITTEN.sub(rb"\g<1>" + moment + rb"\g<2>", content) if name == "docProps/core.xml" else content


def contents(data: bytes) -> dict[str, bytes]:
    """Return the entries of a zip that ``zipped`` stored, read by their heads; raises ContainerError where one fails.

    Checksums are not looked at: whoever reads compares the content itself, and then ``differing`` the rest.
    """
    found: dict[str, bytes] = {}
    for name, content in _walked(data):
        if name in found:
            raise ContainerError(f"it holds {name!r} twice")
        found[name] = content
    return found


def _walked(data: bytes) -> Iterator[tuple[str, bytes]]:
    at, last = 0, "its beginning"
    while data[at : at + 4] != DIRECTORY:
        if len(data) < at + HEAD.size or data[at : at + 4] != ENTRY:
            raise ContainerError(f"byte {at:,}, after {last}, is not where an entry begins: it was changed or cut")
        fields = HEAD.unpack_from(data, at)
        begins = at + HEAD.size + fields[9] + fields[10]
        at, named = begins + fields[8], data[at + HEAD.size : at + HEAD.size + fields[9]]
        last = named.decode("utf-8", "replace")
        yield last, data[begins:at]


def differing(data: bytes, entries: Mapping[str, bytes]) -> str | None:
    """Return where a stored zip differs from how these entries are zipped; None where no byte does."""
    whole = zipped(entries)
    if data == whole:
        return None
    ends = min(len(data), len(whole))
    at = next((place for place in range(ends) if data[place] != whole[place]), ends)
    return f"byte {at:,}, in the zip's own words about its entries"
