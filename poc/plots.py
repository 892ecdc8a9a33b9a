"""Plots: an assessment as figures, each with its finding as title; colour never speaks alone."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import plotly.graph_objects as go
from markupsafe import escape

from loadtests.harvest import READ_LIMIT
from loadtests.quantiles import bound
from poc.assessment import Subject
from poc.report import View
from poc.words import Words
from scorecards.rubric import TOP
from scorecards.scorecard import Eligible, Score

#: Colours that people with any colour vision tell apart (after Okabe and Ito 2008), and a shape for each.
COLOURS = ("#0b5cad", "#b8520a", "#1c7c4a", "#7a3e9d", "#8a6100", "#0a7e8c", "#a3195b", "#4d5866")
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross", "hexagon", "star", "triangle-down")
#: A colour and a hatching each for parts of one bar, so that neither speaks alone; the last is for the rest.
LOOKS = (
    ("#0b5cad", ""), ("#b8520a", "/"), ("#6ba0d4", "x"), ("#1c7c4a", "\\"), ("#e2b07a", "."), ("#7a3e9d", "-"),
    ("#c3ccd6", "|"),
)  # fmt: skip
#: Pixels of one bar with its label, of one bar among others, and of what a figure needs besides.
LABELLED, PLAIN, MARGIN = 62, 20, 44
INK, SOFT, LINE = "#1c2430", "#5d6b7d", "#dfe5ec"


class Plot(NamedTuple):
    """A figure and the finding that it shows; the page sets the finding as text, so that it wraps on a phone."""

    title: str
    figure: go.Figure

    def titled(self) -> go.Figure:
        """Return the figure with its finding on it, for notebooks and files."""
        return go.Figure(self.figure).update_layout(title=self.title, margin_t=64)


def totals(view: View) -> Plot:
    """Return the totals: worst, observed and best of every target, best first."""
    figure = blank(len(view.assessment.subjects) * LABELLED + MARGIN)
    for row, subject in enumerate(view.assessment.ranked()):
        standing = view.assessment.scorecard.of(subject.name)
        _interval(figure, standing.overall, float(-row), _place(view, subject), view)
        _label(figure, f"<b>{safe(view.named(subject))}</b>", -row + 0.3)
        _label(figure, _told(view, standing.overall, standing.eligible), -row - 0.3, colour=SOFT)
    figure.update_yaxes(range=[-len(view.assessment.subjects) + 0.5, 0.6])
    return Plot(" ".join(view.leads()[:2]), _scaled(figure, view))


def dimensions(view: View) -> Plot:
    """Return every dimension's interval for every target, in the order of the catalogue."""
    ranked, card = view.assessment.ranked(), view.assessment.scorecard
    figure, at = blank(0), 0.0
    for one in view.assessment.catalogue.weighted:
        _label(figure, f"<b>{view.dimension(one)}</b> · {view.percent(card.weighting.dimensions[one.code])}", at)
        for subject in ranked:
            at -= 1
            if (score := card.of(subject.name).dimensions.get(one.code)) is not None:
                _interval(
                    figure, score, at, _place(view, subject), view, named=one is view.assessment.catalogue.weighted[0]
                )
        at -= 1.5
    figure.update_yaxes(range=[at + 0.6, 0.9])
    figure.update_layout(height=round(-at * PLAIN) + MARGIN + 40, showlegend=True)
    return Plot(_of_dimensions(view, ranked), _scaled(figure, view))


def per_second(view: View, subjects: Iterable[Subject]) -> Plot:
    """Return the p99 of each second of the load tests, with the warm-up shaded and the limit dashed."""
    pressed = [one for one in subjects if one.load is not None]
    figure = blank(300)
    for subject in pressed:
        assert subject.load is not None
        seen = {second: told[2] for second, told in subject.load.by_second().items()}
        place = _place(view, subject)
        figure.add_scatter(
            x=list(seen), y=list(seen.values()), name=safe(view.named(subject)), mode="lines+markers",
            line={"color": COLOURS[place % len(COLOURS)], "width": 2},
            marker={"symbol": SHAPES[place % len(SHAPES)], "size": 6},
            hovertemplate="%{x} s: %{y:.0f} ms<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.add_hline(READ_LIMIT, line={"color": "#b3261e", "dash": "dash", "width": 1.5})
    warm = max((one.load.workload.warm_up for one in pressed if one.load is not None), default=0.0)
    if warm:
        figure.add_vrect(0, warm, fillcolor="#eef1f5", line_width=0, layer="below")
    figure.update_xaxes(title=view.say("page.seconds"), showgrid=False, color=SOFT)
    figure.update_yaxes(title="p99 (ms)", rangemode="tozero", gridcolor=LINE, color=SOFT)
    figure.update_layout(showlegend=True, margin={"l": 56, "b": 44})
    return Plot(_of_load(view, pressed), figure)


def live(seconds: Sequence[tuple[int, float | None]], say: Words) -> go.Figure:
    """Return the p99 in ms of the seconds of a load test that is being made."""
    figure = blank(180)
    figure.add_scatter(
        x=[second for second, _ in seconds], y=[p99 for _, p99 in seconds], mode="lines+markers",
        line={"color": COLOURS[0], "width": 2}, marker={"size": 5}, hovertemplate="%{x} s: %{y:.0f} ms<extra></extra>",
    )  # fmt: skip
    figure.add_hline(READ_LIMIT, line={"color": "#b3261e", "dash": "dash", "width": 1.5})
    latest = max((second for second, _ in seconds), default=0)
    figure.update_xaxes(range=[0, max(10, latest)], title=say("page.seconds"), showgrid=False, color=SOFT)
    figure.update_yaxes(title="p99 (ms)", rangemode="tozero", gridcolor=LINE, color=SOFT)
    return figure.update_layout(margin={"l": 56, "b": 44})


def _of_dimensions(view: View, ranked: Sequence[Subject]) -> str:
    """Say where most is still open, which is what a reader of intervals should take home."""
    card = view.assessment.scorecard
    if not ranked or all(one.overall.observed is None for one in card.standings):
        return view.say("report.lead_nothing")
    found = card.of(ranked[0].name).dimensions
    widest = max(found, key=lambda code: (found[code].best - found[code].worst) * card.weighting.dimensions[code])
    title = next(view.dimension(one) for one in view.assessment.catalogue.weighted if one.code == widest)
    ahead = sum(_ahead(view, ranked[0].name, code) for code in found)
    if not ahead:
        return view.say("page.plot_dimensions_none", widest=title)
    return view.say("page.plot_dimensions", leader=view.named(ranked[0]), ahead=ahead, count=len(found), widest=title)


def _ahead(view: View, target: str, code: str) -> bool:
    """Whether a target is observed above every other one in a dimension."""
    seen = {
        one.target: one.dimensions[code].observed
        for one in view.assessment.scorecard.standings
        if code in one.dimensions
    }
    own = seen.pop(target)
    return own is not None and all(other is None or own > other for other in seen.values())


def _of_load(view: View, pressed: Sequence[Subject]) -> str:
    """Say of each target whether the limit is proven to hold; those whose generator was late are told together."""
    late = [one for one in pressed if one.load is not None and one.load.faults()]
    told = [_proven(view, one) for one in pressed if one not in late]
    if late:
        told.append(view.say("page.plot_load_faulty", target=", ".join(view.named(one) for one in late)))
    return " ".join(told)


def _proven(view: View, one: Subject) -> str:
    assert one.load is not None
    upper = bound(one.load.histogram(kind="read"), 0.99).upper
    kept = "unknown" if upper is None else "kept" if upper <= READ_LIMIT else "missed"
    limit = round(READ_LIMIT)
    return view.say(f"page.plot_load_{kept}", target=view.named(one), limit=limit, upper=view.milliseconds(upper))


def _told(view: View, score: Score, eligible: Eligible = Eligible.YES) -> str:
    """Return a score as text: observed, and from worst to best."""
    ruled = f" · {view.say('page.ruled_out')}" if eligible is Eligible.NO else ""
    return f"{view.points(score.observed)} ({view.points(score.worst)} – {view.points(score.best)}){ruled}"


def safe(text: str) -> str:
    """Return somebody's own words so that no character of them is markup in a figure."""
    return str(escape(text))


def _place(view: View, subject: Subject) -> int:
    """Return a target's place in alphabetical order: its colour and shape do not change with its rank."""
    return sorted(one.name for one in view.assessment.subjects).index(subject.name)


def _interval(figure: go.Figure, score: Score, y: float, place: int, view: View, *, named: bool = False) -> None:
    colour, shape = COLOURS[place % len(COLOURS)], SHAPES[place % len(SHAPES)]
    subject = sorted(view.assessment.subjects, key=lambda one: one.name)[place]
    shown = f"{safe(view.named(subject))}: {_told(view, score)}, {view.percent(score.coverage)}"
    figure.add_scatter(
        x=[score.worst, score.best], y=[y, y], mode="lines", line={"color": colour, "width": 9}, opacity=0.28,
        hovertemplate=f"{shown}<extra></extra>", showlegend=False, legendgroup=subject.name,
    )  # fmt: skip
    figure.add_scatter(
        x=[score.observed], y=[y], mode="markers", name=safe(view.named(subject)),
        legendgroup=subject.name, showlegend=named,
        marker={"color": colour, "symbol": shape, "size": 12, "line": {"color": "white", "width": 1}},
        hovertemplate=f"{shown}<extra></extra>",
    )  # fmt: skip


def _label(figure: go.Figure, text: str, y: float, colour: str = INK) -> None:
    figure.add_annotation(x=0, y=y, text=text, showarrow=False, xanchor="left", font={"size": 13, "color": colour})


def _scaled(figure: go.Figure, view: View) -> go.Figure:
    figure.update_xaxes(range=[-0.05, TOP + 0.08], dtick=1, gridcolor=LINE, color=SOFT, zeroline=False)
    figure.update_yaxes(visible=False)
    gate = view.assessment.catalogue.gate_at
    return figure.add_vline(gate, line={"color": "#9aa7b5", "dash": "dot", "width": 1})


def blank(height: int) -> go.Figure:
    """Return an empty figure of the house's looks; a height of 0 is left to the figure."""
    figure = go.Figure()
    return figure.update_layout(
        height=height or None,
        margin={"l": 8, "r": 8, "t": 8, "b": 32},
        plot_bgcolor="white",
        paper_bgcolor="white",
        showlegend=False,
        dragmode=False,
        font={"family": "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif", "color": INK},
        legend={
            "orientation": "h",
            "yanchor": "bottom",
            "y": 1.0,
            "x": 0,
            "itemclick": False,
            "itemdoubleclick": False,
        },
        hoverlabel={"bgcolor": "white"},
    )
