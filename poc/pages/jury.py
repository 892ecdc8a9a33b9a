"""Jury: the choice between weights that sliders move and a committee's own, and what it says beside the ranking."""

from datetime import UTC, datetime

import streamlit as st

from poc.assessment import Assessment
from poc.committee.joining import Joined, decided_by
from poc.committee.ledger import PLACE, ledger, selections
from poc.deciding import AT_ONCE
from poc.pages.frame import link, plain
from poc.pages.signing import standing
from poc.pages.tables import table
from poc.proceedings import integrity_told, order_told, proceedings
from poc.report import View
from poc.words import Words
from scorecards.committee.selection import Selection
from scorecards.deciding.decision import DRAWS

#: Where a session keeps whose weights it looks under, the decision that a committee came to, and of which log in full.
BY, JOINED, IN_FULL = "decision_by", "decision_joined", "decision_in_full"


def chosen_committee(agreed: View) -> Joined | None:
    """Draw the choice of whose weights count; return a committee's decision, None where the sliders are asked for."""
    found = dict(_deciding(agreed.assessment))
    if not found:
        return None
    by_hand = agreed.say("decision.by_sliders")
    names = [*found, by_hand]
    if st.session_state.get(BY) not in names:
        st.session_state[BY] = names[0]
    by = st.segmented_control(agreed.say("decision.by"), names, key=BY, required=True)
    if by == by_hand or by not in found:
        return None
    try:
        return _joined(found[by], agreed.assessment)
    except ValueError as fault:
        st.warning(plain(" ".join(str(fault).split())))
        return None


def _deciding(assessment: Assessment) -> list[tuple[str, Selection]]:
    """Return the selections whose committee was shown this assessment and has weighed it."""
    targets, found = {one.name for one in assessment.subjects}, []
    for one in selections(PLACE):
        try:
            state = standing(ledger(one, PLACE))
        except ValueError:
            continue  # its own page tells what is wrong with it
        if state.opened_weights and targets <= {piece.vendor for piece in state.evidence}:
            found.append((one, state))
    return found


def _joined(state: Selection, assessment: Assessment) -> Joined:
    """Return the committee's decision, worked out once for a session until the log grows or the evidence changes.

    A few thousand draws answer at once; all of them once they were asked for.
    """
    draws = DRAWS if st.session_state.get(IN_FULL) == state.head else AT_ONCE
    kept, known = st.session_state.get(JOINED), (state.head, draws)
    if kept is None or kept[0] != known or kept[1] is not assessment.ratings:
        kept = st.session_state[JOINED] = (known, assessment.ratings, decided_by(state, assessment, draws=draws))
    found: Joined = kept[2]
    return found


def in_full(joined: Joined, say: Words) -> None:
    """Draw the button that draws as often as a record asks for."""
    st.button(
        say("decision.full", draws=f"{DRAWS:,}"), disabled=joined.decision.draws >= DRAWS,
        help=say("decision.full_hint", draws=f"{AT_ONCE:,}"), icon=":material/casino:",
        on_click=lambda: st.session_state.update({IN_FULL: joined.state.head}),
    )  # fmt: skip


def integrity(joined: Joined | None, agreed: View) -> None:
    """Draw how cleanly the selection was done, beside the verdict and never mixed into it."""
    if joined is None:
        return
    say = agreed.say
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.metric(say("process.integrity"), integrity_told(joined.state, say))
        with st.container():
            for one in order_told(joined.state, say):
                st.caption(plain(one))
            st.caption(say("decision.integrity_note"))
            link("process", say("decision.to_process"))


def minutes(joined: Joined, seen: View) -> None:
    """Draw what the committee did, and which of its waivers have run out since."""
    st.subheader(seen.say("decision.committee"))
    today = datetime.now(UTC).date()
    for one in seen.assessment.weighting.waivers:
        if one.expires < today:
            told = seen.say("minutes.run_out", gate=one.gate, name=one.name, expires=one.expires.isoformat())
            st.warning(plain(told))
    for part in proceedings(joined.state, seen):
        with st.expander(plain(part.title)):
            for text in part.text:
                st.markdown(plain(text))
            if part.rows:
                st.html(table(part.head, part.rows))
