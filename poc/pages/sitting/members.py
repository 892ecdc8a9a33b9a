"""members(): who sits, in what role and with what interests; inviting, joining, declaring, leaving."""

import streamlit as st
from markupsafe import Markup

from poc.committee.ledger import Ledger
from poc.pages.frame import plain
from poc.pages.signing import name, seated, written
from poc.pages.sitting.rows import gates, titled
from poc.pages.tables import fixed, table
from poc.proceedings import interests_told, kind_told
from poc.words import Words
from scorecards.committee.panel import Member
from scorecards.committee.selection import Selection
from scorecards.committee.sitting import KINDS_OF_INTEREST


def members(book: Ledger, state: Selection, words: Words) -> None:
    """Draw the tab."""
    for one in state.panel.complaints(budget=state.budget):
        kind, _, whose = one.partition(":")
        st.markdown("- " + plain(words(f"committee.complaint_{kind}", **({"name": whose} if whose else {}))))
    heads = [
        words(f"committee.{one}") for one in ("member", "role", "department", "seat", "interests", "weights", "veto")
    ]
    rows = [_member(one, state, words) for one in state.panel.members]
    if rows:
        st.html(table(heads, rows))
    if state.left:
        st.caption(plain(words("committee.left", names="; ".join(f"{who}: {why}" for who, why in state.left.items()))))
    who = name()
    if who in state.invited:
        st.button(words("committee.join"), on_click=seated, args=(book, words), type="primary")
    inside = {one.name for one in state.panel.members} - state.invited
    if who in inside:
        _declare(book, state, words, open_=who not in state.panel.declared)
    if who == state.founder:
        if not state.evidence:
            _invite(book, words)
        _leave(book, state, words)
        _entrant(book, words)


def _member(one: Member, state: Selection, words: Words) -> list[str | Markup]:
    stands = "opened" if one.name in state.opened_weights else "sealed" if one.name in state.weights else "unsealed"
    weights = fixed(words(f"committee.{stands}")) if one in state.panel.voters() else "–"
    seat = "invited" if one.name in state.invited else "in"
    expert = f" · {words('committee.is_expert')}" if one.expert else ""
    return [
        one.name, one.role + expert, fixed(one.department or "–"), fixed(words(f"committee.{seat}")),
        interests_told(state, one, words), weights, Markup("<br>").join(map(fixed, one.veto)) or "–",
    ]  # fmt: skip


def _invite(book: Ledger, words: Words) -> None:
    with (
        st.expander(words("committee.invite"), icon=":material/person_add:"),
        st.form("invite", clear_on_submit=True),
    ):
        one, two, three = st.columns(3)
        who = one.text_input(words("committee.member"), max_chars=64)
        role = two.text_input(words("committee.role"), max_chars=64)
        department = three.text_input(words("committee.department"), max_chars=64)
        expert = one.checkbox(words("committee.expert"))
        veto = st.multiselect(
            words("committee.veto_may"), gates(), format_func=lambda one: titled(one, words)
        )  # fmt: skip
        if st.form_submit_button(words("committee.invite")):
            said = {"name": who.strip(), "role": role.strip(), "department": department.strip(), "expert": expert}
            written(book, words, "member.invited", {**said, "veto": veto})


def _declare(book: Ledger, state: Selection, words: Words, *, open_: bool) -> None:
    with st.expander(words("committee.declare"), expanded=open_, icon=":material/handshake:"), st.form("declare"):
        none = words("committee.no_interest")
        one, two = st.columns(2)
        vendor = one.selectbox(words("committee.interest_vendor"), [none, *state.vendors])
        kind = two.selectbox(
            words("committee.interest_kind"), KINDS_OF_INTEREST,
            format_func=lambda kind: kind_told(kind, words),
        )  # fmt: skip
        recused = st.checkbox(words("committee.recuse"))
        st.caption(words("committee.declare_text"))
        if st.form_submit_button(words("committee.declare")):
            found = [] if vendor == none else [{"vendor": vendor, "kind": kind, "recused": recused}]
            written(book, words, "interests.declared", {"interests": found})


def _leave(book: Ledger, state: Selection, words: Words) -> None:
    if not state.panel.members:
        return
    with st.expander(words("committee.leave"), icon=":material/person_remove:"), st.form("leave", clear_on_submit=True):
        who = st.selectbox(words("committee.member"), [one.name for one in state.panel.members])
        reason = st.text_input(words("committee.why"))
        if st.form_submit_button(words("committee.leave")):
            written(book, words, "member.left", {"name": who, "reason": reason})


def _entrant(book: Ledger, words: Words) -> None:
    with st.expander(words("committee.entrant"), icon=":material/schedule:"), st.form("entrant", clear_on_submit=True):
        vendor = st.text_input(words("committee.entrant_name"), max_chars=64)
        reason = st.text_input(words("committee.why"))
        st.caption(words("committee.entrant_text"))
        if st.form_submit_button(words("committee.entrant")):
            written(book, words, "entrant.added", {"vendor": vendor.strip(), "reason": reason})
