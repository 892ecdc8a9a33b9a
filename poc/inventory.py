"""Inventory: all that a target has on file of a kind, as far as it can be listed."""

from collections.abc import Iterator

from poc.pouring import Patience
from scenarios.answers import OnFile
from scenarios.crm import CRM
from scenarios.port import Unsupported
from scenarios.verdict import NotTestable
from synthetic_data.records import KINDS, Record

#: Records a page, and how many pages are read before a list counts as one that does not end.
PAGE, MOST_PAGES = 200, 20_000


class NotListed(Exception):
    """A target does not tell what it has of a kind; the text says why."""


def census(core: CRM, patience: Patience) -> dict[str, int | None]:
    """Return how many records of each kind a target has; None where it does not tell."""
    return {kind.__name__: _counted(core, kind, patience) for kind in KINDS}


def _counted(core: CRM, kind: type[Record], patience: Patience) -> int | None:
    try:
        return sum(1 for _ in on_file(core, kind, patience))
    except NotListed:
        return None


def on_file(core: CRM, kind: type[Record], patience: Patience) -> Iterator[OnFile]:
    """Yield every record of a kind: through the export where there are many, else page by page.

    Raises NotListed when the product offers neither, keeps no such records, or refuses.
    """
    if not core.offers("list"):
        yield from _exported(core, kind, patience)
        return
    first = _page(core, kind, patience, None)
    if first[1] is None or not core.offers("export"):
        yield from _pages(core, kind, patience, first)
    else:
        yield from _exported(core, kind, patience)


def _exported(core: CRM, kind: type[Record], patience: Patience) -> tuple[OnFile, ...]:
    if not core.offers("export"):
        raise NotListed("the product offers neither lists nor exports")
    try:
        answer = patience.ask(lambda crm: crm.export(kind))
    except (Unsupported, NotTestable) as no:
        raise NotListed(str(no)) from None
    if not answer.ok:
        raise NotListed(f"the export was refused: {answer.refusal}")
    return answer.value


def _pages(
    core: CRM, kind: type[Record], patience: Patience, page: tuple[tuple[OnFile, ...], str | None]
) -> Iterator[OnFile]:
    for _ in range(MOST_PAGES):
        rows, cursor = page
        yield from rows
        if cursor is None:
            return
        page = _page(core, kind, patience, cursor)
    raise NotListed(f"the list does not end after {MOST_PAGES} pages")


def _page(
    core: CRM, kind: type[Record], patience: Patience, cursor: str | None
) -> tuple[tuple[OnFile, ...], str | None]:
    try:
        answer = patience.ask(lambda crm: crm.list(kind, limit=PAGE, cursor=cursor))
    except (Unsupported, NotTestable) as no:
        raise NotListed(str(no)) from None
    if not answer.ok:
        raise NotListed(f"the list was refused: {answer.refusal}")
    return answer.value.rows, answer.value.next
