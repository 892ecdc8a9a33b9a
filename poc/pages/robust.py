"""Robust: the sides from which a choice was looked at, each titled by its finding, drawn when it is opened."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import streamlit as st

from poc.decision_view import Spoken
from poc.pages.frame import plain
from poc.pages.overview import drawn
from poc.pages.tables import table
from poc.plots import Plot
from poc.robust_plots import stability, tornado
from poc.robust_view import Finding, findings

#: The sides that have a picture too, and what draws it; one without rows has nothing to draw.
PICTURES: Mapping[str, Callable[[Spoken], Plot]] = MappingProxyType({"weights": stability, "swings": tornado})


def robust(spoken: Spoken) -> None:
    """Draw the findings; a moved weight changes their titles, and only what lies open is drawn anew."""
    found, say = findings(spoken), spoken.view.say
    if not found:
        return
    st.subheader(say("robust.title"))
    st.caption(say("robust.about"))
    for one in found:
        if one.rows:
            folded(one.sentence, f"robust_{one.key}", partial(_behind, spoken, one))
        else:
            st.markdown(plain(one.sentence))


def folded(title: str, key: str, draw: Callable[[], None]) -> None:
    """Draw something under its title once it is opened: what is folded costs a moved weight nothing."""
    box = st.expander(plain(title), key=key, on_change="rerun")
    if box.open:
        with box:
            draw()


def _behind(spoken: Spoken, one: Finding) -> None:
    if one.key in PICTURES:
        drawn(PICTURES[one.key](spoken), f"robust_{one.key}_plot", titled=False)
    st.html(table(one.head, one.rows))
