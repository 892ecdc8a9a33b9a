"""Load result: a load test while it goes on, drawn anew every second, and what it proves when it has ended."""

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup

from loadtests.judging import Judgement, Sheet, judge
from loadtests.result import LoadResult, ResultError
from poc import orders
from poc.admission import Role
from poc.orders import OrderError
from poc.pages.door import may, permitted
from poc.pages.frame import plain, say
from poc.pages.holding import may_show
from poc.pages.load_design import put
from poc.pages.tables import fixed, table, tag
from poc.plots import Plot
from poc.pressure.course import Course, course_of, quantile_of
from poc.pressure.live import Watched, result_of, watch
from poc.pressure.order import ordered
from poc.pressure.plots import budget, flow, over_time, told_ms
from poc.pressure.spreads import lags, quantiles, quantiles_so_far, steps
from poc.pressure.telling import SIGNS, between, figure, promise, retold, verdict, worn
from poc.watch import State
from poc.words import Words
from scenarios.disk import StoreError
from scenarios.folders import AssessmentFolder

#: Where the chosen load test is kept, in the session and in the address.
CHOSEN = "load"
#: The colour of a state or verdict, beside its word.
KINDS = {State.DONE: "passed", State.FAULTY: "failed", State.BROKEN: "failed"}
COLOURS = {"passed": "passed", "failed": "failed", "inconclusive": "open", "invalid": "open", "nothing": "open"}


def result(told: Words) -> None:
    """Draw the load test that is chosen."""
    folder = _chosen(told)
    if folder is None:
        st.info(told("load.empty"))
        return
    try:
        state = watch(folder)
    except (OrderError, StoreError) as fault:
        st.error(plain(fault))
        return
    _head(told, state)
    if not may_show([state.order.target], told, st.subheader):
        return
    if state.alive:
        st.fragment(_going, run_every=1)(folder)
    else:
        _ended(told, folder, state)


def _chosen(told: Words) -> AssessmentFolder | None:
    found = {one.name: one for one in ordered()}
    if not found:
        return None
    if st.session_state.get(CHOSEN) not in found:
        asked = st.query_params.get(CHOSEN)
        st.session_state[CHOSEN] = asked if asked in found else next(iter(found))
    name = st.selectbox(told("load.chosen"), list(found), key=CHOSEN)
    st.query_params[CHOSEN] = name
    return found[name]


def _head(told: Words, state: Watched) -> None:
    load = state.order.load
    began = f"{state.began:%Y-%m-%d %H:%M:%S} UTC" if state.began else "–"
    facts = f"{state.order.target} · {load.name} · {load.rate:g}/s · {load.seconds:g} s · {told('load.began')} {began}"
    mark = tag(KINDS.get(state.state, "open"), told(f"page.state_{state.state.value}"))
    st.html(Markup("{} <small>{}</small>").format(mark, facts))


# -- while it goes on ------------------------------------------------------------------------------------------------
def _going(folder: AssessmentFolder) -> None:
    if not may(Role.ASSESSOR):
        st.rerun()  # the whole page, which asks for the login
    told = say()
    try:
        state = watch(folder)
    except (OrderError, StoreError) as fault:
        st.error(plain(fault))
        return
    if not state.alive:
        st.rerun()  # the whole page: there is a result now
    st.progress(min(1.0, state.done / state.total) if state.total else 0.0, text=_act(told, state))
    st.button(
        told("load.stop"), on_click=permitted(Role.ASSESSOR, orders.stop), args=(folder,), key="load_stop",
        disabled=state.state is State.STOPPING, icon=":material/stop_circle:", help=told("load.stop_help"),
    )  # fmt: skip
    st.caption(told("load.loopback"))
    if state.course.seconds:
        _live(told, state.course)


def _act(told: Words, state: Watched) -> str:
    if state.act == "load" and not state.course.seconds:
        return told("load.act_connecting", users=state.order.load.users)
    return told.of(f"load.act_{state.act}", state.act).format(done=f"{state.done:,}", total=f"{state.total:,}")


def _live(told: Words, course: Course) -> None:
    latest, now = course.seconds[-1], course.flow[-1] if course.flow else None
    errors = sum(one.errors for one in course.seconds)
    told_now: Mapping[str, str] = {
        "offered": f"{now.offered:,.0f}/s" if now else "–",
        "completed": f"{now.completed:,.0f}/s" if now else "–",
        "waiting": f"{now.waiting:,.0f}" if now else "–",
        "errors": f"{errors:,}",
        "p50": told_ms(quantile_of(latest.cells, 0.5)),
        "p99": told_ms(latest.p99_ms),
        "server_cpu": _last(course, "server", "cpu_percent", "{:.0f} %"),
        "generator_lag": _last(course, "generator", "loop_ms", "{:.1f} ms"),
    }
    boxes = [
        Markup("<div><small>{}</small><b>{}</b></div>").format(told(f"load.{name}"), value)
        for name, value in told_now.items()
    ]
    st.html(Markup('<div class="ts-gauges">{}</div>').format(Markup("").join(boxes)))
    plot = over_time(course, told)
    st.plotly_chart(plot.figure, key="load_live", theme=None, config={"displayModeBar": False})
    curve = quantiles_so_far(course, told)
    st.plotly_chart(curve, key="load_curve", theme=None, config={"displayModeBar": False})


def _last(course: Course, part: str, metric: str, form: str) -> str:
    seen = course.of(part, metric)
    return form.format(seen[-1][1]) if seen else "–"


# -- when it has ended -----------------------------------------------------------------------------------------------
def _ended(told: Words, folder: AssessmentFolder, state: Watched) -> None:
    if state.fault:
        st.error(plain(state.fault))
    if state.state is State.BROKEN:
        st.warning(told("load.log", log=plain(folder.path / "log.txt")))
    st.button(
        told("load.again"), key="load_again", icon=":material/replay:", help=told("load.again_help"),
        on_click=_again, args=(state,),
    )  # fmt: skip
    try:
        seen = result_of(folder)
    except ResultError as fault:
        st.error(plain(fault))
        return
    if seen is None:
        if not state.fault:
            st.info(told("load.state_ended"))
        return
    show(told, seen)
    st.caption(plain(told("load.files", folder=folder.path)))


def _again(state: Watched) -> None:
    put(state.order.load)
    names = {"load_customers": state.order.customers, "load_seed": state.order.seed, "load_early": state.order.early}
    st.session_state.update(names)
    st.session_state["load_target"] = state.order.target if state.order.built_in else f"listed:{state.order.target}"
    st.session_state["load_view"] = "design"


def show(told: Words, seen: LoadResult) -> None:
    """Draw the verdict of a run, its promises, and its pictures."""
    sheet = judge(seen)
    found = verdict(seen, sheet, told)
    word = f"{SIGNS[found.kind]} {told(f'load.verdict_title_{found.kind}')}"
    marks = Markup("").join(Markup('<span class="ts-weak">{}</span>').format(one) for one in worn(seen.labels, told))
    st.html(Markup('<p class="ts-lead">{} {}{}</p>').format(tag(COLOURS[found.kind], word), found.text, marks))
    ground = "loopback" if seen.ground == "loopback" else "ground"
    st.caption(plain(told(f"load.{ground}", ground=seen.ground)) if ground == "ground" else told("load.loopback"))
    _promised(told, sheet)
    _notes(told, seen, sheet)
    course = course_of(seen)
    _drawn(over_time(course, told), "load_time")
    for name, plot in (
        ("quantiles", quantiles(seen, told)),
        ("flow", flow(course, told)),
        ("budget", budget(seen, told)),
        ("steps", steps(seen, told)),
        ("lags", lags(seen, told)),
    ):
        if plot is not None:
            _drawn(plot, f"load_{name}")


def _drawn(plot: Plot, key: str) -> None:
    st.markdown(f"**{plain(plot.title)}**")
    st.plotly_chart(plot.figure, key=key, theme=None, config={"displayModeBar": False})


def _promised(told: Words, sheet: Sheet) -> None:
    if not sheet.judgements:
        return
    names = ("promised", "head_verdict", "requests", "head_quantile", "head_seen", "head_between", "head_budget")
    head = [told(f"load.{name}") for name in (*names, "head_still")]
    st.html(table(head, [_row(told, one) for one in sheet.judgements]))


def _row(told: Words, one: Judgement) -> list[str | Markup]:
    word = f"{SIGNS[one.verdict]} {told(f'load.verdict_title_{one.verdict}')}"
    return [
        Markup("{}<br><small>{}</small>").format(promise(one.objective, told), retold(one.note, told)),
        tag(COLOURS[one.verdict], word),
        fixed(f"{one.n:,}"),
        fixed(told_ms(one.quantile_ms)),
        fixed(figure(one)),
        fixed(between(one)),
        fixed("–" if one.budget_spent is None else f"{one.budget_spent:.0%}"),
        fixed("–" if one.needed is None else f"{one.needed:,}"),
    ]


def _notes(told: Words, seen: LoadResult, sheet: Sheet) -> None:
    st.caption(plain(told("load.arrivals", finished=f"{seen.finished:,}", released=f"{seen.released:,}")))
    for note in sheet.notes:
        st.warning(plain(retold(note, told)), icon=":material/info:")
    if seen.errors:
        with st.expander(told("load.error_texts")):
            rows = [(text, fixed(f"{count:,}")) for text, count in seen.errors.items()]
            st.html(table([told("load.error_texts"), told("load.count")], rows))
