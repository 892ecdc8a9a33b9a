"""Telling: a customer is searched for, and all that the bank knows of them is drawn along one time line."""

from collections.abc import Mapping
from decimal import Decimal

import streamlit as st

from poc.pages.frame import plain, say
from poc.pages.tables import fixed, table
from poc.story import LANES, Story, StoryError, found, story
from poc.story_plot import timeline, told
from poc.words import Words
from synthetic_data.folders.reading import BankFolder

#: Names under which the search and the customer are kept, in the session and in the address; moments that are listed.
SEARCH, CUSTOMER, LISTED = "find_customer", "customer", 40


def telling(bank: BankFolder) -> None:
    """Draw the search, and the story of whoever was found."""
    words = say()
    if SEARCH not in st.session_state:
        st.session_state[SEARCH] = st.query_params.get(CUSTOMER, "C00000001")
    asked = st.text_input(words("data.search"), key=SEARCH, help=words("data.search_hint"))
    hits = found(bank, asked)
    if not hits:
        st.info(words("data.found_none"))
        return
    number = str(hits[0]["number"])
    if len(hits) > 1:
        names = {str(row["number"]): _named(row, words) for row in hits}
        number = st.selectbox(words("data.found_many", count=len(hits)), list(names), format_func=names.__getitem__)
    st.query_params[CUSTOMER] = number
    try:
        _drawn(words, story(bank, number))
    except StoryError as fault:
        st.error(plain(fault))


def _named(row: Mapping[str, object], words: Words) -> str:
    tier = words.of(f"data.word.{row['tier']}", str(row["tier"]))
    return f"{row['number']} {row['name']} · {row['birth_date']} · {tier}"


def _drawn(words: Words, whole: Story) -> None:
    st.subheader(plain(whole.customer["name"]))
    st.caption(plain(_holds(words, whole)))
    there = [lane for lane in LANES if any(moment.lane == lane for moment in whole.moments)]
    names = {lane: words(f"data.lane.{lane}") for lane in there}
    lanes = st.pills(
        words("data.lanes"), there, selection_mode="multi", default=there, format_func=names.__getitem__, wrap=True,
        key=f"lanes_{whole.customer['number']}",
    )  # fmt: skip
    plot = timeline(whole, words, lanes)
    st.markdown(plain(plot.title))
    if lanes:
        st.plotly_chart(plot.figure, key="story", theme=None, config={"displayModeBar": False})
        _listed(words, whole, lanes)


def _holds(words: Words, whole: Story) -> str:
    customer = whole.customer
    live = [row for row in whole.accounts if row["closed"] is None]
    money = sum((row["balance"] for row in live if isinstance(row["balance"], Decimal)), Decimal(0))
    return words(
        "data.holds",
        number=customer["number"],
        tier=words.of(f"data.word.{customer['tier']}", str(customer["tier"])),
        risk=customer["risk_level"],
        since=customer["since"],
        accounts=len(live),
        assets=f"{money:,.2f}",
        currency=customer["currency"],
    )


def _listed(words: Words, whole: Story, lanes: list[str]) -> None:
    with st.expander(words("data.moments")):
        shown = [moment for moment in reversed(whole.moments) if moment.lane in lanes]
        rows = [
            (
                fixed(f"{moment.at:%Y-%m-%d %H:%M}"),
                told(moment, words),
                fixed(f"{moment.amount:,.2f}" if moment.amount is not None else ""),
                moment.text,
            )
            for moment in shown[:LISTED]
        ]
        st.html(table([words(f"data.{name}") for name in ("when", "what", "amount", "detail")], rows))
        if len(shown) > LISTED:
            st.caption(words("data.more", count=f"{len(shown) - LISTED:,}"))
