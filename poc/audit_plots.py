"""Audit plots: the figures of an audited bank, each titled by what it shows."""

from collections.abc import Callable, Mapping

import numpy as np
import plotly.graph_objects as go

from poc.plots import COLOURS, INK, LINE, SOFT, Plot, blank
from poc.words import Words
from synthetic_data.audits.audit import FAR, NEAR, Audit, Finding
from synthetic_data.audits.payments import BACK, BENFORD
from synthetic_data.audits.tally import lorenz

MARKS = {NEAR: (COLOURS[2], "circle"), FAR: ("#b3261e", "x")}


def plots(audit: Audit, say: Words) -> tuple[Plot, ...]:
    """Return the plots for which the bank has what it takes."""
    makers: tuple[Callable[[Audit, Words], Plot | None], ...] = (
        shares, ages, wealth, channels, digits, hours, days,
    )  # fmt: skip
    return tuple(plot for make in makers if (plot := make(audit, say)) is not None)


def shares(audit: Audit, say: Words) -> Plot | None:
    """Return every published share: a bar from the published to the generated value, which bears the mark."""
    told = [one for one in audit.findings if one.unit == "share" and one.verdict in MARKS]
    if not told:
        return None
    figure = blank(26 * len(told) + 60)
    for row, one in enumerate(told):
        _pair(figure, one, say(f"audit.name.{one.key}"), -row, say)
    figure.update_xaxes(range=[-0.02, 1.02], tickformat=".0%", gridcolor=LINE, color=SOFT, zeroline=False)
    names = [say(f"audit.name.{one.key}") for one in told]
    figure.update_yaxes(
        tickvals=[-row for row in range(len(told))], ticktext=names, range=[-len(told) + 0.4, 0.6], automargin=True,
        showgrid=False, zeroline=False, color=INK,
    )  # fmt: skip
    near = sum(one.verdict == NEAR for one in told)
    return Plot(say("audit.plot_shares", count=len(told), near=near), figure)


def _pair(figure: go.Figure, one: Finding, name: str, row: float, say: Words) -> None:
    colour, shape = MARKS[one.verdict]
    found, known = one.found, one.published.value
    shown = f"{name}<br>{say('audit.found')} {found:.1%} · {say('audit.published')} {known:.1%}<extra></extra>"
    figure.add_scatter(
        x=[known, found], y=[row, row], mode="lines", line={"color": colour, "width": 5}, opacity=0.3, hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip
    figure.add_scatter(
        x=[known], y=[row], mode="markers", marker={"color": "#9aa7b5", "symbol": "line-ns-open", "size": 12},
        hovertemplate=shown, name=say("audit.published"), showlegend=row == 0,
    )  # fmt: skip
    figure.add_scatter(
        x=[found], y=[row], mode="markers", marker={"color": colour, "symbol": shape, "size": 10},
        hovertemplate=shown, name=say("audit.generated"), showlegend=row == 0,
    )  # fmt: skip
    figure.update_layout(showlegend=True)


def ages(audit: Audit, say: Words) -> Plot | None:
    """Return the age pyramid in steps of ten years, men to the left."""
    men, women = (audit.tally.spreads.get(f"pyramid_{who}") for who in ("male", "female"))
    if men is None or women is None or not (men.sum() + women.sum()):
        return None
    whole = men.sum() + women.sum()
    steps = [f"{10 * step}–{10 * step + 9}" if step < 9 else "90+" for step in range(10)]
    figure = blank(320)
    for name, side, colour in ((say("audit.men"), -men, COLOURS[0]), (say("audit.women"), women, COLOURS[1])):
        figure.add_bar(
            y=steps, x=side / whole, orientation="h", name=name, marker_color=colour,
            customdata=np.abs(side) / whole, hovertemplate="%{y}: %{customdata:.1%}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    most = float(max(men.max(), women.max()) / whole)
    ticks = [round(t, 2) for t in np.linspace(-1, 1, 5) * most]
    figure.update_layout(barmode="relative", bargap=0.12, showlegend=True)
    figure.update_xaxes(tickvals=ticks, ticktext=[f"{abs(t):.0%}" for t in ticks], gridcolor=LINE, color=SOFT)
    figure.update_yaxes(title=say("audit.age"), color=SOFT, automargin=True)
    return Plot(say("audit.plot_ages", median=f"{_found(audit, 'age_median') or 0:.0f}"), figure)


def wealth(audit: Audit, say: Words) -> Plot | None:
    """Return the Lorenz curve of assets, with what is published of the top as marks."""
    held = audit.tally.spreads.get("assets")
    if held is None or held[1].sum() <= 0:
        return None
    people, money = lorenz(held)
    figure = blank(340)
    kept = np.unique(np.linspace(0, len(people) - 1, 800).astype(int))
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": SOFT, "dash": "dot", "width": 1}, name=say("audit.equal"),
        hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=people[kept], y=money[kept], mode="lines", line={"color": COLOURS[0], "width": 3},
        name=say("audit.generated"), hovertemplate="%{x:.0%}: %{y:.1%}<extra></extra>",
    )  # fmt: skip
    known = {one.key: one.published.value for one in audit.findings}
    marks = [(1 - top, 1 - value) for top in (0.01, 0.10, 0.20) if (value := known.get(f"assets_top{top * 100:.0f}"))]
    if marks:
        figure.add_scatter(
            x=[x for x, _ in marks], y=[y for _, y in marks], mode="markers", name=say("audit.published"),
            marker={"color": COLOURS[1], "symbol": "diamond", "size": 10},
            hovertemplate="%{x:.0%}: %{y:.1%}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.update_xaxes(title=say("audit.poorest"), tickformat=".0%", gridcolor=LINE, color=SOFT)
    figure.update_yaxes(
        title=say("audit.held"), tickformat=".0%", gridcolor=LINE, color=SOFT, automargin=True, zeroline=False
    )
    figure.update_layout(showlegend=True)
    top10, gini = _found(audit, "assets_top10") or 0, _found(audit, "assets_gini") or 0
    return Plot(say("audit.plot_wealth", top10=f"{top10:.0%}", gini=f"{gini:.2f}"), figure)


def channels(audit: Audit, say: Words) -> Plot | None:
    """Return the contacts by channel."""
    found: Mapping[str, int] = audit.tally.words.get("channel", {})
    if not found:
        return None
    ranked = sorted(found.items(), key=lambda item: -item[1])
    names = [say.of(f"audit.channel.{name}", name) for name, _ in ranked]
    figure = blank(260)
    figure.add_bar(
        x=names, y=[count / sum(found.values()) for _, count in ranked], marker_color=COLOURS[0],
        hovertemplate="%{x}: %{y:.1%}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(tickformat=".0%", gridcolor=LINE, color=SOFT, automargin=True)
    return Plot(say("audit.plot_channels", channel=names[0]), figure)


def digits(audit: Audit, say: Words) -> Plot | None:
    """Return how purchases begin, beside Benford's law."""
    found, distance = audit.tally.spreads.get("digits_purchase"), _found(audit, "benford_purchase")
    if found is None or distance is None:
        return None
    figure = blank(280)
    begin = [str(digit) for digit in range(1, 10)]
    figure.add_bar(x=begin, y=found / found.sum(), marker_color=COLOURS[0], name=say("audit.generated"))
    figure.add_scatter(
        x=begin, y=BENFORD, mode="lines+markers", name=say("audit.law"),
        line={"color": COLOURS[1], "width": 2}, marker={"symbol": "diamond", "size": 8},
    )  # fmt: skip
    figure.update_traces(hovertemplate="%{x}: %{y:.1%}<extra>%{fullData.name}</extra>")
    figure.update_xaxes(title=say("audit.digit"), type="category", color=SOFT)
    figure.update_yaxes(tickformat=".0%", gridcolor=LINE, color=SOFT, automargin=True)
    figure.update_layout(showlegend=True)
    return Plot(say("audit.plot_digits", distance=f"{distance:.3f}"), figure)


def hours(audit: Audit, say: Words) -> Plot | None:
    """Return purchases by the hour of the customers' day."""
    found, evening = audit.tally.spreads.get("hour"), _found(audit, "evening")
    if found is None or evening is None:
        return None
    figure = blank(240)
    figure.add_bar(
        x=list(range(24)), y=found / found.sum(), marker_color=COLOURS[0], hovertemplate="%{x}: %{y:.1%}<extra></extra>"
    )
    figure.update_xaxes(title=say("audit.hour"), dtick=3, color=SOFT)
    figure.update_yaxes(tickformat=".0%", gridcolor=LINE, color=SOFT, automargin=True)
    return Plot(say("audit.plot_hours", evening=f"{evening:.0%}"), figure)


def days(audit: Audit, say: Words) -> Plot | None:
    """Return purchases by day, the day on which the bank is seen last."""
    found = audit.tally.spreads.get("daily")
    if found is None or not found.sum():
        return None
    at = np.datetime64(audit.as_of, "D") - np.arange(BACK - 1, -1, -1)
    figure = blank(260)
    first = int(np.flatnonzero(found)[0])
    figure.add_scatter(
        x=at[first:], y=found[first:], mode="lines", line={"color": COLOURS[0], "width": 1},
        hovertemplate="%{x|%Y-%m-%d}: %{y:,.0f}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(color=SOFT)
    figure.update_yaxes(title=say("audit.purchases"), rangemode="tozero", gridcolor=LINE, color=SOFT, automargin=True)
    return Plot(say("audit.plot_days", day=str(at[int(found.argmax())])), figure)


def _found(audit: Audit, key: str) -> float | None:
    return next(one.found for one in audit.findings if one.key == key)
