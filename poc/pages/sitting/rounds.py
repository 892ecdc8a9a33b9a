"""rounds(): points given blind, sealed and opened together; where members differ, and what was said of it."""

from itertools import product

import streamlit as st

from poc.committee.ledger import Ledger
from poc.committee.plots import heat
from poc.pages.frame import plain
from poc.pages.overview import drawn
from poc.pages.signing import name, signed, written
from poc.pages.sitting.rows import known, row, rows, titled
from poc.pages.tables import table
from poc.words import Words
from scorecards.committee.consensus import consensus
from scorecards.committee.selection import Round, Selection
from scorecards.criterion import Criterion
from scorecards.rubric import Judged

POINTS = (None, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0)


def rounds(book: Ledger, state: Selection, words: Words) -> None:
    """Draw the tab."""
    for one in state.rounds:
        st.subheader(words("committee.round", number=one.number, cells=len(one.cells)))
        for who, why in one.void.items():
            st.caption(plain(words("committee.voided", name=who, why=why)))
        if one.revealed:
            _revealed(one, state, words)
        else:
            _blind(book, one, state, words)
    if name() == state.founder and state.evidence and (not state.rounds or state.rounds[-1].revealed):
        _begin(book, state, words)
    if state.rounds:
        _notes(book, state, words)


def _blind(book: Ledger, one: Round, state: Selection, words: Words) -> None:
    who, waiting = name(), one.awaited or one.unopened
    st.info(plain(words("committee.awaited" if one.awaited else "committee.unopened", names=", ".join(waiting))))
    if one.awaited and who in one.voters and who not in one.void:
        _score(book, one, words, again=who in one.sealed)
    elif not one.awaited and who in one.unopened:
        st.button(
            words("committee.open_scores"), type="primary",
            on_click=lambda: signed(book, words, lambda own, act: own.open_scores(act=act)),
        )  # fmt: skip
    if who == state.founder:
        with st.expander(words("committee.void")), st.form("void", clear_on_submit=True):
            whose = st.selectbox(words("committee.member"), list(waiting))
            reason = st.text_input(words("committee.why"))
            if st.form_submit_button(words("committee.void")):
                written(book, words, "ballot.void", {"name": whose, "reason": reason})


def _begin(book: Ledger, state: Selection, words: Words) -> None:
    asked = [one.id for one in known().of_targets if isinstance(one.rubric, Judged)]
    with st.form("round"):
        chosen = st.multiselect(
            words("committee.cells"), rows(), asked, format_func=lambda one: titled(one, words)
        )  # fmt: skip
        vendors = [one.vendor for one in state.evidence]
        among = st.multiselect(words("committee.cells_vendors"), vendors, vendors)
        st.caption(words("committee.cells_text"))
        if st.form_submit_button(words("committee.begin_round"), type="primary"):
            cells = [f"{vendor}/{one}" for one, vendor in product(chosen, among)]
            written(book, words, "round.begun", {"cells": cells})


def _score(book: Ledger, one: Round, words: Words, *, again: bool) -> None:
    def told(value: float | None) -> str:
        return words("committee.abstain") if value is None else f"{value:g}"

    with st.form(f"scores_{one.number}"):
        given: dict[str, float | None] = {}
        for cell in one.cells:
            vendor, _, criterion = cell.rpartition("/")
            bands = "\n".join(f"- {at}: {plain(text)}" for at, text in enumerate(_bands(row(criterion))))
            given[cell] = st.selectbox(
                plain(f"{vendor} · {titled(criterion, words)}"),
                POINTS,
                format_func=told,
                key=f"committee_{one.number}_{cell}",
                help=bands or None,
            )
        reasons = st.text_area(words("committee.reasons"), max_chars=5_000)
        st.caption(words("committee.seal_scores_again" if again else "committee.seal_scores_text"))
        if st.form_submit_button(words("committee.seal_scores"), type="primary"):
            why = {"": reasons.strip()} if reasons.strip() else {}
            signed(book, words, lambda own, act: own.seal_scores(given, why, act=act))
            st.rerun()


def _bands(found: Criterion | None) -> tuple[str, ...]:
    return found.rubric.bands if found is not None and isinstance(found.rubric, Judged) else ()


def _revealed(one: Round, state: Selection, words: Words) -> None:
    found = consensus(one, state.opened_weights)

    def figure(value: float | None) -> str:
        return words("committee.unknown") if value is None else f"{value:.2f}"

    agreement = words(f"committee.agreement_{found.opinions.agreement}")
    lines = [
        words("committee.alpha", value=figure(found.alpha), agreement=agreement),
        words("committee.w", value=figure(found.w)),
        words("committee.icc", single=figure(found.icc), mean=figure(found.icc_mean)),
        words("committee.leaders", names=", ".join(found.leaders) or words("committee.unknown")),
        words("committee.pivotal", names=", ".join(found.pivotal)) if found.pivotal else words("committee.no_pivotal"),
    ]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    drawn(heat(found.opinions, words), f"committee_heat_{one.number}")
    heads = [words("committee.cell"), words("committee.median"), *found.opinions.members]
    rows = [
        [cell, figure(seen.median), *(_points(seen.values.get(who)) for who in found.opinions.members)]
        for cell, seen in found.opinions.cells.items()
    ]
    st.html(table(heads, rows))
    for who, ballot in one.opened.items():
        if said := "; ".join(ballot.reasons.values()):
            st.markdown(plain(f"{who}: {said}"))


def _points(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _notes(book: Ledger, state: Selection, words: Words) -> None:
    if state.notes:
        st.markdown(f"**{words('committee.notes')}**")
        told = (plain(": ".join(filter(None, (one["by"], one["about"], one["text"])))) for one in state.notes)
        st.markdown("\n".join(f"- {one}" for one in told))
    if name() in {state.founder, *(one.name for one in state.panel.members)} - state.invited:
        with st.expander(words("committee.note"), icon=":material/edit_note:"), st.form("note", clear_on_submit=True):
            about = st.selectbox(words("committee.cell"), ["", *state.rounds[-1].cells])
            said = st.text_area(words("committee.note_text"), max_chars=5_000)
            if st.form_submit_button(words("committee.note")):
                written(book, words, "note.taken", {"about": about or "", "text": said})
