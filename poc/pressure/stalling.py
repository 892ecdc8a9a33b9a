"""stalling(): a bank's day against a contract's quotas as a picture: which screen stalls in which half hour."""

import plotly.graph_objects as go

from loadtests.contracts.stalls import STRETCH, Screen
from poc.plots import SOFT, blank
from poc.quotas import QuotaDay, clock
from poc.words import Words

#: Height of a row, and of what a figure needs besides, in pixels.
ROW, MARGIN = 30, 74
#: Nobody opened it, nobody waits, everybody waits.
SCALE = [[0.0, "#e6ebf2"], [0.001, "#f6c9b5"], [0.5, "#d9673a"], [1.0, "#8f1d14"]]


def stalling(day: QuotaDay, say: Words) -> go.Figure:
    """Return rows of screens that stall, those first that do so first; a cell is the share that stalled."""
    rows = day.stalling
    count = 86_400_000 // STRETCH
    figure = blank(ROW * max(1, len(rows)) + MARGIN)
    figure.add_heatmap(
        x=[(at + 0.5) * STRETCH / 3_600_000 for at in range(count)],
        y=[named(one, say) for one in rows],
        z=[[stalled / opened if opened else None for opened, stalled in one.by_stretch] for one in rows],
        customdata=[[_words(one, at, say) for at in range(count)] for one in rows],
        colorscale=SCALE, zmin=0, zmax=1, xgap=1, ygap=3, hovertemplate="%{customdata}<extra></extra>",
        colorbar={"tickformat": ".0%", "thickness": 10},
    )  # fmt: skip
    figure.update_xaxes(
        range=[0, 24], tickvals=list(range(0, 25, 3)), ticktext=[f"{hour:02}" for hour in range(0, 25, 3)],
        tickangle=0, title=say("quota.hour"),
        showgrid=False, color=SOFT,
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", automargin=True, color=SOFT, showgrid=False)
    return figure


def named(one: Screen, say: Words) -> str:
    """Return who opens which screen, in words."""
    return f"{say(f'quota.roles.{one.role}')} · {say(f'quota.names.{one.screen}')}"


def _words(one: Screen, at: int, say: Words) -> str:
    opened, stalled = one.by_stretch[at]
    return say(
        "quota.picture", share=f"{stalled / opened:.0%}" if opened else "–", at=clock(at * STRETCH),
        until=clock((at + 1) * STRETCH), role=say(f"quota.roles.{one.role}"), screen=say(f"quota.names.{one.screen}"),
    )  # fmt: skip
