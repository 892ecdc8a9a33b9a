"""Progress: an ordered assessment, drawn anew every second while a process works on it."""

import streamlit as st
from markupsafe import Markup

from poc import orders
from poc.admission import Role
from poc.mutants.bundles import WEAKENED
from poc.orders import OrderError
from poc.pages.door import may, permitted
from poc.pages.frame import link, plain, say
from poc.pages.holding import held
from poc.pages.tables import tag
from poc.plots import live
from poc.watch import Going, State, Watched, watch
from poc.words import Words, sentence
from scenarios.disk import StoreError
from scenarios.evidence import Outcome
from scenarios.folders import AssessmentFolder
from scenarios.library import catalogue

#: The colour of a state, beside its word.
KINDS = {State.DONE: "passed", State.FAULTY: "failed", State.BROKEN: "failed"}


def progress(folder: AssessmentFolder, state: Watched) -> None:
    """Draw how far an assessment is, once, or every second while it is being worked on."""
    st.fragment(_drawn, run_every=1 if state.alive else None)(folder, state.alive)


def _drawn(folder: AssessmentFolder, was_alive: bool) -> None:
    if not may(Role.ASSESSOR):
        st.rerun()  # the whole page, which asks for the login
    told = say()
    try:
        state = watch(folder)
    except (OrderError, StoreError) as fault:
        st.error(plain(fault))
        return
    if was_alive and not state.alive:
        st.rerun()  # the whole page: it has other buttons now, and there is something to see on the others
    _head(told, folder, state)
    for one in state.going:
        _target(told, one)


def _head(told: Words, folder: AssessmentFolder, state: Watched) -> None:
    order = state.order
    began = f"{state.began:%Y-%m-%d %H:%M:%S} UTC" if state.began else told("report.none")
    st.html(
        Markup("{} <small>{} {} · {}</small>").format(
            tag(KINDS.get(state.state, "open"), told(f"page.state_{state.state.value}")),
            told("report.started"),
            began,
            told(
                "page.order_told",
                customers=f"{order.customers:,}",
                rate=f"{order.rate:g}",
                seconds=f"{order.seconds:g}",
            ),
        )
    )
    for fault in state.faults:
        st.error(plain(fault))
    if state.alive:
        _preparing(told, state)
        st.button(
            told("page.stop"),
            on_click=permitted(Role.ASSESSOR, orders.stop),
            args=(folder,),
            disabled=state.state is State.STOPPING,
            icon=":material/stop_circle:",
            help=told("page.stop_help"),
            key="stop",
        )
    elif state.state is State.DONE:
        with st.container(horizontal=True):
            link("overview", told("page.to_overview"))
            link("evidence", told("page.to_evidence"))
    else:
        if state.state is State.BROKEN:
            st.warning(told("page.broken", log=folder.path / "log.txt"))
        st.button(
            told("page.resume"),
            on_click=permitted(Role.ASSESSOR, _resume),
            args=(folder,),
            icon=":material/resume:",
            type="primary",
            help=told("page.resume_help"),
            key="resume",
        )


def _preparing(told: Words, state: Watched) -> None:
    if state.preparing is None or any(one.act != "waiting" for one in state.going):
        return
    act, done, total = state.preparing
    st.progress(_share(done, total), text=told(f"page.act_{act}", done=f"{done:,}", total=f"{total:,}"))


def _resume(folder: AssessmentFolder) -> None:
    try:
        orders.start(folder)
    except (OrderError, StoreError, OSError) as fault:
        st.session_state["run_trouble"] = " ".join(str(fault).split())


# -- one target ------------------------------------------------------------------------------------------------------
def _target(told: Words, one: Going) -> None:
    with st.container(border=True, gap="xsmall"):
        worn = [
            told("report.weakened") if label == WEAKENED else told.of(f"report.label.{label}", label)
            for label in one.labels
        ]
        st.markdown(f"**{plain(one.title)}**" + "".join(f" :orange[{plain(label)}]" for label in worn))
        if one.act == "fault":
            st.error(plain(one.fault))
        elif one.act == "load":
            at = len(one.seconds)
            st.progress(_share(at, one.total), text=told("page.act_load", done=at, total=one.total))
        elif one.act in ("scenarios", "seed"):
            text = (
                _at_hand(told, one.name)
                if one.act == "scenarios"
                else told("page.act_seed", done=one.done, total=one.total)
            )
            st.progress(
                _share(one.done, one.total),
                text=f"{one.done}/{one.total} {plain(text)}" if one.act == "scenarios" else text,
            )
        else:
            st.caption(told(f"page.act_{one.act}"))
        if held([one.target]) is not None:
            st.caption(told("committee.held_counts"))
            return
        _counts(told, one)
        if one.seconds and one.act == "load":  # what came later than its second is told by the overview alone
            points = [(second.second, second.p99_ms) for second in one.seconds]
            st.plotly_chart(live(points, told), key=f"live_{one.target}", theme=None, config={"displayModeBar": False})


def _counts(told: Words, one: Going) -> None:
    if not one.outcomes:
        return
    words = [
        tag(name, f"{told(f'report.outcome_{name}')} {one.outcomes[name]}") for name in Outcome if name in one.outcomes
    ]
    if one.harms:
        words.append(tag("harm", f"✕ {told('report.harm')} {one.harms}"))
    st.html(Markup(" ").join(words))


def _at_hand(told: Words, name: str) -> str:
    """Return what a scenario is about, in the reader's language."""
    english = next((one.sentence for one in catalogue() if one.name == name), "")
    return sentence(name, english, told.language)


def _share(done: int, total: int) -> float:
    return min(1.0, done / total) if total > 0 else 0.0
