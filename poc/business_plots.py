"""Business plots: a case at face value and as believed, what moves it, and when it pays; each with its finding."""

import numpy as np
import plotly.graph_objects as go

from poc.business import Worked
from poc.plots import COLOURS, INK, LINE, SOFT, Plot, blank
from poc.words import Words
from scorecards.business.amounts import counted
from scorecards.business.case import Risk
from scorecards.business.simulation import exceedance, yearly_losses

#: Points of the curve of NPV, and lines of the tornado.
POINTS, LINES = 201, 10
#: Pixels of one claim with its name above its two bars, and of what a figure needs besides.
PAIR, AROUND = 64, 90


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
    """Return how likely NPV stays below an amount, as the claims are believed, and NPV at face value."""
    face = float(done.face.npv[0])
    chances = np.linspace(0.002, 0.998, POINTS)
    values = np.quantile(done.graded.npv, chances)
    scale, unit = counted(max(np.abs(values).max(), abs(face)), done.case.currency, say.language)
    low, middle, high = done.graded.quantiles()
    figure = blank(340)
    figure.add_vrect(low / scale, high / scale, fillcolor="#e8eef6", line_width=0, layer="below")
    figure.add_scatter(
        x=values / scale, y=chances, mode="lines", name=say("business.believed"),
        line={"color": COLOURS[0], "width": 3},
        hovertemplate="%{x:,.1f}: %{y:.0%}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[one / scale for one in (low, middle, high)], y=[0.1, 0.5, 0.9], mode="markers+text", showlegend=False,
        text=["P10", "P50", "P90"], textposition="middle left",
        marker={"color": COLOURS[0], "size": 9, "symbol": "circle"},
        hovertemplate="%{x:,.1f}<extra>%{text}</extra>", cliponaxis=False,
    )  # fmt: skip
    figure.add_scatter(
        x=[face / scale, face / scale], y=[0, 1], mode="lines+markers", name=say("business.face"),
        line={"color": COLOURS[1], "width": 2.5, "dash": "dash"}, marker={"symbol": "square", "size": 8},
        hovertemplate="%{x:,.1f}<extra>%{fullData.name}</extra>",
    )  # fmt: skip
    figure.add_vline(0, line={"color": INK, "width": 1})
    money_axis(figure, "business.npv", unit, say)
    figure.update_yaxes(tickformat=".0%", title=say("business.share"), gridcolor=LINE, color=SOFT, range=[0, 1.06])
    figure.update_layout(margin={"l": 60, "b": 48, "t": 28}, showlegend=True)
    told = say(
        "business.distribution_found", face=done.money(face, say.language), low=done.money(low, say.language),
        middle=done.money(middle, say.language), high=done.money(high, say.language),
        chance=f"{done.graded.chance_of_gain:.0%}",
    )  # fmt: skip
    return Plot(told, figure)


def claims(done: Worked, say: Words) -> Plot:
    """Return what each claim is worth at face value and as it is believed, and what they are to pay for together."""
    names = [one.name for one in done.case.drivers if one.way != "nothing"]
    spent = done.medians.costs
    worths = (done.face.worth, done.graded.worth)
    most = max([spent, *(abs(found[name]) for found in worths for name in names)])
    scale, unit = counted(most, done.case.currency, say.language)
    figure = blank((len(names) + 1) * PAIR + AROUND)
    looks = (
        (0.0, COLOURS[1], "/", "business.face", done.face.worth),
        (-0.3, COLOURS[0], "", "business.believed", done.graded.worth),
    )
    for offset, colour, hatch, key, found in looks:
        figure.add_bar(
            x=[found[name] / scale for name in names], y=[-float(place) for place in range(len(names))],
            orientation="h", width=0.28, offset=offset - 0.05, name=say(key),
            text=[done.money(found[name], say.language) for name in names], textposition="outside", textangle=0,
            marker={"color": colour, "pattern": {"shape": hatch, "fillmode": "overlay", "fgcolor": "white", "size": 6}},
            hovertemplate="%{x:,.1f}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.add_bar(
        x=[spent / scale], y=[-float(len(names))], orientation="h", width=0.4, offset=-0.3, name=say("business.costs"),
        text=[done.money(spent, say.language)], textposition="outside", textangle=0,
        marker={"color": SOFT}, hovertemplate="%{x:,.1f}<extra>%{fullData.name}</extra>",
    )  # fmt: skip
    for place, told in enumerate([*(driver(done, name, say) for name in names), say("business.costs")]):
        figure.add_annotation(
            x=0, xref="paper", y=-place + 0.4, text=told, showarrow=False, xanchor="left",
            font={"size": 12, "color": INK},
        )  # fmt: skip
    figure.update_layout(barmode="overlay", showlegend=True, margin={"b": 48})
    figure.update_yaxes(visible=False, range=[-len(names) - 0.5, 0.65])
    money_axis(figure, "business.worth", unit, say)
    total = [sum(found[name] for name in names) for found in worths]
    return Plot(
        say(
            "business.claims_found", face=done.money(total[0], say.language),
            believed=done.money(total[1], say.language), costs=done.money(spent, say.language),
        ),
        figure,
    )  # fmt: skip


def tornado(done: Worked, say: Words) -> Plot:
    """Return how far each input moves NPV from its 5 % to its 95 %, all others at their medians."""
    rows = [row for row in done.tornado if abs(row[2] - row[1]) > 0][:LINES]
    most = max([abs(done.medians.npv), *(abs(end) for row in rows for end in row[1:])])
    scale, unit = counted(most, done.case.currency, say.language)
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
    money_axis(figure, "business.npv", unit, say)
    if not rows:
        return Plot(say("business.tornado_none"), figure)
    name, low, high = rows[0]
    span = done.money(min(low, high), say.language), done.money(max(low, high), say.language)
    return Plot(say("business.tornado_found", input=named(done, name, say), low=span[0], high=span[1]), figure)


def cash(done: Worked, say: Words) -> Plot:
    """Return each year's net cash and what it adds up to, P10 to P90, beside face value, and when it is paid back."""
    costs, benefits = done.by_year
    most = max(float(np.abs(one).max()) for one in (costs, benefits, done.graded.running, done.face.running))
    scale, unit = counted(most, done.case.currency, say.language)
    years = list(range(done.case.years + 1))
    low, middle, high = (row / scale for row in done.graded.running)
    figure = blank(360)
    figure.add_bar(
        x=years, y=(benefits - costs) / scale, width=0.5, name=say("business.net_of_year"),
        marker={"color": "#b9cfe6", "line": {"color": "#6ba0d4", "width": 1}, "pattern": {"shape": "."}},
        hovertemplate="%{x}: %{y:,.1f}<extra>%{fullData.name}</extra>",
    )  # fmt: skip
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
        title=say("business.axis", title=say("business.cumulated"), unit=unit),
        gridcolor=LINE,
        color=SOFT,
        tickformat=",.2~f",
    )
    figure.update_layout(showlegend=True, margin={"l": 64, "b": 48})
    return Plot(_of_payback(done, say), figure)


def losses(done: Worked, risk: Risk, say: Words) -> Plot:
    """Return how likely a year's loss exceeds an amount, without and with the CRM; kept apart from cash."""
    title = (risk.title_zh if say.language == "zh" else risk.title) or risk.title or risk.name.replace("_", " ")
    figure = blank(300)
    before, after = yearly_losses(risk, draws=done.draws, seed=done.seed)
    scale, unit = counted(float(np.quantile(before, 0.9999)), done.case.currency, say.language)
    curves = ((before, COLOURS[1], "solid", say("business.without")), (after, COLOURS[0], "dash", say("business.with")))
    for values, colour, dash, name in curves:
        amounts, chances = exceedance(values)
        figure.add_scatter(
            x=amounts / scale, y=chances, mode="lines", name=name, line={"color": colour, "width": 2.5, "dash": dash},
            hovertemplate="%{x:,.1f}: %{y:.2%}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    money_axis(figure, "business.loss", unit, say)
    figure.update_yaxes(title=say("business.chance"), tickformat=".1%", rangemode="tozero", gridcolor=LINE, color=SOFT)
    figure.update_layout(showlegend=True, margin={"l": 60, "b": 48})
    told = say(
        "business.losses_found", risk=title, before=done.money(float(before.mean()), say.language),
        after=done.money(float(after.mean()), say.language), chance=f"{float((before > 0).mean()):.1%}",
    )  # fmt: skip
    return Plot(told, figure)


def money_axis(figure: go.Figure, key: str, unit: str, say: Words) -> None:
    """Let the axis across bear amounts, in the unit that ``counted`` found, under what they are."""
    title = say("business.axis", title=say(key), unit=unit)
    figure.update_xaxes(title=title, gridcolor=LINE, color=SOFT, tickformat=",.2~f")


def _of_payback(done: Worked, say: Words) -> str:
    face, (early, middle, late) = float(done.face.payback[0]), done.graded.quantiles("payback")
    told = {"face": years(face, say), "early": years(early, say), "late": years(late, say)}
    if not np.isfinite(early):
        return say("business.payback_never", face=told["face"], years=done.case.years)
    return say("business.payback_found", middle=years(middle, say), **told)


def years(value: float, say: Words) -> str:
    """Return years as text; what never happens is said to be never."""
    return say("business.years", value=f"{value:.1f}") if np.isfinite(value) else say("business.never")
