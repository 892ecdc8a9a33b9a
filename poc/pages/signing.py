"""Signing: who acts on the committee's pages, by name and passphrase, and one place where acts are done."""

import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from poc.committee.identity import IdentityError
from poc.committee.ledger import PLACE, Ledger, LedgerError, ledger, selections
from poc.committee.seat import Seat, found, join, seat
from poc.pages.door import visitor
from poc.pages.frame import plain
from poc.words import Words
from scorecards.committee.events import Event
from scorecards.committee.selection import Selection

NAME, SECRET, DONE = "committee_name", "committee_passphrase", "committee_done"
SELECTION = "committee_selection"


def chosen(say: Words) -> tuple[Ledger, Selection] | None:
    """Return the selection that is looked at, None where there is none; ends the page where its log does not hold."""
    names = selections(PLACE)
    if not names:
        return None
    if st.session_state.get(SELECTION) not in names:
        st.session_state.pop(SELECTION, None)
    name = st.selectbox(say("committee.selection"), names, key=SELECTION)
    book = ledger(name, PLACE)
    try:
        return book, standing(book)
    except ValueError as fault:
        st.error(plain(" ".join(str(fault).split())))
        st.stop()


def standing(book: Ledger) -> Selection:
    """Return where a selection stands, proven once for all who look until its log grows."""
    told = book.path.stat()
    return _replayed(str(book.folder), told.st_mtime_ns, told.st_size)


@st.cache_resource(max_entries=16, show_spinner=False)
def _replayed(folder: str, changed: int, size: int) -> Selection:
    return Ledger(Path(folder)).state()


def name() -> str:
    """Return the name under which whoever looks would sign."""
    return visitor() or str(st.session_state.get(NAME, "")).strip()


def signature(say: Words) -> None:
    """Draw the fields for name and passphrase, and what the last act came to; who signed in signs by that name."""
    with st.expander(say("committee.sign"), expanded=True, icon=":material/key:"):
        left, right = st.columns(2)
        if (known := visitor()) is None:
            left.text_input(say("committee.name"), key=NAME, max_chars=64)
        else:
            left.text_input(say("committee.name"), value=known, disabled=True)
        right.text_input(say("committee.passphrase"), key=SECRET, type="password", max_chars=200)
        st.caption(say("committee.sign_text"))
    outcome()


def outcome() -> None:
    """Tell what the last act came to, once."""
    if (told := st.session_state.pop(DONE, None)) is not None:
        (st.success if told[0] else st.error)(plain(told[1]))


def signed(book: Ledger, say: Words, act: Callable[[Seat, str], Event]) -> None:
    """Do an act with the seat of whoever signs; what a rule forbids is told in one line.

    The act carries an id until it is done, so that a click that came twice is written once.
    """
    once = st.session_state.setdefault("committee_act", uuid.uuid4().hex)

    def done() -> str:
        event = act(seat(book, name(), str(st.session_state.get(SECRET, ""))), once)
        return say("committee.done", place=event.place)

    _told(done)
    st.session_state.pop("committee_act", None)


def written(book: Ledger, say: Words, kind: str, said: Mapping[str, object]) -> None:
    """Add one entry in the name of whoever signs, and draw the page anew."""
    signed(book, say, lambda own, act: own.do(kind, said, act=act))
    st.rerun()


def seated(book: Ledger, say: Words) -> None:
    """Take the seat to which whoever signs was invited, with the passphrase that they gave."""

    def done() -> str:
        join(book, name(), str(st.session_state.get(SECRET, "")))
        return say("committee.in")

    _told(done)


def founded(say: Words, folder: str, title: str, vendors: list[str], budget: float) -> None:
    """Begin a selection that whoever signs leads, and look at it."""

    def done() -> str:
        book = ledger(folder.strip(), PLACE)
        secret = str(st.session_state.get(SECRET, ""))
        found(book, name(), secret, title=title.strip(), vendors=vendors, budget=budget)
        st.session_state[SELECTION] = folder.strip()
        return say("committee.founded", name=folder.strip())

    _told(done)


def refused(why: str) -> None:
    """Tell on the next drawing why nothing was done."""
    st.session_state[DONE] = (False, why)


def _told(act: Callable[[], str]) -> None:
    try:
        st.session_state[DONE] = (True, act())
    except (ValueError, IdentityError, LedgerError) as fault:
        refused(" ".join(str(fault).split()))
