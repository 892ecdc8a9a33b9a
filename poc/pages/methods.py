"""Methods: the choice looked at by other methods, a public buyer's formula, and weights by comparison in pairs."""

from collections.abc import Mapping
from itertools import combinations

import pandas as pd
import streamlit as st
from markupsafe import Markup

from poc.crosscheck import Bought, Offered, compared, leaders, offered, outranked, quality, votes, without_each
from poc.deciding import board, reweighed
from poc.pages.frame import plain, view
from poc.pages.tables import table
from poc.report import View
from scorecards.deciding.contest import Contest
from scorecards.deciding.decision import crosschecks
from scorecards.methods.pairwise import Consistency
from scorecards.methods.procurement import LEAST_PRICE_SHARE
from scorecards.methods.tables import TableError
from scorecards.weighting import load_weighting, weightings


def methods() -> None:
    """Draw the page in three parts."""
    seen = view()
    say = seen.say
    st.title(say("methods.title"))
    st.caption(say("methods.about"))
    known = reweighed(board(seen.assessment), seen.assessment.weighting)
    first, second, third = st.tabs([say(f"methods.{part}") for part in ("others", "procurement", "pairs")])
    with first:
        _others(seen, known)
        _weightings(seen, known)
        _outranking(seen, known)
        _votes(seen, known)
        _left_out(seen, known)
    with second:
        _procurement(seen, known)
    with third:
        _pairs(seen)


def _titles(seen: View, known: Contest) -> list[str]:
    return [seen.title(name) for name in known.vendors]


def _others(seen: View, known: Contest) -> None:
    nobody = seen.say("decision.nobody")
    rows = [
        [
            seen.say(f"decision.method_{one.method}"), ", ".join(map(seen.title, one.leaders)) or nobody,
            *(f"{one.points[name]:.3f}" for name in known.vendors),
        ]
        for one in crosschecks(known)
    ]  # fmt: skip
    heads = [seen.say("decision.method"), seen.say("decision.leads"), *_titles(seen, known)]
    st.html(table(heads, rows))


def _weightings(seen: View, known: Contest) -> None:
    """Say who leads under every weighting that is at hand, those of single departments among them."""
    st.subheader(seen.say("methods.weightings"))
    st.caption(seen.say("methods.weightings_text"))
    shipped = [load_weighting(name) for name in weightings()]
    found = leaders(known, shipped)
    nobody, comma = seen.say("decision.nobody"), seen.say("decision.comma")
    rows = [
        [(one.name_zh if seen.language == "zh" else "") or one.name,
         comma.join(map(seen.title, found[one.name])) or nobody]
        for one in shipped
    ]  # fmt: skip
    st.html(table([seen.say("report.weighting"), seen.say("decision.leads")], rows))


def _outranking(seen: View, known: Contest) -> None:
    found, names = outranked(known), _titles(seen, known)
    st.subheader(seen.say("methods.credibility"))
    st.caption(seen.say("methods.credibility_text"))
    rows = [
        [name, *("–" if row == column else _credible(seen, found.sigma[row, column], bool(found.vetoed[row, column]))
                 for column in range(len(names)))]
        for row, name in enumerate(names)
    ]  # fmt: skip
    st.html(table([seen.say("methods.at_least"), *names], rows))


def _credible(seen: View, sigma: float, vetoed: bool) -> Markup | str:
    return f"{sigma:.2f} ✕ {seen.say('methods.veto')}" if vetoed else f"{sigma:.2f}"


def _votes(seen: View, known: Contest) -> None:
    found = votes(known)
    st.subheader(seen.say("methods.votes"))
    st.caption(seen.say("methods.votes_text"))
    place = {name: at + 1 for at, group in enumerate(found.schulze) for name in group}
    rows = [
        [seen.title(name), f"{found.borda[name]:.3f}", f"{found.copeland[name]:+.0f}", str(place[name])]
        for name in known.vendors
    ]
    st.html(table([seen.say("report.target"), "Borda", "Copeland", f"Schulze ({seen.say('methods.place')})"], rows))
    told = seen.say("methods.no_winner") if found.winner is None else ""
    st.markdown(plain(told or seen.say("methods.winner", name=seen.title(found.winner or ""))))
    for cycle in found.cycles:
        st.markdown(plain(seen.say("methods.cycle", names=" > ".join(map(seen.title, (*cycle, cycle[0]))))))


def _left_out(seen: View, known: Contest) -> None:
    """Say whether a relative method's leader depends on who else bids; the headline method's never does."""
    st.subheader(seen.say("methods.left_out"))
    st.caption(seen.say("methods.left_out_text"))
    rows = []
    for way in ("promethee", "topsis"):
        for out, (before, after) in without_each(known, way).items():
            told = seen.say("methods.same") if before == after else seen.say("methods.turned")
            rows.append([f"{way.upper()} − {seen.title(out)}", seen.title(before), seen.title(after), told])
    if rows:
        st.html(table([seen.say(f"methods.{name}") for name in ("without", "before", "after", "what")], rows))
    else:
        st.info(seen.say("methods.too_few"))


def _procurement(seen: View, known: Contest) -> None:
    say, points = seen.say, quality(known)
    st.caption(say("methods.procurement_text"))
    if not points:
        st.info(say("decision.nobody"))
        return
    kind = st.radio(say("methods.bought"), ["goods", "services"], format_func=lambda one: say(f"methods.{one}"),
                    horizontal=True, key="methods_bought")  # fmt: skip
    bought: Bought = "services" if kind == "services" else "goods"
    least = round(100 * LEAST_PRICE_SHARE[bought])
    share = st.slider(say("methods.price_share"), least, 100, least, key=f"methods_share_{bought}")
    prices = {name: _amount(f"{say('methods.price')} · {seen.title(name)}", f"price_{name}") for name in points}
    target, most = (_amount(say(f"methods.{name}"), name) for name in ("target", "most"))
    if not all(prices.values()) or not most:
        st.info(say("methods.no_prices"))
        return
    try:
        found = offered(points, prices, price_share=share / 100, bought=bought, target=target, most=most)
    except TableError as fault:
        st.error(plain(str(fault)))
        return
    _offers(seen, points, prices, found)


def _amount(label: str, name: str) -> float:
    return float(st.number_input(label, min_value=0.0, value=0.0, step=10_000.0, key=f"methods_{name}"))


def _offers(seen: View, points: Mapping[str, float], prices: Mapping[str, float], found: Offered) -> None:
    say = seen.say
    rows = [
        [seen.title(name), f"{points[name]:.1f}", f"{prices[name]:,.0f}", f"{found.legal[name]:.1f}",
         f"{found.anchored[name]:.1f}"]
        for name in sorted(points, key=lambda name: -found.legal[name])
    ]  # fmt: skip
    heads = [say("report.target"), *(say(f"methods.{name}") for name in ("quality", "price", "legal", "anchored"))]
    st.html(table(heads, rows))
    for one in found.paradoxes:
        titles = {"present": one.present, "without": one.ahead_without, "beside": one.ahead_with}
        st.warning(plain(say("methods.paradox", **{part: seen.title(name) for part, name in titles.items()})))
    if not found.paradoxes:
        st.success(say("methods.no_paradox"))


def _pairs(seen: View) -> None:
    """Ask for comparisons of dimensions in pairs; say the weights, how consistent they are, where they clash most."""
    titles = {one.code: seen.dimension(one) for one in seen.assessment.catalogue.weighted}
    st.caption(seen.say("methods.pairs_text"))
    given = list(combinations(titles, 2))
    names = [[titles[code] for code in side] for side in zip(*given, strict=True)]
    start = pd.DataFrame({"first": names[0], "second": names[1], "times": 1.0})
    heads = {name: seen.say(f"methods.{name}") for name in ("first", "second", "times")}
    times = st.column_config.NumberColumn(heads["times"], min_value=1 / 9, max_value=9.0, required=True)
    shown = st.data_editor(
        start, hide_index=True, disabled=["first", "second"], key="methods_pairs",
        column_config={**heads, "times": times},
    )  # fmt: skip
    try:
        weights, found = compared(list(titles), dict(zip(given, map(float, shown["times"]), strict=True)))
    except (TableError, TypeError, ValueError) as fault:
        st.error(plain(str(fault)))
        return
    rows = [[titles[code], f"{share:.1%}"] for code, share in weights.items()]
    st.html(table([seen.say("decision.what"), seen.say("report.weight")], rows))
    _consistency(seen, found, list(titles.values()))


def _consistency(seen: View, found: Consistency, titles: list[str]) -> None:
    told = {"gci": f"{found.gci:.3f}", "limit": f"{found.gci_limit:.3f}", "ratio": f"{found.ratio:.3f}"}
    if found.acceptable:
        st.success(seen.say("methods.consistent", **told))
    elif found.worst is not None:
        names = " · ".join(titles[place] for place in found.worst)
        st.warning(plain(seen.say("methods.inconsistent", names=names, **told)))
