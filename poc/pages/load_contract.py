"""Load contract: a day of a bank against a vendor's published quotas: which screen stalls when, and what would do."""

from collections.abc import Mapping, Sequence

import streamlit as st
from markupsafe import Markup

from loadtests.contracts.day import habits
from loadtests.contracts.published import contracts
from poc.pages.frame import plain
from poc.pages.tables import fixed, table
from poc.pressure.stalling import stalling
from poc.quotas import QuotaDay, quota_day, quota_rows, screen_rows, sentences, staffed
from poc.words import Words
from synthetic_data.profile import profile_names

#: What is shown first, and the customers of its bank.
FIRST, DAY, PROFILE, CUSTOMERS = "fxiaoke", "salary-day", "cn-joint-stock", 100_000


def contract(told: Words) -> None:
    """Draw the choice of a contract, a bank and a day, and what comes of them."""
    known = contracts()
    st.caption(told("load.contract_about"))
    one, two = st.columns([2, 1])
    names = list(known)
    name = one.selectbox(
        told("load.contract"), names, index=names.index(FIRST), format_func=lambda each: known[each].title,
        key="load_contract",
    )  # fmt: skip
    kinds = list(habits().days)
    kind = two.selectbox(
        told("load.day"), kinds, index=kinds.index(DAY), format_func=lambda each: told(f"quota.kind_{each}"),
        key="load_day",
    )  # fmt: skip
    one, two, three = st.columns(3)
    banks = list(profile_names())
    profile = one.selectbox(told("load.bank_profile"), banks, index=banks.index(PROFILE), key="load_bank_profile")
    st.session_state.setdefault("load_contract_customers", CUSTOMERS)
    customers = two.number_input(told("load.customers"), 0, 1_000_000, step=10_000, key="load_contract_customers")
    packs = three.number_input(told("load.packs"), 0, 100, 1, key="load_packs")
    with st.spinner(told("load.playing")):
        day = _played(str(name), str(kind), str(profile), int(customers), int(packs))
    _day(told, day)


@st.cache_resource(max_entries=12, show_spinner=False)
def _played(name: str, kind: str, profile: str, customers: int, packs: int) -> QuotaDay:
    """Return a day, played once for all who look."""
    return quota_day(contracts()[name], staffed(profile, customers), kind, packs=packs)


def _day(told: Words, day: QuotaDay) -> None:
    title, verdict, *others = sentences(day, told)
    st.html(Markup('<p class="ts-lead">{}</p><p class="ts-lead more">{}</p>').format(verdict, title))
    if day.stalling:
        st.caption(told("load.stalling_about"))
        st.plotly_chart(stalling(day, told), key="load_stalling", theme=None, config={"displayModeBar": False})
        _table(screen_rows(day, told))
    _table(quota_rows(day, told))
    for sentence in others:
        st.caption(plain(sentence))


def _table(rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        told = [[_cell(value) for value in row.values()] for row in rows]
        st.html(table([str(name) for name in rows[0]], told))


def _cell(value: object) -> str | Markup:
    return fixed(f"{value:,}" if isinstance(value, int) else str(value))
