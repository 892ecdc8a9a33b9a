"""Run: start an assessment, watch it, stop it, go on with it; the work is done by a process of its own."""

from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from poc import orders
from poc.admission import Role
from poc.archive import RUNS
from poc.candidates import Candidate, candidates
from poc.orders import Order, OrderError
from poc.pages.door import permitted
from poc.pages.frame import PLACE, plain, say
from poc.pages.progress import progress
from poc.settings import TARGETS, SettingsError, targets
from poc.watch import watch
from poc.words import Words
from scenarios.disk import StoreError
from scenarios.folders import AssessmentFolder, runs_in
from scenarios.library import catalogue
from scorecards.criterion import catalogue as criteria

#: Where a trouble of the last click waits for the page to be drawn.
TROUBLE = "run_trouble"


def run() -> None:
    """Draw what is under way, and the order for something new."""
    told = say()
    st.title(told("page.run"))
    if trouble := st.session_state.pop(TROUBLE, ""):
        st.error(plain(trouble))
    chosen = _chosen()
    if chosen is not None:
        _watched(told, chosen)
    busy = [one.name for one in runs_in(RUNS) if orders.running(one)]
    with st.expander(told("page.new"), expanded=chosen is None or not busy):
        if busy:
            st.info(told("page.busy", names=plain(", ".join(busy))))
        _order(told, disabled=bool(busy))


def _chosen() -> AssessmentFolder | None:
    """Return the assessment of the sidebar, else the youngest."""
    found = runs_in(RUNS)
    wanted = st.session_state.get(PLACE) or st.query_params.get(PLACE)
    return next((one for one in found if one.name == wanted), found[0] if found else None)


def _watched(told: Words, folder: AssessmentFolder) -> None:
    st.header(plain(folder.name))
    if not orders.ordered(folder):
        st.info(told("page.not_ordered"))
        return
    try:
        state = watch(folder)
    except (OrderError, StoreError) as fault:
        st.error(plain(fault))
        return
    progress(folder, state)


# -- something new ---------------------------------------------------------------------------------------------------
def _order(told: Words, *, disabled: bool) -> None:
    titles = {one.name: _named(told, one) for one in candidates().values()}
    known = _listed(told)
    rows = {one.id: (one.title_zh if told.language == "zh" else one.title) for one in criteria().criteria}
    played = list(dict.fromkeys(one.criterion for one in catalogue()))
    with st.form("order", border=False):
        st.pills(
            told("page.systems"),
            list(titles),
            format_func=titles.__getitem__,
            selection_mode="multi",
            default=list(titles),
            key="order_systems",
            help=told("page.systems_help"),
            wrap=True,
        )
        if known:
            st.multiselect(told("page.listed"), known, key="order_targets", help=told("page.listed_help", file=TARGETS))
            st.checkbox(told("page.pour"), value=True, key="order_pour", help=told("page.pour_help"))
        one, two, three = st.columns(3)
        one.number_input(told("page.customers"), 100, 1_000_000, 10_000, step=1000, key="order_customers")
        two.number_input(told("page.rate"), 1, 20_000, 400, step=50, key="order_rate")
        three.number_input(
            told("page.load_seconds"), 0, 3600, 30, step=10, key="order_seconds", help=told("page.load_seconds_help")
        )
        st.multiselect(
            told("page.only"),
            played,
            format_func=lambda name: f"{name} {rows.get(name, '')}",
            key="order_only",
            placeholder=told("page.only_all"),
        )
        st.form_submit_button(
            told("page.start"), type="primary", icon=":material/play_arrow:", disabled=disabled,
            on_click=permitted(Role.ASSESSOR, _start),
        )  # fmt: skip


def _named(told: Words, one: Candidate) -> str:
    worn = ", ".join(told.of(f"report.label.{label}", label) for label in one.labels)
    return f"{one.title} ({worn})" if worn else one.title


def _listed(told: Words) -> list[str]:
    if not TARGETS.exists():
        return []
    try:
        return sorted(targets())
    except SettingsError as fault:
        st.warning(f"{told('page.targets_unreadable')} {plain(fault)}")
        return []


def _start() -> None:
    asked = st.session_state
    folder = AssessmentFolder(Path(RUNS), datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ"))
    try:
        order = Order(
            systems=tuple(asked["order_systems"] or ()),
            targets=tuple(asked.get("order_targets") or ()),
            pour=bool(asked.get("order_pour", True)),
            customers=int(asked["order_customers"]),
            rate=float(asked["order_rate"]),
            seconds=float(asked["order_seconds"]),
            only=tuple(asked["order_only"]),
        )
        orders.give(folder, order)
        orders.start(folder)
    except (OrderError, StoreError, ValueError, OSError) as fault:
        st.session_state[TROUBLE] = " ".join(str(fault).split())
        return
    st.session_state[PLACE] = folder.name
