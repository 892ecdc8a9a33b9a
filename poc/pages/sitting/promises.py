"""promises(): waivers of gates and attestations of what members looked at, each with name, reason and last day."""

from datetime import UTC, date, datetime, timedelta

import streamlit as st
from markupsafe import Markup

from poc.committee.ledger import Ledger
from poc.pages.signing import name, written
from poc.pages.sitting.rows import gates, rows, titled
from poc.pages.tables import fixed, table
from poc.proceedings import about_told, stands_told
from poc.words import Words
from scorecards.committee.reading import rules
from scorecards.committee.selection import Promise, Selection

#: Days after which a waiver or attestation ends unless somebody says otherwise.
USUAL = timedelta(days=180)


def promises(book: Ledger, state: Selection, words: Words) -> None:
    """Draw the tab."""
    st.caption(words("committee.promises_text"))
    today = datetime.now(UTC).date()
    heads = [words(f"minutes.{one}") for one in ("what", "target", "answers_for_it", "reason", "until", "state")]
    if state.promises:
        st.html(table(heads, [_row(one, state, today, words) for one in state.promises]))
    who = name()
    inside = {state.founder, *(one.name for one in state.panel.members)} - state.invited
    if who == state.founder:
        _waive(book, state, today, words)
    if who in inside:
        _attest(book, state, today, words)
        _end(book, state, words)


def _row(one: Promise, state: Selection, today: date, words: Words) -> list[str | Markup]:
    stands = words("minutes.expired") if not one.ended and one.expires < today else stands_told(one, state, words)
    names = ", ".join(filter(None, (one.name, one.second)))
    return [
        about_told(one, words), one.vendor or words("minutes.all"), names, one.reason,
        fixed(one.expires.isoformat()), fixed(stands) if not one.ended else stands,
    ]  # fmt: skip


def _waive(book: Ledger, state: Selection, today: date, words: Words) -> None:
    passed = [one.id for one in state.motions if one.result is not None and one.result.passed]
    with st.expander(words("committee.waive"), icon=":material/release_alert:"):
        if not passed:
            st.caption(words("committee.waive_needs"))
            return
        with st.form("waive", clear_on_submit=True):
            about = st.selectbox(words("committee.gate"), gates(), format_func=lambda one: titled(one, words))
            motion = st.selectbox(words("committee.motion_passed"), passed)
            said = _asked(state, today, words, "waive")
            if st.form_submit_button(words("committee.waive")):
                written(book, words, "gate.waived", {**said, "about": about, "motion": motion})


def _attest(book: Ledger, state: Selection, today: date, words: Words) -> None:
    kinds = rules()["attested"]
    with (
        st.expander(words("committee.attest"), icon=":material/verified:"),
        st.form("attest", clear_on_submit=True),
    ):
        about = st.selectbox(words("committee.criterion"), rows(), format_func=lambda one: titled(one, words))
        grade = st.selectbox(
            words("committee.grade"), list(kinds),
            format_func=lambda one: f"{one} {kinds[one]['text_zh' if words.language == 'zh' else 'text']}",
        )  # fmt: skip
        points = st.number_input(words("committee.points"), 0.0, 5.0, 3.0, 0.5, help=words("committee.points_help"))
        said = _asked(state, today, words, "attest")
        second = st.text_input(words("committee.second"), max_chars=64)
        st.caption(words("committee.attest_text"))
        if st.form_submit_button(words("committee.attest")):
            more = {"about": about, "grade": grade, "points": points, "second": second.strip()}
            written(book, words, "fact.attested", {**said, **more})


def _asked(state: Selection, today: date, words: Words, form: str) -> dict[str, object]:
    """Ask what both have: for whom, who answers for it, why, until when."""
    one, two, three = st.columns(3)
    everybody = words("minutes.all")
    among = [everybody, *state.vendors] if form == "waive" else list(state.vendors)
    vendor = one.selectbox(words("minutes.target"), among, key=f"{form}_vendor")
    who = two.text_input(words("minutes.answers_for_it"), value=name(), max_chars=64, key=f"{form}_name")
    until = three.date_input(words("minutes.until"), today + USUAL, min_value=today, key=f"{form}_until")
    reason = st.text_input(words("committee.why"), key=f"{form}_reason")
    return {
        "vendor": "" if vendor == everybody else vendor, "name": who.strip(), "reason": reason,
        "expires": until.isoformat() if isinstance(until, date) else "",
    }  # fmt: skip


def _end(book: Ledger, state: Selection, words: Words) -> None:
    mine = {one.entry: one for one in state.promises if not one.ended and name() in (state.founder, one.by)}
    if not mine:
        return
    with st.expander(words("committee.end"), icon=":material/undo:"), st.form("end", clear_on_submit=True):
        entry = st.selectbox(
            words("minutes.what"), list(mine), format_func=lambda one: f"{one} · {about_told(mine[one], words)}"
        )  # fmt: skip
        reason = st.text_input(words("committee.why"))
        if st.form_submit_button(words("committee.end")):
            written(book, words, "promise.ended", {"entry": entry, "reason": reason})
