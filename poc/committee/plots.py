"""Plots of a committee: where members differ, as a map of their points around the median, titled by its finding."""

import plotly.graph_objects as go
from markupsafe import escape

from poc.pictures.fields import sampled
from poc.plots import Plot, blank
from poc.words import Words
from scorecards.committee.opinions import Opinions

#: Pixels of one row, and of what a figure needs besides; cells that a map shows at most, the widest first.
ROW, AROUND, MOST = 30, 130, 30
#: From below the median over it to above, told apart with any colour vision; the points stand in each field.
SCALE = ((0.0, "#b8520a"), (0.5, "#f4f7fa"), (1.0, "#0b5cad"))


def heat(opinions: Opinions, say: Words) -> Plot:
    """Return cells by members: colour for the distance from the median, the points themselves as text."""
    names = sorted(opinions.cells, key=lambda name: -opinions.cells[name].spread)[:MOST]
    gaps: list[list[float | None]] = []
    told: list[list[str]] = []
    for name in names:
        cell = opinions.cells[name]
        values = [cell.values.get(member) for member in opinions.members]
        gaps.append([None if one is None or cell.median is None else one - cell.median for one in values])
        told.append(["–" if one is None else f"{one:g}" for one in values])
    figure = blank(len(names) * ROW + AROUND)
    figure.add_trace(
        go.Heatmap(
            z=gaps, x=[str(escape(one)) for one in opinions.members], y=[str(escape(one)) for one in names],
            text=told, texttemplate="%{text}", zmin=-5, zmax=5, colorscale=[list(one) for one in SCALE],
            colorbar={"title": {"text": say("committee.legend"), "side": "right"}},
            hovertemplate="%{y} · %{x}: %{text}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", visible=True, showticklabels=True, automargin=True)
    figure.update_xaxes(visible=True, showticklabels=True, type="category")
    return Plot(_finding(opinions, say), figure)


def shade(gap: float, most: float = 5.0) -> str:
    """Return the colour of a distance from the median, as the map shows it: from one end of ``SCALE`` to the other."""
    share = min(max((gap + most) / (2 * most), 0.0), 1.0)
    return sampled(share, SCALE)


def _finding(opinions: Opinions, say: Words) -> str:
    if not opinions.to_discuss:
        return say("committee.heat_together")
    cell = opinions.cells[opinions.to_discuss[0]]
    return say(
        "committee.heat_apart", cell=cell.cell, low=f"{cell.known.min():g}", high=f"{cell.known.max():g}"
    )  # fmt: skip
