"""Plots on the axis of a run's seconds: latency as a heat map between load and processors, flow, error budget."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from loadtests.judging import by_second
from loadtests.objectives import Objective
from loadtests.result import LoadResult
from poc.plots import COLOURS, LINE, SHAPES, SOFT, Plot, blank
from poc.pressure.course import Course, heat, quantile_of
from poc.pressure.telling import promise
from poc.words import Words

#: Parts whose processors are drawn: their colour, their dash and their mark.
PARTS = {
    "server": (COLOURS[0], "solid", "circle"),
    "database": (COLOURS[3], "dash", "square"),
    "generator": (COLOURS[1], "dot", "diamond"),
    "machine": (COLOURS[7], "dashdot", "cross"),
}
#: Light to dark: more requests are darker, on a screen and on paper.
SCALE = [[0.0, "rgba(255,255,255,0)"], [0.001, "#e3eefa"], [0.35, "#8dbbe8"], [0.7, "#2f78c4"], [1.0, "#0a2f5c"]]
RED = "#b3261e"
#: Where rates, latency, processors and memory are drawn, from bottom (0) to top (1), on one axis of seconds.
ROOMS = {"y": [0.86, 1.0], "y2": [0.44, 0.82], "y3": [0.19, 0.4], "y4": [0.0, 0.15]}
#: Marks are drawn on a line of so many points at most; beyond, the dash alone tells lines apart.
MARKED = 90


def over_time(course: Course, say: Words) -> Plot:
    """Return offered and completed rate, latency as a heat map, processors and memory, one below the other."""
    figure = blank(640)
    _rates(figure, course, say)
    _processors(figure, course, say)
    low, high = _heat(figure, course, say)
    if course.load.warm_up:
        figure.add_shape(
            type="rect", x0=0, x1=course.load.warm_up, y0=0, y1=1, yref="paper", fillcolor="#5d6b7d", opacity=0.1,
            line_width=0,
        )  # fmt: skip
        figure.add_annotation(
            x=0, y=ROOMS["y2"][1], yref="paper", text=say("load.warm_up"), showarrow=False, xanchor="left",
            yanchor="bottom", font={"size": 11, "color": SOFT},
        )  # fmt: skip
    look = {"gridcolor": LINE, "color": SOFT, "zeroline": False}
    figure.update_layout(
        yaxis={**look, "domain": ROOMS["y"], "title": "/s", "rangemode": "tozero"},
        yaxis2={**look, "domain": ROOMS["y2"], "range": [low, high], **_decades(low, high)},
        yaxis3={**look, "domain": ROOMS["y3"], "title": say("load.axis_cpu"), "rangemode": "tozero"},
        yaxis4={**look, "domain": ROOMS["y4"], "title": "MiB", "rangemode": "tozero"},
        xaxis={
            "range": [0, max(10.0, course.load.profile.seconds)], "showgrid": False, "color": SOFT, "anchor": "y4",
            "title": say("load.axis_seconds"),
        },
        showlegend=True, margin={"l": 62, "r": 8, "t": 10, "b": 44}, hovermode="x",
        legend={"y": -0.13, "yanchor": "top"},
    )  # fmt: skip
    return Plot(" ".join(_found_over_time(course, say)), figure)


def _rates(figure: go.Figure, course: Course, say: Words) -> None:
    length = course.load.profile.seconds
    points = max(2, min(240, math.ceil(length) * 2))
    planned = course.load.profile.rates(points)
    figure.add_scatter(
        x=[length * (at + 0.5) / points for at in range(points)], y=planned, mode="lines", name=say("load.planned"),
        line={"color": "#9aa7b5", "width": 1.5, "dash": "dot"}, hoverinfo="skip",
    )  # fmt: skip
    moments = [one.second for one in course.flow]
    for name, values, colour, dash in (
        ("offered", [one.offered for one in course.flow], COLOURS[0], "solid"),
        ("completed", [one.completed for one in course.flow], COLOURS[2], "dash"),
    ):
        figure.add_scatter(
            x=moments, y=values, mode="lines", name=say(f"load.{name}"),
            line={"color": colour, "width": 2, "dash": dash},
            hovertemplate="%{y:.0f}/s<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    _errors(figure, course, say)


def _errors(figure: go.Figure, course: Course, say: Words) -> None:
    failed = [(one.second + 0.5, one.errors) for one in course.seconds if one.errors]
    if failed:
        figure.add_scatter(
            x=[at for at, _ in failed], y=[n for _, n in failed], name=say("load.errors"), mode="markers",
            marker={"color": RED, "symbol": "x", "size": 8}, hovertemplate="%{y}<extra>%{fullData.name}</extra>",
        )  # fmt: skip


def _heat(figure: go.Figure, course: Course, say: Words) -> tuple[float, float]:
    """Draw latencies by second, and return the powers of ten (ms) between which they lie."""
    edges, grid = heat(course.seconds)
    if edges:
        height = edges[1] - edges[0] if len(edges) > 1 else 0.1
        figure.add_heatmap(
            x=[one.second + 0.5 for one in course.seconds], y=[edge - height / 2 for edge in edges],
            z=[[math.log1p(count) for count in row] for row in grid], customdata=grid, colorscale=SCALE,
            showscale=False, yaxis="y2", hovertemplate="%{customdata}<extra></extra>", name="",
        )  # fmt: skip
    for q, dash, colour in ((0.5, "dot", "#1c2430"), (0.99, "solid", COLOURS[4])):
        figure.add_scatter(
            x=[one.second + 0.5 for one in course.seconds],
            y=[_log(quantile_of(one.cells, q)) for one in course.seconds],
            mode="lines", name=f"p{q * 100:g}", line={"color": colour, "width": 1.8, "dash": dash}, yaxis="y2",
            customdata=[quantile_of(one.cells, q) for one in course.seconds],
            hovertemplate="%{customdata:.1f} ms<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    lags = course.of("generator", "loop_ms")
    bottom = edges[0] if edges else 0.0
    if any(value > 10**bottom for _, value in lags):
        _band(figure, lags, bottom, say)
    for limit in sorted({one.limit_ms for one in course.load.promises() if one.limit_ms}):
        figure.add_hline(math.log10(limit), line={"color": RED, "dash": "dash", "width": 1.2}, yref="y2")
    return (bottom, max(edges[-1], 0.5)) if edges else (0.0, 3.0)


def _band(figure: go.Figure, lags: Sequence[tuple[float, float]], bottom: float, say: Words) -> None:
    """Draw how late the generator's loop was: below that, a latency may be the generator's own."""
    moments = [at for at, _ in lags]
    figure.add_scatter(
        x=moments, y=[bottom] * len(lags), mode="lines", line={"width": 0}, showlegend=False, hoverinfo="skip",
        yaxis="y2",
    )  # fmt: skip
    figure.add_scatter(
        x=moments, y=[max(bottom, _log(value) or bottom) for _, value in lags], mode="lines", fill="tonexty",
        line={"color": "#7b8794", "width": 1, "shape": "hvh"}, fillcolor="rgba(123,135,148,0.28)",
        name=say("load.generator_lag"), yaxis="y2", customdata=[value for _, value in lags],
        hovertemplate="%{customdata:.1f} ms<extra>%{fullData.name}</extra>",
    )  # fmt: skip


def _decades(low: float, high: float) -> dict[str, object]:
    """Return ticks at each tenfold, and at 2 and 5 times each where fewer than three would be seen."""
    tens = range(math.floor(low), math.ceil(high) + 1)
    parts = (1,) if high - low > 2 else (1, 2, 5)
    values = [part * 10.0**power for power in tens for part in parts]
    names = [f"{value:g} ms" if value < 1000 else f"{value / 1000:g} s" for value in values]
    return {"tickvals": [math.log10(value) for value in values], "ticktext": names}


def _processors(figure: go.Figure, course: Course, say: Words) -> None:
    """Draw what each part used, of processors and of memory below, in the same line on both."""
    for part, (colour, dash, mark) in PARTS.items():
        for metric, axis, unit in (("cpu_percent", "y3", "%"), ("memory_mb", "y4", "MiB")):
            seen = course.of(part, metric)
            if seen:
                figure.add_scatter(
                    x=[at for at, _ in seen], y=[value for _, value in seen], yaxis=axis, name=say(f"load.part_{part}"),
                    mode="lines+markers" if len(seen) <= MARKED else "lines", marker={"symbol": mark, "size": 5},
                    line={"color": colour, "dash": dash, "width": 2}, legendgroup=part, showlegend=axis == "y3",
                    hovertemplate=f"%{{y:.0f}} {unit}<extra>%{{fullData.name}}</extra>",
                )  # fmt: skip


def _log(ms: float | None) -> float | None:
    return None if ms is None else math.log10(max(ms, 0.1))


def told_ms(ms: float | None) -> str:
    """Return a latency in words: three digits at most, in ms or s."""
    if ms is None:
        return "–"
    if ms >= 10_000:
        return f"{ms / 1000:.0f} s"
    if ms >= 1000:
        return f"{ms / 1000:.1f} s"
    return f"{ms:.0f} ms" if ms >= 10 else f"{ms:.1f} ms"


def _found_over_time(course: Course, say: Words) -> list[str]:
    whole = course.whole()
    if not whole:
        return [say("load.plot_heat_none")]
    found = [say("load.plot_heat", p50=told_ms(quantile_of(whole, 0.5)), p99=told_ms(quantile_of(whole, 0.99)))]
    counted = [one for one in course.seconds if one.p99_ms is not None and one.second >= course.load.warm_up]
    if counted:
        worst = max(counted, key=lambda one: one.p99_ms or 0.0)
        found.append(say("load.plot_heat_worst", second=worst.second, worst=told_ms(worst.p99_ms)))
    return [*found, of_processors(course, say)]


def of_processors(course: Course, say: Words) -> str:
    """Say how much of a processor server and generator used at the most."""
    most = {part: max((value for _, value in course.of(part, "cpu_percent")), default=None) for part in PARTS}
    if most["generator"] is None:
        return say("load.plot_vitals_none")
    generator = f"{most['generator']:.0f}"
    if most["server"] is None:
        return say("load.plot_vitals_server_unseen", generator=generator)
    return say("load.plot_vitals", server=f"{most['server']:.0f}", generator=generator)


# -- flow ------------------------------------------------------------------------------------------------------------
def flow(course: Course, say: Words) -> Plot:
    """Return what was due and what ended by second, and how many requests were under way."""
    figure = blank(280)
    moments = [one.second for one in course.flow]
    for name, values, colour, dash in (
        ("offered", [one.offered for one in course.flow], COLOURS[0], "solid"),
        ("completed", [one.completed for one in course.flow], COLOURS[2], "dash"),
        ("waiting", [one.waiting for one in course.flow], COLOURS[1], "dot"),
    ):
        figure.add_scatter(
            x=moments, y=values, mode="lines", name=say(f"load.{name}"),
            line={"color": colour, "width": 2, "dash": dash}, hovertemplate="%{y:.0f}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    _errors(figure, course, say)
    figure.update_xaxes(title=say("load.axis_seconds"), showgrid=False, color=SOFT)
    figure.update_yaxes(rangemode="tozero", gridcolor=LINE, color=SOFT)
    figure.update_layout(showlegend=True, margin={"l": 56, "b": 44}, hovermode="x")
    return Plot(_found_in_flow(course, say), figure)


def _found_in_flow(course: Course, say: Words) -> str:
    worst = max(course.flow, key=lambda one: one.waiting, default=None)
    requests, errors = sum(one.requests for one in course.seconds), sum(one.errors for one in course.seconds)
    waiting = f"{worst.waiting:.0f}" if worst else "0"
    if worst is not None and worst.waiting > max(worst.offered, 1):  # more than a second's worth stood in line
        return say("load.plot_flow_behind", waiting=waiting, second=f"{worst.second:.0f}")
    if errors:
        return say("load.plot_flow_errors", errors=f"{errors:,}", requests=f"{requests:,}", waiting=waiting)
    return say("load.plot_flow_kept", waiting=waiting)


# -- error budget ----------------------------------------------------------------------------------------------------
def budget(result: LoadResult, say: Words) -> Plot | None:
    """Return how much of each promise's error budget was left as the run went on; None if no share is promised."""
    promises = [one for one in result.workload.promises() if one.proportion]
    left = {one: _left(result, one) for one in promises}
    left = {one: points for one, points in left.items() if points}
    if not left:
        return None
    figure = blank(280)
    for place, (one, points) in enumerate(left.items()):
        figure.add_scatter(
            x=[at for at, _ in points], y=[max(-1.0, share) for _, share in points], name=promise(one, say),
            customdata=[share for _, share in points],
            mode="lines+markers" if len(points) <= MARKED else "lines",
            line={"color": COLOURS[place % len(COLOURS)], "width": 2},
            marker={"symbol": SHAPES[place % len(SHAPES)], "size": 6},
            hovertemplate="%{customdata:.0%}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.add_hline(0, line={"color": RED, "dash": "dash", "width": 1.5})
    lowest = min(share for points in left.values() for _, share in points)
    figure.update_xaxes(title=say("load.axis_seconds"), showgrid=False, color=SOFT)
    figure.update_yaxes(
        title=say("load.axis_budget"), tickformat=".0%", range=[max(-1.08, min(-0.05, lowest * 1.1)), 1.05],
        gridcolor=LINE, color=SOFT,
    )  # fmt: skip
    figure.update_layout(showlegend=True, margin={"l": 62, "b": 44})
    return Plot(_found_in_budget(left, say), figure)


def _left(result: LoadResult, one: Objective) -> list[tuple[int, float]]:
    """Return (second, share left) of the budget that all of the run's requests give a promise."""
    counted = by_second(result, one)
    allowed = one.allowed * sum(n for n, _ in counted.values())
    points, spent = [], 0
    for second, (_, bad) in counted.items():
        spent += bad
        points.append((second, 1 - spent / allowed if allowed else 0.0))
    return points if allowed else []


def _found_in_budget(left: dict[Objective, list[tuple[int, float]]], say: Words) -> str:
    least = min(left, key=lambda one: left[one][-1][1])
    if left[least][-1][1] >= 0:
        return say("load.plot_budget_kept", promise=promise(least, say), left=f"{left[least][-1][1]:.0%}")
    first = next(second for second, share in left[least] if share < 0)
    return say("load.plot_budget_spent", promise=promise(least, say), second=first)


def shape(rates: Sequence[float], seconds: float, warm_up: float, say: Words) -> go.Figure:
    """Return the rate of arrivals over time, as it is planned."""
    figure = blank(190)
    figure.add_scatter(
        x=[seconds * (at + 0.5) / len(rates) for at in range(len(rates))], y=rates, mode="lines", fill="tozeroy",
        line={"color": COLOURS[0], "width": 2}, hovertemplate="%{x:.0f} s: %{y:.1f}/s<extra></extra>",
    )  # fmt: skip
    if warm_up:
        figure.add_vrect(0, warm_up, fillcolor="#5d6b7d", opacity=0.12, line_width=0)
        figure.add_annotation(
            x=0, y=1.02, yref="paper", text=say("load.warm_up"), showarrow=False, xanchor="left", yanchor="bottom",
            font={"size": 11, "color": SOFT},
        )  # fmt: skip
    figure.update_xaxes(title=say("load.axis_seconds"), range=[0, seconds], showgrid=False, color=SOFT)
    figure.update_yaxes(title=say("load.shape_rate"), rangemode="tozero", gridcolor=LINE, color=SOFT)
    return figure.update_layout(margin={"l": 62, "b": 44, "t": 22})
