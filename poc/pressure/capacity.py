"""Plots of how much a system takes: throughput by users with the law of scalability, latency by customers on file."""

import math

import numpy as np
import plotly.graph_objects as go

from loadtests.arithmetic.scaling import Band, Growth
from loadtests.enlargement import EXPONENT
from poc.plots import COLOURS, LINE, SOFT, Plot, blank
from poc.pressure.plots import RED, told_ms
from poc.pressure.series import Climbed, Grown
from poc.words import Words

#: Points of a curve.
POINTS = 80
#: Where throughput is said to have no peak within reach, in times of the most that was tried.
OUT_OF_SIGHT = 20.0
BAND = "rgba(11,92,173,0.16)"


def stairs(one: Climbed, say: Words) -> Plot:
    """Return throughput by users or processes: what was measured, the law through it, and the band of that."""
    figure, law = blank(340), one.law()
    seen = {count: rate for count, rate in one.steps.items() if isinstance(rate, float)}
    if law is not None:
        _law(figure, law, max(seen), say)
    figure.add_scatter(
        x=list(seen), y=list(seen.values()), mode="markers", name=say("load.measured"),
        marker={"symbol": "circle", "size": 11, "color": COLOURS[0], "line": {"color": "white", "width": 1}},
        hovertemplate="%{x}: %{y:,.0f}/s<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(
        title=say(f"load.axis_{one.by}"), gridcolor=LINE, color=SOFT, range=[0, max(one.steps, default=1) * 1.08]
    )
    figure.update_yaxes(title=say("load.axis_throughput"), rangemode="tozero", gridcolor=LINE, color=SOFT)
    figure.update_layout(showlegend=True, margin={"l": 62, "b": 44})
    return Plot(_found_law(one, law, say), figure)


def _law(figure: go.Figure, law: Band, most: int, say: Words) -> None:
    x = [float(at) for at in np.linspace(0.0, most * 1.08, POINTS)][1:]
    bounds = [law.between(at) for at in x]
    figure.add_scatter(
        x=[*x, *reversed(x)], y=[*(high for _, high in bounds), *(low for low, _ in reversed(bounds))],
        fill="toself", fillcolor=BAND, line={"width": 0}, name=say("load.band"), hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=x, y=[law.fit.at(at) for at in x], mode="lines", name=say("load.law"),
        line={"color": COLOURS[0], "width": 2.2}, hovertemplate="%{y:,.0f}/s<extra>%{fullData.name}</extra>",
    )  # fmt: skip
    if math.isfinite(law.fit.peak) and law.fit.peak <= most * 1.08:
        figure.add_vline(law.fit.peak, line={"color": SOFT, "dash": "dot", "width": 1.2})


def _found_law(one: Climbed, law: Band | None, say: Words) -> str:
    by = say(f"load.by_{one.by}")
    if law is None:
        return say("load.plot_stairs_few", target=one.target)
    facts = {
        "target": one.target, "one": f"{law.fit.gamma:,.0f}", "serial": f"{law.fit.sigma:.1%}",
        "pairs": f"{law.fit.kappa:.2%}", "by": by,
    }  # fmt: skip
    reach = OUT_OF_SIGHT * max(one.steps)
    if law.lower > reach:
        return say("load.plot_stairs_open", **facts)
    if law.upper > reach:
        return say("load.plot_stairs_least", low=f"{law.lower:,.0f}", **facts)
    return say("load.plot_stairs", low=f"{law.lower:,.0f}", high=f"{law.upper:,.0f}", **facts)


def growth(one: Grown, say: Words) -> Plot:
    """Return the p99 of reads by customers on file, both in tenfolds, with the power through it and its interval."""
    figure, law = blank(320), one.exponent()
    if law is not None:
        _power(figure, one, law, say)
    figure.add_scatter(
        x=[size for size, _ in one.points], y=[p99 for _, p99 in one.points], mode="markers", name=say("load.run_p99"),
        marker={"symbol": "diamond", "size": 10, "color": COLOURS[0], "line": {"color": "white", "width": 1}},
        hovertemplate="%{x:,}: %{y:.1f} ms<extra></extra>",
    )  # fmt: skip
    sizes = sorted({size for size, _ in one.points})
    figure.update_xaxes(
        type="log", title=say("load.axis_customers"), gridcolor=LINE, color=SOFT, tickvals=sizes,
        ticktext=[f"{size:,}" for size in sizes],
    )  # fmt: skip
    figure.update_yaxes(
        type="log", title=say("load.axis_ms"), gridcolor=LINE, color=SOFT, **_decades([p99 for _, p99 in one.points])
    )
    figure.update_layout(showlegend=True, margin={"l": 66, "b": 44})
    return Plot(_found_power(one, law, say), figure)


def _power(figure: go.Figure, one: Grown, law: Growth, say: Words) -> None:
    """Draw the power through the middle of the points, the interval about it, and the most that is allowed."""
    sizes, p99s = np.log([size for size, _ in one.points]), np.log([p99 for _, p99 in one.points])
    x = np.linspace(sizes.min(), sizes.max(), POINTS)

    def line(power: float) -> list[float]:
        return [float(ms) for ms in np.exp(p99s.mean() + power * (x - sizes.mean()))]

    at = [float(size) for size in np.exp(x)]
    ends = [line(law.lower), line(law.upper)]
    low, high = ([pick(pair) for pair in zip(*ends, strict=True)] for pick in (min, max))
    figure.add_scatter(
        x=[*at, *reversed(at)], y=[*high, *reversed(low)], fill="toself", fillcolor=BAND, line={"width": 0},
        name=say("load.interval"), hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=at, y=line(law.exponent), mode="lines", name=say("load.power", power=f"{law.exponent:+.2f}"),
        line={"color": COLOURS[0], "width": 2.2}, hoverinfo="skip",
    )  # fmt: skip
    begin = line(law.exponent)[0]
    figure.add_scatter(
        x=at, y=[begin * float(np.exp(EXPONENT * (each - x[0]))) for each in x], mode="lines",
        name=say("load.allowed_power", power=f"{EXPONENT:g}"), line={"color": RED, "width": 1.5, "dash": "dash"},
        hoverinfo="skip",
    )  # fmt: skip


def _decades(values: list[float]) -> dict[str, object]:
    """Return ticks at 1, 2 and 5 of each tenfold, as far as the values reach."""
    low, high = math.floor(math.log10(min(values, default=1.0))), math.ceil(math.log10(max(values, default=10.0)))
    ticks = [part * 10.0**power for power in range(low, high + 1) for part in (1, 2, 5)]
    return {"tickvals": ticks, "ticktext": [told_ms(tick).replace(".0 ", " ") for tick in ticks]}


def _found_power(one: Grown, law: Growth | None, say: Words) -> str:
    if law is None:
        return say("load.plot_growth_few", target=one.target)
    spans = {"power": f"{law.exponent:+.2f}", "low": f"{law.lower:+.2f}", "high": f"{law.upper:+.2f}"}
    key = "kept" if law.upper <= EXPONENT else "missed" if law.lower > EXPONENT else "open"
    return say(f"load.plot_growth_{key}", target=one.target, allowed=f"{EXPONENT:g}", **spans)
