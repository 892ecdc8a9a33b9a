"""motions(): motions put, voted on and counted, dissent in full; gates that those who answer for them block."""

import streamlit as st

from poc.committee.ledger import Ledger
from poc.pages.frame import plain
from poc.pages.signing import name, written
from poc.pages.tables import fixed, table
from poc.proceedings import dissent_told, result_told
from poc.words import Words
from scorecards.committee.meeting import WORDS
from scorecards.committee.selection import Selection


def motions(book: Ledger, state: Selection, words: Words) -> None:
    """Draw the tab."""
    heads = [words(f"committee.{one}") for one in ("motion", "approve", "reject", "abstain", "result", "dissent")]
    rows = []
    for one in state.motions:
        sides = (one.result.approved, one.result.rejected, one.result.abstained) if one.result else ()
        counts = [", ".join(side) or "0" for side in sides] or ["…"] * 3
        titled = f"{one.id} {one.text}" + (f" ({one.vendor})" if one.vendor else "")
        rows.append([titled, *counts, fixed(result_told(one, words)), dissent_told(one, state)])
    if rows:
        st.html(table(heads, rows))
    who, still = name(), [one.id for one in state.motions if one.open]
    if who in state.voters:
        if still:
            _vote(book, state, still, words)
        _put(book, state, words)
    if who == state.founder:
        for motion in still:
            if st.button(f"{words('committee.close')} · {motion}", key=f"close_{motion}"):
                written(book, words, "motion.closed", {"motion": motion})
    if mine := [one.id for one in state.motions if one.open and one.by == who]:
        _withdraw(book, mine, words)
    _vetoes(book, state, words)


def _put(book: Ledger, state: Selection, words: Words) -> None:
    with st.expander(words("committee.put"), icon=":material/campaign:"), st.form("put", clear_on_submit=True):
        text = st.text_input(words("committee.motion"))
        none = words("committee.no_vendor")
        vendor = st.selectbox(words("committee.vendor"), [none, *state.vendors])
        if st.form_submit_button(words("committee.put")):
            said = {"id": f"M{len(state.motions) + 1}", "text": text, "vendor": "" if vendor == none else vendor}
            written(book, words, "motion.put", said)


def _vote(book: Ledger, state: Selection, still: list[str], words: Words) -> None:
    texts = {one.id: f"{one.id} {one.text}" for one in state.motions}
    with st.form("vote"):
        motion = st.selectbox(words("committee.motion"), still, format_func=texts.__getitem__)
        word = st.radio(
            words("committee.vote"), WORDS, horizontal=True, format_func=lambda one: words(f"committee.{one}")
        )  # fmt: skip
        reason = st.text_input(words("committee.reason"))
        st.caption(words("committee.vote_text"))
        if st.form_submit_button(words("committee.vote"), type="primary"):
            written(book, words, "vote.cast", {"motion": motion, "word": word, "reason": reason})


def _withdraw(book: Ledger, mine: list[str], words: Words) -> None:
    with st.expander(words("committee.withdraw"), icon=":material/undo:"), st.form("withdraw", clear_on_submit=True):
        motion = st.selectbox(words("committee.motion"), mine)
        reason = st.text_input(words("committee.why"))
        if st.form_submit_button(words("committee.withdraw")):
            written(book, words, "motion.withdrawn", {"motion": motion, "reason": reason})


def _vetoes(book: Ledger, state: Selection, words: Words) -> None:
    for gate, why in state.vetoes.items():
        st.warning(plain(words("committee.blocked", gate=gate, why=why)), icon=":material/block:")
    who = name()
    gates = next((one.veto for one in state.panel.members if one.name == who), ())
    mine = [gate for gate, why in state.vetoes.items() if why.startswith(f"{who}: ")]
    if gates and who not in state.invited:
        with st.expander(words("committee.block"), icon=":material/block:"), st.form("block", clear_on_submit=True):
            gate = st.selectbox(words("committee.gate"), gates)
            shown = st.text_input(words("committee.block_evidence"))
            if st.form_submit_button(words("committee.block")):
                written(book, words, "gate.blocked", {"gate": gate, "evidence": shown})
    if mine:
        with st.expander(words("committee.clear"), icon=":material/undo:"), st.form("clear", clear_on_submit=True):
            gate = st.selectbox(words("committee.gate"), mine)
            answer = st.text_input(words("committee.clear_answer"))
            if st.form_submit_button(words("committee.clear")):
                written(book, words, "gate.cleared", {"gate": gate, "answer": answer})
