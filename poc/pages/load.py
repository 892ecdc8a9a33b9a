"""Load: design a load test, start it, watch it, read what it proves, compare several; a process of its own does it."""

import streamlit as st

from poc.pages.frame import plain, say
from poc.pages.load_capacity import capacity
from poc.pages.load_compare import compare
from poc.pages.load_contract import contract
from poc.pages.load_design import TROUBLE, design
from poc.pages.load_result import result
from poc.pressure.order import ordered

#: Where the view is kept, in the session and in the address.
VIEW = "load_view"
VIEWS = ("design", "result", "compare", "capacity", "contract")


def load() -> None:
    """Draw the view that is chosen."""
    told = say()
    st.title(told("load.title"))
    st.caption(told("load.about"))
    if trouble := st.session_state.pop(TROUBLE, ""):
        st.error(plain(trouble))
    names = {one: told(f"load.view_{one}") for one in VIEWS}
    if st.session_state.get(VIEW) not in VIEWS:
        asked = st.query_params.get(VIEW)
        st.session_state[VIEW] = asked if asked in VIEWS else "result" if ordered() else "design"
    st.segmented_control(
        told("load.view"), VIEWS, format_func=names.__getitem__, key=VIEW, required=True, label_visibility="collapsed"
    )
    view = str(st.session_state[VIEW])
    st.query_params[VIEW] = view
    draw = {"design": design, "result": result, "compare": compare, "capacity": capacity, "contract": contract}
    draw[view](told)
