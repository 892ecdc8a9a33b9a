"""Holding: evidence stays covered until those who decide have sealed their weights; whoever looks before is named."""

from collections.abc import Iterator
from pathlib import Path

import streamlit as st

from poc.archive import RUNS
from poc.committee.ledger import PLACE, Ledger, ledger, selections
from poc.pages.frame import PLACE as CHOSEN
from poc.pages.frame import link, plain
from poc.pages.signing import name, outcome, signature, signed, standing
from poc.words import Words
from scenarios.folders import runs_in
from scorecards.committee.selection import Selection

#: Pages that show what was seen of a target.
COVERED = frozenset({"overview", "evidence", "scorecard", "security", "decision", "methods"})
#: Under which a session keeps the selections in which its reader has looked all the same.
LOOKED = "committee_looked"


def uncovered(page: str, say: Words) -> bool:
    """Whether a page may be drawn; where evidence is held back for a committee, draws who it waits for instead."""
    if page not in COVERED:
        return True
    looked = st.session_state.get(LOOKED, frozenset())
    held = [(book, state) for book, state in _waiting(_targets()) if book.folder.name not in looked]
    outcome()
    for book, state in held[:1]:
        _cover(book, state, say)
    return not held


def _targets() -> frozenset[str]:
    """Return the targets of the assessment at hand."""
    found = {one.name: one.path for one in runs_in(RUNS)}
    wanted = str(st.session_state.get(CHOSEN, ""))
    place = found.get(wanted) or next(iter(found.values()), Path())
    return frozenset(one.parent.name for one in place.glob("targets/*/manifest.json"))


def _waiting(targets: frozenset[str]) -> Iterator[tuple[Ledger, Selection]]:
    """Walk over the selections among these targets that have not sealed all weights; a broken log covers nothing."""
    for one in selections(PLACE) if targets else ():
        book = ledger(one, PLACE)
        try:
            state = standing(book)
        except ValueError:
            continue
        if state.held_back and targets & set(state.vendors):
            yield book, state


def _cover(book: Ledger, state: Selection, say: Words) -> None:
    st.title(say("committee.covered"))
    st.info(plain(say("committee.held", names=", ".join(state.unsealed) or "–")), icon=":material/lock:")
    st.write(plain(say("committee.covered_text", name=state.name)))
    link("committee", say("committee.to_committee"))
    with st.expander(say("committee.look"), icon=":material/visibility:"):
        st.caption(say("committee.look_text"))
        signature(say)
        inside = {state.founder, *(one.name for one in state.panel.members)} - state.invited
        st.button(
            say("committee.look_do"), disabled=name() not in inside, on_click=_look, args=(book, state, say)
        )  # fmt: skip


def _look(book: Ledger, state: Selection, say: Words) -> None:
    """Write down who looks; only what stands in the log uncovers."""
    before = len(state.looks)
    signed(book, say, lambda own, act: own.do("evidence.opened", {"vendors": list(state.vendors)}, act=act))
    if len(standing(book).looks) > before:
        st.session_state[LOOKED] = st.session_state.get(LOOKED, frozenset()) | {book.folder.name}
