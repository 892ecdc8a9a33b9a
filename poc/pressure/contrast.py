"""Plots of several runs: two sides and what differs, one target's runs over time, the rates that a search tried."""

from datetime import UTC, datetime

import plotly.graph_objects as go

from loadtests.arithmetic.arms import FEWEST_RUNS, MARGIN
from loadtests.arithmetic.search import Found
from loadtests.comparison import Comparison, Difference, Trend
from loadtests.objectives import Objective
from poc.plots import COLOURS, LINE, SHAPES, SOFT, Plot, blank
from poc.pressure.plots import RED
from poc.pressure.telling import promise, retold
from poc.words import Words

#: The mark of a verdict, so that colour never speaks alone.
MARKS = {
    "slower": (RED, "x"),
    "faster": (COLOURS[2], "circle"),
    "the same": (COLOURS[2], "square"),
    "cannot tell": (COLOURS[4], "diamond"),
    "indicative": (COLOURS[7], "circle-open"),
}
#: In times of the allowed share: what is broken by more is drawn at the upper edge, with its share in figures.
BEYOND = 5.0
#: Marks of the trials of a search, by what they were made for.
TRIED = {"bracket": "circle", "narrow": "diamond", "confirm": "star"}


def forest(told: Comparison, first: str, second: str, say: Words, margin: float = MARGIN) -> Plot:
    """Return each quantile's ratio of the second side over the first with its interval, and the margin of sameness."""
    figure = blank(52 * len(told.quantiles) + 96)
    figure.add_vrect(1 / (1 + margin), 1 + margin, fillcolor="#1c7c4a", opacity=0.12, line_width=0)
    figure.add_vline(1.0, line={"color": SOFT, "width": 1})
    names = [quantity(one, say) for one in told.quantiles]
    for row, one in enumerate(told.quantiles):
        _ratio(figure, one, -row, say)
    figure.update_yaxes(
        tickvals=[-row for row in range(len(names))], ticktext=names, range=[-len(names) + 0.4, 0.6], automargin=True,
        showgrid=False, zeroline=False,
    )  # fmt: skip
    figure.update_xaxes(title=say("load.axis_ratio"), gridcolor=LINE, color=SOFT, tickformat=".2f")
    figure.update_layout(margin={"b": 44})
    return Plot(_found(told, first, second, margin, say), figure)


def _ratio(figure: go.Figure, one: Difference, row: float, say: Words) -> None:
    colour, mark = MARKS[one.verdict]
    judged = say(f"load.judged_{one.verdict.replace(' ', '_')}")
    if one.lower is not None and one.upper is not None:
        figure.add_scatter(
            x=[one.lower, one.upper], y=[row, row], mode="lines", line={"color": colour, "width": 4}, opacity=0.45,
            hoverinfo="skip",
        )  # fmt: skip
    figure.add_scatter(
        x=[one.seen], y=[row], mode="markers+text", marker={"color": colour, "symbol": mark, "size": 12},
        text=[f"×{one.seen:.2f} {judged}"], textposition="top center", cliponaxis=False,
        hovertemplate=f"{one.first:.1f} ms → {one.second:.1f} ms<extra></extra>",
    )  # fmt: skip


def quantity(one: Difference, say: Words) -> str:
    """Return what a line of a comparison compares, in words."""
    kind, _, quantile = one.what.partition(" ")
    return say("load.quantity", kind=say.of(f"load.scope_{kind}", kind), quantile=quantile)


def _found(told: Comparison, first: str, second: str, margin: float, say: Words) -> str:
    sides = {"first": first, "second": second}
    if min(told.runs) < FEWEST_RUNS:
        return say("load.plot_forest_few", count=FEWEST_RUNS)
    for verdict in ("slower", "faster"):
        for one in told.quantiles:
            if one.verdict == verdict and one.lower is not None and one.upper is not None:
                spans = {"low": f"{one.lower:.2f}", "high": f"{one.upper:.2f}"}
                return say(f"load.plot_forest_{verdict}", what=quantity(one, say), **spans, **sides)
    same = all(one.verdict == "the same" for one in told.quantiles)
    return say(f"load.plot_forest_{'same' if same else 'open'}", margin=f"{margin:.0%}", **sides)


def trend(one: Trend, say: Words) -> Plot:
    """Return p50 and p99 of a target's runs over time; runs that are not valid are drawn hollow."""
    figure = blank(260)
    moments = [datetime.fromtimestamp(facts["began"] or 0.0, UTC) for facts in one.runs]
    for place, name in enumerate(("p50_ms", "p99_ms")):
        shapes = [SHAPES[place] if facts["valid"] else f"{SHAPES[place]}-open" for facts in one.runs]
        figure.add_scatter(
            x=moments, y=[facts[name] for facts in one.runs], mode="lines+markers", name=name.removesuffix("_ms"),
            line={"color": COLOURS[place], "width": 2, "dash": ("dot", "solid")[place]},
            marker={"symbol": shapes, "size": 9, "color": COLOURS[place]},
            customdata=["" if facts["valid"] else say("load.trend_invalid") for facts in one.runs],
            hovertemplate="%{x|%Y-%m-%d %H:%M}: %{y:.1f} ms %{customdata}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    if len(moments) == 1:
        figure.update_xaxes(tickvals=moments, ticktext=[f"{moments[0]:%Y-%m-%d %H:%M}"])
    figure.update_xaxes(showgrid=False, color=SOFT, tickformat="%m-%d<br>%H:%M")
    figure.update_yaxes(title="ms", rangemode="tozero", gridcolor=LINE, color=SOFT)
    figure.update_layout(showlegend=True, margin={"l": 56})
    return Plot(_found_trend(one, say), figure)


def _found_trend(one: Trend, say: Words) -> str:
    name, _, rate = one.workload.rpartition(" at ")
    load = say("load.pressed_at", workload=name, rate=rate)
    if one.p99 is None:
        return say("load.plot_trend_few", workload=load)
    spans = {"low": f"{one.p99.lower:+.1%}", "high": f"{one.p99.upper:+.1%}"}
    key = one.p99.verdict if one.p99.verdict in ("growing", "steady") else "open"
    return say(f"load.plot_trend_{key}", workload=load, **spans)


def searched(found: Found, about: Objective, say: Words) -> Plot:
    """Return the rates that a search tried: the share that broke the promise at each, and where it ends to hold."""
    figure, top = blank(320), BEYOND * about.allowed
    for purpose, mark in TRIED.items():
        made = [one for one in found.trials if one.purpose == purpose]
        if made:
            seen = [min(one.share, top) for one in made]
            figure.add_scatter(
                x=[one.rate for one in made], y=seen, mode="markers+text", name=say(f"load.tried_{purpose}"),
                marker={"symbol": [mark if one.good else f"{mark}-open" for one in made], "size": 11,
                        "color": [COLOURS[2] if one.good else RED for one in made]},
                error_y={"type": "data", "array": [one.half if one.share < top else 0.0 for one in made],
                         "color": SOFT, "thickness": 1},
                text=["" if one.share < top else f"↑ {one.share:.0%}" for one in made], textposition="bottom center",
                customdata=[one.share for one in made], cliponaxis=False,
                hovertemplate="%{x:.0f}/s: %{customdata:.2%}<extra>%{fullData.name}</extra>",
            )  # fmt: skip
    figure.add_hline(about.allowed, line={"color": RED, "dash": "dash", "width": 1.5})
    figure.add_vrect(found.low, found.high or found.low, fillcolor=COLOURS[0], opacity=0.12, line_width=1)
    figure.update_xaxes(title=say("load.axis_rate_tried"), gridcolor=LINE, color=SOFT)
    figure.update_yaxes(
        title=say("load.axis_breaking"), tickformat=".1%", gridcolor=LINE, color=SOFT, range=[-0.03 * top, 1.08 * top]
    )
    figure.update_layout(showlegend=True, margin={"l": 62, "b": 44})
    high = _beyond(found, say)
    key = "load.plot_search_sure" if found.confirmed else "load.plot_search_unsure"
    return Plot(say(key, promise=promise(about, say), low=f"{found.low:,.0f}", high=high), figure)


def _beyond(found: Found, say: Words) -> str:
    if found.ended:
        return say("load.plot_search_unseen", why=retold(found.ended, say))
    if found.high is None:
        return say("load.plot_search_open")
    return say("load.plot_search_breaks", high=f"{found.high:,.0f}")
