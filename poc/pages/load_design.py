"""Load design: target, workload, rate, shape and promises of a load test, pictured and weighed before it starts."""

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st
import yaml
from markupsafe import Markup

from loadtests.judging import loosely
from loadtests.permission import Permission
from loadtests.places import line_of
from loadtests.shapes import shapes
from loadtests.workload import Workload, WorkloadError, names, parse, source_of, workload, written
from poc.admission import Role
from poc.archive import RUNS
from poc.candidates import candidates
from poc.orders import OrderError
from poc.pages.door import permitted
from poc.pages.frame import plain
from poc.pages.tables import fixed, table
from poc.pressure import order
from poc.pressure.leave import Leave, leave_for
from poc.pressure.order import LoadOrder
from poc.pressure.plots import shape
from poc.pressure.telling import lasting, promise, prospects, retold
from poc.settings import TARGETS, SettingsError, targets
from poc.words import Words
from scenarios.disk import StoreError
from scenarios.folders import AssessmentFolder

#: What the designer keeps in the session; a run that is put into it anew fills these.
KEYS = ("kind", "own", "yaml", "rate", "forecast", "seconds", "profile", "users", "promises")
OWN_POINTS = "…"
#: Where a trouble of the last click waits for the page to be drawn.
TROUBLE = "load_trouble"
#: Begins with what a workload's own file says of these.
FIRST = "bank-peak"
LISTED = "listed:"


def design(told: Words) -> None:
    """Draw the designer."""
    _first(FIRST)
    built_in, target = _target(told)
    asked = _workload(told)
    leave = None if built_in or not target else _leave(target, None if isinstance(asked, str) else asked)
    if leave is not None:
        _tell_leave(told, leave)
    if isinstance(asked, str):
        st.error(f"**{told('load.fault')}** {plain(asked)}", icon=":material/edit_off:")
    else:
        _pictured(told, asked)
        _proves(told, asked)
    busy = order.at_work(RUNS)
    if busy:
        st.info(told("load.busy", names=plain(", ".join(busy))))
    if leave is None or leave.kind == "here":
        st.caption(told("load.loopback"))
    st.checkbox(told("load.early"), key="load_early")
    st.button(
        told("load.start"), type="primary", icon=":material/play_arrow:", key="load_start",
        disabled=bool(busy) or isinstance(asked, str) or not target or (leave is not None and not leave.given),
        on_click=permitted(Role.ASSESSOR, _start), args=(asked, target, built_in),
    )  # fmt: skip


def put(load: Workload) -> None:
    """Put a workload into the designer: a shipped one by its fields, any other as YAML."""
    known = load.name in names()
    _fill(load.name if known else FIRST, load)
    st.session_state["load_own"] = not known or _beside_fields(load) != _beside_fields(workload(load.name))
    st.session_state["load_yaml"] = yaml.safe_dump(dict(load.as_dict()), allow_unicode=True, sort_keys=False, width=100)


def _beside_fields(load: Workload) -> Mapping[str, object]:
    """Return what a workload says besides what the designer has fields for."""
    fields = ("rate", "forecast", "seconds", "profile", "users", "objectives")
    return {name: value for name, value in load.as_dict().items() if name not in fields}


# -- the fields ------------------------------------------------------------------------------------------------------
def _first(kind: str) -> None:
    if "load_kind" not in st.session_state:
        _fill(kind, workload(kind))
    for key in KEYS:  # a widget that is not drawn for a while is not to forget what it held
        if f"load_{key}" in st.session_state:
            st.session_state[f"load_{key}"] = st.session_state[f"load_{key}"]


def _fill(kind: str, load: Workload) -> None:
    state = st.session_state
    state["load_kind"], state["load_rate"], state["load_seconds"] = kind, float(load.rate), float(load.seconds)
    state["load_users"], state["load_forecast"] = load.users, float(load.claimed_rate)
    state["load_profile"] = load.profile_of if isinstance(load.profile_of, str) else OWN_POINTS
    state["load_promises"] = "\n".join(f"{scope} {text}" for scope, texts in load.objectives.items() for text in texts)
    state["load_yaml"] = source_of(kind)
    state.setdefault("load_own", False)


def _refill() -> None:
    kind = st.session_state["load_kind"]
    _fill(kind, workload(kind))


def _target(told: Words) -> tuple[bool, str]:
    titles = {one.name: one.title for one in candidates().values()}
    for name in _listed(told):
        titles[f"{LISTED}{name}"] = told("load.listed", name=name)
    one, two, three = st.columns([2, 1, 1])
    chosen = one.selectbox(
        told("load.target"), list(titles), format_func=titles.__getitem__, key="load_target",
        help=told("load.target_help"),
    )  # fmt: skip
    two.number_input(
        told("load.customers"), 100, 1_000_000, 2_000, step=1000, key="load_customers", help=told("load.customers_help")
    )
    three.number_input(told("load.seed"), 0, 2**53 - 1, 1, key="load_seed")
    built_in = not str(chosen).startswith(LISTED)
    if not built_in:
        st.checkbox(told("load.pour"), key="load_pour", help=told("load.pour_help"))
    return built_in, str(chosen or "").removeprefix(LISTED)


def _leave(target: str, asked: Workload | None) -> Leave | None:
    try:
        return leave_for(targets()[target], asked, datetime.now(UTC))
    except (SettingsError, KeyError):
        return None  # the list of targets tells it already


def _tell_leave(told: Words, found: Leave) -> None:
    """Tell whose permission covers pressing a listed target, until when and how hard, or why none does."""
    paper = found.permission
    facts = {} if paper is None else _paper(told, paper, found.key)
    match found.kind:
        case "signed":
            st.success(plain(told("load.leave_signed", **facts)), icon=":material/verified_user:")
        case "refused":
            st.error(plain(told("load.leave_refused", why=retold(found.why, told))), icon=":material/gpp_bad:")
            if facts:
                st.caption(plain(told("load.leave_paper", **facts)))
        case _:
            st.caption(told(f"load.leave_{found.kind}"))


def _paper(told: Words, paper: Permission, key: str) -> dict[str, str]:
    window = told("load.leave_window", window=paper.window) if paper.window else ""
    begins, until = (f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}" for moment in (paper.begins, paper.expires))
    return {
        "vendor": paper.vendor, "host": paper.host, "begins": begins, "until": f"{until} UTC", "window": window,
        "rate": f"{paper.most_per_second:g}", "by": paper.signed_by, "bears": key[:16],
    }  # fmt: skip


def _listed(told: Words) -> list[str]:
    if not TARGETS.exists():
        return []
    try:
        return sorted(targets())
    except SettingsError as fault:
        st.warning(f"{told('page.targets_unreadable')} {plain(fault)}")
        return []


def _workload(told: Words) -> Workload | str:
    """Return the workload that the fields describe, or what is wrong with it."""
    one, two = st.columns([2, 1], vertical_alignment="bottom")
    kind = one.selectbox(told("load.workload"), names(), key="load_kind", on_change=_refill)
    own = two.toggle(told("load.own"), key="load_own", help=told("load.own_help"))
    if own:
        st.text_area(told("load.yaml"), height=360, key="load_yaml")
        return _of_yaml(told, str(st.session_state["load_yaml"]))
    st.caption(plain(told.of(f"load.about_{kind}", workload(kind).because)))
    one, two, three, four, five = st.columns(5)
    one.number_input(told("load.rate"), 0.1, 20_000.0, step=10.0, key="load_rate", format="%g")
    five.number_input(
        told("load.forecast"), 0.1, 20_000.0, step=10.0, key="load_forecast", format="%g",
        help=told("load.forecast_help"),
    )  # fmt: skip
    two.number_input(told("load.seconds_field"), 1.0, 86_400.0, step=10.0, key="load_seconds", format="%g")
    known = [*shapes(), *([OWN_POINTS] if not isinstance(workload(kind).profile_of, str) else [])]
    three.selectbox(
        told("load.profile"), known, key="load_profile",
        format_func=lambda name: told("load.profile_own") if name == OWN_POINTS else told(f"load.shape_{name}"),
    )  # fmt: skip
    four.number_input(told("load.users"), 1, 5_000, step=8, key="load_users", help=told("load.users_help"))
    st.text_area(told("load.promises"), key="load_promises", height=140, help=told("load.promises_help"))
    return _of_fields(workload(kind))


def _of_fields(begins: Workload) -> Workload | str:
    asked = st.session_state
    data = begins.as_dict()
    changes: dict[str, object] = {
        "rate": float(asked["load_rate"]),
        "forecast": float(asked["load_forecast"]),
        "seconds": float(asked["load_seconds"]),
        "users": int(asked["load_users"]),
        "objectives": _promises(str(asked["load_promises"])),
    }
    if asked["load_profile"] != OWN_POINTS:
        changes["profile"] = asked["load_profile"]
    if begins.batch is not None and begins.batch.begins >= float(asked["load_seconds"]):
        changes["batch"] = {**begins.batch.model_dump(mode="json"), "begins": float(asked["load_seconds"]) / 2}
    try:
        return parse({**data, **changes})
    except WorkloadError as fault:
        return str(fault)


def _promises(text: str) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for line in text.splitlines():
        scope, _, words = line.strip().partition(" ")
        if scope:
            told.setdefault(scope, []).append(words)
    return told


def _of_yaml(told: Words, text: str) -> Workload | str:
    try:
        return written(text)
    except WorkloadError as fault:
        line = line_of(text, str(fault))
        return str(fault) if line is None else f"{told('load.at_line', line=line)}: {fault}"


# -- what it will be -------------------------------------------------------------------------------------------------
def _pictured(told: Words, asked: Workload) -> None:
    profile = asked.profile
    points = max(60, min(400, round(profile.seconds)))
    facts = {"total": f"{profile.total:,.0f}", "time": lasting(profile.seconds, told), "rate": f"{asked.rate:g}"}
    st.markdown(plain(told("load.shape_title", **facts)))
    figure = shape(profile.rates(points), profile.seconds, asked.warm_up, told)
    st.plotly_chart(figure, key="load_shape", theme=None, config={"displayModeBar": False})


def _proves(told: Words, asked: Workload) -> None:
    st.subheader(told("load.proves"))
    if why := loosely(asked):
        st.warning(plain(told("load.proves_nothing", why=retold(why, told))))
    if not (rows := prospects(asked, told)):
        st.info(told("load.no_promises"))
        return
    head = [told(f"load.{name}") for name in ("promised", "requests", "at_least")]
    lines = [
        (
            Markup("{}<br><small>{} {}</small>").format(promise(one, told), _sign(expected, least), text),
            fixed(f"{expected:,.0f}"),
            fixed("–" if least is None else f"{least:,}"),
        )
        for one, expected, least, text in rows
    ]
    st.html(table(head, lines))


def _sign(expected: float, least: int | None) -> str:
    return "✓" if least is None or expected >= least else "▲"


# -- the start -------------------------------------------------------------------------------------------------------
def _start(asked: Workload, target: str, built_in: bool) -> None:
    state = st.session_state
    folder = AssessmentFolder(order.place(RUNS), order.named())
    try:
        wish = LoadOrder(
            target=target,
            built_in=built_in,
            workload=asked.as_dict(),
            early=bool(state.get("load_early")),
            pour=bool(state.get("load_pour")) and not built_in,
            customers=int(state["load_customers"]),
            seed=int(state["load_seed"]),
        )
        order.give(folder, wish)
        order.start(folder)
    except (OrderError, StoreError, WorkloadError, ValueError, OSError) as fault:
        state[TROUBLE] = " ".join(str(fault).split())
        return
    state["load"], state["load_view"] = folder.name, "result"
