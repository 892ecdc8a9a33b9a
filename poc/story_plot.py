"""Story plot: a customer's moments as marks on one time line, a lane for each kind, money sized by its amount."""

import math
from collections.abc import Sequence
from itertools import groupby

import plotly.graph_objects as go
from markupsafe import escape

from poc.plots import COLOURS, INK, LINE, SHAPES, SOFT, Plot, blank
from poc.story import LANES, Moment, Story
from poc.words import Words

#: Pixels of a lane and of the axis below, letters of a text that a mark shows.
LANE, AXIS, SHOWN = 54, 60, 60


def timeline(story: Story, say: Words, lanes: Sequence[str] = LANES) -> Plot:
    """Return a story as a plot; its lanes are told in words, and marks differ by lane in colour and shape."""
    shown = [moment for moment in story.moments if moment.lane in lanes]
    kept = [lane for lane in LANES if any(moment.lane == lane for moment in shown)]
    figure = blank(LANE * max(1, len(kept)) + AXIS)
    ranked = sorted(shown, key=lambda moment: LANES.index(moment.lane))
    for lane, moments in groupby(ranked, key=lambda moment: moment.lane):
        _lane(figure, lane, list(moments), -kept.index(lane), say)
    figure.update_xaxes(color=SOFT, gridcolor=LINE, type="date")
    figure.update_yaxes(
        tickvals=[-row for row in range(len(kept))], ticktext=[say(f"data.lane.{lane}") for lane in kept],
        range=[-len(kept) + 0.4, 0.6], showgrid=False, zeroline=False, color=INK,
        automargin=True, fixedrange=True,
    )  # fmt: skip
    figure.update_layout(dragmode="zoom", hovermode="closest")
    return Plot(_title(shown, say), figure)


def told(moment: Moment, say: Words) -> str:
    """Return a moment in words: its kind and details."""
    details = " · ".join(say.of(f"data.word.{detail}", detail) for detail in moment.details)
    kind = say.of(f"data.kind.{moment.kind}", moment.kind)
    return f"{kind} · {details}" if details else kind


def _lane(figure: go.Figure, lane: str, moments: list[Moment], row: float, say: Words) -> None:
    place = LANES.index(lane)
    sizes = [_size(moment) for moment in moments]
    figure.add_scatter(
        x=[moment.at for moment in moments], y=[row] * len(moments), mode="markers", name=say(f"data.lane.{lane}"),
        marker={
            "color": COLOURS[place % len(COLOURS)], "symbol": SHAPES[place % len(SHAPES)], "size": sizes,
            "opacity": 0.55 if lane.startswith("money") else 0.85, "line": {"color": "white", "width": 0.5},
        },
        customdata=[_hover(moment, say) for moment in moments],
        hovertemplate="%{x|%Y-%m-%d %H:%M}<br>%{customdata}<extra></extra>",
    )  # fmt: skip


def _size(moment: Moment) -> float:
    if moment.amount is None:
        return 11.0
    return 5.0 + 3.0 * min(6.0, math.log10(1 + abs(float(moment.amount))))


def _hover(moment: Moment, say: Words) -> str:
    parts = [told(moment, say), f"{moment.amount:,.2f}" if moment.amount is not None else "", moment.text[:SHOWN]]
    return "<br>".join(str(escape(part)) for part in parts if part)


def _title(shown: Sequence[Moment], say: Words) -> str:
    if not shown:
        return say("data.story_empty")
    return say(
        "data.story_title", count=f"{len(shown):,}", first=f"{shown[0].at:%Y-%m-%d}", last=f"{shown[-1].at:%Y-%m-%d}"
    )
