"""People: who may enter, for those who administer; they are added and removed by touchstone user."""

import os
from pathlib import Path

import streamlit as st

from poc.admission import USERS, VARIABLE, listed
from poc.pages.frame import say
from poc.pages.tables import table


def people() -> None:
    """Draw the list of people with their roles."""
    told, users = say(), listed(Path(os.environ.get(VARIABLE) or USERS))
    st.title(told("door.people"))
    st.caption(told("door.people_text"))
    if users:
        rows = [[name, told(f"door.role_{one.role.value}")] for name, one in sorted(users.items())]
        st.html(table([told("door.name"), told("door.role")], rows))
    else:
        st.info(told("door.people_none"))
