"""Signing: who acts on the committee's pages, by name and passphrase, and one place where acts are done."""

import uuid
from collections.abc import Callable

import streamlit as st

from poc.committee.identity import IdentityError
from poc.committee.ledger import PLACE, Ledger, LedgerError, ledger, selections
from poc.committee.seat import Seat, join, seat
from poc.pages.frame import plain
from poc.words import Words
from scorecards.committee.events import Event
from scorecards.committee.selection import Selection

NAME, SECRET, DONE = "committee_name", "committee_passphrase", "committee_done"


def chosen(say: Words) -> tuple[Ledger, Selection]:
    """Return the selection that is looked at; ends the page where there is none or its log does not hold."""
    names = selections(PLACE)
    if not names:
        st.info(say("committee.none"))
        st.code("touchstone committee found NAME --as YOU --vendor TARGET --vendor TARGET", language="bash")
        st.stop()
    name = st.selectbox(say("committee.selection"), names, key="committee_selection")
    book = ledger(name, PLACE)
    try:
        return book, book.state()
    except ValueError as fault:
        st.error(plain(" ".join(str(fault).split())))
        st.stop()


def signature(say: Words) -> None:
    """Draw the fields for name and passphrase, and what the last act came to."""
    with st.expander(say("committee.sign"), expanded=True, icon=":material/key:"):
        left, right = st.columns(2)
        left.text_input(say("committee.name"), key=NAME, max_chars=64)
        right.text_input(say("committee.passphrase"), key=SECRET, type="password", max_chars=200)
        st.caption(say("committee.sign_text"))
    if (told := st.session_state.pop(DONE, None)) is not None:
        (st.success if told[0] else st.error)(plain(told[1]))


def signed(book: Ledger, say: Words, act: Callable[[Seat, str], Event]) -> None:
    """Do an act with the seat of whoever signs; what a rule forbids is told in one line.

    The act carries an id until it is done, so that a click that came twice is written once.
    """
    once = st.session_state.setdefault("committee_act", uuid.uuid4().hex)
    try:
        held = seat(book, str(st.session_state.get(NAME, "")).strip(), str(st.session_state.get(SECRET, "")))
        event = act(held, once)
        st.session_state[DONE] = (True, say("committee.done", place=event.place))
    except (ValueError, IdentityError, LedgerError) as fault:
        st.session_state[DONE] = (False, " ".join(str(fault).split()))
    st.session_state.pop("committee_act", None)


def seated(book: Ledger, say: Words) -> None:
    """Take the seat to which whoever signs was invited, with the passphrase that they gave."""
    try:
        join(book, str(st.session_state.get(NAME, "")).strip(), str(st.session_state.get(SECRET, "")))
        st.session_state[DONE] = (True, say("committee.in"))
    except ValueError as fault:
        st.session_state[DONE] = (False, " ".join(str(fault).split()))
