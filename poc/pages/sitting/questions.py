"""questions(): the questionnaire out to every vendor, its answers in and sealed, and opened once all are in."""

from functools import partial

import streamlit as st

from poc.committee.ledger import Ledger
from poc.committee.minutes import counted
from poc.committee.questionnaire import QuestionnaireError, read
from poc.committee.questionnaire import written as workbook
from poc.pages.frame import plain
from poc.pages.signing import name, refused, signed, written
from poc.pages.sitting.rows import row, rows, titled
from poc.pages.tables import table
from poc.proceedings import kinds_told
from poc.words import Words
from scorecards.committee.selection import Selection

#: Megabytes that a workbook may have.
UPLOAD_MB = 4


def questions(book: Ledger, state: Selection, words: Words) -> None:
    """Draw the tab."""
    st.caption(words("committee.questions_text"))
    who = name()
    inside = {state.founder, *(one.name for one in state.panel.members)} - state.invited
    if not state.questions:
        if who == state.founder:
            _ask(book, words)
        else:
            st.info(words("committee.not_asked"))
        return
    _out(state, words)
    if state.asked_vendors:
        st.info(plain(words("committee.awaited_answers", names=", ".join(state.asked_vendors))))
        if who in inside:
            _in(book, state, words)
        if who == state.founder:
            _withdrawn(book, state, words)
    else:
        _open(book, state, words)
    _answers(state, words)


def _ask(book: Ledger, words: Words) -> None:
    with st.form("ask"):
        chosen = st.multiselect(
            words("committee.ask_which"), rows(), format_func=lambda one: titled(one, words),
            placeholder=words("committee.ask_all"),
        )  # fmt: skip
        st.caption(words("committee.ask_text"))
        if st.form_submit_button(words("committee.ask"), type="primary"):
            written(book, words, "questions.asked", {"questions": chosen or rows()})


def _out(state: Selection, words: Words) -> None:
    asked = [found for one in state.questions["ids"] if (found := row(one)) is not None]  # type: ignore[attr-defined]
    st.markdown(words("committee.asked", count=len(asked)))
    with st.container(horizontal=True):
        for at, vendor in enumerate(state.vendors, start=1):
            st.download_button(
                plain(vendor), partial(workbook, vendor, asked), f"questionnaire-{at:02d}.xlsx",
                on_click="ignore", icon=":material/download:", key=f"questions_{vendor}",
            )  # fmt: skip


def _in(book: Ledger, state: Selection, words: Words) -> None:
    with st.form("answers"):
        vendor = st.selectbox(words("committee.answers_of"), state.asked_vendors)
        given = st.file_uploader(words("committee.answers_file"), type="xlsx", max_upload_size=UPLOAD_MB)
        if st.form_submit_button(words("committee.answers_seal"), type="primary") and given is not None and vendor:
            try:
                answers = read(given.getvalue(), given.name, list(state.questions["ids"]))  # type: ignore[call-overload]
            except QuestionnaireError as fault:
                refused(str(fault))
            else:
                signed(book, words, lambda own, act: own.seal_answers(vendor, answers, act=act))
            st.rerun()


def _withdrawn(book: Ledger, state: Selection, words: Words) -> None:
    with (
        st.expander(words("committee.answers_none"), icon=":material/do_not_disturb_on:"),
        st.form("withdrawn", clear_on_submit=True),
    ):
        vendor = st.selectbox(words("committee.answers_of"), state.asked_vendors, key="withdrawn_vendor")
        reason = st.text_input(words("committee.why"))
        if st.form_submit_button(words("committee.answers_none")):
            written(book, words, "answers.withdrawn", {"vendor": vendor, "reason": reason})


def _open(book: Ledger, state: Selection, words: Words) -> None:
    sealed = [one for one in state.papers.values() if one.sealed is not None and one.answers is None]
    for one in sealed:
        if one.by == name():
            st.button(
                words("committee.answers_open", vendor=plain(one.vendor)), key=f"open_{one.vendor}", type="primary",
                on_click=lambda vendor=one.vendor: signed(
                    book, words, lambda own, act: own.open_answers(vendor, act=act)
                ),
            )  # fmt: skip
        else:
            st.caption(plain(words("committee.answers_by", vendor=one.vendor, name=one.by)))


def _answers(state: Selection, words: Words) -> None:
    kinds, rows = kinds_told(words), []
    for vendor in state.papers:
        found = counted(state, vendor)
        given = found["kinds"]
        counts = [str(given.get(kind, 0)) if isinstance(given, dict) and given else "–" for kind in kinds]
        rows.append([vendor, *counts, words("minutes.answers_sealed") if found["sealed"] else str(found["withdrawn"])])
    if rows:
        st.html(table([words("minutes.target"), *kinds, words("minutes.note")], rows))
        st.caption(plain(" · ".join(f"{kind}: {told}" for kind, told in kinds.items())))
    if open_ := {vendor: one.answers for vendor, one in state.papers.items() if one.answers is not None}:
        vendor = st.selectbox(words("committee.answers_of"), list(open_), key="answers_shown")
        heads = [words(f"committee.{one}") for one in ("criterion", "answer", "proof", "promised", "remark")]
        lines = [
            [row, one["answer"], one.get("proof", ""), one.get("date", ""), one.get("remark", "")]
            for row, one in open_[vendor].items()
        ]
        st.html(table(heads, lines))
