"""Scorecard: dimensions by target under weights that sliders move, re-scored at once."""

from collections.abc import Mapping
from functools import partial

import streamlit as st
from markupsafe import Markup

from poc.pages.frame import link, plain, view
from poc.pages.tables import figures, gate, leads, table, tag, who
from poc.report import View, as_csv, render
from scorecards.scorecard import GateState
from scorecards.weighting import DIMENSIONS, WeightingError

#: Where the moved weights are kept in the address, and where the ones before them wait to come back.
MOVED, BEFORE = "w", "weights_before"
#: The weightings' own scale is per cent of the total; a slider may give one dimension at most this much.
MOST = 100


def scorecard() -> None:
    """Draw the scorecard with its sliders; moving one re-scores and draws no other part anew."""
    seen = view()
    st.title(seen.say("page.scorecard"))
    st.caption(seen.say("report.scorecard_note"))
    _card()


@st.fragment
def _card() -> None:
    agreed = view()
    agreed_at = {code: round(100 * share) for code, share in agreed.assessment.weighting.dimensions.items()}
    _prepare(agreed.weighting, agreed_at)
    with st.expander(agreed.say("page.weights"), expanded=True, key="weights"):
        at = _sliders(agreed, agreed_at)
    seen = agreed
    if at != agreed_at:
        try:
            weighting = agreed.assessment.weighting.moved({code: float(value) for code, value in at.items()})
        except WeightingError:
            st.warning(agreed.say("page.weights_zero"))
            return
        seen = View(assessment=agreed.assessment.weighed(weighting), say=agreed.say)
    _change(agreed, seen)
    _table(seen)
    _papers(seen)


# -- the weights -----------------------------------------------------------------------------------------------------
def _prepare(agreed: str, start: Mapping[str, int]) -> None:
    """Set the sliders: as the address says when it is opened, as agreed when another weighting is chosen."""
    known = st.session_state.get("weights_of")
    if known == agreed and all(_key(code) in st.session_state for code in DIMENSIONS):
        return
    from_address = _parsed(st.query_params.get(MOVED, "")) if known is None else None
    _set(from_address or start)
    st.session_state["weights_of"] = agreed
    st.session_state[BEFORE] = []


def _sliders(seen: View, start: Mapping[str, int]) -> dict[str, int]:
    titles = {one.code: seen.dimension(one) for one in seen.assessment.catalogue.weighted}
    columns = st.columns(2, gap="medium")
    at = {}
    for place, code in enumerate(DIMENSIONS):
        at[code] = int(
            columns[place * 2 // len(DIMENSIONS)].slider(titles[code], 0, MOST, key=_key(code), on_change=_remember)
        )
    st.session_state["weights_now"] = dict(at)
    total = sum(at.values()) or 1
    st.caption(" · ".join(f"{titles[code]} {value / total:.0%}" for code, value in at.items()))
    with st.container(horizontal=True):
        st.button(
            seen.say("page.reset"),
            on_click=_reset,
            args=(dict(start),),
            disabled=at == start,
            icon=":material/restart_alt:",
        )
        st.button(seen.say("page.undo"), on_click=_undo, disabled=not st.session_state[BEFORE], icon=":material/undo:")
    _keep(at, start)
    return at


def _keep(at: Mapping[str, int], start: Mapping[str, int]) -> None:
    """Keep the weights in the address, so that a link shows what was seen."""
    text = "-".join(str(at[code]) for code in DIMENSIONS)
    if at == start:
        if MOVED in st.query_params:
            del st.query_params[MOVED]
    elif st.query_params.get(MOVED) != text:
        st.query_params[MOVED] = text


def _parsed(text: str) -> dict[str, int] | None:
    parts = text.split("-")
    if len(parts) != len(DIMENSIONS) or not all(part.isdecimal() and int(part) <= MOST for part in parts):
        return None
    return dict(zip(DIMENSIONS, map(int, parts), strict=True))


def _remember() -> None:
    if "weights_now" in st.session_state:
        st.session_state[BEFORE] = [*st.session_state.get(BEFORE, []), st.session_state["weights_now"]][-50:]


def _undo() -> None:
    *earlier, last = st.session_state[BEFORE]
    st.session_state[BEFORE] = earlier
    _set(last)


def _reset(start: Mapping[str, int]) -> None:
    _remember()
    _set(start)


def _set(at: Mapping[str, int]) -> None:
    for code, value in at.items():
        st.session_state[_key(code)] = value


def _key(code: str) -> str:
    return f"weight_{code}"


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
