"""Load compare: two sides of load runs beside each other, and one target's runs over time."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from loadtests.comparison import Comparison, ComparisonError, Difference, trends
from loadtests.comparison import compare as compared
from loadtests.result import LoadResult, ResultError, load
from poc.pages.frame import plain
from poc.pages.holding import may_show
from poc.pages.tables import fixed, table
from poc.pressure.contrast import forest, trend
from poc.pressure.shelf import Filed, shelf
from poc.pressure.telling import retold, worn
from poc.words import Words


def compare(told: Words) -> None:
    """Draw the choice of two sides, what differs, and the history of a target."""
    found = {str(one.folder): one for one in shelf()}
    if not may_show({one.target for one in found.values()}, told, st.subheader):
        return
    if found:
        _runs(told, found)
    else:
        st.info(told("load.compare_none"))


def _runs(told: Words, found: Mapping[str, Filed]) -> None:
    titles = {name: " · ".join((one.title, *worn(one.labels, told))) for name, one in found.items()}
    st.write(told("load.compare_help"))
    one, two = st.columns(2)
    empty = told("load.compare_runs")
    first = one.multiselect(
        told("load.side_first"), list(found), format_func=titles.__getitem__, key="load_first", placeholder=empty
    )
    second = two.multiselect(
        told("load.side_second"), list(found), format_func=titles.__getitem__, key="load_second", placeholder=empty
    )
    try:
        if first and second:
            _compared(told, [_read(found[name]) for name in first], [_read(found[name]) for name in second])
        else:
            st.info(told("load.compare_choose"))
        _history(told, found)
    except ResultError as fault:
        st.error(plain(fault))


def _read(one: Filed) -> LoadResult:
    return _loaded(one.folder.as_posix(), one.began)


@st.cache_resource(max_entries=60, show_spinner=False)
def _loaded(folder: str, began: float) -> LoadResult:
    """Return a result, read once for all who look; the moment tells a newer one in the same folder from it."""
    return load(Path(folder))


def _compared(told: Words, first: Sequence[LoadResult], second: Sequence[LoadResult]) -> None:
    try:
        seen = compared(first, second)
    except ComparisonError as fault:
        st.error(plain(fault))
        return
    names = [side[0].target for side in (first, second)]
    if names[0] == names[1]:
        names = [
            f"{name} ({told(f'load.compare_{side}')})" for name, side in zip(names, ("first", "second"), strict=True)
        ]
    plot = forest(seen, names[0], names[1], told)
    st.markdown(f"**{plain(plot.title)}**")
    st.plotly_chart(plot.figure, key="load_forest", theme=None, config={"displayModeBar": False})
    for note in seen.notes:
        st.caption(plain(retold(note, told)))
    _shares(told, seen)


def _shares(told: Words, seen: Comparison) -> None:
    if not seen.shares:
        return
    head = ["compare_shares", "compare_first", "compare_second", "compare_difference", "head_between", "head_verdict"]
    st.html(table([told(f"load.{name}") for name in head], [_line(told, one) for one in seen.shares]))


def _line(told: Words, one: Difference) -> list[str | Markup]:
    name, _, _ = one.what.partition(":")
    scope, _, text = name.partition(" ")
    between = "–" if one.lower is None or one.upper is None else f"{one.lower:+.3%} … {one.upper:+.3%}"
    return [
        told("load.promise", scope=told.of(f"load.scope_{scope}", scope), text=retold(text, told)),
        fixed(f"{one.first:.3%}"),
        fixed(f"{one.second:.3%}"),
        fixed(f"{one.seen:+.3%}"),
        fixed(between),
        told(f"load.judged_{one.verdict.replace(' ', '_')}"),
    ]


def _history(told: Words, found: Mapping[str, Filed]) -> None:
    st.subheader(told("load.history"))
    targets = sorted({one.target for one in found.values()})
    target = st.selectbox(told("load.target"), targets, key="load_history")
    ran = [_read(one) for one in reversed(tuple(found.values())) if one.target == target]
    for place, one in enumerate(trends(ran)):
        plot = trend(one, told)
        st.markdown(f"**{plain(plot.title)}**")
        st.plotly_chart(plot.figure, key=f"load_trend_{place}", theme=None, config={"displayModeBar": False})
