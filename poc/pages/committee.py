"""Committee: members, sealed weights, blind rounds, where members differ, and motions with their dissent."""

import streamlit as st

from poc.committee.ledger import Ledger
from poc.committee.plots import heat
from poc.pages.frame import plain, say
from poc.pages.overview import drawn
from poc.pages.signing import NAME, chosen, seated, signature, signed
from poc.pages.tables import table
from poc.words import Words
from scorecards.committee.consensus import apart, consensus, together
from scorecards.committee.panel import Member
from scorecards.committee.selection import Round, Selection
from scorecards.committee.sitting import KINDS_OF_INTEREST
from scorecards.methods.tables import TableError
from scorecards.weighting import DIMENSIONS

POINTS = (None, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0)


def committee() -> None:
    """Draw the page of the selection that is chosen."""
    words = say()
    st.title(words("committee.title"))
    st.caption(words("committee.about"))
    book, state = chosen(words)
    signature(words)
    _members(book, state, words)
    _weights(book, state, words)
    _rounds(book, state, words)
    _motions(book, state, words)
    st.caption(words("committee.log", count=state.events, head=state.head))


# -- members ---------------------------------------------------------------------------------------------------------
def _members(book: Ledger, state: Selection, words: Words) -> None:
    st.subheader(words("committee.members"))
    for one in state.panel.complaints(budget=state.budget):
        kind, _, name = one.partition(":")
        st.markdown(plain(words(f"committee.complaint_{kind}", **({"name": name} if name else {}))))
    heads = [words(f"committee.{name}") for name in ("member", "role", "seat", "interests", "weights")]
    rows = [_member(one, state, words) for one in state.panel.members]
    if rows:
        st.html(table(heads, rows))
    who = str(st.session_state.get(NAME, "")).strip()
    if who in state.invited:
        st.button(words("committee.join"), on_click=seated, args=(book, words))
    if who == state.founder and not state.evidence:
        _invite(book, words)
    if who in {one.name for one in state.panel.members} - state.invited and who not in state.panel.declared:
        _declare(book, state, words)


def _member(one: Member, state: Selection, words: Words) -> list[str]:
    own = [each for each in state.panel.conflicts if each.member == one.name]
    if any(each.recused for each in own):
        interests = words("committee.recused")
    elif one.name not in state.panel.declared:
        interests = words("committee.not_declared")
    else:
        interests = words("committee.declared", count=len(own)) if own else words("committee.declared_none")
    stands = "opened" if one.name in state.opened_weights else "sealed" if one.name in state.weights else "unsealed"
    seat = "invited" if one.name in state.invited else "in"
    return [one.name, one.role, words(f"committee.{seat}"), interests, words(f"committee.{stands}")]


def _invite(book: Ledger, words: Words) -> None:
    with st.form("invite", clear_on_submit=True), st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(words("committee.member"), max_chars=64)
        role = st.text_input(words("committee.role"), max_chars=64)
        expert = st.checkbox(words("committee.expert"))
        if st.form_submit_button(words("committee.invite")):
            said = {"name": name.strip(), "role": role.strip(), "expert": expert}
            signed(book, words, lambda own, act: own.do("member.invited", said, act=act))
            st.rerun()


def _declare(book: Ledger, state: Selection, words: Words) -> None:
    with st.form("declare"), st.container(horizontal=True, vertical_alignment="bottom"):
        none = words("committee.no_interest")
        vendor = st.selectbox(words("committee.interest_vendor"), [none, *state.vendors])
        kind = st.selectbox(words("committee.interest_kind"), KINDS_OF_INTEREST)
        recused = st.checkbox(words("committee.recuse"))
        if st.form_submit_button(words("committee.declare")):
            found = [] if vendor == none else [{"vendor": vendor, "kind": kind, "recused": recused}]
            said = {"interests": found}
            signed(book, words, lambda own, act: own.do("interests.declared", said, act=act))
            st.rerun()


# -- weights ---------------------------------------------------------------------------------------------------------
def _weights(book: Ledger, state: Selection, words: Words) -> None:
    st.subheader(words("committee.weights"))
    sealed_at = max((one.at for one in state.weights.values()), default=None)
    for one in state.evidence:
        if sealed_at is not None and one.began < sealed_at and one.vendor not in state.late:
            st.warning(plain(words("committee.early_run", vendor=one.vendor)))
    if state.opened_weights:
        _together(state, words)
    who = str(st.session_state.get(NAME, "")).strip()
    if who in state.voters and not state.evidence and not state.opened_weights:
        st.caption(words("committee.weights_text"))
        with st.form("weights"):
            columns = st.columns(len(DIMENSIONS))
            given = {
                code: columns[at].number_input(code, 0.0, 100.0, 10.0, key=f"committee_weight_{code}")
                for at, code in enumerate(DIMENSIONS)
            }
            if st.form_submit_button(words("committee.seal_weights")):
                signed(book, words, lambda own, act: own.seal_weights(given, act=act))
                st.rerun()
    if who in state.weights and who not in state.opened_weights and not state.unsealed:
        st.button(
            words("committee.open_weights"),
            on_click=lambda: signed(book, words, lambda own, act: own.open_weights(act=act)),
        )


def _together(state: Selection, words: Words) -> None:
    try:
        found = together(state.opened_weights)
    except TableError as fault:
        st.warning(plain(str(fault)))
        return
    told = " · ".join(f"{code} {share:.0%}" for code, share in found.items())
    st.markdown(plain(words("committee.weights_together", weights=told, apart=f"{apart(state.opened_weights):.0%}")))


# -- rounds ----------------------------------------------------------------------------------------------------------
def _rounds(book: Ledger, state: Selection, words: Words) -> None:
    who = str(st.session_state.get(NAME, "")).strip()
    for one in state.rounds:
        st.subheader(words("committee.round", number=one.number, cells=len(one.cells)))
        if one.revealed:
            _revealed(one, state, words)
            continue
        if one.awaited:
            st.info(plain(words("committee.awaited", names=", ".join(one.awaited))))
            if who in one.voters and who not in one.void:
                _score(book, one, words)
        else:
            st.info(plain(words("committee.unopened", names=", ".join(one.unopened))))
            if who in one.unopened:
                st.button(
                    words("committee.open_scores"),
                    on_click=lambda: signed(book, words, lambda own, act: own.open_scores(act=act)),
                )
    if who == state.founder and state.evidence and (not state.rounds or state.rounds[-1].revealed):
        with st.form("round"):
            cells = st.text_area(words("committee.cells"))
            if st.form_submit_button(words("committee.begin_round")):
                said = {"cells": [line.strip() for line in cells.splitlines() if line.strip()]}
                signed(book, words, lambda own, act: own.do("round.begun", said, act=act))
                st.rerun()


def _score(book: Ledger, one: Round, words: Words) -> None:
    def told(value: float | None) -> str:
        return words("committee.abstain") if value is None else f"{value:g}"

    with st.form(f"scores_{one.number}"):
        given = {
            cell: st.selectbox(cell, POINTS, format_func=told, key=f"committee_{one.number}_{cell}")
            for cell in one.cells
        }
        if st.form_submit_button(words("committee.seal_scores")):
            signed(book, words, lambda own, act: own.seal_scores(given, act=act))
            st.rerun()


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
        [name, figure(cell.median), *(_points(cell.values.get(who)) for who in found.opinions.members)]
        for name, cell in found.opinions.cells.items()
    ]
    st.html(table(heads, rows))


def _points(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


# -- motions ---------------------------------------------------------------------------------------------------------
def _motions(book: Ledger, state: Selection, words: Words) -> None:
    st.subheader(words("committee.motions"))
    heads = [words(f"committee.{name}") for name in ("motion", "approve", "reject", "abstain", "result", "dissent")]
    rows = []
    for one in state.motions:
        votes = list(one.votes.values()) if one.result else []
        result = "open" if one.result is None else "passed" if one.result.passed else "not_passed"
        why = "; ".join(f"{name}: {text}" for name, text in (one.result.dissent if one.result else {}).items())
        counts = [str(votes.count(word)) if one.result else "…" for word in ("approve", "reject", "abstain")]
        rows.append([f"{one.id} {one.text}", *counts, words(f"committee.{result}"), why])
    if rows:
        st.html(table(heads, rows))
    who = str(st.session_state.get(NAME, "")).strip()
    still = [one.id for one in state.motions if one.result is None]
    if who in state.voters:
        _put(book, state, words)
        if still:
            _vote(book, still, words)
    if who == state.founder:
        for name in still:
            st.button(
                f"{words('committee.close')} · {name}",
                on_click=lambda name=name: signed(
                    book, words, lambda own, act: own.do("motion.closed", {"motion": name}, act=act)
                ),
            )


def _put(book: Ledger, state: Selection, words: Words) -> None:
    with st.form("put", clear_on_submit=True):
        text = st.text_input(words("committee.motion"))
        none = words("committee.no_vendor")
        vendor = st.selectbox(words("committee.vendor"), [none, *state.vendors])
        if st.form_submit_button(words("committee.put")):
            said = {"id": f"M{len(state.motions) + 1}", "text": text, "vendor": "" if vendor == none else vendor}
            signed(book, words, lambda own, act: own.do("motion.put", said, act=act))
            st.rerun()


def _vote(book: Ledger, still: list[str], words: Words) -> None:
    with st.form("vote"):
        motion = st.selectbox(words("committee.motion"), still)
        word = st.radio(
            words("committee.vote"), ["approve", "reject", "abstain"], horizontal=True,
            format_func=lambda one: words(f"committee.{one}"),
        )  # fmt: skip
        reason = st.text_input(words("committee.reason"))
        if st.form_submit_button(words("committee.vote")):
            said = {"motion": motion, "word": word, "reason": reason}
            signed(book, words, lambda own, act: own.do("vote.cast", said, act=act))
            st.rerun()
