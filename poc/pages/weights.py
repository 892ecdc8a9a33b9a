"""Weights: the sliders with which a page moves weights, kept in the address and from page to page."""

from collections.abc import Mapping

import streamlit as st

from poc.report import View
from scorecards.weighting import DIMENSIONS, WeightingError

#: Where the moved weights are kept in the address, where the ones before them wait to come back, and where they are.
MOVED, BEFORE, NOW = "w", "weights_before", "weights_now"
#: The weightings' own scale is per cent of the total; a slider may give one dimension at most this much.
MOST = 100


def moved(agreed: View) -> View | None:
    """Draw the sliders and return the assessment under their weights, None (with a warning) where all are 0."""
    agreed_at = {code: round(100 * share) for code, share in agreed.assessment.weighting.dimensions.items()}
    _prepare(agreed.weighting, agreed_at)
    with st.expander(agreed.say("page.weights"), expanded=True, key="weights"):
        at = _sliders(agreed, agreed_at)
    if at == agreed_at:
        return agreed
    try:
        weighting = agreed.assessment.weighting.moved({code: float(value) for code, value in at.items()})
    except WeightingError:
        st.warning(agreed.say("page.weights_zero"))
        return None
    return View(assessment=agreed.assessment.weighed(weighting), say=agreed.say)


def _prepare(agreed: str, start: Mapping[str, int]) -> None:
    """Set the sliders: as the address says when it is opened, as agreed when another weighting is chosen."""
    known = st.session_state.get("weights_of")
    if known == agreed and all(_key(code) in st.session_state for code in DIMENSIONS):
        return
    if known == agreed and NOW in st.session_state:  # the reader comes from another page with the same sliders
        _set(st.session_state[NOW])
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
    st.session_state[NOW] = dict(at)
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
    if NOW in st.session_state:
        st.session_state[BEFORE] = [*st.session_state.get(BEFORE, []), st.session_state[NOW]][-50:]


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
