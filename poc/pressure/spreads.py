"""Plots of how figures spread: latency by quantile, what each step's time is made of, how late the generator was."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from loadtests.histogram import CELL, Histogram
from loadtests.objectives import Objective
from loadtests.result import LIMITS, LoadResult
from poc.plots import COLOURS, LINE, SHAPES, SOFT, Plot, blank
from poc.pressure.course import Course
from poc.pressure.plots import RED, told_ms
from poc.pressure.quantiles import Point, curve
from poc.pressure.telling import promise
from poc.words import Words

#: The quantiles that the axis names, by what lies beyond them.
NAMED = {2: "50 %", 10: "90 %", 100: "99 %", 1000: "99.9 %", 10_000: "99.99 %", 100_000: "99.999 %"}
#: A wait that is told: p99 from the due moment beyond so many times the p99 from sending, and by so many ms.
HIDDEN, HIDDEN_MS = 1.1, 5.0


def quantiles(result: LoadResult, say: Words) -> Plot | None:
    """Return latency by quantile on an axis that gives each nine the same room; None if nothing was answered."""
    response, service = curve(result), curve(result, "service", bounded=False)
    if not response:
        return None
    figure = _axes(say, response[-1].q)
    _ribbon(figure, response, say)
    _lines(figure, (("response", response, COLOURS[0], "solid"), ("service", service, COLOURS[1], "dash")), say)
    _promised(figure, result.workload.promises(), say)
    return Plot(_found(result, say), figure)


def quantiles_so_far(course: Course, say: Words) -> go.Figure:
    """Return the same curve of a run that goes on, from its coarse cells and without bounds."""
    whole = Histogram({cell << CELL: count for cell, count in course.whole().items()})
    n = whole.n
    places = range(math.floor(math.log10(n) * 10) + 1) if n else range(0)
    points = [
        Point(1 - 10 ** (-at / 10), (whole.quantile(1 - 10 ** (-at / 10)) or 0) / 1000, None, None) for at in places
    ]
    figure = _axes(say, points[-1].q if points else 0.99)
    _lines(figure, (("response", points, COLOURS[0], "solid"),), say)
    _promised(figure, course.load.promises(), say)
    return figure


def _axes(say: Words, furthest: float) -> go.Figure:
    figure = blank(340)
    reach = max(100.0, 1 / (1 - furthest) if furthest < 1 else 1e5)
    named = [at for at in NAMED if at <= reach * 1.05]
    figure.update_xaxes(
        type="log", tickvals=named, ticktext=[NAMED[at] for at in named], range=[0, math.log10(reach) + 0.08],
        tickangle=0, title=say("load.axis_share"), gridcolor=LINE, color=SOFT,
    )  # fmt: skip
    ticks = [10.0**at for at in range(-1, 6)]
    figure.update_yaxes(
        type="log", title=say("load.axis_ms"), gridcolor=LINE, color=SOFT, tickvals=ticks,
        ticktext=[told_ms(at).replace(".0", "") for at in ticks],
    )  # fmt: skip
    return figure.update_layout(showlegend=True, margin={"l": 66, "b": 44})


def _ribbon(figure: go.Figure, points: Sequence[Point], say: Words) -> None:
    bounded = [one for one in points if one.lower is not None and one.upper is not None]
    if not bounded:
        return
    x = [1 / (1 - one.q) for one in bounded]
    figure.add_scatter(
        x=[*x, *reversed(x)], y=[*(one.upper for one in bounded), *(one.lower for one in reversed(bounded))],
        fill="toself", fillcolor="rgba(11,92,173,0.16)", line={"width": 0}, name=say("load.bounds"), hoverinfo="skip",
    )  # fmt: skip


def _lines(figure: go.Figure, told: Sequence[tuple[str, Sequence[Point], str, str]], say: Words) -> None:
    for name, points, colour, dash in told:
        figure.add_scatter(
            x=[1 / (1 - one.q) for one in points], y=[one.ms for one in points], mode="lines", name=say(f"load.{name}"),
            line={"color": colour, "width": 2.4, "dash": dash}, customdata=[one.q for one in points],
            hovertemplate="%{customdata:.3%}: %{y:.1f} ms<extra>%{fullData.name}</extra>",
        )  # fmt: skip


def _promised(figure: go.Figure, promises: Sequence[Objective], say: Words) -> None:
    limited = [one for one in promises if one.limit_ms is not None]
    if not limited:
        return
    figure.add_scatter(
        x=[1 / one.allowed for one in limited], y=[one.limit_ms for one in limited], mode="markers",
        name=say("load.limit"), marker={"symbol": "triangle-down", "size": 12, "color": RED},
        text=[promise(one, say) for one in limited], hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def _found(result: LoadResult, say: Words) -> str:
    whole, served = (result.histogram(metric=metric).quantile(0.99) for metric in ("response", "service"))
    if whole is None or served is None:
        return say("load.plot_heat_none")
    response, service = whole / 1000, served / 1000
    text = say("load.plot_quantiles", response=told_ms(response))
    if response > HIDDEN * service and response - service > HIDDEN_MS:
        text += " " + say("load.plot_quantiles_hidden", response=told_ms(response), service=told_ms(service))
    return text


# -- steps -----------------------------------------------------------------------------------------------------------
def steps(result: LoadResult, say: Words) -> Plot | None:
    """Return what the p50 and p95 of each step are made of: answering, and waiting to be sent; slowest first."""
    told = [(name, q, *_parts(result, name, q)) for name in result.workload.played() for q in (0.5, 0.95)]
    told = [one for one in told if one[2] is not None]
    if not told:
        return None
    worst = {name: whole for name, q, whole, _ in told if q == 0.95}
    told.sort(key=lambda one: (worst.get(one[0]) or 0.0, one[0], one[1]))
    figure = blank(26 * len(told) + 76)
    names = [f"{name} p{q * 100:g}" for name, q, _, _ in told]
    served = [min(whole or 0.0, service or 0.0) for _, _, whole, service in told]
    for name, values, colour, pattern in (
        ("serving", served, COLOURS[0], ""),
        ("queueing", [(one[2] or 0.0) - own for one, own in zip(told, served, strict=True)], COLOURS[1], "/"),
    ):
        figure.add_bar(
            y=names, x=values, orientation="h", name=say(f"load.{name}"),
            marker={"color": colour, "pattern": {"shape": pattern, "fgcolor": "white", "size": 5}},
            hovertemplate="%{x:.1f} ms<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.25, showlegend=True, margin={"b": 44})
    figure.update_xaxes(title="ms", rangemode="tozero", gridcolor=LINE, color=SOFT)
    figure.update_yaxes(automargin=True, color=SOFT)
    name, _, whole, service = told[-1]
    wait = max(0.0, (whole or 0.0) - (service or 0.0))
    return Plot(say("load.plot_steps", step=name, p95=told_ms(whole), wait=told_ms(wait)), figure)


def _parts(result: LoadResult, step: str, q: float) -> tuple[float | None, float | None]:
    kind = "batch" if result.workload.batch and step not in _online(result) else None
    seen = [result.histogram(step=step, kind=kind, metric=metric).quantile(q) for metric in ("response", "service")]
    whole, service = (None if one is None else one / 1000 for one in seen)
    return whole, service


def _online(result: LoadResult) -> set[str]:
    load = result.workload
    return {stop.step for name, weight in load.mix.items() if weight > 0 for stop in load.stops(name)}


# -- the generator ---------------------------------------------------------------------------------------------------
def lags(result: LoadResult, say: Words) -> Plot | None:
    """Return how late the generator was, as the share of moments at which it was no later; None if nobody counted."""
    known = {"dispatch": "dispatch_lag_p99_ms", "loop": "loop_lag_p99_ms"}
    told = {name: Histogram(result.lags[name]) for name in known if result.lags.get(name)}
    if not told:
        return None
    figure = blank(280)
    for place, (name, seen) in enumerate(told.items()):
        x, y = _ecdf(seen)
        figure.add_scatter(
            x=x, y=y, mode="lines", name=say(f"load.{name}"), line_shape="hv",
            line={"color": COLOURS[place], "width": 2, "dash": ("solid", "dash")[place]},
            hovertemplate="%{x:.2f} ms: %{y:.1%}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=[LIMITS[known[name]]], y=[0.99], mode="markers", showlegend=False, hoverinfo="skip",
            marker={"symbol": SHAPES[place], "size": 11, "color": COLOURS[place], "line": {"color": RED, "width": 2}},
        )  # fmt: skip
    ticks = [0.01, 0.1, 1, 10, 100, 1000]
    figure.update_xaxes(
        type="log", title=say("load.axis_lag"), gridcolor=LINE, color=SOFT, tickvals=ticks,
        ticktext=[f"{at:g}" for at in ticks],
    )  # fmt: skip
    figure.update_yaxes(title=say("load.axis_lag_share"), tickformat=".0%", range=[0, 1.02], gridcolor=LINE, color=SOFT)
    figure.update_layout(showlegend=True, margin={"l": 62, "b": 44})
    return Plot(_found_lag(result, say), figure)


def _ecdf(seen: Histogram) -> tuple[list[float], list[float]]:
    x, y, passed, n = [], [], 0, seen.n
    for index in sorted(seen.counts):
        passed += seen.counts[index]
        x.append(max(0.01, (Histogram({index: 1}).quantile(1.0) or 0) / 1000))
        y.append(passed / n)
    return x, y


def _found_lag(result: LoadResult, say: Words) -> str:
    limit, seen = LIMITS["dispatch_lag_p99_ms"], result.generator.get("dispatch_lag_p99_ms")
    key = "good" if seen is not None and seen <= limit else "late"
    return say(f"load.plot_lags_{key}", dispatch=told_ms(seen), limit=f"{limit:g}")
