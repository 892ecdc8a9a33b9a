"""Scorecard: dimensions by target under weights that sliders move, re-scored at once."""

from functools import partial

import streamlit as st
from markupsafe import Markup

from poc.pages.frame import link, plain, view
from poc.pages.tables import figures, gate, leads, table, tag, who
from poc.pages.weights import moved
from poc.report import View, as_csv, render
from scorecards.methods.gates import GateState


def scorecard() -> None:
    """Draw the scorecard with its sliders; moving one re-scores and draws no other part anew."""
    seen = view()
    st.title(seen.say("page.scorecard"))
    st.caption(seen.say("report.scorecard_note"))
    _card()


@st.fragment
def _card() -> None:
    agreed = view()
    if (seen := moved(agreed)) is None:
        return
    _change(agreed, seen)
    _table(seen)
    _papers(seen)


# -- what comes of them ----------------------------------------------------------------------------------------------
def _change(agreed: View, seen: View) -> None:
    """Say who leads, and whether that differs from the weighting that was chosen."""
    st.html(leads(seen))
    before, now = agreed.leaders(), seen.leaders()
    if seen is agreed or not (before or now):
        return
    old, new = (
        plain(", ".join(seen.named(seen.assessment.subject(name)) for name in group)) for group in (before, now)
    )
    if before != now:
        nobody = seen.say("page.nobody")
        told = seen.say(
            "page.leader_changes", before=old or nobody, now=new or nobody, weighting=plain(agreed.weighting)
        )
        st.warning(told, icon=":material/swap_vert:")
    else:
        st.info(seen.say("page.leader_stays", leader=new), icon=":material/check:")


def _table(seen: View) -> None:
    card, ranked = seen.assessment.scorecard, seen.assessment.ranked()
    standings = [card.of(one.name) for one in ranked]
    rows: list[list[str | Markup]] = [[seen.say("report.total"), *(figures(seen, one.overall) for one in standings)]]
    for dimension in seen.assessment.catalogue.weighted:
        name = Markup("{}<br><small>{} {}</small>").format(
            seen.dimension(dimension),
            seen.say("report.weight"),
            seen.percent(card.weighting.dimensions[dimension.code]),
        )
        rows.append(
            [
                name,
                *(
                    figures(seen, one.dimensions[dimension.code])
                    if dimension.code in one.dimensions
                    else seen.say("report.none")
                    for one in standings
                ),
            ]
        )
    rows.append(
        [
            seen.say("report.eligible"),
            *(tag(one.eligible.value, seen.say(f"report.eligible_{one.eligible.value}")) for one in standings),
        ]
    )
    rows.append([seen.say("report.gates"), *(_gates(seen, [held.state for held in one.gates]) for one in standings)])
    st.html(table(["", *(who(seen, one) for one in ranked)], rows, total=True))
    st.caption(seen.say("page.tie_band", band=f"{card.tie_band:.2f}"))


def _gates(seen: View, states: list[GateState]) -> Markup:
    told = [Markup("{} {}").format(gate(seen, state), states.count(state)) for state in GateState if state in states]
    return Markup("<br>").join(told)


def _papers(seen: View) -> None:
    st.subheader(seen.say("page.take_away"))
    name, shown = seen.assessment.name, seen.assessment
    with st.container(horizontal=True):
        st.download_button(
            "CSV", as_csv(shown), f"{name}.csv", "text/csv", on_click="ignore", icon=":material/download:"
        )
        for code, title in (("en", "English"), ("zh", "中文")):
            st.download_button(
                f"{seen.say('page.report')} · {title}",
                partial(render, shown, code),
                f"{name}.{code}.html",
                "text/html",
                key=f"report_{code}",
                on_click="ignore",
                icon=":material/download:",
            )
    st.caption(seen.say("page.digest", digest=seen.assessment.weighting.digest[:16], weighting=plain(seen.weighting)))
    link("evidence", seen.say("page.to_evidence"))
