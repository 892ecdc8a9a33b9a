"""Holding: evidence waits until those who decide have sealed their weights; who looks before is named in the log.

It is a rule of every door, not a lock: runs are files, and whoever may read the disk can read them.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from poc.committee.ledger import PLACE, Ledger, ledger, selections
from poc.committee.seat import Seat
from scorecards.committee.events import Event
from scorecards.committee.selection import Selection

#: The environment in which a command line names the entry by which somebody looked before all weights were sealed.
VARIABLE = "TOUCHSTONE_LOOK"


class HeldError(ValueError):
    """Evidence that is held back; the text says for whom it waits and how a member may look all the same."""


def waiting(
    targets: Iterable[str], place: Path = PLACE, standing: Callable[[Ledger], Selection] = Ledger.state
) -> Iterator[tuple[Ledger, Selection]]:
    """Walk over the selections among these targets that have not sealed all weights; a broken log covers nothing."""
    named = set(targets)
    for one in selections(place) if named else ():
        book = ledger(one, place)
        try:
            state = standing(book)
        except ValueError:
            continue  # its own page, and `committee verify`, tell what is wrong with it
        if state.held_back and named & set(state.vendors):
            yield book, state


def uncovered(targets: Iterable[str], looked: str = "", place: Path = PLACE) -> None:
    """Raise HeldError where evidence of one of these targets is held back.

    ``looked`` is the hash of a log entry by which a member opened it before; it lifts the cover of that selection.
    """
    for book, state in waiting(targets, place):
        if looked not in {one.hash for one in state.looks}:
            name = book.folder.name
            raise HeldError(
                f"evidence of {', '.join(state.vendors)} is held back: the committee {name!r} weighs before it sees; "
                f"still to seal: {', '.join(state.unsealed) or 'nobody is invited yet'}. A member may look all the "
                f"same, and is named for it: touchstone committee look {name} --as NAME"
            )


def look(seat: Seat, act: str = "") -> Event:
    """Write down that somebody opens the evidence before all weights are sealed; raises ValueError where none is held.

    It stands in the log for good and lowers the integrity of the process.
    """
    return seat.do("evidence.opened", {"vendors": list(seat.ledger.state().vendors)}, act=act)
