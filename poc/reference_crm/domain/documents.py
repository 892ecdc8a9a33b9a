"""Documents: what kind a file is by its content, and a name for it that is safe to store and to hand out."""

import re
import unicodedata
from dataclasses import dataclass

#: How far from the end of a file its closing mark may stand: signatures and line ends follow it.
TAIL = 1024
#: Longest name that is kept, its ending included.
LONGEST = 120
#: Characters that mean something to a file system, a shell, a header or a page.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\"'<>:|?*%;&`$\\/]")
#: A text that begins like this is read by browsers as a page, whatever it is called.
_MARKUP = re.compile(rb"\s*<[!?a-zA-Z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of file that is taken: its media type, and the endings of names that fit it, the usual one first."""

    media_type: str
    endings: tuple[str, ...]


PDF = Form(media_type="application/pdf", endings=(".pdf",))
PNG = Form(media_type="image/png", endings=(".png",))
JPEG = Form(media_type="image/jpeg", endings=(".jpg", ".jpeg"))
TEXT = Form(media_type="text/plain", endings=(".txt",))
#: All that is taken; nothing of it is run by whoever opens it as what it is called.
FORMS = (PDF, PNG, JPEG, TEXT)


def form_of(content: bytes) -> Form | None:
    """Return the form of a file by its first and last bytes, None for what is not taken.

    A file must also end as its form does: one that goes on as something else (a page, an archive) is refused.
    """
    tail = content[-TAIL:].rstrip(b"\x00\r\n\t ")
    if content.startswith(b"%PDF-"):
        return PDF if tail.endswith(b"%%EOF") else None
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG if content.endswith(b"IEND\xaeB`\x82") else None
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG if content.endswith(b"\xff\xd9") else None
    return TEXT if _is_text(content) else None


def _is_text(content: bytes) -> bool:
    """Tell whether a file is text and nothing but text: a browser that guesses makes no page of it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    printable = all(letter.isprintable() or letter in "\r\n\t" for letter in text)
    return bool(text.strip()) and printable and _MARKUP.match(text.encode()) is None


def safe_name(given: str, form: Form) -> str:
    """Return a name without folders, control characters or signs with a meaning, ending as its form does."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFKC", given))[-1]
    plain = _UNSAFE.sub("", last).strip(" .")
    stem = plain
    for ending in form.endings:
        if plain.lower().endswith(ending):
            stem = plain[: -len(ending)].rstrip(" .")
    return f"{stem[: LONGEST - len(form.endings[0])] or 'document'}{form.endings[0]}"
