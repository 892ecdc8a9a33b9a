"""Process: the line of stages, what is missing, the next step, and how cleanly the selection was done."""

import hashlib

import streamlit as st
from markupsafe import Markup

from poc.committee.ledger import Ledger
from poc.pages.frame import link, plain, say
from poc.pages.signing import chosen, name, signature, written
from poc.pages.tables import fixed, table
from poc.proceedings import integrity_told, order_told
from poc.words import Words
from scorecards.committee.course import SHOWN_BY_LOG, proven
from scorecards.committee.process import Demand, Progress, Stage, State, stages
from scorecards.committee.selection import Selection


def process() -> None:
    """Draw the page of the selection that is chosen."""
    words = say()
    st.title(words("process.title"))
    st.caption(words("process.about"))
    if (found := chosen(words)) is None:
        st.info(words("committee.none"))
        link("committee", words("committee.to_committee"))
        return
    book, state = found
    signature(words)
    progress, known = proven(state), stages()
    st.metric(words("process.integrity"), integrity_told(state, words))
    for one in order_told(state, words):
        (st.success if state.sealed_first else st.warning)(plain(one))
    st.markdown(plain(_next(progress, known, words)))
    heads = [words(f"process.{name}") for name in ("stage", "owner", "state", "missing")]
    st.html(table(heads, [_row(progress, one, known, words) for one in known]))
    _shown(progress, known, words)
    if state.late:
        st.caption(plain(words("process.late", names=", ".join(state.late))))
    _acts(book, state, progress, words)
    st.caption(words("committee.log", count=state.events, head=state.head))


def _row(progress: Progress, one: Stage, known: tuple[Stage, ...], words: Words) -> list[str | Markup]:
    stands = progress.state(one)
    return [
        _titled(one, words), fixed(words(f"process.owner_{one.owner}")), fixed(words(f"process.state_{stands.value}")),
        "; ".join(filter(None, [_waits(progress, one, known, words), *_lacks(progress, one, words)]))
        if stands in (State.WAITING, State.OPEN) else progress.skipped.get(one.id, ""),
    ]  # fmt: skip


def _shown(progress: Progress, known: tuple[Stage, ...], words: Words) -> None:
    """Draw what shows demands met: a file by its hash, or an entry of the log."""
    demands = {(one.id, each.id): _told(one, each, words) for one in known for each in (*one.entry, *one.exit)}
    rows = [
        [
            fixed(one.stage), demands[one.stage, one.demand], words("process.the_log") if one.by == "log" else one.by,
            one.note, Markup('<code title="{}">{}…</code>').format(one.sha256, one.sha256[:12]),
            "" if one.by == "log" else fixed(f"{one.at:%Y-%m-%d %H:%M}"),
        ]
        for one in progress.artefacts
    ]  # fmt: skip
    with st.expander(words("process.shown", count=len(rows))):
        heads = ("stage", "demand", "shown_by", "what_shows", "hash", "when")
        st.html(table([words(f"process.{name}") for name in heads], rows))


def _next(progress: Progress, known: tuple[Stage, ...], words: Words) -> str:
    for one in known:
        stands = progress.state(one)
        if stands is State.OPEN or (stands is State.WAITING and not _waits(progress, one, known, words)):
            lacks = _lacks(progress, one, words)
            if lacks:
                return words("process.next", stage=_titled(one, words), missing="; ".join(lacks))
            return words("process.next_free", stage=_titled(one, words))
    return words("process.all_done")


def _waits(progress: Progress, one: Stage, known: tuple[Stage, ...], words: Words) -> str:
    done = {each.id for each in known if progress.state(each) in (State.DONE, State.SKIPPED)}
    before = [name for name in one.after if name not in done]
    return words("process.waits", stages=", ".join(before)) if before and one.id not in progress.began else ""


def _lacks(progress: Progress, one: Stage, words: Words) -> list[str]:
    at = "entry" if progress.state(one) is State.WAITING else "exit"
    found = progress.missing(one, at=at)
    return [_told(one, each, words) for each in found]


def _told(one: Stage, demand: Demand, words: Words) -> str:
    text = demand.text_zh if words.language == "zh" else demand.text
    return f"{text} ({words('process.by_log')})" if f"{one.id}/{demand.id}" in SHOWN_BY_LOG else text


def _titled(one: Stage, words: Words) -> str:
    return f"{one.id} {one.title_zh if words.language == 'zh' else one.title}"


def _acts(book: Ledger, state: Selection, progress: Progress, words: Words) -> None:
    who = name()
    inside = {state.founder, *(one.name for one in state.panel.members)} - state.invited
    by_name = {one.id: one for one in stages()}
    if who in inside:
        _attach(book, progress, by_name, words)
    if who == state.founder:
        with st.form("move"), st.container(horizontal=True, vertical_alignment="bottom"):
            stage = st.selectbox(words("process.stage"), list(by_name), key="process_stage")
            kinds = {"begin": "stage.begun", "end": "stage.ended", "skip": "stage.skipped"}
            what = st.selectbox(words("process.act"), list(kinds), format_func=lambda one: words(f"process.{one}"))
            reason = st.text_input(words("process.reason"))
            if st.form_submit_button(words("process.move")):
                said = {"stage": stage, **({"reason": reason} if what == "skip" else {})}
                written(book, words, kinds[what], said)


def _attach(book: Ledger, progress: Progress, by_name: dict[str, Stage], words: Words) -> None:
    open_ = {
        f"{one.id}/{demand.id}": _told(one, demand, words)
        for one in by_name.values()
        for demand in (*one.entry, *one.exit)
        if f"{one.id}/{demand.id}" not in SHOWN_BY_LOG and demand.id not in progress.met(one)
    }
    with st.form("attach"):
        chosen_one = st.selectbox(
            words("process.demand"), list(open_), format_func=lambda one: f"{one.partition('/')[0]} {open_[one]}"
        )
        given = st.file_uploader(words("process.file"), key="process_file", max_upload_size=1)
        if st.form_submit_button(words("process.attach")) and given is not None and chosen_one:
            stage, _, demand = chosen_one.partition("/")
            digest = hashlib.sha256(given.getvalue()).hexdigest()
            said = {"stage": stage, "demand": demand, "sha256": digest, "note": given.name}
            written(book, words, "artefact.shown", said)
