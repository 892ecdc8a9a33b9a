"""Decision plots: totals, ranks, what the weight rests on, and one weight moved; each titled by what it finds."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from poc.deciding import rival
from poc.decision_view import Spoken
from poc.plots import COLOURS, INK, LINE, LOOKS, SHAPES, SOFT, Plot, blank, safe
from scenarios.evidence import Grade
from scorecards.robustness.sensitivity import Interval, lines
from scorecards.rubric import TOP

#: Pixels of one system's bar with its name above it, and of what a figure needs besides.
BAR, AROUND = 64, 84
#: So many systems are drawn, the first ones, and so many ranks by themselves: more than that nobody can read.
MOST, RANKS = 20, 8
#: Shades and hatchings of ranks, first to last; neither speaks alone.
SHADES = ("#0b5cad", "#6ba0d4", "#b9cfe6", "#dde5ee", "#eef1f5")
HATCHES = ("", "/", ".", "x", "-")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def order(spoken: Spoken) -> list[str]:
    """Return the systems: those that may win first, each group by its middle total."""
    table, middle = spoken.decision.contest, spoken.decision.middle
    state = dict(zip(table.vendors, table.eligible, strict=True))
    return sorted(table.vendors, key=lambda name: (state[name] == "no", -middle[name]))


def ranked(spoken: Spoken) -> list[str]:
    """Return the systems that take ranks, in the order of ``order``."""
    shares = dict(zip(spoken.decision.contest.vendors, spoken.decision.acceptability.ranks, strict=True))
    return [name for name in order(spoken) if shares[name].any()]


def totals(spoken: Spoken) -> Plot:
    """Return each system's total: what is sure by dimension, what is possible still, what is expected with its span."""
    decision, say = spoken.decision, spoken.view.say
    names, table = order(spoken)[:MOST], decision.contest
    figure, rows = _named(spoken, names), [-float(place) for place in range(len(names))]
    ends = dict.fromkeys(names, 0.0)
    for place, (code, points) in enumerate(sure(spoken).items()):
        colour, hatch = LOOKS[place % len(LOOKS)]
        sizes = [points[table.vendors.index(name)] for name in names]
        figure.add_bar(
            x=sizes, base=[ends[name] for name in names], y=rows, orientation="h", width=0.42, name=code,
            text=[code if size >= TOP / 14 else "" for size in sizes], textposition="inside", textangle=0,
            insidetextanchor="middle", insidetextfont={"color": "white" if _dark(colour) else INK},
            marker={"color": colour, "line": {"color": "white", "width": 1},
                    "pattern": {"shape": hatch, "fillmode": "overlay", "fgcolor": "white", "size": 7, "solidity": 0.2}},
            hovertemplate=f"{safe(spoken.dimension(code))}: %{{x:.2f}}<extra></extra>",
        )  # fmt: skip
        ends = {name: ends[name] + size for name, size in zip(names, sizes, strict=True)}
    figure.add_bar(
        x=[decision.high[name] - ends[name] for name in names], base=[ends[name] for name in names], y=rows,
        orientation="h", width=0.42, name=say("decision.unknown"),
        marker={"color": "#ffffff", "line": {"color": SHADES[0], "width": 1},
                "pattern": {"shape": "/", "fgcolor": SHADES[1], "size": 6}},
        customdata=[decision.high[name] for name in names],
        hovertemplate="%{base:.2f} – %{customdata:.2f}<extra></extra>",
    )  # fmt: skip
    own = [table.vendors.index(name) for name in names]
    middle = [decision.middle[name] for name in names]
    low, high = decision.acceptability.low, decision.acceptability.high
    figure.add_scatter(
        x=middle, y=rows, mode="markers", name=say("decision.expected"),
        marker={"symbol": "diamond", "size": 12, "color": INK, "line": {"color": "white", "width": 1}},
        error_x={"type": "data", "symmetric": False, "color": INK, "thickness": 2,
                 "array": [max(float(high[at]) - x, 0) for at, x in zip(own, middle, strict=True)],
                 "arrayminus": [max(x - float(low[at]), 0) for at, x in zip(own, middle, strict=True)]},
        hovertemplate="%{x:.2f}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(barmode="overlay", showlegend=True)
    figure.update_xaxes(range=[0, TOP], title=say("decision.total_points"), gridcolor=LINE, color=SOFT)
    return Plot(_of_totals(spoken), figure)


def sure(spoken: Spoken) -> Mapping[str, Sequence[float]]:
    """Return the points that each dimension adds to the totals (in the order of the contest) in the worst case."""
    table = spoken.decision.contest
    return {
        code: [float(one) for one in table.conservative.low[:, own] @ table.weights[own]]
        for place, code in enumerate(table.dimensions)
        if (own := table.tree.dimension == place).any()
    }


def _dark(colour: str) -> bool:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue < 130


def ranks(spoken: Spoken) -> Plot:
    """Return how often each system takes each rank; a system that a gate rules out takes none and is not drawn."""
    names, decision = ranked(spoken)[:MOST], spoken.decision
    figure = _named(spoken, names)
    table = [decision.acceptability.ranks[decision.contest.vendors.index(name)] for name in names]
    for rank in range(min(len(names), RANKS)):
        shares = [float(row[rank]) for row in table]
        kind = min(rank, len(SHADES) - 1)
        figure.add_bar(
            x=shares, y=[-float(place) for place in range(len(names))], orientation="h", width=0.42,
            name=spoken.view.say("decision.rank", rank=rank + 1),
            text=[f"{share:.0%}" if share >= 0.06 else "" for share in shares], textposition="inside", textangle=0,
            insidetextfont={"color": "white" if kind == 0 else INK}, insidetextanchor="middle",
            marker={"color": SHADES[kind], "line": {"color": "white", "width": 1},
                    "pattern": {"shape": HATCHES[kind], "fillmode": "overlay", "fgcolor": "white", "size": 7,
                                "solidity": 0.2}},
            hovertemplate="%{x:.1%}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", showlegend=True, legend_traceorder="normal")
    figure.update_xaxes(range=[0, 1], tickformat=".0%", gridcolor=LINE, color=SOFT)
    return Plot(_of_ranks(spoken), figure)


def grades(spoken: Spoken) -> list[str]:
    """Return the evidence classes that any system's weight rests on, strongest first, and "" for what is unknown."""
    found = {grade for own in spoken.decision.contest.mix().values() for grade, share in own.items() if share > 0}
    return [*(grade.value for grade in reversed(Grade) if grade.value in found), *([""] if "" in found else [])]


def graded(spoken: Spoken, grade: str) -> str:
    """Return what an evidence class is called."""
    return spoken.graded(grade)


def evidence(spoken: Spoken) -> Plot:
    """Return the share of all weight that rests on each class of evidence, for each system; the unknown stays white."""
    names, mix = order(spoken)[:MOST], spoken.decision.contest.mix()
    figure = _named(spoken, names)
    for place, grade in enumerate(grades(spoken)):
        shares = [mix[name].get(grade, 0.0) for name in names]
        kind = min(place, len(SHADES) - 1)
        pattern = {"shape": HATCHES[kind] if grade else "/", "fillmode": "overlay",
                   "fgcolor": "white" if grade else SHADES[1], "size": 7, "solidity": 0.2}  # fmt: skip
        figure.add_bar(
            x=shares, y=[-float(row) for row in range(len(names))], orientation="h", width=0.42,
            name=graded(spoken, grade), text=[f"{share:.0%}" if share >= 0.06 else "" for share in shares],
            textposition="inside", textangle=0, insidetextanchor="middle",
            insidetextfont={"color": "white" if grade and kind == 0 else INK},
            marker={"color": SHADES[kind] if grade else "#ffffff", "line": {"color": SHADES[0], "width": 1},
                    "pattern": pattern},
            hovertemplate="%{x:.1%}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", showlegend=True, legend_traceorder="normal")
    figure.update_xaxes(range=[0, 1], tickformat=".0%", gridcolor=LINE, color=SOFT)
    return Plot(_of_evidence(spoken), figure)


def sensitivity(spoken: Spoken, code: str) -> Plot:
    """Return every system's total as one dimension's weight goes from 0 to 1, the others in proportion."""
    decision, view = spoken.decision, spoken.view
    table, at = decision.contest, decision.contest.dimensions.index(code)
    shares, values = lines(table.by_dimension(table.expected), table.outer, at, points=51)
    figure = blank(360)
    for name in sorted(order(spoken)[:MOST]):
        row = table.vendors.index(name)
        figure.add_scatter(
            x=shares, y=values[row], mode="lines+markers", name=safe(spoken.named(name)),
            opacity=0.45 if table.eligible[row] == "no" else 1.0,
            line={"color": COLOURS[row % len(COLOURS)], "width": 2.5, "dash": DASHES[row % len(DASHES)]},
            marker={"symbol": SHAPES[row % len(SHAPES)], "size": 7, "maxdisplayed": 6},
            hovertemplate="%{x:.0%}: %{y:.2f}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    now = float(table.outer[at])
    figure.add_vline(now, line={"color": INK, "width": 1.5}, annotation_text=view.say("decision.now"))
    found = decision.intervals.get(code)
    if found is not None and found.flips_at is not None:
        figure.add_vline(
            found.flips_at, line={"color": "#b3261e", "width": 1.5, "dash": "dash"},
            annotation_text=f"{view.say('decision.turns')} {found.flips_at:.0%}", annotation_position="bottom right",
        )  # fmt: skip
    figure.update_xaxes(
        title=view.say("decision.weight_of", dimension=spoken.dimension(code)), tickformat=".0%", range=[0, 1],
        showgrid=False, color=SOFT,
    )  # fmt: skip
    figure.update_yaxes(title=view.say("decision.total_points"), gridcolor=LINE, color=SOFT)
    figure.update_layout(showlegend=True, margin={"l": 52, "b": 48, "t": 8})
    return Plot(_of_weight(spoken, code, now, found), figure)


def _named(spoken: Spoken, names: list[str]) -> go.Figure:
    """Return an empty figure with a row for each system, its name above its bar."""
    table, out = spoken.decision.contest, f" · {spoken.view.say('page.ruled_out')}"
    ruled_out = {name for name, state in zip(table.vendors, table.eligible, strict=True) if state == "no"}
    labels = [
        {"x": 0, "y": -place + 0.4, "xref": "paper", "xanchor": "left", "showarrow": False,
         "text": f"<b>{safe(spoken.named(name))}</b>{out if name in ruled_out else ''}",
         "font": {"size": 13, "color": INK}}
        for place, name in enumerate(names)
    ]  # fmt: skip
    figure = blank(len(names) * BAR + AROUND)
    return figure.update_layout(
        annotations=labels, yaxis={"visible": False, "range": [-len(names) + 0.6, 0.65]}
    )  # fmt: skip


def _of_totals(spoken: Spoken) -> str:
    decision, view = spoken.decision, spoken.view
    if (leader := decision.leader) is None:
        return view.say("decision.totals_none")
    return view.say(
        "decision.totals_found", leader=spoken.named(leader), middle=view.points(decision.middle[leader]),
        low=view.points(decision.low[leader]), high=view.points(decision.high[leader]),
        unknown=view.percent(1 - decision.coverage[leader]),
    )  # fmt: skip


def _of_ranks(spoken: Spoken) -> str:
    first = dict(zip(spoken.decision.contest.vendors, map(float, spoken.decision.acceptability.first), strict=True))
    names = sorted(ranked(spoken), key=lambda name: -first[name])
    told = {"leader": spoken.named(names[0]), "share": spoken.view.percent(first[names[0]])}
    if len(names) < 2:
        return spoken.view.say("decision.ranks_one", **told)
    second = {"second": spoken.named(names[1]), "others": spoken.view.percent(first[names[1]])}
    return spoken.view.say("decision.ranks_found", **told, **second)


def _of_evidence(spoken: Spoken) -> str:
    view, mix = spoken.view, spoken.decision.contest.mix()
    name = spoken.decision.leader or order(spoken)[0]
    unknown = mix[name].get("", 0.0)
    known = {grade: share for grade, share in mix[name].items() if grade and share > 0}
    if not known:
        return view.say("decision.evidence_none", target=spoken.named(name))
    most = max(known, key=lambda grade: known[grade])
    return view.say(
        "decision.evidence_found", target=spoken.named(name), unknown=view.percent(unknown),
        share=view.percent(known[most]), grade=graded(spoken, most),
    )  # fmt: skip


def _of_weight(spoken: Spoken, code: str, now: float, found: Interval | None) -> str:
    view, title = spoken.view, spoken.dimension(code)
    if sum(state != "no" for state in spoken.decision.contest.eligible) < 2:
        return view.say("decision.sensitivity_moot", dimension=title, now=view.percent(now))
    if found is None or found.flips_at is None:
        return view.say("decision.sensitivity_stays", dimension=title, now=view.percent(now))
    return view.say(
        "decision.sensitivity_flips", dimension=title, now=view.percent(now), then=view.percent(found.flips_at),
        rival=spoken.named(rival(spoken.decision, found)),
    )  # fmt: skip
