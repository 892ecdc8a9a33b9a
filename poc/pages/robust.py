"""Robust: the sides from which a choice was looked at, each titled by its finding, drawn when it is opened."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import streamlit as st

from poc.decision_view import Spoken
from poc.pages.frame import plain
from poc.pages.overview import drawn
from poc.pages.tables import table
from poc.plots import Plot
from poc.robust_plots import stability, tornado
from poc.robust_view import findings

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
        box = st.expander(plain(one.sentence), key=f"robust_{one.key}", on_change="rerun")
        if not box.open or not one.rows:
            continue
        with box:
            if one.key in PICTURES:
                drawn(PICTURES[one.key](spoken), f"robust_{one.key}_plot", titled=False)
            st.html(table(one.head, one.rows))
