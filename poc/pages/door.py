"""Door: the login that is drawn before any page where others than this machine can reach the workbench."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import ParamSpec

import streamlit as st
from streamlit import runtime
from streamlit.runtime import Runtime

from poc.admission import USERS, VARIABLE, AdmissionError, Person, Porter, Role, Visit, listed
from poc.pages.gate import guarded
from poc.words import Words

#: Where the session keeps the visit.
VISIT = "visit"
Args = ParamSpec("Args")


def admitted(say: Words) -> Role:
    """Return the role of whoever looks; draws the login and ends the page for those who have not signed in."""
    return _inside(say) if _guarded() else Role.ADMIN


def may(needed: Role) -> bool:
    """Whether whoever looks or clicks may do what needs a role, at this very moment.

    Streamlit runs the callback of a click, and a fragment that draws itself anew, without running the page: what they
    do and show is asked for here, so that a visit that has ended, or a role that was taken away, ends there too.
    """
    if not _guarded():
        return True
    found = _visiting(_users(), time.monotonic())
    return found is not None and found[1].may(needed)


def visitor() -> str | None:
    """Return the name of whoever signed in, None where nobody has to."""
    found = _visiting(_users(), time.monotonic()) if _guarded() else None
    return None if found is None else found[0].name


def permitted(needed: Role, act: Callable[Args, None]) -> Callable[Args, None]:
    """Return an act for a click that is done only if whoever clicks still may; else the page asks for the login."""

    def done(*args: Args.args, **more: Args.kwargs) -> None:
        if may(needed):
            act(*args, **more)

    return done


def _inside(say: Words) -> Role:
    users, now = _users(), time.monotonic()
    found = _visiting(users, now)
    if found is None:
        st.session_state.pop(VISIT, None)
        _ask(say, users, now)
        st.stop()
    visit, role = found
    st.session_state[VISIT] = replace(visit, last=now)
    with st.sidebar:
        st.caption(f"{visit.name} · {say(f'door.role_{role.value}')}")
        if st.button(say("door.leave")):
            st.session_state.clear()
            st.rerun()
    return role


def _visiting(users: Mapping[str, Person], now: float) -> tuple[Visit, Role] | None:
    visit = st.session_state.get(VISIT)
    if not isinstance(visit, Visit) or not visit.lives(now) or visit.name not in users:
        return None
    return visit, users[visit.name].role


def _users() -> Mapping[str, Person]:
    try:
        return listed(Path(os.environ.get(VARIABLE) or USERS))
    except AdmissionError:
        return {}  # who stands outside learns nothing of what is wrong inside; touchstone app tells its owner


def _guarded() -> bool:
    """Whether a login is due: what serves us is open to others; a page that is drawn by itself is served to nobody."""
    if os.environ.get(VARIABLE):
        return True
    return runtime.exists() and type(runtime.get_instance()) is Runtime and guarded()


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
