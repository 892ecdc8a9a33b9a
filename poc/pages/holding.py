"""Holding: evidence stays covered until those who decide have sealed their weights; whoever looks before is named."""

from collections.abc import Callable, Iterable
from pathlib import Path

import streamlit as st

from poc.archive import RUNS
from poc.committee import holding
from poc.committee.ledger import PLACE, Ledger
from poc.pages.frame import PLACE as CHOSEN
from poc.pages.frame import link, plain
from poc.pages.signing import name, outcome, signature, signed, standing
from poc.words import Words
from scenarios.folders import runs_in
from scorecards.committee.selection import Selection

#: Pages that show what was seen of a target; those on load and on a run under way cover only what they show of it.
COVERED = frozenset({"overview", "evidence", "scorecard", "security", "decision", "methods"})
#: Under which a session keeps the selections in which its reader has looked all the same.
LOOKED = "committee_looked"


def uncovered(page: str, say: Words) -> bool:
    """Whether a page may be drawn; where evidence is held back for a committee, draws who it waits for instead."""
    return page not in COVERED or may_show(_targets(), say)


def may_show(targets: Iterable[str], say: Words, heading: Callable[[str], object] = st.title) -> bool:
    """Whether what was seen of these targets may be drawn; draws who it waits for instead where it may not."""
    waits = held(targets)
    outcome()
    if waits is not None:
        heading(say("committee.covered"))
        _cover(*waits, say)
    return waits is None


def held(targets: Iterable[str]) -> tuple[Ledger, Selection] | None:
    """Return the selection for which evidence of these targets is held back from whoever looks, None where none is."""
    looked = st.session_state.get(LOOKED, frozenset())
    waits = holding.waiting(targets, PLACE, standing)
    return next(((book, state) for book, state in waits if book.folder.name not in looked), None)


def _targets() -> frozenset[str]:
    """Return the targets of the assessment at hand."""
    found = {one.name: one.path for one in runs_in(RUNS)}
    wanted = str(st.session_state.get(CHOSEN, ""))
    place = found.get(wanted) or next(iter(found.values()), Path())
    return frozenset(one.parent.name for one in place.glob("targets/*/manifest.json"))


def _cover(book: Ledger, state: Selection, say: Words) -> None:
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
    signed(book, say, holding.look)
    if len(standing(book).looks) > before:
        st.session_state[LOOKED] = st.session_state.get(LOOKED, frozenset()) | {book.folder.name}
