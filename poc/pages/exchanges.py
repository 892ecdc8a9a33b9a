"""Exchanges: what crossed the wire for a check: request, reply, and the line that repeats it, as they are stored."""

import streamlit as st

from poc.assessment import Subject
from poc.curl import curl, printed
from poc.pages.frame import plain
from poc.report import View
from scenarios.crm import Exchange
from scenarios.disk import StoreError
from scenarios.evidence import Evidence
from scenarios.store import Store

#: How many exchanges are listed at once.
LISTED = 15
#: Lines beyond which a reply is shown in a box of its own that scrolls.
FOLDED = 18


def exchanges(seen: View, subject: Subject, piece: Evidence) -> None:
    """Draw the exchanges of a check, a page of them at a time; a click opens one."""
    st.subheader(seen.say("page.exchanges", count=len(piece.exchanges)))
    if not piece.exchanges:
        st.info(seen.say("page.no_exchanges"))
        return
    st.caption(seen.say("page.redacted"))
    wanted = st.query_params.get("exchange", "")
    first = piece.exchanges.index(wanted) // LISTED * LISTED if wanted in piece.exchanges else 0
    if len(piece.exchanges) > LISTED:
        first = _paged(seen, len(piece.exchanges), first)
    try:
        found = Store.open(subject.folder).exchanges(piece.exchanges[first : first + LISTED])
    except StoreError as fault:
        st.error(plain(fault))
        return
    for one in found:
        _row(seen, subject, one, opened=one.id == wanted)


def _paged(seen: View, count: int, first: int) -> int:
    pages = (count - 1) // LISTED + 1
    page = st.number_input(seen.say("page.page_of", pages=pages), 1, pages, first // LISTED + 1)
    return (int(page) - 1) * LISTED


def _row(seen: View, subject: Subject, one: Exchange, *, opened: bool) -> None:
    status = one.fault or (str(one.reply.status) if one.reply else seen.say("page.no_reply"))
    seconds = seen.say("report.none") if one.reply is None else f"{one.reply.seconds * 1000:.0f} ms"
    query = "?" + "&".join(f"{name}={value}" for name, value in one.request.query.items()) if one.request.query else ""
    line = f"{one.id} · {one.request.method} {one.request.path}{query}"
    short = line if len(line) <= 110 else line[:109] + "…"
    with st.expander(f"{plain(short)} · **{plain(status)}** · {seconds}", expanded=opened):
        _details(seen, subject, one)


def _details(seen: View, subject: Subject, one: Exchange) -> None:
    told = [f"{one.at:%Y-%m-%d %H:%M:%S.%f UTC}", f"{seen.say('page.actor')} {plain(one.actor)}"]
    told += [f"{seen.say('page.verb')} {plain(one.verb)}", f"[{seen.say('page.deep_link')}](?{_address(subject, one)})"]
    st.caption(" · ".join(told))
    st.markdown(f"**{seen.say('page.request')}**")
    st.code(printed(one.request), language=None, wrap_lines=True)
    st.markdown(f"**{seen.say('page.reply')}**")
    reply = printed(one.reply) if one.reply else one.fault or seen.say("page.no_reply")
    st.code(reply, language=None, wrap_lines=True, height=360 if reply.count("\n") > FOLDED else "content")
    st.markdown(f"**{seen.say('page.repeat')}**")
    st.code(curl(one.request, str(subject.manifest.settings.get("url", ""))), language="bash", wrap_lines=True)


def _address(subject: Subject, one: Exchange) -> str:
    names = ("lang", "assessment", "criterion", "check")
    kept = "&".join(f"{name}={st.query_params[name]}" for name in names if name in st.query_params)
    return f"{kept}&target={subject.name}&exchange={one.id}"
