"""replies(): findings sent to vendors, what they answer within their days, and what followed from it."""

from datetime import UTC, datetime

import streamlit as st

from poc.committee.ledger import Ledger
from poc.pages.signing import name, written
from poc.pages.tables import table
from poc.words import Words
from scorecards.committee.course import OUTCOMES
from scorecards.committee.selection import Selection


def replies(book: Ledger, state: Selection, words: Words) -> None:
    """Draw the tab."""
    st.caption(words("committee.replies_text"))
    if state.findings:
        heads = [words("process.finding"), words("process.due"), words("committee.reply"), words("process.state")]
        rows = [
            [f"{one.id} · {one.vendor}: {one.text}", f"{one.due:%Y-%m-%d %H:%M} UTC", one.reply or "–",
             words(f"committee.outcome_{one.outcome}") + f" ({one.run})" if one.outcome else "…"]
            for one in state.findings
        ]  # fmt: skip
        st.html(table(heads, rows))
    if name() not in {state.founder, *(one.name for one in state.panel.members)} - state.invited:
        return
    _send(book, state, words)
    now = datetime.now(UTC)
    if may_reply := [one.id for one in state.findings if not one.outcome and now <= one.due]:
        _receive(book, may_reply, words)
    if answered := [one.id for one in state.findings if one.reply and not one.outcome]:
        _settle(book, answered, words)


def _send(book: Ledger, state: Selection, words: Words) -> None:
    with st.expander(words("committee.send"), icon=":material/outgoing_mail:"), st.form("send", clear_on_submit=True):
        vendor = st.selectbox(words("minutes.target"), state.vendors)
        text = st.text_area(words("process.finding"), max_chars=5_000)
        if st.form_submit_button(words("committee.send")):
            said = {"id": f"F{len(state.findings) + 1}", "vendor": vendor, "text": text}
            written(book, words, "finding.sent", said)


def _receive(book: Ledger, open_: list[str], words: Words) -> None:
    with st.expander(words("committee.receive"), icon=":material/inbox:"), st.form("receive", clear_on_submit=True):
        finding = st.selectbox(words("process.finding"), open_)
        text = st.text_area(words("committee.reply"), max_chars=5_000)
        if st.form_submit_button(words("committee.receive")):
            written(book, words, "reply.received", {"id": finding, "text": text})


def _settle(book: Ledger, answered: list[str], words: Words) -> None:
    with (
        st.expander(words("committee.settle"), icon=":material/check_circle:"),
        st.form("settle", clear_on_submit=True),
    ):
        finding = st.selectbox(words("process.finding"), answered)
        outcome = st.radio(
            words("committee.outcome"), OUTCOMES, horizontal=True,
            format_func=lambda one: words(f"committee.outcome_{one}"),
        )  # fmt: skip
        run = st.text_input(words("committee.rerun"))
        if st.form_submit_button(words("committee.settle")):
            written(book, words, "reply.settled", {"id": finding, "outcome": outcome, "run": run})
