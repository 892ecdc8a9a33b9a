"""Business plots: a case at face value and as believed, what moves it, and when it pays; each with its finding."""

from collections.abc import Mapping

import numpy as np

from poc.business import Worked
from poc.plots import COLOURS, INK, LINE, SOFT, Plot, blank
from poc.words import Words
from scorecards.business.case import Risk
from scorecards.business.simulation import exceedance, yearly_losses

#: Bins of the distribution of NPV, and lines of the tornado.
BINS, LINES = 60, 10


def driver(done: Worked, name: str, say: Words) -> str:
    """Return a driver's title in the reader's language."""
    found = next(one for one in done.case.drivers if one.name == name)
    return found.title_zh if say.language == "zh" else found.title


def named(done: Worked, name: str, say: Words) -> str:
    """Return what an input of the case is called."""
    kind, _, rest = name.partition(":")
    if kind == "effect":
        return say("business.effect", driver=driver(done, rest, say))
    return say("business.ramp", year=rest) if kind == "ramp" else say(f"business.input_{name}")


def distribution(done: Worked, say: Words) -> Plot:
    """Return how NPV is spread as the claims are believed, with face value, median and 0 marked."""
    unit, scale = _unit(say)
    npv, face = done.graded.npv / scale, float(done.face.npv[0]) / scale
    low, middle, high = done.graded.quantiles()
    counts, edges = np.histogram(npv, bins=BINS)
    figure = blank(320)
    figure.add_bar(
        x=(edges[:-1] + edges[1:]) / 2, y=counts / counts.sum(), width=np.diff(edges), name=say("business.believed"),
        marker={"color": COLOURS[0], "line": {"width": 0}}, hovertemplate="%{x:,.0f}: %{y:.1%}<extra></extra>",
    )  # fmt: skip
    figure.add_vrect(low / scale, high / scale, fillcolor="#e8eef6", line_width=0, layer="below")
    figure.add_vline(0, line={"color": INK, "width": 1})
    for value, colour, dash, text, place in (
        (middle / scale, COLOURS[0], "solid", "P50", "top right"),
        (face, COLOURS[1], "dash", say("business.face"), "top left"),
    ):
        figure.add_vline(
            value, line={"color": colour, "width": 2, "dash": dash}, annotation_text=text, annotation_position=place,
            annotation_font={"color": colour},
        )  # fmt: skip
    figure.update_xaxes(title=f"NPV ({unit} {done.case.currency})", gridcolor=LINE, color=SOFT, tickformat=",.0f")
    figure.update_yaxes(tickformat=".0%", title=say("business.share"), gridcolor=LINE, color=SOFT)
    figure.update_layout(margin={"l": 56, "b": 48, "t": 28}, bargap=0)
    told = say(
        "business.distribution_found", face=done.money(done.face.npv[0], say.language),
        low=done.money(low, say.language), middle=done.money(middle, say.language),
        high=done.money(high, say.language), chance=f"{done.graded.chance_of_gain:.0%}",
    )  # fmt: skip
    return Plot(told, figure)


def tornado(done: Worked, say: Words) -> Plot:
    """Return how far each input moves NPV from its 5 % to its 95 %, all others at their medians."""
    unit, scale = _unit(say)
    rows = [row for row in done.tornado if abs(row[2] - row[1]) > 0][:LINES]
    middle = done.medians.npv / scale
    figure = blank(len(rows) * 44 + 90)
    lows, highs = [row[1] for row in rows], [row[2] for row in rows]
    ends = ((lows, COLOURS[1], "/", say("business.at_5")), (highs, COLOURS[0], "", say("business.at_95")))
    for values, colour, hatch, name in ends:
        figure.add_bar(
            base=middle, x=[value / scale - middle for value in values], y=[-place for place in range(len(rows))],
            orientation="h", width=0.4, name=name, customdata=[value / scale for value in values],
            marker={"color": colour, "pattern": {"shape": hatch, "fillmode": "overlay", "fgcolor": "white", "size": 6}},
            hovertemplate="%{customdata:,.1f}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    for place, row in enumerate(rows):
        figure.add_annotation(
            x=0, xref="paper", y=-place + 0.36, text=named(done, row[0], say), showarrow=False, xanchor="left",
            font={"size": 12, "color": INK},
        )  # fmt: skip
    figure.add_vline(middle, line={"color": INK, "width": 1})
    figure.update_layout(barmode="overlay", showlegend=True, margin={"b": 48})
    figure.update_yaxes(visible=False, range=[-len(rows) + 0.5, 0.7])
    figure.update_xaxes(title=f"NPV ({unit} {done.case.currency})", gridcolor=LINE, color=SOFT, tickformat=",.0f")
    if not rows:
        return Plot(say("business.tornado_none"), figure)
    name, low, high = rows[0]
    span = done.money(min(low, high), say.language), done.money(max(low, high), say.language)
    return Plot(say("business.tornado_found", input=named(done, name, say), low=span[0], high=span[1]), figure)


def cash(done: Worked, say: Words) -> Plot:
    """Return cumulated cash by year, P10 to P90, beside face value, with the span in which it is paid back."""
    unit, scale = _unit(say)
    years = list(range(done.case.years + 1))
    low, middle, high = (row / scale for row in done.graded.running)
    figure = blank(320)
    figure.add_scatter(x=years, y=high, mode="lines", line={"width": 0}, showlegend=False, hoverinfo="skip")
    figure.add_scatter(
        x=years, y=low, mode="lines", line={"width": 0}, fill="tonexty", fillcolor="rgba(11,92,173,0.18)",
        name="P10 – P90", hoverinfo="skip",
    )  # fmt: skip
    lines = (
        (middle, COLOURS[0], "solid", "circle", say("business.believed_p50")),
        (done.face.running[1] / scale, COLOURS[1], "dash", "square", say("business.face")),
    )
    for values, colour, dash, shape, name in lines:
        figure.add_scatter(
            x=years, y=values, mode="lines+markers", line={"color": colour, "width": 2.5, "dash": dash}, name=name,
            marker={"symbol": shape, "size": 8}, hovertemplate="%{x}: %{y:,.1f}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    early, _, late = done.graded.quantiles("payback")
    if np.isfinite(early):
        until = late if np.isfinite(late) else float(done.case.years)
        figure.add_vrect(early, until, fillcolor="#e7f3ec", line_width=0, layer="below",
                         annotation_text=say("business.payback"))  # fmt: skip
    figure.add_hline(0, line={"color": INK, "width": 1})
    figure.update_xaxes(title=say("business.year"), dtick=1, showgrid=False, color=SOFT)
    figure.update_yaxes(
        title=f"{say('business.cumulated')} ({unit} {done.case.currency})",
        gridcolor=LINE,
        color=SOFT,
        tickformat=",.0f",
    )
    figure.update_layout(showlegend=True, margin={"l": 64, "b": 48})
    return Plot(_of_payback(done, say), figure)


def losses(done: Worked, risk: Risk, say: Words, title: str) -> Plot:
    """Return how likely a year's loss exceeds an amount, without and with the CRM; kept apart from cash."""
    unit, scale = _unit(say)
    figure = blank(300)
    before, after = yearly_losses(risk, draws=done.draws, seed=done.seed)
    curves = ((before, COLOURS[1], "solid", say("business.without")), (after, COLOURS[0], "dash", say("business.with")))
    for values, colour, dash, name in curves:
        amounts, chances = exceedance(values)
        figure.add_scatter(
            x=amounts / scale, y=chances, mode="lines", name=name, line={"color": colour, "width": 2.5, "dash": dash},
            hovertemplate="%{x:,.1f}: %{y:.2%}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.update_xaxes(
        title=f"{say('business.loss')} ({unit} {done.case.currency})", gridcolor=LINE, color=SOFT,
        tickformat=",.0f",
    )  # fmt: skip
    figure.update_yaxes(title=say("business.chance"), tickformat=".1%", rangemode="tozero", gridcolor=LINE, color=SOFT)
    figure.update_layout(showlegend=True, margin={"l": 60, "b": 48})
    told = say(
        "business.losses_found", risk=title, before=done.money(float(before.mean()), say.language),
        after=done.money(float(after.mean()), say.language), chance=f"{float((before > 0).mean()):.1%}",
    )  # fmt: skip
    return Plot(told, figure)


def _of_payback(done: Worked, say: Words) -> str:
    face, (early, middle, late) = float(done.face.payback[0]), done.graded.quantiles("payback")
    told = {"face": years(face, say), "early": years(early, say), "late": years(late, say)}
    if not np.isfinite(early):
        return say("business.payback_never", face=told["face"], years=done.case.years)
    return say("business.payback_found", middle=years(middle, say), **told)


def years(value: float, say: Words) -> str:
    """Return years as text; what never happens is said to be never."""
    return say("business.years", value=f"{value:.1f}") if np.isfinite(value) else say("business.never")


def _unit(say: Words) -> tuple[str, float]:
    """Return the unit that axes count money in: Chinese readers count in 万, English ones in millions."""
    units: Mapping[str, tuple[str, float]] = {"zh": ("万", 1e4), "en": ("m", 1e6)}
    return units[say.language]
