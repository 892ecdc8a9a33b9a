"""Offer plots: what every vendor costs over the years, by line and by year, and what its points cost."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from poc.business import Worked
from poc.business_plots import money_axis
from poc.decision_view import Spoken
from poc.plots import COLOURS, INK, LINE, LOOKS, SHAPES, SOFT, Plot, blank, safe
from poc.words import Words
from scorecards.business.amounts import counted
from scorecards.business.reading import cost_lines
from scorecards.methods.tables import Floats
from scorecards.rubric import TOP

#: The dearest lines that are shown by name; the others stand together.
NAMED = 6
#: Pixels of one offer's bar with its name above it, and of what a figure needs besides.
BAR, AROUND = 66, 112


def asked(done: Worked, say: Words) -> list[tuple[str, Mapping[str, Floats]]]:
    """Return (name, costs by line and year) of every offer, cheapest first; of the bank's own plan without any."""
    if not done.offers:
        return [(done.case.named(say.language), done.lines)]
    found = sorted(done.offers, key=lambda one: sum(float(flows.sum()) for flows in one.lines.values()))
    return [(one.quoted.offer.named(say.language), one.lines) for one in found]


def line_title(name: str, say: Words) -> str:
    """Return what a cost line is called."""
    known = cost_lines()[name]
    return known.title_zh if say.language == "zh" else known.title


def by_lines(done: Worked, say: Words) -> list[tuple[str, list[float]]]:
    """Return (title, amount of each offer) for the dearest lines, the others together last; amounts at the medians."""
    offers = [lines for _, lines in asked(done, say)]
    sums = {name: [float(lines[name].sum()) if name in lines else 0.0 for lines in offers]
            for name in dict.fromkeys(name for lines in offers for name in lines)}  # fmt: skip
    ranked = sorted(sums, key=lambda name: -max(sums[name]))
    rows = [(line_title(name, say), sums[name]) for name in ranked[:NAMED]]
    rest = [sum(sums[name][place] for name in ranked[NAMED:]) for place in range(len(offers))]
    return [*rows, (say("business.other_lines"), rest)] if ranked[NAMED:] else rows


def by_years(done: Worked, say: Words) -> list[tuple[str, list[float]]]:
    """Return (year, amount of each offer) from year 0 on, at the medians."""
    offers = [np.sum(list(lines.values()) or [np.zeros(done.case.years + 1)], axis=0) for _, lines in asked(done, say)]
    return [
        (say("business.in_year", year=year), [float(one[year]) for one in offers])
        for year in range(done.case.years + 1)
    ]


def cost_by_line(done: Worked, say: Words) -> Plot:
    """Return what each offer costs over all years, stacked by cost line."""
    names = [name for name, _ in asked(done, say)]
    parts = by_lines(done, say)
    totals = [sum(values[place] for _, values in parts) for place in range(len(names))]
    if len(names) < 2:
        most = max(parts, key=lambda one: one[1][0], default=("–", [0.0]))
        told = say("business.cost_one", cost=done.money(totals[0], say.language), years=done.case.years, line=most[0],
                   share=f"{most[1][0] / totals[0]:.0%}" if totals[0] else "–")  # fmt: skip
    else:
        told = say("business.cost_found", least=names[0], cost=done.money(totals[0], say.language), most=names[-1],
                   more=done.money(totals[-1] - totals[0], say.language), years=done.case.years)  # fmt: skip
    return Plot(told, _stacked(done, say, names, parts))


def cost_by_year(done: Worked, say: Words) -> Plot:
    """Return what each offer costs over all years, stacked by year."""
    names = [name for name, _ in asked(done, say)]
    parts = by_years(done, say)
    totals = [sum(values[place] for _, values in parts) for place in range(len(names))]
    place = max(range(len(names)), key=lambda at: parts[0][1][at] / totals[at] if totals[at] else 0.0)
    share = parts[0][1][place] / totals[place] if totals[place] else 0.0
    told = say("business.year_found", name=names[place], share=f"{share:.0%}",
               cost=done.money(parts[0][1][place], say.language))  # fmt: skip
    return Plot(told, _stacked(done, say, names, parts))


def _stacked(done: Worked, say: Words, names: Sequence[str], parts: Sequence[tuple[str, Sequence[float]]]) -> go.Figure:
    totals = [sum(values[place] for _, values in parts) for place in range(len(names))]
    scale, unit = counted(max([*totals, 1.0]), done.case.currency, say.language)
    figure = blank(len(names) * BAR + AROUND)
    for place, (title, values) in enumerate(parts):
        colour, hatch = LOOKS[place % len(LOOKS)]
        figure.add_bar(
            x=[value / scale for value in values], y=[-float(row) for row in range(len(names))], orientation="h",
            width=0.42, name=title,
            marker={"color": colour, "line": {"color": "white", "width": 1},
                    "pattern": {"shape": hatch, "fillmode": "overlay", "fgcolor": "white", "size": 7, "solidity": 0.2}},
            hovertemplate="%{x:,.1f}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    for row, name in enumerate(names):
        figure.add_annotation(
            x=0, xref="paper", y=-row + 0.4, showarrow=False, xanchor="left", font={"size": 13, "color": INK},
            text=f"<b>{safe(name)}</b> · {safe(done.money(totals[row], say.language))}",
        )  # fmt: skip
    figure.update_layout(barmode="stack", showlegend=True, legend_traceorder="normal", margin={"b": 48})
    figure.update_yaxes(visible=False, range=[-len(names) + 0.6, 0.65])
    money_axis(figure, "business.tco", unit, say)
    figure.update_xaxes(rangemode="tozero")
    return figure


def against(done: Worked, spoken: Spoken) -> Plot | None:
    """Return points against total cost of every system with an offer, spans on both, and who is beaten on both.

    None where no system on trial has an offer: points and money are then of different things.
    """
    decision, say = spoken.decision, spoken.view.say
    offers = {one.quoted.offer.name: one for one in done.offers if one.quoted.offer.name in decision.middle}
    if not offers:
        return None
    costs = {name: one.outcome.quantiles("tco") for name, one in offers.items()}
    scale, unit = counted(max(high for _, _, high in costs.values()), done.case.currency, say.language)
    front = frontier({name: (costs[name][1], decision.middle[name]) for name in offers})
    figure = blank(400)
    figure.add_scatter(
        x=[costs[name][1] / scale for name in front], y=[decision.middle[name] for name in front], mode="lines",
        name=say("business.frontier"), line={"color": SOFT, "width": 1.5, "dash": "dash"}, hoverinfo="skip",
    )  # fmt: skip
    vendors = decision.contest.vendors
    for name, (low, middle, high) in costs.items():
        row, points = vendors.index(name), decision.middle[name]
        least, most = float(decision.acceptability.low[row]), float(decision.acceptability.high[row])
        figure.add_scatter(
            x=[middle / scale], y=[points], mode="markers", name=safe(spoken.named(name)),
            marker={"symbol": SHAPES[row % len(SHAPES)], "size": 13, "color": COLOURS[row % len(COLOURS)]},
            error_x={"type": "data", "symmetric": False, "array": [(high - middle) / scale],
                     "arrayminus": [(middle - low) / scale], "color": COLOURS[row % len(COLOURS)], "thickness": 2},
            error_y={"type": "data", "symmetric": False, "array": [max(most - points, 0.0)],
                     "arrayminus": [max(points - least, 0.0)], "color": COLOURS[row % len(COLOURS)], "thickness": 2},
            hovertemplate="%{x:,.1f}: %{y:.2f}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    money_axis(figure, "business.tco", unit, say)
    figure.update_yaxes(title=say("decision.total_points"), gridcolor=LINE, color=SOFT, range=[0, TOP])
    figure.update_layout(showlegend=True, margin={"l": 52, "b": 48, "t": 8})
    return Plot(_of_front(spoken, list(offers), front), figure)


def frontier(points: Mapping[str, tuple[float, float]]) -> list[str]:
    """Return, cheapest first, those whom nobody beats: (cost, value) of each, less cost and more value being better."""
    best, found = -np.inf, []
    for name in sorted(points, key=lambda one: (points[one][0], -points[one][1])):
        if points[name][1] > best:
            best = points[name][1]
            found.append(name)
    return found


def _of_front(spoken: Spoken, names: list[str], front: list[str]) -> str:
    say = spoken.view.say
    beaten = [name for name in names if name not in front]
    if len(names) < 2:
        return say("business.front_one", name=spoken.named(names[0]))
    if not beaten:
        return say("business.front_all")
    return say("business.front_found", front=spoken.listed(tuple(front)), beaten=spoken.listed(tuple(beaten)))
