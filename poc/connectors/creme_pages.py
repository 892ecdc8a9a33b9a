"""Pages: what Creme's pages show: lists with their columns, histories, refusals that come as a page like any other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from lxml import html

from poc.webforms import complaints, tree
from scenarios.port import REASONS, Refused, Reply

#: The marks of pages that say no: of a form that came back, of the way to the door, of a form without its token.
COMPLAINT, DOOR, TOKENLESS = b'class="errorlist', "/creme_login", b"CSRF"
#: Columns of the product's own fields; those of the bank's are known by their title.
OWN, CUSTOM = "regular_field-", "custom_field-"

_DAY = re.compile(r"([A-Z][a-z]{2})[a-z]*\.? (\d{1,2}), (\d{4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HOUR = re.compile(r", (\d{1,2}|noon|midnight)(?::(\d\d))?(?: ([ap])\.m\.)?$")


def error_of(reply: Reply) -> Refused | None:
    """Return the refusal in a reply: forms that complain come back with 200, strangers are led to the door with 302."""
    if 300 <= reply.status < 400 and reply.headers.get("location", "").startswith(DOOR):
        return Refused("unauthenticated", status=reply.status)
    if reply.status == 200 and COMPLAINT in reply.body:
        told = complaints(reply.body)
        fields = tuple(name for name, _ in told if name)
        return Refused("invalid", status=200, detail="; ".join(f"{name} {said}".strip() for name, said in told),
                       fields=fields)  # fmt: skip
    if reply.status == 403 and TOKENLESS in reply.body:
        return Refused("unauthenticated", status=403, detail="a form without the token of a session")
    if reply.status < 400:
        return None
    broken = "server-error" if reply.status >= 500 else "refused"
    return Refused(REASONS.get(reply.status, broken), status=reply.status, detail=_said(reply))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a list: the product's number, and what its columns show, by name."""

    entity: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of a list: ``kind`` is the number of the content type, which installations give; ``titles`` by name."""

    kind: str
    titles: Mapping[str, str]
    lines: tuple[Line, ...]
    total: int


def listing(page: bytes) -> Listing:
    """Read a page of a list; raises ValueError if there is none on it."""
    shown = tree(page)
    table = next(iter(shown.find_class("listview")), None)
    if table is None:
        raise ValueError("the page shows no list")
    titles = {
        one.get("data-column-key"): text(one.find_class("lv-sort-toggle-title")[0])
        for one in table.iter("th")
        if one.get("data-column-key")
    }
    names = {key: _name(key, title) for key, title in titles.items()}
    return Listing(
        kind=next(one.get("value") for one in table.iter("input") if one.get("name") == "ct_id"),
        titles={names[key]: title for key, title in titles.items()},
        lines=tuple(_line(one, names) for one in table.iter("tr") if _entity(one)),
        total=int(table.get("data-total-count")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A line of a history: when, what was done, to what (where it is told), by whom, (title, before, after)."""

    at: datetime
    deed: str
    about: str
    who: str
    changes: tuple[tuple[str, str, str], ...]


def events(block: str) -> tuple[Event, ...]:
    """Read a block of history, newest first as it stands."""
    rows = (row for body in tree(block.encode()).iter("tbody") for row in body.iter("tr"))
    return tuple(_event(cells) for cells in (list(row.iter("td")) for row in rows) if len(cells) >= 4)


def day(shown: str) -> date:
    """Return a day as the product writes it ("Feb. 4, 2026") or as the bank does."""
    found = _DAY.match(shown)
    if found is None:
        return date.fromisoformat(shown)
    return date(int(found[3]), _MONTHS.index(found[1]) + 1, int(found[2]))


def moment(shown: str, second: int = 0) -> datetime:
    """Return a moment as the product writes it ("Nov. 24, 2026, 4:33 a.m.", UTC by its settings)."""
    found = _HOUR.search(shown)
    if found is None:
        raise ValueError(f"{shown!r} is no moment as the product writes it")
    hour = {"noon": 12, "midnight": 0}.get(found[1], -1)
    if hour < 0:
        hour = int(found[1]) % 12 + (12 if found[3] == "p" else 0)
    on = day(shown)
    return datetime(on.year, on.month, on.day, hour, int(found[2] or 0), second, tzinfo=UTC)


def text(one: html.HtmlElement) -> str:
    """Return what an element shows; a broken line stays one."""
    for brake in one.iter("br"):
        brake.tail = "\n" + (brake.tail or "")
    return str(one.text_content()).strip()


def _name(key: str, title: str) -> str:
    return title if key.startswith(CUSTOM) else key.removeprefix(OWN)


def _entity(row: html.HtmlElement) -> str:
    found = (one.get("value") for one in row.iter("input") if one.get("name") == "entity_id")
    return next(found, "")


def _line(row: html.HtmlElement, names: Mapping[str, str]) -> Line:
    cells = {
        names[one.get("name")]: text(one.find_class("lv-cell-value")[0])
        for one in row.find_class("lv-cell-content")
        if one.get("name") in names
    }
    return Line(entity=_entity(row), cells=cells)


def _event(cells: list[html.HtmlElement]) -> Event:
    when = cells[0].find_class("datetime-field")[0]
    about = text(cells[1]) if len(cells) > 4 else ""
    second = int(when.get("title", "Seconds: 0").rpartition(" ")[2])
    return Event(
        at=moment(text(when), second),
        deed=text(cells[-3]),
        about=about,
        who=text(cells[-1]),
        changes=tuple(_changes(cells[-2])),
    )


def _changes(cell: html.HtmlElement) -> list[tuple[str, str, str]]:
    """Return each change of a line: its field, and the old and new values that follow before the next field."""
    found: list[list[str]] = []
    for one in cell.iter("span"):
        part = one.get("class", "").removeprefix("field-change-")
        if part == "field_name":
            found.append([text(one), "", ""])
        elif part in ("old_value", "new_value") and found:
            found[-1][1 if part == "old_value" else 2] = text(one)
    return [(field, before, after) for field, before, after in found]


def _said(reply: Reply) -> str:
    """Return the words of a page that says no, without what stands around them."""
    if b"<" not in reply.body:
        return reply.body.decode("utf-8", "replace")[:200]
    found = tree(reply.body).find_class("error-message") or list(tree(reply.body).iter("h1"))
    return " ".join(found[0].text_content().split())[:200] if found else ""
