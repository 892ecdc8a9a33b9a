"""Papers: the verbs by which documents are hung on records and read again."""

from dataclasses import dataclass

from scenarios.protocol import Steps, Unsupported
from synthetic_data.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A document as a target lists it; ``size`` in bytes."""

    number: str
    name: str
    media_type: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document as a target hands it out, with the headers (names in lower case) that say what to do with it."""

    content: bytes
    media_type: str = ""
    disposition: str = ""
    sniffing: str = ""


def _missing(verb: str) -> Unsupported:
    return Unsupported(f"the product offers no {verb}")


class Papers:
    """What a connector may offer of it; each verb is a stub until a connector overrides it."""

    def attach(self, kind: type[Record], number: str, *, name: str, media_type: str, content: bytes) -> Steps[str]:
        """Hang a document on a record and return its number there; name and media type are the sender's word."""
        raise _missing("attachments")

    def attachments(self, kind: type[Record], number: str) -> Steps["tuple[Attachment, ...]"]:
        """Read which documents hang on a record."""
        raise _missing("attachments")

    def read_attachment(self, document: str, reason: str = "") -> Steps[Paper]:
        """Download a document, telling why where the target wants to know."""
        raise _missing("attachments")

    def detach(self, document: str) -> Steps[None]:
        """Take a document off file."""
        raise _missing("attachments")
