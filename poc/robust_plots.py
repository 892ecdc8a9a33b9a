"""Robust plots: how far each weight may move, and how far each criterion moves the lead; titled by what they find."""

import plotly.graph_objects as go

from poc.decision_view import Spoken
from poc.plots import COLOURS, INK, LINE, SOFT, Plot, blank, safe
from poc.robust_view import moving, swings, weights

#: Pixels of one bar with its name above it, and of what a figure needs besides.
BAR, AROUND = 46, 92
STAYS, GIVES = "#6ba0d4", "#0b5cad"


def stability(spoken: Spoken) -> Plot:
    """Return for each dimension the weights between which the leader stays first, and its weight now."""
    decision, say = spoken.decision, spoken.view.say
    found = sorted(decision.intervals.items(), key=lambda pair: pair[1].room)
    rows = [-float(place) for place in range(len(found))]
    figure = _named([spoken.dimension(code) for code, _ in found])
    figure.add_bar(
        x=[one.high - one.low for _, one in found], base=[one.low for _, one in found], y=rows, orientation="h",
        width=0.34, name=say("robust.stays_first"), marker={"color": STAYS},
        customdata=[one.high for _, one in found], hovertemplate="%{base:.0%} – %{customdata:.0%}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[one.weight for _, one in found], y=rows, mode="markers", name=say("robust.now"),
        marker={"symbol": "diamond", "size": 11, "color": COLOURS[1], "line": {"color": "white", "width": 1}},
        hovertemplate="%{x:.0%}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(range=[0, 1], tickformat=".0%", title=say("robust.weight_axis"), gridcolor=LINE, color=SOFT)
    return Plot(weights(spoken).sentence, figure)


def tornado(spoken: Spoken) -> Plot:
    """Return how far the lead over the runner-up moves as each criterion goes from its 5 % to its 95 % quantile."""
    decision, say, found, lead = spoken.decision, spoken.view.say, moving(spoken), _lead(spoken)
    rows = [-float(place) for place in range(len(found))]
    figure = _named([spoken.criterion(decision.contest.criteria[one.name]) for one in found])
    ends = {"at_worst": ([one.low for one in found], STAYS, "/"), "at_best": ([one.high for one in found], GIVES, "")}
    for key, (end, colour, hatch) in ends.items():
        figure.add_bar(
            x=[at - lead for at in end], base=lead, y=rows, orientation="h", width=0.34, name=say(f"robust.{key}"),
            marker={"color": colour, "pattern": {"shape": hatch, "fillmode": "overlay", "fgcolor": "white", "size": 6}},
            customdata=end, hovertemplate="%{customdata:+.3f}<extra></extra>",
        )  # fmt: skip
    figure.add_vline(0, line={"color": INK, "width": 1.5})
    told = say("robust.lead_axis", runner_up=safe(spoken.named(str(decision.runner_up))))
    figure.update_xaxes(title=told, gridcolor=LINE, color=SOFT, zeroline=False)
    figure.update_layout(barmode="overlay")
    return Plot(swings(spoken).sentence, figure)


def _lead(spoken: Spoken) -> float:
    """Return the lead over the runner-up with every criterion at its median."""
    table = spoken.decision.contest
    medians = table.expected.quantile(0.5) @ table.weights
    leader, rival = (table.vendors.index(str(one)) for one in (spoken.decision.leader, spoken.decision.runner_up))
    return float(medians[leader] - medians[rival])


def _named(names: list[str]) -> go.Figure:
    """Return an empty figure with a row for each name, which stands above its bar."""
    labels = [
        {"x": 0, "y": -place + 0.38, "xref": "paper", "xanchor": "left", "showarrow": False, "text": safe(name),
         "font": {"size": 12, "color": INK}}
        for place, name in enumerate(names)
    ]  # fmt: skip
    return blank(len(names) * BAR + AROUND).update_layout(
        annotations=labels, showlegend=True, margin={"b": 48},
        yaxis={"visible": False, "range": [-len(names) + 0.6, 0.7]},
    )  # fmt: skip
