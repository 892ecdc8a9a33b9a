"""Ground: the records of a play, put on file as far as the product keeps their kinds."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from scenarios.crm import CRM
from scenarios.library.newcomers import on_file
from scenarios.port import Unsupported
from synthetic_data.records import KINDS, Customer, Record


@contextmanager
def laid_out(crm: CRM, records: Iterable[Record]) -> Iterator[frozenset[type[Record]]]:
    """Put records on file, parents first, and yield the kinds that the product keeps; take them away after.

    A product without customers is not spared: Unsupported is raised for it.
    """
    told, kept = tuple(records), set[type[Record]]()
    with ExitStack() as stack:
        for kind in KINDS:
            same = [record for record in told if type(record) is kind]
            try:
                stack.enter_context(on_file(crm, *same))
            except Unsupported:
                if kind is Customer:
                    raise
            else:
                kept.add(kind)
        yield frozenset(kept)
