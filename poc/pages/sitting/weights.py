"""weights(): each member's weights, sealed before evidence and opened together; the agreed weighting by its hash."""

import streamlit as st

from poc.committee.ledger import Ledger
from poc.pack import policy_digest
from poc.pages.frame import WEIGHTING, plain
from poc.pages.signing import name, signed, written
from poc.proceedings import order_told, together_told
from poc.words import Words
from scorecards.committee.selection import Selection
from scorecards.weighting import DIMENSIONS, load_weighting


def weights(book: Ledger, state: Selection, words: Words) -> None:
    """Draw the tab."""
    for one in order_told(state, words):
        (st.success if state.sealed_first else st.warning)(plain(one))
    for one in together_told(state, words):
        st.markdown(plain(one))
    who = name()
    if state.unsealed:
        st.info(plain(words("committee.awaited_weights", names=", ".join(state.unsealed))))
    if who in state.voters and not state.evidence and not state.opened_weights:
        _seal(book, words, again=who in state.weights)
    if who in state.weights and who not in state.opened_weights and not state.unsealed:
        st.button(
            words("committee.open_weights"), type="primary",
            on_click=lambda: signed(book, words, lambda own, act: own.open_weights(act=act)),
        )  # fmt: skip
    _agreed(book, state, words)


def _seal(book: Ledger, words: Words, *, again: bool) -> None:
    st.caption(words("committee.weights_text"))
    with st.form("weights"):
        columns = st.columns(len(DIMENSIONS))
        given = {
            code: columns[at].number_input(code, 0.0, 100.0, 10.0, key=f"committee_weight_{code}")
            for at, code in enumerate(DIMENSIONS)
        }
        if again:
            st.caption(words("committee.seal_again"))
        if st.form_submit_button(words("committee.seal_weights"), type="primary"):
            signed(book, words, lambda own, act: own.seal_weights(given, act=act))
            st.rerun()


def _agreed(book: Ledger, state: Selection, words: Words) -> None:
    st.markdown(f"**{words('committee.agreed')}**")
    if state.agreed:
        st.markdown(
            plain(words("committee.agreed_is", weighting=state.agreed["weighting"], rubrics=state.agreed["rubrics"]))
        )
    if name() != state.founder:
        return
    chosen = load_weighting(str(st.session_state.get(WEIGHTING) or "seed-default"))
    with st.form("agreed"):
        title = chosen.name_zh if words.language == "zh" and chosen.name_zh else chosen.name
        st.caption(words("committee.agreed_text", name=plain(title)))
        said = {"weighting": chosen.digest, "rubrics": policy_digest()}
        if state.evidence and state.agreed:
            passed = [one.id for one in state.motions if one.result is not None and one.result.passed]
            said["motion"] = st.selectbox(words("committee.motion_passed"), passed) or ""
            said["reason"] = st.text_input(words("committee.why"))
        if st.form_submit_button(words("committee.agree")):
            written(book, words, "weighting.agreed", said)
