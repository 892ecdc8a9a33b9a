"""Webforms: what a form on a page asks for, and what a browser would send back of it: for products without an API."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import NAMESPACE_OID, uuid5

from lxml import html

#: How a form is sent (HTML, "application/x-www-form-urlencoded").
SENT_AS: Mapping[str, str] = {"content-type": "application/x-www-form-urlencoded"}
#: What no browser sends of a form that was not touched, and the token that goes along in a header.
UNSENT = frozenset({"submit", "button", "image", "reset", "file", "search"})
GUARD = "csrfmiddlewaretoken"

Values = tuple[str, ...]
#: What is to stand in fields, by name or label; None leaves one out.
Told = Mapping[str, str | Sequence[str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebForm:
    """A form: ``fields`` with what stands in them, ``labels`` words -> field, ``choices`` words -> value by field."""

    fields: Mapping[str, Values]
    labels: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]

    def filled(self, told: Told) -> bytes:
        """Return the form as it is sent, with some fields told by name or label; None leaves a field out.

        A choice may be told by its words. Raises KeyError for a field that the form does not have.
        """
        return urlencode(self._pairs(told)).encode()

    def with_file(self, told: Told, field: str, name: str, media_type: str, content: bytes) -> tuple[bytes, str]:
        """Return the form with a file as it is sent (RFC 7578), and its content type.

        The boundary follows from what is sent, so that a repeat is the same.
        """
        boundary = uuid5(NAMESPACE_OID, f"{field} {name} {len(content)}").hex
        parts = [f'name="{one}"\r\n\r\n{value}'.encode() for one, value in self._pairs(told)]
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        head = f'name="{field}"; filename="{quoted}"\r\nContent-Type: {media_type}\r\n\r\n'
        parts.append(head.encode() + content)
        lines = [f"--{boundary}\r\nContent-Disposition: form-data; ".encode() + one + b"\r\n" for one in parts]
        return b"".join(lines) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"

    def _pairs(self, told: Told) -> tuple[tuple[str, str], ...]:
        sent: dict[str, Values] = dict(self.fields)
        for name, value in told.items():
            field = name if name in sent else self.labels[name]
            values = () if value is None else (value,) if isinstance(value, str) else tuple(value)
            words = self.choices.get(field, {})
            sent[field] = tuple(words.get(one, one) for one in values)
        return tuple((name, one) for name, values in sent.items() for one in values)

    def has(self, name: str) -> bool:
        """Whether the form has a field of this name or label."""
        return name in self.fields or name in self.labels


def tree(page: bytes) -> html.HtmlElement:
    """Return a page of UTF-8 as a tree; one of nothing is an empty one."""
    return html.fromstring(page or b"<p></p>", parser=html.HTMLParser(encoding="utf-8"))


def webform(page: bytes) -> WebForm | None:
    """Return the largest form of a page, None where there is none."""
    found = max(tree(page).iter("form"), key=lambda one: len(_named(one)), default=None)
    if found is None:
        return None
    fields: dict[str, Values] = {}
    choices: dict[str, dict[str, str]] = {}
    for one in _named(found):
        name = one.get("name")
        fields[name] = fields.get(name, ()) + tuple(_standing(one))
        if one.tag == "select":
            choices[name] = {_words(option): option.get("value", "") for option in one.iter("option")}
    known = {one.get("id"): one.get("name") for one in _named(found)}
    labels = {_words(one): known[one.get("for")] for one in found.iter("label") if one.get("for") in known}
    return WebForm(fields=fields, labels=labels, choices=choices)


def complaints(page: bytes) -> tuple[tuple[str, str], ...]:
    """Return what a form that came back complains of: field ("" for the whole form) and words."""
    found = []
    for one in tree(page).find_class("errorlist"):
        field = one.get("id", "").removeprefix("id_").removesuffix("_error")
        found.append((field, " ".join(one.text_content().split())))
    return tuple(found)


def _named(form: html.HtmlElement) -> list[html.HtmlElement]:
    fields = form.iter("input", "select", "textarea")
    return [one for one in fields if one.get("name") not in (None, "", GUARD) and one.get("type") not in UNSENT]


def _standing(field: html.HtmlElement) -> Iterator[str]:
    """Yield what a browser would send of a field: nothing of a box that is not ticked."""
    if field.tag == "select":
        options = list(field.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None]
        if not chosen and options and field.get("multiple") is None:
            chosen = options[:1]
        yield from (one.get("value", "") for one in chosen)
    elif field.tag == "textarea":
        yield (field.text or "").removeprefix("\n")
    elif field.get("type") not in ("checkbox", "radio"):
        yield field.get("value", "")
    elif field.get("checked") is not None:
        yield field.get("value", "on")


def _words(one: html.HtmlElement) -> str:
    return " ".join(one.text_content().replace("*", " ").split())
