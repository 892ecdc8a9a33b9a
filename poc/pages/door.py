"""Door: the login that is drawn before any page where others than this machine can reach the workbench."""

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit import runtime
from streamlit.runtime import Runtime

from poc.admission import USERS, VARIABLE, AdmissionError, Person, Porter, Role, Visit, listed, must_sign_in
from poc.words import Words

#: Where the session keeps the visit.
VISIT = "visit"


def admitted(say: Words) -> Role:
    """Return the role of whoever looks; draws the login and ends the page for those who have not signed in."""
    return _inside(say) if _guarded() else Role.ADMIN


def _inside(say: Words) -> Role:
    try:
        users: Mapping[str, Person] = listed(Path(os.environ.get(VARIABLE) or USERS))
    except AdmissionError:
        users = {}  # who stands outside learns nothing of what is wrong inside; touchstone app tells its owner
    now = time.monotonic()
    visit = st.session_state.get(VISIT)
    if not isinstance(visit, Visit) or not visit.lives(now) or visit.name not in users:
        st.session_state.pop(VISIT, None)
        _ask(say, users, now)
        st.stop()
    st.session_state[VISIT] = replace(visit, last=now)
    role = users[visit.name].role
    with st.sidebar:
        st.caption(f"{visit.name} · {say(f'door.role_{role.value}')}")
        if st.button(say("door.leave")):
            st.session_state.pop(VISIT)
            st.rerun()
    return role


def _guarded() -> bool:
    """Whether a login is due: served beyond loopback, or somebody asked for it by naming the list of users."""
    if os.environ.get(VARIABLE):
        return True
    served = runtime.exists() and type(runtime.get_instance()) is Runtime
    return served and must_sign_in(st.get_option("server.address"))


def _ask(say: Words, users: Mapping[str, Person], now: float) -> None:
    st.title("Touchstone")
    if not users:
        st.error(say("door.nobody"))
        return
    with st.form("door"):
        name = st.text_input(say("door.name"), max_chars=64, autocomplete="username")
        password = st.text_input(say("door.password"), type="password", max_chars=200, autocomplete="current-password")
        sent = st.form_submit_button(say("door.enter"), type="primary")
    if not sent:
        return
    if _porter().admits(users, name.strip().lower(), password, now=now):
        st.session_state[VISIT] = Visit(name=name.strip().lower(), began=now, last=now)
        st.rerun()
    st.error(say("door.wrong"))


@st.cache_resource
def _porter() -> Porter:
    return Porter()
